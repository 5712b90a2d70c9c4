//! A caller that sends commands of every kind, in batches of any size, some of them twice.

use std::collections::{BTreeMap, VecDeque};

use proto::atelier::ledger::v1 as pb;
use proto::atelier::ledger::v1::command::Command as Kind;
use tonic::Code;

use crate::books::{USERS, user_id};
use crate::calls::{Caller, Random};

/// The most commands in one call.
const BATCH_MAX: u64 = 40;

/// How many transactions a caller remembers, to capture, release and refund them.
const REMEMBERED: usize = 64;

/// Every so many-th command is for the one user whom all callers charge.
const HOT_EVERY: u64 = 8;

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    Done,
    Replayed,
    /// A typed refusal.
    Refused,
    /// The call lost several races: nothing was done.
    Contention,
    /// What no command may come to.
    Defect(String),
}

/// A caller and what it knows.
pub(crate) struct Mixture {
    caller: Caller,
    random: Random,
    name: u64,
    made: u64,
    known: VecDeque<(String, String)>,
    last: Option<Vec<pb::Command>>,
}

impl Mixture {
    pub(crate) fn new(caller: Caller, name: u64) -> Self {
        let random = Random(name ^ 0x5eed);
        Self { caller, random, name, made: 0, known: VecDeque::new(), last: None }
    }

    /// Sends so many commands, one batch after another, and counts what came of them.
    pub(crate) async fn send(&mut self, count: u64) -> BTreeMap<Outcome, u64> {
        let mut outcomes = BTreeMap::new();
        let mut left = count;
        while left > 0 {
            let commands = self.batch(left);
            left -= commands.len() as u64;
            let all_or_nothing = self.random.below(10) == 0;
            for outcome in self.apply(commands, all_or_nothing).await {
                *outcomes.entry(outcome).or_default() += 1;
            }
        }
        outcomes
    }

    /// A new batch, or now and then the last one again.
    fn batch(&mut self, left: u64) -> Vec<pb::Command> {
        if let Some(last) = self.last.take()
            && self.random.below(12) == 0
            && last.len() as u64 <= left
        {
            return last;
        }
        let size = 1 + self.random.below(BATCH_MAX.min(left));
        (0..size).map(|_| pb::Command { command: Some(self.command()) }).collect()
    }

    async fn apply(&mut self, commands: Vec<pb::Command>, all_or_nothing: bool) -> Vec<Outcome> {
        let count = commands.len();
        match self.caller.apply_each(commands.clone(), all_or_nothing).await {
            Ok(results) => {
                self.last = Some(commands);
                results.into_iter().map(|result| self.note(result)).collect()
            }
            // One refusal is that of all.
            Err(status) if all_or_nothing && status.message().starts_with("command ") => {
                vec![Outcome::Refused; count]
            }
            Err(status) => vec![failed(status.code(), status.message()); count],
        }
    }

    fn note(&mut self, result: pb::CommandResult) -> Outcome {
        if let Some(error) = result.error {
            return failed(Code::from_i32(error.code), &error.message);
        }
        if result.replayed {
            return Outcome::Replayed;
        }
        if let Some(transaction) = result.transaction {
            self.known.push_back((transaction.user_id, transaction.id));
            if self.known.len() > REMEMBERED {
                self.known.pop_front();
            }
        }
        Outcome::Done
    }

    fn command(&mut self) -> Kind {
        self.made += 1;
        let request_id = format!("soak-{}-{}", self.name, self.made);
        let known = match self.known.len() as u64 {
            0 => None,
            len => self.known.get(self.random.below(len) as usize).cloned(),
        };
        let (dice, amount) = (self.random.below(20), self.amount());
        match (dice, known) {
            (0..=3, Some((user_id, transaction_id))) => {
                let amount = (dice == 0).then_some(amount);
                let target = pb::CaptureRequest {
                    user_id,
                    request_id,
                    transaction_id,
                    amount,
                    ..<_>::default()
                };
                Kind::Capture(target)
            }
            (4..=5, Some((user_id, transaction_id))) => {
                let failed = dice == 5;
                let target = pb::ReleaseRequest {
                    user_id,
                    request_id,
                    transaction_id,
                    failed,
                    ..<_>::default()
                };
                Kind::Release(target)
            }
            (6..=7, Some((user_id, transaction_id))) => {
                let amount = (dice == 6).then_some(amount);
                let target = pb::RefundRequest {
                    user_id,
                    request_id,
                    transaction_id,
                    amount,
                    ..<_>::default()
                };
                Kind::Refund(target)
            }
            (8, Some((user_id, transaction_id))) => {
                let lease = Some(seconds(2));
                let target = pb::ExtendHoldRequest {
                    user_id,
                    request_id,
                    transaction_id,
                    lease,
                    ..<_>::default()
                };
                Kind::ExtendHold(target)
            }
            _ => self.inflow_or_charge(dice, request_id, amount),
        }
    }

    fn inflow_or_charge(&mut self, dice: u64, request_id: String, amount: String) -> Kind {
        let user_id = self.user();
        match dice {
            9 => Kind::Purchase(pb::PurchaseRequest {
                user_id,
                request_id,
                amount,
                ..<_>::default()
            }),
            10 => {
                let source = pb::LotSource::Promotion.into();
                // Some lots end while the soak runs, so that expiry is part of the mixture.
                let expire_time = soon(20 + self.random.below(100));
                Kind::Grant(pb::GrantRequest {
                    user_id,
                    request_id,
                    amount,
                    source,
                    priority: Some(self.random.below(3) as i32),
                    expire_time,
                    ..<_>::default()
                })
            }
            11 => {
                let amount = if self.random.below(2) == 0 { format!("-{amount}") } else { amount };
                let reason = "soak".to_owned();
                Kind::Adjust(pb::AdjustRequest {
                    user_id,
                    request_id,
                    amount,
                    reason,
                    ..<_>::default()
                })
            }
            12..=15 => {
                let over = 1 + self.random.below(3) as i32;
                // Some leases pass before anybody captures.
                let lease = Some(seconds(1 + self.random.below(20)));
                Kind::Reserve(pb::ReserveRequest {
                    user_id,
                    request_id,
                    amount,
                    lease,
                    over_capture_policy: over,
                    ..<_>::default()
                })
            }
            _ => Kind::Deduct(pb::DeductRequest { user_id, request_id, amount, ..<_>::default() }),
        }
    }

    fn amount(&mut self) -> String {
        format!("{}.{:02}", self.random.below(40), 1 + self.random.below(99))
    }

    fn user(&mut self) -> String {
        let hot = self.random.below(HOT_EVERY) == 0;
        user_id(if hot { 1 } else { 1 + self.random.below(USERS) })
    }
}

fn failed(code: Code, message: &str) -> Outcome {
    const REFUSALS: [Code; 3] = [Code::FailedPrecondition, Code::NotFound, Code::AlreadyExists];
    if REFUSALS.contains(&code) {
        Outcome::Refused
    } else if [Code::Aborted, Code::Unavailable].contains(&code) {
        Outcome::Contention
    } else {
        Outcome::Defect(format!("{code:?}: {message}"))
    }
}

fn seconds(count: u64) -> prost_types::Duration {
    prost_types::Duration { seconds: i64::try_from(count).unwrap_or(i64::MAX), nanos: 0 }
}

fn soon(count: u64) -> Option<prost_types::Timestamp> {
    #[expect(clippy::disallowed_methods, reason = "the load is on the server's own clock")]
    let at = std::time::SystemTime::now() + std::time::Duration::from_secs(count);
    Some(prost_types::Timestamp::from(at))
}
