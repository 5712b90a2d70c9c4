//! Tampering with entries and with the account.

use kernel::{Delta, Digest, TransactionId};

use super::books;
use crate::fixtures::*;
use crate::{Account, Entry, EntryKind, Finding};

#[test]
fn a_missing_entry_is_named_by_its_version() {
    let books = books();
    for missing in 1..books.entries.len() {
        let version = missing as u64;
        let findings = books.tampered(|books| {
            books.entries.remove(missing - 1);
        });
        let finding = Finding::MissingEntry { expected: version, found: version + 1 };
        assert_eq!(findings[0], finding);
        let broken = |found: &Finding| matches!(found, Finding::BrokenSum { .. });
        assert!(!findings.iter().any(broken), "{findings:?}");
    }
}

#[test]
fn a_missing_tail_is_found_by_the_account() {
    let books = books();
    let last = books.account.version;
    let findings = books.tampered(|books| {
        books.entries.pop();
    });
    let finding = Finding::MissingTail { journal: last - 1, account: last };
    assert_eq!(findings[0], finding);
    assert!(findings.contains(&Finding::AlteredHead));
    let findings = books.tampered(|books| books.account.version -= 1);
    assert_eq!(findings, [Finding::MissingTail { journal: last, account: last - 1 }]);
}

#[test]
fn an_entry_that_cannot_be_does_not_hide_what_is_wrong_with_the_next() {
    let books = books();
    // The fifth is of a hold, which neither makes credits nor loses them.
    let impossible = |entries: &mut [Entry]| entries[4].available = Delta::minus(credits("8"));
    let findings = books.tampered(|books| impossible(&mut books.entries));
    assert_eq!(
        findings[..2],
        [Finding::AlteredEntry { version: 5 }, Finding::BrokenSum { version: 5 }]
    );
    let of_the_next = |found: &Finding| {
        matches!(found, Finding::AlteredEntry { version: 6 } | Finding::OutOfOrder { version: 6 })
    };
    assert!(!findings.iter().any(of_the_next), "{findings:?}");
    let findings = books.tampered(|books| {
        impossible(&mut books.entries);
        books.entries[5].at = books.entries[4].at;
    });
    assert!(findings.contains(&Finding::OutOfOrder { version: 6 }), "{findings:?}");
}

#[test]
fn every_altered_field_of_an_entry_breaks_its_hash() {
    let books = books();
    let another = TransactionId::from_uuid(*books.open.as_uuid());
    let alterations: [fn(&mut Entry, TransactionId); 9] = [
        |entry, _| entry.user = kernel::UserId::from_uuid(uuid::Uuid::from_u128(8)),
        |entry, another| entry.transaction = another,
        |entry, _| entry.kind = EntryKind::AdjustedDown,
        |entry, _| entry.available = Delta::minus(credits("21")),
        |entry, _| entry.held = Delta::plus(credits("1")),
        |entry, _| entry.available_after = credits("91"),
        |entry, _| entry.held_after = credits("1"),
        |entry, _| entry.at = at(1),
        |entry, _| entry.hash = Digest::from_bytes([9; 32]),
    ];
    for alter in alterations {
        let findings = books.tampered(|books| alter(&mut books.entries[2], another));
        assert!(findings.contains(&Finding::AlteredEntry { version: 3 }), "{findings:?}");
        let others = findings.iter().any(|found| {
            matches!(found, Finding::BrokenSum { version } if *version != 3)
                || matches!(found, Finding::MissingEntry { .. })
        });
        assert!(!others, "{findings:?}");
    }
    // The sign of a change is in the hash too.
    let findings = books.tampered(|books| books.entries[2].available = Delta::plus(credits("20")));
    assert!(findings.contains(&Finding::AlteredEntry { version: 3 }), "{findings:?}");
}

#[test]
fn an_altered_entry_that_was_hashed_anew_is_found_by_the_next() {
    let books = books();
    let findings = books.tampered(|books| {
        let before = books.entries[1].hash;
        let entry = &mut books.entries[2];
        entry.at = at(3);
        entry.hash = entry.chained(&before);
    });
    assert_eq!(findings[0], Finding::AlteredEntry { version: 4 });
}

#[test]
fn a_journal_that_was_hashed_anew_to_its_end_is_found_by_sums_head_and_rows() {
    let books = books();
    let findings = books.tampered(|books| {
        books.entries[2].available = Delta::minus(credits("2"));
        let mut before = Digest::ZERO;
        for entry in &mut books.entries {
            entry.hash = entry.chained(&before);
            before = entry.hash;
        }
    });
    assert!(findings.contains(&Finding::BrokenSum { version: 3 }), "{findings:?}");
    assert!(!findings.contains(&Finding::BrokenSum { version: 4 }), "{findings:?}");
    assert!(findings.contains(&Finding::AlteredHead), "{findings:?}");
    let totals = findings
        .iter()
        .filter(|found| matches!(found, Finding::AlteredAccount { total: "spent", .. }));
    assert_eq!(totals.count(), 1, "{findings:?}");
    let charge = findings.iter().any(|found| {
        matches!(found, Finding::TransactionDiffers { transaction, .. } if *transaction == books.charge)
    });
    assert!(charge, "{findings:?}");
}

#[test]
fn a_broken_sum_of_what_is_held_is_found_as_well() {
    let books = books();
    let findings = books.tampered(|books| books.entries[4].held_after = credits("8"));
    assert!(findings.contains(&Finding::BrokenSum { version: 5 }), "{findings:?}");
    // A hold that moves more than it sets aside cannot be, even where the sums agree.
    let findings = books.tampered(|books| {
        for entry in &mut books.entries[4..] {
            entry.held_after = entry.held_after.checked_add(credits("1")).unwrap();
        }
        books.entries[4].held = Delta::plus(credits("8"));
    });
    assert!(findings.contains(&Finding::BrokenSum { version: 5 }), "{findings:?}");
    assert!(!findings.contains(&Finding::BrokenSum { version: 6 }), "{findings:?}");
}

#[test]
fn swapped_entries_are_out_of_order_and_out_of_number() {
    let findings = books().tampered(|books| books.entries.swap(3, 4));
    assert!(findings.contains(&Finding::MissingEntry { expected: 4, found: 5 }), "{findings:?}");
    assert!(findings.contains(&Finding::MissingEntry { expected: 6, found: 4 }), "{findings:?}");
    assert!(findings.contains(&Finding::OutOfOrder { version: 4 }), "{findings:?}");
}

#[test]
fn an_entry_that_is_there_twice_is_out_of_number() {
    let findings = books().tampered(|books| books.entries.insert(3, books.entries[2].clone()));
    assert!(findings.contains(&Finding::MissingEntry { expected: 4, found: 3 }), "{findings:?}");
}

#[test]
fn entries_of_one_moment_are_out_of_order() {
    let findings = books().tampered(|books| books.entries[3].at = books.entries[2].at);
    assert!(findings.contains(&Finding::OutOfOrder { version: 4 }), "{findings:?}");
}

#[test]
fn each_altered_total_of_an_account_is_named() {
    type Alter = fn(&mut Account);
    let alterations: [(&str, Alter); 5] = [
        ("available", |account| account.available = credits("77")),
        ("held", |account| account.held = credits("77")),
        ("earned", |account| account.earned = credits("77")),
        ("spent", |account| account.spent = credits("77")),
        ("forfeited", |account| account.forfeited = credits("77")),
    ];
    let books = books();
    for (name, alter) in alterations {
        let findings = books.tampered(|books| alter(&mut books.account));
        let named = |found: &&Finding| {
            matches!(found, Finding::AlteredAccount { total, stored, .. }
                if *total == name && *stored == credits("77"))
        };
        assert_eq!(findings.iter().filter(named).count(), 1, "{findings:?}");
        let accounts = |found: &&Finding| matches!(found, Finding::AlteredAccount { .. });
        assert_eq!(findings.iter().filter(accounts).count(), 1, "{findings:?}");
    }
    let findings = books.tampered(|books| books.account.head = Digest::ZERO);
    assert_eq!(findings, [Finding::AlteredHead]);
}
