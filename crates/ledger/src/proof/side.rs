//! One user on both sides: the model, the ledger's rows, and which of the one is which of the
//! other.

use std::collections::BTreeMap;

use kernel::{Credits, Delta, LotId, RequestId, Span, Timestamp, TransactionId, UserId};
use uuid::Uuid;

use super::model::{self, Ask, Deal, Micros, Model, Money, Part, What};
use super::shelf::Shelf;
use crate::{
    Action, Command, GrantTerms, HoldEnd, LateCapture, Lot, LotSource, LotState, Operation,
    Outcome, OverCapture, Rejection, ReleaseOutcome, Transaction, TransactionKind,
    TransactionStatus,
};

pub(super) struct Side {
    pub(super) model: Model,
    pub(super) shelf: Shelf,
    /// Which transaction each deal of the model is.
    pub(super) ids: Vec<TransactionId>,
    pub(super) asked: Vec<Ask>,
    /// The first answer to each request.
    pub(super) answers: BTreeMap<u32, Outcome>,
}

impl Side {
    pub(super) fn new(user: usize, grace: Micros, at: Micros) -> Self {
        let user = UserId::from_uuid(Uuid::from_u128(1 + user as u128));
        Self {
            model: Model { grace, ..Model::default() },
            shelf: Shelf::new(user, timestamp(at)),
            ids: Vec::new(),
            asked: Vec::new(),
            answers: BTreeMap::new(),
        }
    }

    /// Finds out which transactions the model's new deals are: both sort as their moments do.
    pub(super) fn learn<'a>(
        &mut self,
        transactions: impl Iterator<Item = &'a Transaction>,
    ) -> Result<(), String> {
        let mut new: Vec<_> =
            transactions.map(|found| found.id).filter(|id| !self.ids.contains(id)).collect();
        new.sort_unstable();
        self.ids.extend(new);
        same("transactions", &self.ids.len(), &self.model.deals.len())
    }

    pub(super) fn id(&self, deal: usize) -> TransactionId {
        self.ids.get(deal).copied().unwrap_or(TransactionId::from_uuid(Uuid::max()))
    }

    fn deal_of(&self, id: TransactionId) -> usize {
        self.ids.iter().position(|known| *known == id).unwrap_or(usize::MAX)
    }

    fn lot_of(&self, id: LotId) -> usize {
        let opener = self.deal_of(TransactionId::from_uuid(*id.as_uuid()));
        self.model.lots.iter().position(|lot| lot.opener == opener).unwrap_or(usize::MAX)
    }

    pub(super) fn command(&self, ask: &Ask) -> Command {
        let operation = Operation::default();
        let action = match ask.what.clone() {
            What::Deduct { amount } => Action::Deduct { amount: credits(amount), operation },
            What::Reserve { amount, lease, over, late } => Action::Reserve {
                amount: credits(amount),
                lease: span(lease),
                over_capture: match over {
                    model::Over::Reject => OverCapture::Reject,
                    model::Over::Cap => OverCapture::Cap,
                    model::Over::Balance => OverCapture::TakeFromBalance,
                },
                late_capture: if late { LateCapture::AcceptIfCovered } else { LateCapture::Reject },
                operation,
            },
            What::Capture { target, amount } => {
                Action::Capture { hold: self.id(target), amount: Some(credits(amount)) }
            }
            What::Release { target, failed } => {
                let outcome =
                    if failed { ReleaseOutcome::Failed } else { ReleaseOutcome::Cancelled };
                Action::Release { hold: self.id(target), outcome }
            }
            What::Extend { target, lease } => {
                Action::ExtendHold { hold: self.id(target), lease: span(lease) }
            }
            What::Refund { target, amount } => {
                let charge = self.id(target);
                Action::Refund { charge, amount: amount.map(credits), operation }
            }
            What::Purchase { amount, until } => {
                let expires_at = until.map(timestamp);
                Action::Purchase { amount: credits(amount), expires_at, operation }
            }
            What::Grant(terms) => Action::Grant(GrantTerms {
                source: ledger_source(terms.source),
                amount: credits(terms.amount),
                priority: terms.priority,
                effective_at: terms.from.map(timestamp),
                expires_at: terms.until.map(timestamp),
                operation,
            }),
            What::Up { amount } => Action::AdjustUp { amount: credits(amount), operation },
            What::Down { amount } => Action::AdjustDown { amount: credits(amount), operation },
        };
        let request: RequestId = format!("r{}", ask.request).parse().unwrap();
        let user = self.shelf.account.user;
        Command::new(user, request, ask.nonce, action).expecting(ask.expected)
    }

    /// A transaction in the model's words. Its nonce is not told: the model's is taken.
    pub(super) fn deal(&self, found: &Transaction) -> Deal {
        let nonce = self.model.deals.get(self.deal_of(found.id)).map_or(0, |deal| deal.made.1);
        Deal {
            kind: kind(found.kind),
            state: state(found.status),
            amount: signed(found.amount),
            parent: found.parent.map(|parent| self.deal_of(parent)),
            hold: found.hold.map(|hold| model::Hold {
                amount: money(hold.amount),
                lease: hold.lease_until.as_micros(),
                over: match hold.over_capture {
                    OverCapture::Reject => model::Over::Reject,
                    OverCapture::Cap => model::Over::Cap,
                    OverCapture::TakeFromBalance => model::Over::Balance,
                },
                late: hold.late_capture == LateCapture::AcceptIfCovered,
                end: hold.end.map(|end| match end {
                    HoldEnd::Captured => model::End::Captured,
                    HoldEnd::CapturedLate => model::End::Late,
                    HoldEnd::Released => model::End::Released,
                    HoldEnd::Lapsed => model::End::Lapsed,
                }),
            }),
            charged: money(found.captured),
            refunded: money(found.refunded),
            parts: found
                .allocations
                .iter()
                .map(|part| Part {
                    lot: self.lot_of(part.lot),
                    amount: money(part.amount),
                    back: money(part.returned),
                })
                .collect(),
            made: (found.created_at.as_micros(), nonce),
            over: found.processed_at.map(Timestamp::as_micros),
            after: money(found.balance_after),
        }
    }

    pub(super) fn lot(&self, found: &Lot) -> model::Lot {
        model::Lot {
            opener: self.deal_of(TransactionId::from_uuid(*found.id.as_uuid())),
            source: model_source(found.source),
            amount: money(found.amount),
            left: money(found.remaining),
            priority: found.priority,
            from: found.effective_at.as_micros(),
            until: found.expires_at.map(Timestamp::as_micros),
            opened: found.opened_at.as_micros(),
            state: match found.state {
                LotState::Scheduled => model::LotState::Waiting,
                LotState::Open => model::LotState::Open,
                LotState::Expired => model::LotState::Gone,
            },
        }
    }

    pub(super) fn answer(&self, outcome: &Outcome) -> model::Answer {
        model::Answer {
            deal: self.deal_of(outcome.transaction.id),
            state: state(outcome.transaction.status),
            lease: outcome.transaction.hold.map(|hold| hold.lease_until.as_micros()),
            available: money(outcome.balance.available),
            held: money(outcome.balance.held),
            version: outcome.balance.version,
            again: outcome.replayed,
        }
    }
}

pub(super) fn refusal(rejection: Rejection) -> model::Refusal {
    use model::Refusal as R;
    match rejection {
        Rejection::RequestIdReused(_) => R::Reused,
        Rejection::StaleVersion { expected, current } => R::Stale { expected, current },
        Rejection::InsufficientCredits { required, available } => {
            R::Short { required: money(required), available: money(available) }
        }
        Rejection::TransactionNotFound(_) => R::NoSuch,
        Rejection::NotAHold => R::NotAHold,
        Rejection::HoldCaptured { captured } => R::WasCaptured { charged: money(captured) },
        Rejection::HoldReleased => R::WasReleased,
        Rejection::HoldLapsed { at } => R::HasLapsed { at: at.as_micros() },
        Rejection::CaptureExceedsHold { held, requested } => {
            R::OverHold { held: money(held), requested: money(requested) }
        }
        Rejection::NotRefundable { kind: of, status } => {
            R::NotRefundable { kind: kind(of), state: state(status) }
        }
        Rejection::RefundExceedsCharge { charged, refunded, requested } => R::OverCharge {
            charged: money(charged),
            refunded: money(refunded),
            requested: money(requested),
        },
        Rejection::ExpiresTooSoon { expires_at } => R::TooSoon { until: expires_at.as_micros() },
        Rejection::BalanceLimit => R::TooMuch,
    }
}

pub(super) fn same<T: PartialEq + std::fmt::Debug>(
    what: &str,
    ledger: &T,
    model: &T,
) -> Result<(), String> {
    if ledger == model {
        Ok(())
    } else {
        Err(format!("{what} differ:\n  ledger {ledger:?}\n  model  {model:?}"))
    }
}

pub(super) fn timestamp(micros: Micros) -> Timestamp {
    Timestamp::from_micros(micros).unwrap()
}

pub(super) fn span(micros: Micros) -> Span {
    Span::from_micros(micros).unwrap()
}

pub(super) fn money(amount: Credits) -> Money {
    Money::from(amount.hundredths())
}

fn signed(change: Delta) -> Money {
    let size = money(change.magnitude());
    if change.is_negative() { -size } else { size }
}

fn credits(amount: Money) -> Credits {
    Credits::from_hundredths(u64::try_from(amount).unwrap()).unwrap()
}

fn kind(kind: TransactionKind) -> model::Kind {
    match kind {
        TransactionKind::Deduction => model::Kind::Deduction,
        TransactionKind::Refund => model::Kind::Refund,
        TransactionKind::Purchase => model::Kind::Purchase,
        TransactionKind::Grant => model::Kind::Grant,
        TransactionKind::Expiration => model::Kind::Expiration,
        TransactionKind::Adjustment => model::Kind::Adjustment,
    }
}

fn state(status: TransactionStatus) -> model::State {
    match status {
        TransactionStatus::Pending => model::State::Pending,
        TransactionStatus::Completed => model::State::Completed,
        TransactionStatus::Failed => model::State::Failed,
        TransactionStatus::Cancelled => model::State::Cancelled,
        TransactionStatus::Refunded => model::State::Refunded,
    }
}

fn ledger_source(source: model::Source) -> LotSource {
    match source {
        model::Source::Signup => LotSource::Signup,
        model::Source::Purchase => LotSource::Purchase,
        model::Source::Plan => LotSource::Plan,
        model::Source::Promotion => LotSource::Promotion,
        model::Source::Adjustment => LotSource::Adjustment,
        model::Source::Refund => LotSource::Refund,
    }
}

fn model_source(source: LotSource) -> model::Source {
    match source {
        LotSource::Signup => model::Source::Signup,
        LotSource::Purchase => model::Source::Purchase,
        LotSource::Plan => model::Source::Plan,
        LotSource::Promotion => model::Source::Promotion,
        LotSource::Adjustment => model::Source::Adjustment,
        LotSource::Refund => model::Source::Refund,
    }
}
