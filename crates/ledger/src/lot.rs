//! Lots: where credits came from, until when they are good, and in which order they burn.

use kernel::{Credits, LotId, Position, Timestamp, UserId};

/// Some credits that came in together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    pub id: LotId,
    pub user: UserId,
    pub source: LotSource,
    pub amount: Credits,
    /// What is neither spent, held nor expired.
    pub remaining: Credits,
    /// Lots of a lower number burn first.
    pub priority: u16,
    /// From when on the credits can be spent.
    pub effective_at: Timestamp,
    /// From when on they cannot be spent any more. `None`: never.
    pub expires_at: Option<Timestamp>,
    pub opened_at: Timestamp,
    pub state: LotState,
}

/// Where a lot's credits came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LotSource {
    Signup,
    Purchase,
    Plan,
    Promotion,
    Adjustment,
    /// Credits that came back after the lot they were from had expired.
    Refund,
}

/// Whether a lot's credits count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LotState {
    /// Not yet: its time has not come.
    Scheduled,
    Open,
    /// No more: its expiry has been posted.
    Expired,
}

impl LotSource {
    pub const ALL: [Self; 6] =
        [Self::Signup, Self::Purchase, Self::Plan, Self::Promotion, Self::Adjustment, Self::Refund];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Signup => "signup",
            Self::Purchase => "purchase",
            Self::Plan => "plan",
            Self::Promotion => "promotion",
            Self::Adjustment => "adjustment",
            Self::Refund => "refund",
        }
    }

    /// What is given away burns before what is paid for, and what came back burns first of all.
    pub const fn default_priority(self) -> u16 {
        match self {
            Self::Refund => 10,
            Self::Promotion => 20,
            Self::Signup => 30,
            Self::Plan => 40,
            Self::Adjustment => 50,
            Self::Purchase => 60,
        }
    }
}

impl LotState {
    pub const ALL: [Self; 3] = [Self::Scheduled, Self::Open, Self::Expired];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Open => "open",
            Self::Expired => "expired",
        }
    }
}

impl Lot {
    /// Where the lot stands in lists.
    pub fn position(&self) -> Position<LotId> {
        Position { created_at: self.opened_at, id: self.id }
    }

    /// Whether a decision must know the lot: it can pay, or the clock will still do something.
    pub fn is_live(&self) -> bool {
        match self.state {
            LotState::Scheduled => true,
            LotState::Open => !self.remaining.is_zero(),
            LotState::Expired => false,
        }
    }

    /// When the clock will next change the lot.
    pub fn due_at(&self) -> Option<Timestamp> {
        match self.state {
            LotState::Scheduled => Some(self.effective_at),
            LotState::Open => self.expires_at,
            LotState::Expired => None,
        }
    }

    pub(crate) fn has_expired_by(&self, at: Timestamp) -> bool {
        self.state == LotState::Expired || self.expires_at.is_some_and(|end| end <= at)
    }

    /// The total order of burning: priority, then soonest expiry (never last), then oldest.
    pub(crate) fn burn_key(&self) -> (u16, Timestamp, Timestamp, LotId) {
        (self.priority, self.expires_at.unwrap_or(Timestamp::MAX), self.opened_at, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::*;

    #[test]
    fn each_value_has_its_own_stored_name() {
        let sources = ["signup", "purchase", "plan", "promotion", "adjustment", "refund"];
        assert_eq!(LotSource::ALL.map(LotSource::as_str), sources);
        assert_eq!(LotState::ALL.map(LotState::as_str), ["scheduled", "open", "expired"]);
    }

    #[test]
    fn a_lot_stands_in_lists_where_it_was_opened() {
        let mut desk = Desk::empty();
        let id = desk.lot(grant("1", Some(50), None));
        assert_eq!(desk.row(id).position(), Position { created_at: at(0), id });
    }

    #[test]
    fn a_lot_lives_until_it_is_used_up_or_its_expiry_is_posted() {
        let mut desk = Desk::empty();
        let id = desk.lot(grant("1", Some(50), Some(90)));
        let seen = |desk: &Desk| {
            let lot = desk.row(id);
            (lot.is_live(), lot.due_at())
        };
        assert_eq!(seen(&desk), (true, Some(at(50))));
        desk.now = 50;
        desk.sweep();
        assert_eq!(seen(&desk), (true, Some(at(90))));
        let hold = desk.done(reserve("1", 20));
        assert_eq!(seen(&desk), (false, Some(at(90))));
        desk.done(release(hold));
        assert_eq!(seen(&desk), (true, Some(at(90))));
        desk.now = 90;
        desk.sweep();
        assert_eq!(seen(&desk), (false, None));
    }
}
