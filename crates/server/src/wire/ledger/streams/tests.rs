//! What streams refuse to begin with, and how a verification tells of itself.

use testkit::fixtures::user_id;

use super::*;
use crate::wire::ledger::tests::{NIL, lines, no_uuid, user};

#[test]
fn streams_are_of_users() {
    let watch =
        |user_id: &str| parse_watch(pb::WatchBalanceRequest { user_id: user_id.to_owned() });
    assert_eq!(watch(&user()), Ok(user_id(1)));
    assert_eq!(lines(watch(NIL).unwrap_err()), [no_uuid("user_id")]);
    let export = |user_id: &str, after_version| {
        parse_export(pb::ExportEntriesRequest { user_id: user_id.to_owned(), after_version })
    };
    assert_eq!(export(&user(), 7), Ok((user_id(1), 7)));
    let refused = lines(export("", -1).unwrap_err());
    assert_eq!(refused, [no_uuid("user_id"), "after_version: must not be negative".to_owned()]);
}

#[test]
fn a_verification_is_of_one_or_of_all_from_somewhere() {
    let parse = |user_id: Option<String>, after_user_id: Option<String>| {
        parse_verify(pb::VerifyLedgerRequest { user_id, after_user_id })
    };
    assert_eq!(parse(None, None), Ok((None, None)));
    assert_eq!(parse(Some(user()), None), Ok((Some(user_id(1)), None)));
    assert_eq!(parse(None, Some(user())), Ok((None, Some(user_id(1)))));
    let refused = lines(parse(Some(String::new()), Some("1".to_owned())).unwrap_err());
    assert_eq!(
        refused,
        [
            "after_user_id: must be absent where user_id is given".to_owned(),
            no_uuid("user_id"),
            no_uuid("after_user_id"),
        ]
    );
}

#[test]
fn findings_come_at_once_progress_each_thousand_accounts_and_totals_last() {
    let sound = |number| Verified { user: user_id(number), entries: 2, findings: vec![] };
    let mut tally = Tally::default();
    let first = Verified {
        findings: vec![Finding::AlteredHead, Finding::AlteredEntry { version: 2 }],
        ..sound(1)
    };
    let messages = tally.count(first);
    let told: Vec<_> = messages
        .iter()
        .map(|message| (message.finding.as_ref().map(|it| it.kind.as_str()), message.findings))
        .collect();
    assert_eq!(told, [(Some("altered_head"), 1), (Some("altered_entry"), 2)]);
    let finding = messages[1].finding.as_ref().unwrap();
    assert_eq!(finding.user_id, user_id(1).to_string());
    assert_eq!(finding.description, "entry 2 has been altered: its hash does not match");

    let progress: Vec<_> = (2..=2_001).flat_map(|number| tally.count(sound(number))).collect();
    assert_eq!(progress.iter().map(|it| it.accounts).collect::<Vec<_>>(), [1_000, 2_000]);
    assert!(progress.iter().all(|it| it.finding.is_none() && !it.done));
    assert_eq!(progress[0].last_user_id, user_id(1_000).to_string());

    let done = tally.done();
    assert_eq!((done.accounts, done.entries, done.findings), (2_001, 4_002, 2));
    assert!(done.done && done.finding.is_none());
}
