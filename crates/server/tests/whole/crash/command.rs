//! A command of the load: how it is sent, and what may come of it.

use proto::atelier::ledger::v1::{
    CaptureRequest, DeductRequest, PurchaseRequest, RefundRequest, ReleaseRequest, ReserveRequest,
};
use tonic::Status;

use crate::whole::calls::{Api, reason};

/// Refusals that leave open what was done, or say that it may be tried again.
const REPEATABLE: [&str; 6] = [
    "CANCELLED",
    "CONTENTION",
    "DEADLINE_EXCEEDED",
    "DEPENDENCY_UNAVAILABLE",
    "OVERLOADED",
    "SHUTTING_DOWN",
];

/// Longer than any test: no hold lapses by itself.
const LEASE_SECONDS: i64 = 24 * 60 * 60;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Act {
    Purchase,
    Deduct,
    Reserve,
    Capture { hold: String, held: i64 },
    Release { hold: String, held: i64 },
    Refund { charge: String },
}

#[derive(Debug, Clone)]
pub(crate) struct Command {
    pub(crate) user: String,
    pub(crate) request_id: String,
    pub(crate) act: Act,
    pub(crate) cents: i64,
}

/// What a call came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Done {
        transaction: String,
        replayed: bool,
    },
    /// The balance does not cover it. Nothing was done.
    Refused,
    /// Nobody knows what was done: for this reason, or none if the connection broke.
    Open(String),
}

impl Command {
    /// Sends it and judges the answer. Panics at one that no crash excuses.
    pub(crate) async fn send(&self, api: &Api) -> Answer {
        match self.call(api).await {
            Ok((transaction, replayed)) => Answer::Done { transaction, replayed },
            Err(status) => {
                let reason = reason(&status);
                let spends = matches!(self.act, Act::Deduct | Act::Reserve);
                if reason == "INSUFFICIENT_CREDITS" && spends {
                    return Answer::Refused;
                }
                // Without a reason it is the client's own word on a broken connection.
                let open = reason.is_empty() || REPEATABLE.contains(&reason.as_str());
                assert!(open, "{self:?} was answered {status:?}");
                Answer::Open(reason)
            }
        }
    }

    async fn call(&self, api: &Api) -> Result<(String, bool), Status> {
        let Self { user, request_id, act, cents } = self.clone();
        let amount = format!("{}.{:02}", cents / 100, cents % 100);
        let mut ledger = api.ledger.clone();
        macro_rules! call {
            ($method:ident, $request:ident { $($fields:tt)* }) => {{
                let fields = $request { $($fields)*, ..Default::default() };
                let request = $request { user_id: user, request_id, ..fields };
                let answer = ledger.$method(request).await?.into_inner();
                Ok((answer.transaction.unwrap().id, answer.replayed))
            }};
        }
        match act {
            Act::Purchase => call!(purchase, PurchaseRequest { amount }),
            Act::Deduct => call!(deduct, DeductRequest { amount }),
            Act::Reserve => {
                let lease = prost_types::Duration { seconds: LEASE_SECONDS, nanos: 0 };
                call!(reserve, ReserveRequest { amount, lease: Some(lease) })
            }
            Act::Capture { hold, .. } => {
                call!(capture, CaptureRequest { transaction_id: hold, amount: Some(amount) })
            }
            Act::Release { hold, .. } => call!(release, ReleaseRequest { transaction_id: hold }),
            Act::Refund { charge } => {
                call!(refund, RefundRequest { transaction_id: charge, amount: Some(amount) })
            }
        }
    }
}
