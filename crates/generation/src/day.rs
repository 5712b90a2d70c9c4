//! Days of the calendar, as vendors name the last day of a model.

use std::fmt;
use std::str::FromStr;

use kernel::Timestamp;

/// A day in UTC as `YYYY-MM-DD`, from year 0001 on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(String);

/// The text names no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a day as YYYY-MM-DD")]
pub struct DayError;

impl Day {
    /// The day that a moment is in.
    pub fn of(moment: Timestamp) -> Self {
        Self(moment.to_string().chars().take(10).collect())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Day {
    type Err = DayError;

    // Texts of this one form are in the order of their days.
    fn from_str(text: &str) -> Result<Self, DayError> {
        let [year, month, day] = text.split('-').collect::<Vec<_>>()[..] else {
            return Err(DayError);
        };
        let number = |text: &str, digits: usize| -> Result<u16, DayError> {
            let plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
            if plain { text.parse().map_err(|_| DayError) } else { Err(DayError) }
        };
        let (year, month, day) = (number(year, 4)?, number(month, 2)?, number(day, 2)?);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return Err(DayError),
        };
        let known = year >= 1 && (1..=last).contains(&day);
        if known { Ok(Self(text.to_owned())) } else { Err(DayError) }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar_in_one_form() {
        for text in ["2026-12-31", "2024-02-29", "2000-02-29", "0001-01-01"] {
            assert_eq!(text.parse::<Day>().map(|day| day.to_string()), Ok(text.to_owned()));
        }
        for text in [
            "",
            "2026",
            "2026-13-01",
            "2026-00-01",
            "2026-04-31",
            "2026-02-29",
            "1900-02-29",
            "2026-1-1",
            "2026-+1-01",
            "0000-01-01",
            "2026-01-01 ",
            "2026-01-01-01",
            "２０２６-01-01",
        ] {
            assert_eq!(text.parse::<Day>(), Err(DayError), "{text:?}");
        }
    }

    #[test]
    fn a_moment_is_in_its_day() {
        let moment = |micros| Timestamp::from_micros(micros).unwrap();
        assert_eq!(Day::of(moment(951_826_154_000_001)).as_str(), "2000-02-29");
        assert!(Day::of(moment(-1)) < Day::of(moment(0)));
    }
}
