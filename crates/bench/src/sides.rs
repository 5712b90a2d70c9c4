//! What is measured: each side by its name, and the load that it is put under.

use clap::ValueEnum;

use crate::books::USERS;
use crate::calls::{Call, Users};

/// How many connections the textbook and the peers work on.
pub(crate) const CLIENTS: usize = 16;

/// How many deductions a batch has.
pub(crate) const BATCH: usize = 500;

/// How many batches are under way at once.
const BATCHES: usize = 4;

const MANY: Users = Users(USERS);
const HOT: Users = Users(1);

/// One side of the comparison. `Many` is over all users, `Hot` on one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Side {
    TextbookMany,
    TextbookHot,
    TextbookIdle,
    #[value(name = "empty_rpc_64")]
    Empty64,
    #[value(name = "empty_rpc_256")]
    Empty256,
    #[value(name = "empty_rpc_idle")]
    EmptyIdle,
    #[value(name = "unary_many_64")]
    Many64,
    #[value(name = "unary_many_256")]
    Many256,
    #[value(name = "unary_many_256_quiet_log")]
    Quiet,
    #[value(name = "unary_many_256_big_journal")]
    Big,
    #[value(name = "unary_many_256_two_servers")]
    TwoServers,
    #[value(name = "unary_hot_64")]
    Hot64,
    #[value(name = "unary_hot_256")]
    Hot256,
    #[value(name = "pairs_64")]
    Pairs,
    #[value(name = "batch_500")]
    Batch,
    #[value(name = "unary_idle")]
    Idle,
    HalfPeak,
    NostroMany,
    NostroHot,
    CreditLedgerMany,
    CreditLedgerHot,
}

/// Which servers, and with what in their database, a side is measured on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Where {
    /// One server with the default log.
    Usual,
    /// One server that logs warnings only.
    QuietLog,
    /// One server whose database has a long past.
    BigJournal,
    /// Two servers on one database.
    Two,
}

/// A peer from PyPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Peer {
    Nostro,
    CreditLedger,
}

/// How a side is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Textbook {
        clients: usize,
        users: Users,
    },
    Closed {
        place: Where,
        call: Call,
        users: Users,
        in_flight: usize,
    },
    /// Deductions over many users at half the rate that was reached under a closed load.
    HalfPeak,
    Peer {
        peer: Peer,
        users: Users,
    },
}

impl Side {
    pub(crate) fn method(self) -> Method {
        let usual =
            |call, users, in_flight| Method::Closed { place: Where::Usual, call, users, in_flight };
        let at = |place| Method::Closed { place, call: Call::Deduct, users: MANY, in_flight: 256 };
        match self {
            Self::TextbookMany => Method::Textbook { clients: CLIENTS, users: MANY },
            Self::TextbookHot => Method::Textbook { clients: CLIENTS, users: HOT },
            Self::TextbookIdle => Method::Textbook { clients: 1, users: MANY },
            Self::Empty64 => usual(Call::Empty, MANY, 64),
            Self::Empty256 => usual(Call::Empty, MANY, 256),
            Self::EmptyIdle => usual(Call::Empty, MANY, 1),
            Self::Many64 => usual(Call::Deduct, MANY, 64),
            Self::Many256 => at(Where::Usual),
            Self::Quiet => at(Where::QuietLog),
            Self::Big => at(Where::BigJournal),
            Self::TwoServers => at(Where::Two),
            Self::Hot64 => usual(Call::Deduct, HOT, 64),
            Self::Hot256 => usual(Call::Deduct, HOT, 256),
            Self::Pairs => usual(Call::Pair, MANY, 64),
            Self::Batch => usual(Call::Batch(BATCH), MANY, BATCHES),
            Self::Idle => usual(Call::Deduct, MANY, 1),
            Self::HalfPeak => Method::HalfPeak,
            Self::NostroMany => Method::Peer { peer: Peer::Nostro, users: MANY },
            Self::NostroHot => Method::Peer { peer: Peer::Nostro, users: HOT },
            Self::CreditLedgerMany => Method::Peer { peer: Peer::CreditLedger, users: MANY },
            Self::CreditLedgerHot => Method::Peer { peer: Peer::CreditLedger, users: HOT },
        }
    }

    /// The name in tables and keys.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// How many deductions one call comes to.
    pub(crate) fn per_call(self) -> f64 {
        match self.method() {
            Method::Closed { call: Call::Batch(size), .. } => size as f64,
            Method::Closed { .. } | Method::Textbook { .. } => 1.0,
            Method::HalfPeak | Method::Peer { .. } => 1.0,
        }
    }
}

impl Peer {
    pub(crate) const ALL: [Self; 2] = [Self::Nostro, Self::CreditLedger];

    /// The name on PyPI.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nostro => "hf-nostro",
            Self::CreditLedger => "credit-ledger",
        }
    }
}
