//! Tampering with lots and transactions.

use kernel::{Delta, TransactionId};

use super::{Books, books};
use crate::fixtures::*;
use crate::{Finding, HoldEnd, LotState, Transaction, TransactionKind, TransactionStatus, verify};

#[test]
fn lots_that_do_not_come_to_the_balance_are_found() {
    let books = books();
    let available = books.account.available;
    let left = books.lots.iter().find(|lot| lot.id == books.lot).unwrap().remaining;
    let stored = left.checked_sub(credits("1")).unwrap();
    let findings = books.tampered(|books| books.lot(books.lot).remaining = stored);
    let lots = available.checked_sub(credits("1")).unwrap();
    let lot = Finding::LotDiffers { lot: books.lot, stored, computed: left };
    assert_eq!(findings, [Finding::LotsDiffer { lots, available }, lot]);
    let findings = books.tampered(|books| books.lots.retain(|lot| lot.id != books.lot));
    let lots = available.checked_sub(left).unwrap();
    assert_eq!(findings, [Finding::LotsDiffer { lots, available }]);
    let findings = books.tampered(|books| books.lot(books.lot).state = LotState::Expired);
    assert!(findings.contains(&Finding::LotsDiffer { lots, available }), "{findings:?}");
}

#[test]
fn credits_shifted_between_lots_are_found_lot_by_lot() {
    let mut desk = Desk::empty();
    let lots = [grant("5", None, None), purchase("5")].map(|action| desk.lot(action));
    let mut rows = desk.lots();
    rows[0].remaining = credits("4");
    rows[1].remaining = credits("6");
    let findings = verify(desk.book.account(), &desk.journal, &rows, &desk.transactions());
    let differs = |lot: usize, stored: &str| {
        let (stored, computed) = (credits(stored), credits("5"));
        Finding::LotDiffers { lot: lots[lot], stored, computed }
    };
    assert_eq!(findings, [differs(0, "4"), differs(1, "6")]);
}

#[test]
fn a_lot_that_is_over_or_to_come_cannot_have_been_touched() {
    let books = books();
    let expired = books.lots.iter().find(|lot| lot.state == LotState::Expired).unwrap().id;
    let (stored, computed) = (credits("1"), credits("0"));
    let findings = books.tampered(|books| books.lot(expired).remaining = stored);
    assert_eq!(findings, [Finding::LotDiffers { lot: expired, stored, computed }]);
    let findings = books.tampered(|books| books.lot(expired).amount = credits("0.50"));
    let finding = Finding::LotDiffers { lot: expired, stored: computed, computed };
    assert_eq!(findings, [finding]);
    let findings = books.tampered(|books| books.lot(books.scheduled).remaining = stored);
    let computed = credits("9");
    assert_eq!(findings, [Finding::LotDiffers { lot: books.scheduled, stored, computed }]);
}

#[test]
fn a_lot_past_its_end_may_lack_what_came_back_elsewhere_but_never_has_more() {
    let mut desk = Desk::with("1");
    let lot = desk.lot(grant("5", None, Some(100)));
    let hold = desk.done(reserve("5", 50_000));
    desk.now = 200;
    desk.done(release(hold));
    let mut lots = desk.lots();
    let row = lots.iter_mut().find(|row| row.id == lot).unwrap();
    assert_eq!((row.state, row.remaining), (LotState::Open, credits("0")));
    row.remaining = credits("5.01");
    let findings = verify(desk.book.account(), &desk.journal, &lots, &desk.transactions());
    let (stored, computed) = (credits("5.01"), credits("5"));
    assert!(findings.contains(&Finding::LotDiffers { lot, stored, computed }), "{findings:?}");
}

#[test]
fn a_lot_too_large_to_count_is_an_overflow() {
    let findings = books().tampered(|books| {
        for lot in &mut books.lots {
            lot.state = LotState::Open;
            lot.remaining = kernel::Credits::MAX;
        }
    });
    assert!(findings.contains(&Finding::Overflow), "{findings:?}");
}

#[test]
fn holds_that_do_not_come_to_what_is_held_are_found() {
    let books = books();
    let open = |books: &mut Books, amount: &str| {
        books.transaction(books.open).hold.as_mut().unwrap().amount = credits(amount);
    };
    let findings = books.tampered(|books| open(books, "4"));
    let (holds, held) = (credits("4"), credits("3"));
    assert!(findings.contains(&Finding::HoldsDiffer { holds, held }), "{findings:?}");
    let findings = books.tampered(|books| {
        open(books, "9999999999.99");
        let released = books.released;
        books.transaction(released).hold.as_mut().unwrap().end = None;
    });
    assert!(findings.contains(&Finding::Overflow), "{findings:?}");
}

#[test]
fn a_transaction_that_is_not_what_its_entries_say_is_named() {
    type Alter = fn(&mut Transaction);
    let books = books();
    let alterations: [(TransactionId, Alter); 11] = [
        (books.charge, |found| found.amount = Delta::minus(credits("19"))),
        (books.charge, |found| found.amount = Delta::plus(credits("20"))),
        (books.charge, |found| found.status = TransactionStatus::Refunded),
        (books.charge, |found| found.status = TransactionStatus::Cancelled),
        (books.charge, |found| found.refunded = credits("0")),
        (books.charge, |found| found.captured = credits("50")),
        (books.charge, |found| found.kind = TransactionKind::Adjustment),
        (books.refund, |found| found.kind = TransactionKind::Purchase),
        (books.released, |found| found.status = TransactionStatus::Completed),
        (books.open, |found| {
            found.status = TransactionStatus::Completed;
            found.hold.as_mut().unwrap().end = Some(HoldEnd::Captured);
        }),
        (TransactionId::from_uuid(*books.scheduled.as_uuid()), |found| {
            found.status = TransactionStatus::Completed;
        }),
    ];
    for (id, alter) in alterations {
        let findings = books.tampered(|books| alter(books.transaction(id)));
        let named = |found: &Finding| matches!(found, Finding::TransactionDiffers { transaction, .. } if *transaction == id);
        assert!(findings.iter().any(named), "{findings:?}");
    }
}

#[test]
fn a_refund_that_names_another_charge_is_found_at_the_charge() {
    let books = books();
    let findings = books.tampered(|books| books.transaction(books.refund).parent = None);
    let finding = Finding::TransactionDiffers {
        transaction: books.charge,
        stored: "charged: held 0, moved -2000, charged 2000, refunded 500".to_owned(),
        computed: "charged: held 0, moved -2000, charged 2000, refunded 0".to_owned(),
    };
    assert_eq!(findings, [finding]);
}

#[test]
fn parts_that_do_not_come_to_the_whole_are_found() {
    let books = books();
    let transaction = books.charge;
    let whole = credits("20");
    let findings = books.tampered(|books| {
        books.transaction(books.charge).allocations.pop();
    });
    let parts = credits("10");
    assert!(findings.contains(&Finding::PartsDiffer { transaction, parts, whole }), "{findings:?}");
    let findings = books.tampered(|books| {
        let parts = &mut books.transaction(books.charge).allocations;
        parts.iter_mut().for_each(|part| part.returned = credits("0"));
    });
    let (parts, whole) = (credits("0"), credits("5"));
    assert!(findings.contains(&Finding::PartsDiffer { transaction, parts, whole }), "{findings:?}");
    let findings = books.tampered(|books| {
        for part in &mut books.transaction(books.charge).allocations {
            part.amount = kernel::Credits::MAX;
        }
    });
    assert!(findings.contains(&Finding::Overflow), "{findings:?}");
    let findings = books.tampered(|books| {
        let parts = books.transaction(books.charge).allocations.clone();
        books.transaction(books.released).allocations = parts;
    });
    let (transaction, parts, whole) = (books.released, credits("20"), credits("0"));
    assert!(findings.contains(&Finding::PartsDiffer { transaction, parts, whole }), "{findings:?}");
}

#[test]
fn entries_of_a_missing_transaction_are_named() {
    let books = books();
    let findings =
        books.tampered(|books| books.transactions.retain(|found| found.id != books.released));
    let named = [5, 6].map(|version| Finding::TransactionMissing { version });
    assert_eq!(findings, named);
}
