//! What must be the same on both sides.

use super::model::{Answer, Ask, Deal, Micros, Model, Refusal};
use super::side::{Side, money, refusal, same, timestamp};
use crate::{Book, DecideError, Outcome, Rules, settle, verify};

/// The same answer on both sides, and to a request that was carried out before the very first.
pub(super) fn answers(
    side: &mut Side,
    ask: &Ask,
    outcome: Result<Outcome, DecideError>,
    expected: Result<Answer, Refusal>,
) -> Result<(), String> {
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(DecideError::Rejected(rejection)) => {
            return same("refusals", &Err(refusal(rejection)), &expected);
        }
        Err(DecideError::Unsound(what)) => return Err(format!("unsound: {what}")),
    };
    let answer = side.answer(&outcome);
    let deal = answer.deal;
    same("answers", &Ok(answer), &expected)?;
    if let Some(first) = side.answers.get(&ask.request) {
        return same("replays", &Outcome { replayed: false, ..outcome }, first);
    }
    let deal = side.model.deals[deal].clone();
    let shown = Deal { parts: Vec::new(), after: side.model.available, ..deal };
    same("transactions in answers", &side.deal(&outcome.transaction), &shown)?;
    side.answers.insert(ask.request, outcome);
    Ok(())
}

pub(super) fn balances(side: &Side, book: &Book) -> Result<(), String> {
    let (model, account) = (&side.model, book.account());
    if !account.books_close() {
        return Err(format!("the books do not close: {account:?}"));
    }
    let ledger =
        [account.available, account.held, account.earned, account.spent, account.forfeited];
    let told = [model.available, model.held, model.earned, model.spent, model.forfeited];
    same("balances", &ledger.map(money), &told)?;
    same("versions", &account.version, &model.version)?;
    let moved = (account.version > 0).then(|| account.updated_at.as_micros());
    same("last moments", &moved, &model.last)
}

/// Reading by the clock shows what posting will post, and posting in two goes is posting in one.
pub(super) fn reading(
    side: &Side,
    read: &Model,
    book: &Book,
    rules: &Rules,
    now: Micros,
) -> Result<(), String> {
    let settled = settle(book, rules, timestamp(now)).map_err(|why| why.to_string())?;
    let Some(whole) = settled else {
        return same("due", &book.is_due(timestamp(now)), &false);
    };
    same("read balance", &money(whole.account.available), &read.available)?;
    same("read holds", &money(whole.account.held), &read.held)?;
    let dues: Vec<Micros> = side.model.dues().into_iter().filter(|due| *due <= now).collect();
    let between = dues[dues.len() / 2];
    let mut halfway = book.clone();
    let mut entries = Vec::new();
    for at in [between, now] {
        if let Some(part) = settle(&halfway, rules, timestamp(at)).map_err(|why| why.to_string())? {
            halfway.apply(&part);
            entries.extend(part.entries);
        }
    }
    same("entries posted in two goes and in one", &entries, &whole.entries)
}

/// Compares every row, and lets the ledger verify itself.
pub(super) fn audit(side: &Side) -> Result<(), String> {
    let shelf = &side.shelf;
    same("numbers of lots", &shelf.lots.len(), &side.model.lots.len())?;
    for lot in shelf.lots.values() {
        let told =
            side.model.lots.iter().find(|told| side.id(told.opener).as_uuid() == lot.id.as_uuid());
        same("lots", &Some(&side.lot(lot)), &told)?;
    }
    for (id, deal) in side.ids.iter().zip(&side.model.deals) {
        let found = shelf.transactions.get(id).map(|found| side.deal(found));
        same("transactions", &found.as_ref(), &Some(deal))?;
    }
    let lots: Vec<_> = shelf.lots.values().cloned().collect();
    let transactions: Vec<_> = shelf.transactions.values().cloned().collect();
    same("findings", &verify(&shelf.account, &shelf.entries, &lots, &transactions), &Vec::new())
}
