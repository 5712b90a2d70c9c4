//! Time zones: where the days of a place begin. The only file that knows the calendar library.
//!
//! The database of zones is the one built in, the same on every server.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use jiff::{ToSpan, Zoned};
use kernel::Timestamp;

use crate::Window;

static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A zone of the tz database, such as `America/Sao_Paulo`.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

/// The text names no zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be a time zone such as America/Sao_Paulo or UTC")]
pub struct ZoneError;

impl Zone {
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// Every zone there is.
    pub fn all() -> impl Iterator<Item = Self> {
        let names: Vec<_> = ZONES.available().collect();
        names.into_iter().filter_map(|name| name.as_str().parse().ok())
    }

    /// The local day that `at` belongs to: from the first moment of its date to that of the next.
    ///
    /// Where clocks are set back over midnight, the day has begun with the first midnight and does
    /// not begin again. A date that a place skipped has no day.
    pub fn day(&self, at: Timestamp) -> Window {
        let Some(date) = self.local(at).map(|local| local.date()) else {
            return Window { start: at, end: Timestamp::MAX };
        };
        let mut next = date.tomorrow().ok();
        let mut start = self.first_moment(date).unwrap_or(at);
        while let Some(begun) = next.and_then(|date| self.first_moment(date)) {
            if begun > at {
                return Window { start, end: begun };
            }
            start = begun;
            next = next.and_then(|date| date.tomorrow().ok());
        }
        Window { start, end: Timestamp::MAX }
    }

    /// The first beginning of a day at `at` or after it.
    pub fn midnight_from(&self, at: Timestamp) -> Timestamp {
        let day = self.day(at);
        if day.start == at { at } else { day.end }
    }

    /// The moment that a clock of the zone shows as `2026-01-05 10:00:00`, or at the beginning of
    /// `2026-01-05`. Of a time that was shown twice the first.
    pub fn moment(&self, text: &str) -> Option<Timestamp> {
        let shown: DateTime = text.parse().ok()?;
        let at = shown.to_zoned(self.0.clone()).ok()?;
        Timestamp::from_micros(at.timestamp().as_microsecond())
    }

    fn local(&self, at: Timestamp) -> Option<Zoned> {
        let at = jiff::Timestamp::from_microsecond(at.as_micros()).ok()?;
        Some(at.to_zoned(self.0.clone()))
    }

    fn first_moment(&self, date: Date) -> Option<Timestamp> {
        let midnight = self.0.to_ambiguous_timestamp(date.at(0, 0, 0, 0));
        let skipped = matches!(midnight.offset(), AmbiguousOffset::Gap { .. });
        let mut first = midnight.compatible().ok()?;
        if skipped {
            // The moment at which the clock jumped over midnight, to whatever time it showed then.
            let after = first.checked_add(1.nanosecond()).ok()?;
            first = self.0.preceding(after).next()?.timestamp();
        }
        Timestamp::from_micros(first.as_microsecond())
    }
}

impl FromStr for Zone {
    type Err = ZoneError;

    fn from_str(text: &str) -> Result<Self, ZoneError> {
        let zone = ZONES.get(text).map_err(|_unknown| ZoneError)?;
        // The spelling of the database, so that a zone has one name here.
        zone.iana_name().ok_or(ZoneError)?;
        Ok(Self(zone))
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Zone {}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The period of so many months that `at` is in, of those that begin at `anchor`, in UTC.
///
/// Each begins on the anchor's day of the month and at its time of day, or on the last day of a
/// month that is too short, counted from the anchor itself: the 31st comes back after February.
/// What is before the anchor is in the first period.
pub(crate) fn months(anchor: Timestamp, length: i32, at: Timestamp) -> Window {
    let utc = Zone::utc();
    let begins = |number: i32| plus_months(anchor, number.saturating_mul(length));
    let apart = match (utc.local(anchor), utc.local(at)) {
        (Some(from), Some(to)) => {
            let years = i32::from(to.year()) - i32::from(from.year());
            years * 12 + i32::from(to.month()) - i32::from(from.month())
        }
        (_, _) => 0,
    };
    let mut number = apart.div_euclid(length.max(1)).max(0);
    if number > 0 && begins(number) > at {
        number -= 1;
    }
    Window { start: begins(number), end: begins(number + 1) }
}

/// The first of 1970: calendar months are counted from it.
pub(crate) const FIRST_OF_A_MONTH: i64 = 0;

fn plus_months(anchor: Timestamp, months: i32) -> Timestamp {
    let moved = Zone::utc().local(anchor).and_then(|from| from.checked_add(months.months()).ok());
    let moved = moved.map(|to| to.timestamp().as_microsecond());
    moved.and_then(Timestamp::from_micros).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
