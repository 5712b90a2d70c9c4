//! The rules of the ledger told once more, naively: whole hundredths, lists and scans.
//!
//! It shares no code with the ledger, keeps everything for ever, and copies itself before each
//! command, so that a refusal changes nothing. What one command does is in `act`, what the clock
//! does in `clock`, where credits come from and go to in `lots`.

mod act;
mod clock;
mod lots;

pub(super) type Money = i128;
pub(super) type Micros = i64;

/// The most that any balance or total may be: 9,999,999,999.99.
pub(super) const MOST: Money = 999_999_999_999;

#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    pub(super) grace: Micros,
    pub(super) available: Money,
    pub(super) held: Money,
    pub(super) version: u64,
    pub(super) earned: Money,
    pub(super) spent: Money,
    pub(super) forfeited: Money,
    /// When the last change took effect.
    pub(super) last: Option<Micros>,
    pub(super) lots: Vec<Lot>,
    pub(super) deals: Vec<Deal>,
    pub(super) asked: Vec<(u32, What, Answer)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lot {
    /// The deal that opened it.
    pub(super) opener: usize,
    pub(super) source: Source,
    pub(super) amount: Money,
    pub(super) left: Money,
    pub(super) priority: u16,
    pub(super) from: Micros,
    pub(super) until: Option<Micros>,
    pub(super) opened: Micros,
    pub(super) state: LotState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Signup,
    Purchase,
    Plan,
    Promotion,
    Adjustment,
    Refund,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LotState {
    Waiting,
    Open,
    Gone,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Deal {
    pub(super) kind: Kind,
    pub(super) state: State,
    /// Signed.
    pub(super) amount: Money,
    pub(super) parent: Option<usize>,
    pub(super) hold: Option<Hold>,
    pub(super) charged: Money,
    pub(super) refunded: Money,
    pub(super) parts: Vec<Part>,
    /// When it was made and with which nonce: what orders deals.
    pub(super) made: (Micros, u64),
    pub(super) over: Option<Micros>,
    /// What was available after it last moved anything.
    pub(super) after: Money,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) lot: usize,
    pub(super) amount: Money,
    pub(super) back: Money,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Deduction,
    Refund,
    Purchase,
    Grant,
    Expiration,
    Adjustment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Pending,
    Completed,
    Failed,
    Cancelled,
    Refunded,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hold {
    pub(super) amount: Money,
    pub(super) lease: Micros,
    pub(super) over: Over,
    pub(super) late: bool,
    pub(super) end: Option<End>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    Reject,
    Cap,
    Balance,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Captured,
    Late,
    Released,
    Lapsed,
}

/// What is asked. A target is a deal's number; one that is out of range exists nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Deduct { amount: Money },
    Reserve { amount: Money, lease: Micros, over: Over, late: bool },
    Capture { target: usize, amount: Money },
    Release { target: usize, failed: bool },
    Extend { target: usize, lease: Micros },
    Refund { target: usize, amount: Option<Money> },
    Purchase { amount: Money, until: Option<Micros> },
    Grant(Terms),
    Up { amount: Money },
    Down { amount: Money },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Terms {
    pub(super) source: Source,
    pub(super) amount: Money,
    pub(super) priority: Option<u16>,
    pub(super) from: Option<Micros>,
    pub(super) until: Option<Micros>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ask {
    pub(super) request: u32,
    pub(super) nonce: u64,
    pub(super) expected: Option<u64>,
    pub(super) what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) deal: usize,
    pub(super) state: State,
    pub(super) lease: Option<Micros>,
    pub(super) available: Money,
    pub(super) held: Money,
    pub(super) version: u64,
    pub(super) again: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    Reused,
    Stale { expected: u64, current: u64 },
    Short { required: Money, available: Money },
    NoSuch,
    NotAHold,
    WasCaptured { charged: Money },
    WasReleased,
    HasLapsed { at: Micros },
    OverHold { held: Money, requested: Money },
    NotRefundable { kind: Kind, state: State },
    OverCharge { charged: Money, refunded: Money, requested: Money },
    TooSoon { until: Micros },
    TooMuch,
}

impl Source {
    fn priority(self) -> u16 {
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

impl Model {
    /// Every moment at which the clock will do something.
    pub(super) fn dues(&self) -> Vec<Micros> {
        let lots = self.lots.iter().filter_map(|lot| match lot.state {
            LotState::Waiting => Some(lot.from),
            LotState::Open if lot.left > 0 => lot.until,
            LotState::Open | LotState::Gone => None,
        });
        lots.chain(self.open_holds().map(|(_, hold)| hold.lease)).collect()
    }

    fn open_holds(&self) -> impl Iterator<Item = (usize, &Hold)> {
        let holds = self.deals.iter().enumerate();
        let holds = holds.filter_map(|(number, deal)| Some((number, deal.hold.as_ref()?)));
        holds.filter(|(_, hold)| hold.end.is_none())
    }

    /// Changes of one account are dated strictly one after the other, whatever the clock says.
    fn moment(&self, now: Micros) -> Micros {
        self.last.map_or(now, |last| now.max(last + 1))
    }

    fn tick(&mut self, at: Micros) {
        self.version += 1;
        self.last = Some(at);
    }
}

impl Deal {
    fn over_at(kind: Kind, amount: Money, made: (Micros, u64)) -> Self {
        Self {
            kind,
            state: State::Completed,
            amount,
            parent: None,
            hold: None,
            charged: 0,
            refunded: 0,
            parts: Vec::new(),
            made,
            over: Some(made.0),
            after: 0,
        }
    }
}
