//! Moments and lengths of time, there and back.

use proptest::prelude::*;

use super::*;

fn moment(seconds: i64, nanos: i32) -> Result<i64, TimestampError> {
    parse_timestamp(prost_types::Timestamp { seconds, nanos }).map(Timestamp::as_micros)
}

fn span(seconds: i64, nanos: i32) -> Result<i64, String> {
    let message = prost_types::Duration { seconds, nanos };
    parse_span(message, Span::from_secs(1), Span::from_micros(90_500_000).unwrap())
        .map(Span::as_micros)
        .map_err(|error| error.to_string())
}

#[test]
fn moments_are_cut_to_microseconds() {
    assert_eq!(moment(1, 999), Ok(1_000_000));
    assert_eq!(moment(-1, 999_999_999), Ok(-1));
    assert_eq!(moment(253_402_300_799, NANOS_MAX), Ok(Timestamp::MAX.as_micros()));
}

#[test]
fn what_the_wire_format_forbids_is_refused() {
    for (seconds, nanos) in [
        (0, -1),
        (0, NANOS_MAX + 1),
        (253_402_300_800, 0),
        (-62_135_596_801, 0),
        (i64::MAX, 0),
        (i64::MIN, 0),
    ] {
        assert_eq!(moment(seconds, nanos), Err(TimestampError), "{seconds} {nanos}");
    }
}

#[test]
fn lengths_of_time_have_bounds() {
    assert_eq!(span(1, 0), Ok(1_000_000));
    assert_eq!(span(90, 500_000_999), Ok(90_500_000));
    for (seconds, nanos) in [
        (0, 999_999_999),
        (90, 500_001_000),
        (0, 0),
        (-1, 0),
        (1, -1),
        (1, NANOS_MAX + 1),
        (i64::MAX, 0),
    ] {
        let refused = "must be a duration from 1s to 90.5s".to_owned();
        assert_eq!(span(seconds, nanos), Err(refused), "{seconds} {nanos}");
    }
}

proptest! {
    #[test]
    fn moments_read_back(
        micros in Timestamp::MIN.as_micros()..=Timestamp::MAX.as_micros()
    ) {
        let moment = Timestamp::from_micros(micros).unwrap();
        prop_assert_eq!(parse_timestamp(render_timestamp(moment)), Ok(moment));
    }

    #[test]
    fn lengths_of_time_read_back(micros in 0_i64..=i64::MAX) {
        let span = Span::from_micros(micros).unwrap();
        let bounds = (Span::ZERO, Span::from_micros(i64::MAX).unwrap());
        prop_assert_eq!(parse_span(render_span(span), bounds.0, bounds.1), Ok(span));
    }
}
