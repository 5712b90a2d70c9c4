//! Runs a case on both sides and says where they differ.

use std::collections::BTreeMap;

use kernel::{RequestId, TransactionId};

use super::compare;
use super::generate::{Batch, Case, Expect, Step, Tick};
use super::model::{Answer, Ask, Micros, Model, Refusal, What};
use super::resolve::what;
use super::side::{Side, span, timestamp};
use crate::{Changes, Rules, decide, settle};

/// 2023-11-14, an arbitrary moment.
const START: Micros = 1_700_000_000_000_000;

struct Run {
    rules: Rules,
    now: Micros,
    nonce: u64,
    sides: Vec<Side>,
    seen: Seen,
}

/// How often each kind of answer was given.
pub(super) type Seen = BTreeMap<&'static str, u64>;

/// Returns which answers were given.
pub(super) fn run(case: &Case) -> Result<Seen, String> {
    let sides = (0..case.users).map(|user| Side::new(user, case.grace, START)).collect();
    let rules = Rules { refund_grace: span(case.grace) };
    let mut run = Run { rules, now: START, nonce: 0, sides, seen: Seen::new() };
    for (number, batch) in case.batches.iter().enumerate() {
        run.batch(batch)
            .map_err(|why| format!("in batch {number}, at {}: {why}", run.now - START))?;
    }
    for side in &run.sides {
        compare::audit(side)?;
    }
    Ok(run.seen)
}

impl Run {
    fn batch(&mut self, batch: &Batch) -> Result<(), String> {
        self.tick(batch.tick);
        for user in 0..self.sides.len() {
            let steps: Vec<&Step> = batch.steps.iter().filter(|step| step.user == user).collect();
            if batch.sweep {
                self.sweep(user)?;
            }
            if !steps.is_empty() {
                self.post(user, &steps)?;
            }
        }
        Ok(())
    }

    fn tick(&mut self, tick: Tick) {
        self.now = match tick {
            Tick::By(micros) => self.now + micros,
            Tick::ToDue { pick, off } => {
                let dues = self.sides.iter().flat_map(|side| side.model.dues());
                let mut dues: Vec<_> = dues.filter(|due| *due >= self.now).collect();
                dues.sort_unstable();
                dues.get(pick.min(dues.len().saturating_sub(1))).map_or(self.now, |due| due + off)
            }
        };
    }

    fn sweep(&mut self, user: usize) -> Result<(), String> {
        let (now, side) = (self.now, &mut self.sides[user]);
        let mut book = side.shelf.book(&[], &[], timestamp(now));
        let decision = settle(&book, &self.rules, timestamp(now)).map_err(|why| why.to_string())?;
        side.model.settle(now);
        let mut changes = Changes::default();
        if let Some(decision) = decision {
            changes.absorb(&mut book, decision);
        }
        side.learn(changes.opened_transactions.values())?;
        side.shelf.write(changes)?;
        compare::balances(side, &book)?;
        compare::audit(side)
    }

    fn post(&mut self, user: usize, steps: &[&Step]) -> Result<(), String> {
        let (now, at) = (self.now, timestamp(self.now));
        let mut read = self.sides[user].model.clone();
        read.settle(now);
        let asks: Vec<Ask> = steps.iter().map(|step| self.ask(user, &read, step)).collect();
        let side = &mut self.sides[user];
        let commands: Vec<_> = asks.iter().map(|ask| side.command(ask)).collect();
        let requests: Vec<RequestId> = commands.iter().map(|found| found.request.clone()).collect();
        let targets: Vec<TransactionId> =
            commands.iter().filter_map(|found| found.target()).collect();
        let mut book = side.shelf.book(&requests, &targets, at);
        book.check().map_err(|why| why.to_string())?;
        compare::reading(side, &read, &book, &self.rules, now)?;

        let mut changes = Changes::default();
        for (ask, command) in asks.iter().zip(&commands) {
            let decided = decide(&book, &self.rules, at, command);
            let expected = side.model.ask(now, ask);
            *self.seen.entry(name(&ask.what, &expected)).or_default() += 1;
            let outcome = match decided {
                Ok(mut decision) => {
                    let outcome = decision.outcome.take();
                    side.learn(decision.transactions.iter())?;
                    changes.absorb(&mut book, decision);
                    Ok(outcome.ok_or("a command has no answer")?)
                }
                Err(error) => Err(error),
            };
            compare::answers(side, ask, outcome, expected)
                .and_then(|()| compare::balances(side, &book))
                .map_err(|why| format!("{ask:?}: {why}"))?;
        }
        side.shelf.write(changes)?;
        // The journal of a long history is audited now and then, and at its end.
        if side.shelf.entries.len() < 8 || self.nonce.is_multiple_of(16) {
            compare::audit(side)?;
        }
        Ok(())
    }

    /// What a caller who has just read the account asks for.
    fn ask(&mut self, user: usize, read: &Model, step: &Step) -> Ask {
        self.nonce += 1;
        let (now, nonce) = (self.now, self.nonce);
        let side = &mut self.sides[user];
        let expected = match step.expected {
            Expect::Nothing => None,
            Expect::Current => Some(read.version),
            Expect::Stale(by) => Some(read.version.saturating_sub(1 + by)),
        };
        let what = what(read, side.ids.len(), step.wish, now);
        let before = step.again.filter(|_| !side.asked.is_empty());
        let ask = match before {
            Some((pick, altered)) => {
                let before = side.asked[pick % side.asked.len()].clone();
                let what = if altered { what } else { before.what };
                Ask { request: before.request, nonce, expected, what }
            }
            None => Ask { request: u32::try_from(nonce).unwrap(), nonce, expected, what },
        };
        side.asked.push(ask.clone());
        ask
    }
}

/// Every name that [`name`] gives.
pub(super) const NAMES: [&str; 24] = [
    "replay",
    "deduct",
    "reserve",
    "capture",
    "release",
    "extend",
    "refund",
    "purchase",
    "grant",
    "up",
    "down",
    "reused",
    "stale",
    "short",
    "no such",
    "not a hold",
    "was captured",
    "was released",
    "has lapsed",
    "over hold",
    "not refundable",
    "over charge",
    "too soon",
    "too much",
];

fn name(what: &What, answer: &Result<Answer, Refusal>) -> &'static str {
    match answer {
        Ok(answer) if answer.again => "replay",
        Ok(_) => match what {
            What::Deduct { .. } => "deduct",
            What::Reserve { .. } => "reserve",
            What::Capture { .. } => "capture",
            What::Release { .. } => "release",
            What::Extend { .. } => "extend",
            What::Refund { .. } => "refund",
            What::Purchase { .. } => "purchase",
            What::Grant(_) => "grant",
            What::Up { .. } => "up",
            What::Down { .. } => "down",
        },
        Err(refusal) => match refusal {
            Refusal::Reused => "reused",
            Refusal::Stale { .. } => "stale",
            Refusal::Short { .. } => "short",
            Refusal::NoSuch => "no such",
            Refusal::NotAHold => "not a hold",
            Refusal::WasCaptured { .. } => "was captured",
            Refusal::WasReleased => "was released",
            Refusal::HasLapsed { .. } => "has lapsed",
            Refusal::OverHold { .. } => "over hold",
            Refusal::NotRefundable { .. } => "not refundable",
            Refusal::OverCharge { .. } => "over charge",
            Refusal::TooSoon { .. } => "too soon",
            Refusal::TooMuch => "too much",
        },
    }
}
