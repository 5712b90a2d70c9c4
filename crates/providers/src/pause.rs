//! How long to wait, in all the ways in which vendors say it.

use std::time::Duration;

use jiff::ToSpan;
use jiff::tz::TimeZoneDatabase;
use kernel::Timestamp;
use serde_json::Value;

use crate::http::Answer;

/// Whoever says more means a quota, and a caller that waits longer has given up.
const PAUSE_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// A pause of nothing would be a loop without one.
const PAUSE_MIN: Duration = Duration::from_secs(1);

/// From here on a number is a moment, and below it a number of seconds.
const EPOCH_SECONDS_MIN: f64 = 1e9;

/// The pause that an answer's head tells.
pub(crate) fn told(answer: &Answer) -> Option<Duration> {
    let number = |name: &str| answer.header(name).and_then(|text| text.trim().parse::<f64>().ok());
    if let Some(millis) = number("retry-after-ms") {
        return seconds(millis / 1_000.0);
    }
    if let Some(text) = answer.header("retry-after") {
        return match text.trim().parse() {
            Ok(number) => seconds(number),
            Err(_) => until_date(text, answer.at),
        };
    }
    for of in ["requests", "tokens", "images"] {
        let used_up = number(&format!("x-ratelimit-remaining-{of}")) == Some(0.0);
        let reset = answer.header(&format!("x-ratelimit-reset-{of}"));
        if let Some(pause) = reset.filter(|_| used_up).and_then(duration) {
            return Some(pause);
        }
    }
    match number("x-ratelimit-reset") {
        Some(moment) if moment >= EPOCH_SECONDS_MIN => {
            seconds(moment - micros(answer.at) / 1_000_000.0)
        }
        Some(number) => seconds(number),
        None => None,
    }
}

/// The pause that a sentence tells, such as `Your rate limit resets in ~30s.`
pub(crate) fn in_words(text: &str) -> Option<Duration> {
    let (_, rest) = ["resets in ", "try again in ", "available in ", "retry in ", "retry after "]
        .iter()
        .find_map(|words| text.split_once(words))?;
    let word = rest.trim_start_matches('~').split_whitespace().next()?;
    let word = word.trim_end_matches(['.', ',', ';', ')']);
    match word.parse() {
        Ok(number) => seconds(number),
        Err(_) => duration(word),
    }
}

/// Such as `38.2s`, `1m30s`, `250ms`.
pub(crate) fn duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut sum = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let unit = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        sum += number
            * match &rest[..unit] {
                "ms" => 0.001,
                "s" => 1.0,
                "m" => 60.0,
                "h" => 3_600.0,
                "d" => 86_400.0,
                _ => return None,
            };
        rest = &rest[unit..];
    }
    seconds(sum)
}

/// A number of seconds in a body, or a text like `38.2s`.
pub(crate) fn of_value(value: &Value) -> Option<Duration> {
    value.as_f64().and_then(seconds).or_else(|| duration(value.as_str()?))
}

/// The next midnight in California, where Google's daily quotas begin anew.
pub(crate) fn pacific_midnight(now: Timestamp) -> Option<Timestamp> {
    let zone = TimeZoneDatabase::bundled().get("America/Los_Angeles").ok()?;
    let now = jiff::Timestamp::from_microsecond(now.as_micros()).ok()?.to_zoned(zone.clone());
    let midnight = now.date().checked_add(1.day()).ok()?.to_zoned(zone).ok()?;
    Timestamp::from_micros(midnight.timestamp().as_microsecond())
}

fn until_date(text: &str, now: Timestamp) -> Option<Duration> {
    let date = jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_microsecond();
    let micros = u64::try_from(date.saturating_sub(now.as_micros())).unwrap_or(0);
    Some(Duration::from_micros(micros).clamp(PAUSE_MIN, PAUSE_MAX))
}

fn seconds(seconds: f64) -> Option<Duration> {
    if seconds.is_nan() {
        return None;
    }
    let seconds = seconds.clamp(PAUSE_MIN.as_secs_f64(), PAUSE_MAX.as_secs_f64());
    Some(Duration::from_secs_f64(seconds))
}

// Microseconds of this century are exact in an f64.
fn micros(at: Timestamp) -> f64 {
    at.as_micros() as f64
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue};

    use super::*;

    /// 2026-11-21 10:00:00 UTC.
    const NOW: i64 = 1_795_255_200_000_000;

    fn answer(headers: &[(&'static str, &'static str)]) -> Answer {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        let at = Timestamp::from_micros(NOW).unwrap();
        Answer { status: 429, headers, body: Vec::new(), at }
    }

    #[test]
    fn heads_tell_pauses_in_many_ways() {
        for (headers, millis) in [
            (&[("retry-after", "3")][..], Some(3_000)),
            (&[("retry-after", "0.2")], Some(1_000)),
            (&[("retry-after", "-5")], Some(1_000)),
            (&[("retry-after", "7200")], Some(7_200_000)),
            (&[("retry-after", "1e99")], Some(86_400_000)),
            (&[("retry-after", "Sat, 21 Nov 2026 10:01:30 GMT")], Some(90_000)),
            (&[("retry-after", "Sat, 21 Nov 2026 09:00:00 GMT")], Some(1_000)),
            (&[("retry-after", "soon")], None),
            (&[("retry-after-ms", "2500"), ("retry-after", "9")], Some(2_500)),
            (&[("x-ratelimit-reset", "12")], Some(12_000)),
            (&[("x-ratelimit-reset", "1795255260")], Some(60_000)),
            (
                &[
                    ("x-ratelimit-remaining-requests", "5"),
                    ("x-ratelimit-reset-requests", "1s"),
                    ("x-ratelimit-remaining-tokens", "0"),
                    ("x-ratelimit-reset-tokens", "6m0s"),
                ],
                Some(360_000),
            ),
            (&[], None),
        ] {
            let expected = millis.map(Duration::from_millis);
            assert_eq!(told(&answer(headers)), expected, "{headers:?}");
        }
    }

    #[test]
    fn durations_and_sentences_are_read() {
        for (text, millis) in
            [("38.2s", Some(38_200)), ("1m30s", Some(90_000)), ("5000ms", Some(5_000))]
        {
            assert_eq!(duration(text), millis.map(Duration::from_millis), "{text}");
        }
        for text in ["s", "5", "1.2.3s", "5x", "five"] {
            assert_eq!(duration(text), None, "{text}");
        }
        for (text, secs) in [
            ("Request was throttled. Your rate limit resets in ~30s.", Some(30)),
            ("Please try again in 1m5s.", Some(65)),
            ("Request was throttled. Expected available in 7 seconds.", Some(7)),
            ("Please wait", None),
        ] {
            assert_eq!(in_words(text), secs.map(Duration::from_secs), "{text}");
        }
    }

    #[test]
    fn the_day_ends_at_midnight_in_california() {
        for (now, midnight) in [
            ("2026-11-21T10:00:00Z", "2026-11-22T08:00:00.000000Z"),
            ("2026-11-21T07:59:59Z", "2026-11-21T08:00:00.000000Z"),
            ("2026-07-01T07:00:00Z", "2026-07-02T07:00:00.000000Z"),
            // The day on which clocks are set back has 25 hours.
            ("2026-11-01T07:00:00Z", "2026-11-02T08:00:00.000000Z"),
        ] {
            let now: jiff::Timestamp = now.parse().unwrap();
            let now = Timestamp::from_micros(now.as_microsecond()).unwrap();
            assert_eq!(pacific_midnight(now).unwrap().to_string(), midnight);
        }
    }
}
