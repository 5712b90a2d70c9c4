//! Moments and lengths of time on the wire. What is finer than a microsecond is cut off.

use kernel::{Span, Timestamp};

use super::fields::Fields;

const MICROS_PER_SECOND: i64 = 1_000_000;
const NANOS_PER_MICRO: i64 = 1_000;
const NANOS_MAX: i32 = 999_999_999;

/// The message is no moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be a moment of the years 1 to 9999, its nanos from 0 to 999,999,999")]
pub struct TimestampError;

/// The message is no length of time within the bounds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be a duration from {} to {}", seconds(*.min), seconds(*.max))]
pub struct SpanError {
    pub min: Span,
    pub max: Span,
}

pub fn parse_timestamp(message: prost_types::Timestamp) -> Result<Timestamp, TimestampError> {
    let prost_types::Timestamp { seconds, nanos } = message;
    if !(0..=NANOS_MAX).contains(&nanos) {
        return Err(TimestampError);
    }
    micros(seconds, nanos).and_then(Timestamp::from_micros).ok_or(TimestampError)
}

pub fn render_timestamp(moment: Timestamp) -> prost_types::Timestamp {
    let (seconds, nanos) = parts(moment.as_micros());
    prost_types::Timestamp { seconds, nanos }
}

/// A moment that may be absent. `Some(None)` says that it is.
pub fn optional_moment(
    fields: &mut Fields,
    field: &str,
    message: Option<prost_types::Timestamp>,
) -> Option<Option<Timestamp>> {
    message.map_or(Some(None), |message| fields.check(field, parse_timestamp(message)).map(Some))
}

/// Notes an end that is not after its beginning.
pub fn check_order(
    fields: &mut Fields,
    (start, from): (&str, Option<Timestamp>),
    (end, until): (&str, Option<Timestamp>),
) {
    if let (Some(from), Some(until)) = (from, until)
        && until <= from
    {
        fields.note(end, format!("must be after {start}"));
    }
}

/// Reads a length of time from `min` to `max`, both included.
pub fn parse_span(message: prost_types::Duration, min: Span, max: Span) -> Result<Span, SpanError> {
    let prost_types::Duration { seconds, nanos } = message;
    let whole = if seconds >= 0 && (0..=NANOS_MAX).contains(&nanos) {
        micros(seconds, nanos).and_then(Span::from_micros)
    } else {
        None
    };
    whole.filter(|span| (min..=max).contains(span)).ok_or(SpanError { min, max })
}

pub fn render_span(span: Span) -> prost_types::Duration {
    let (seconds, nanos) = parts(span.as_micros());
    prost_types::Duration { seconds, nanos }
}

fn micros(seconds: i64, nanos: i32) -> Option<i64> {
    let fraction = i64::from(nanos) / NANOS_PER_MICRO;
    seconds.checked_mul(MICROS_PER_SECOND)?.checked_add(fraction)
}

// Seconds towards the past and the nanoseconds after them, as the wire has it before 1970 too.
fn parts(micros: i64) -> (i64, i32) {
    let nanos = micros.rem_euclid(MICROS_PER_SECOND) * NANOS_PER_MICRO;
    // Below a thousand million, so it fits.
    (micros.div_euclid(MICROS_PER_SECOND), i32::try_from(nanos).unwrap_or(NANOS_MAX))
}

fn seconds(span: Span) -> String {
    let (seconds, nanos) = parts(span.as_micros());
    let fraction = format!(".{nanos:09}");
    format!("{seconds}{}s", fraction.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests;
