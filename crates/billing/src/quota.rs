//! Daily quotas: units that count by the local day of the user's time zone.

use kernel::{RequestId, Timestamp, UserId};

use crate::{Rejection, Window, Zone};

/// Whose day it is. One row a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaSettings {
    pub user: UserId,
    pub zone: Zone,
    /// The day that was running when the zone last changed, as it would have ended without.
    pub carried: Option<Window>,
}

/// Units that were taken, under the caller's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Take {
    pub user: UserId,
    pub request: RequestId,
    pub units: u32,
    /// The window that they count in, for good.
    pub window: Window,
    pub taken_at: Timestamp,
    pub given_back_at: Option<Timestamp>,
}

/// What a user has of units at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    /// `None`: without end.
    pub limit: Option<u32>,
    pub used: u32,
    pub window: Window,
    pub zone: Zone,
}

impl QuotaSettings {
    pub fn new(user: UserId, zone: Zone) -> Self {
        Self { user, zone, carried: None }
    }

    /// The window that units taken at `at` count in.
    ///
    /// A local day of the zone; but a day that was running when the zone changed runs on to the
    /// first midnight of the new zone that is not before its own end. So every window but such a
    /// longer one is a whole local day, and changing the zone begins none.
    pub fn window(&self, at: Timestamp) -> Window {
        self.carry_at(at).unwrap_or_else(|| self.zone.day(at))
    }

    /// The settings with another zone from `now` on.
    pub fn rezoned(self, zone: Zone, now: Timestamp) -> Self {
        // A day that runs on already keeps its own end: going back and forth adds nothing.
        let carried = match self.carry_at(now) {
            Some(_) => self.carried,
            None => Some(self.zone.day(now)),
        };
        Self { carried, zone, ..self }
    }

    fn carry_at(&self, at: Timestamp) -> Option<Window> {
        let Window { start, end } = self.carried?;
        let window = Window { start, end: self.zone.midnight_from(end) };
        (at < window.end).then_some(window)
    }
}

impl Quota {
    /// What is left. `None`: without end.
    pub fn remaining(&self) -> Option<u32> {
        self.limit.map(|limit| limit.saturating_sub(self.used))
    }

    /// How many units are used after taking `units` more.
    pub fn taking(&self, units: u32) -> Result<u32, Rejection> {
        let used = self.used.checked_add(units);
        match (self.limit, used) {
            (None, _) => Ok(used.unwrap_or(u32::MAX)),
            (Some(limit), Some(used)) if used <= limit => Ok(used),
            (Some(limit), _) => {
                let (used, resets_at) = (self.used, self.window.end);
                Err(Rejection::QuotaExhausted { limit, used, resets_at })
            }
        }
    }
}

#[cfg(test)]
mod tests;
