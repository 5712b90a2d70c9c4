//! What a batch refuses, with paths to the very field, and how its results are told.

use ledger::{Balance, Rejection};
use testkit::fixtures::user_id;

use super::*;
use crate::wire::ledger::tests::{charge, credits, lines, no_uuid, user};

fn deduct(amount: &str) -> pb::Command {
    let request = pb::DeductRequest {
        user_id: user(),
        request_id: "r1".to_owned(),
        amount: amount.to_owned(),
        ..Default::default()
    };
    pb::Command { command: Some(pb::command::Command::Deduct(request)) }
}

fn batch(commands: Vec<pb::Command>) -> Result<AskedBatch, Violations> {
    parse_batch(pb::BatchApplyRequest { commands, all_or_nothing: true })
}

#[test]
fn every_wrong_field_of_every_command_is_named_by_its_path() {
    use pb::command::Command;

    let nothing = pb::Command { command: None };
    let checked = pb::AdjustRequest {
        user_id: user(),
        request_id: "r2".to_owned(),
        amount: "0".to_owned(),
        reason: "x".to_owned(),
        validate_only: true,
        ..Default::default()
    };
    let checked = pb::Command { command: Some(Command::Adjust(checked)) };
    let operation = pb::Operation { model: Some(String::new()), ..Default::default() };
    let request = pb::ReserveRequest {
        user_id: "1".to_owned(),
        request_id: "r3".to_owned(),
        amount: "1".to_owned(),
        operation: Some(operation),
        ..Default::default()
    };
    let reserve = pb::Command { command: Some(Command::Reserve(request)) };
    let refused = batch(vec![deduct("1"), nothing, checked, reserve, deduct("1.001")]);
    assert_eq!(
        lines(refused.unwrap_err()),
        [
            "commands[1].command: must be one of the known commands".to_owned(),
            "commands[2].adjust.amount: must not be zero".to_owned(),
            "commands[2].adjust.validate_only: has no place in a batch".to_owned(),
            no_uuid("commands[3].reserve.user_id"),
            "commands[3].reserve.operation.model: must not be empty".to_owned(),
            "commands[4].deduct.amount: must have at most two places after the point".to_owned(),
        ]
    );
}

#[test]
fn every_kind_of_command_has_its_path() {
    use pb::command::Command;

    for (command, path) in [
        (Command::Deduct(Default::default()), "deduct"),
        (Command::Reserve(Default::default()), "reserve"),
        (Command::Capture(Default::default()), "capture"),
        (Command::Release(Default::default()), "release"),
        (Command::ExtendHold(Default::default()), "extend_hold"),
        (Command::Refund(Default::default()), "refund"),
        (Command::Purchase(Default::default()), "purchase"),
        (Command::Grant(Default::default()), "grant"),
        (Command::Adjust(Default::default()), "adjust"),
    ] {
        let refused = lines(batch(vec![pb::Command { command: Some(command) }]).unwrap_err());
        assert_eq!(refused[0], no_uuid(&format!("commands[0].{path}.user_id")));
    }
}

#[test]
fn a_batch_has_one_to_a_thousand_commands() {
    for count in [0, 1_001] {
        let refused = batch(vec![deduct("1"); count]).unwrap_err();
        assert_eq!(lines(refused), ["commands: must be 1 to 1000 commands"]);
    }
    for count in [1, 1_000] {
        let asked = batch(vec![deduct("1"); count]).unwrap();
        assert_eq!((asked.orders.len(), asked.mode), (count, BatchMode::AllOrNothing));
    }
    let each = pb::BatchApplyRequest { commands: vec![deduct("1")], all_or_nothing: false };
    assert_eq!(parse_batch(each).unwrap().mode, BatchMode::Each);
}

#[test]
fn results_keep_their_order_and_refusals_say_what_the_call_alone_would() {
    let balance = Balance { available: credits("8"), held: credits("0"), version: 3 };
    let done = Outcome { transaction: charge(), balance, replayed: true };
    let short = Rejection::InsufficientCredits { required: credits("5"), available: credits("1") };
    let results = vec![
        Ok(done),
        Err(NotCarriedOut::Rejected(short)),
        Err(NotCarriedOut::UserNotFound),
        Err(NotCarriedOut::Unsound("secret detail")),
    ];
    let [done, short, nobody, unsound] =
        render_results(results).results.try_into().expect("four results");
    assert_eq!((done.replayed, done.error), (true, None));
    assert_eq!(done.balance.map(|balance| balance.version), Some(3));
    let transaction = done.transaction.unwrap();
    assert_eq!(transaction.user_id, user_id(1).to_string());
    let operation = transaction.operation.unwrap();
    assert_eq!(operation.model.as_deref(), Some("imagen"));
    assert_eq!((operation.description, operation.metadata), (None, None));

    let error = short.error.unwrap();
    assert_eq!((short.transaction, short.balance), (None, None));
    assert_eq!((error.code, error.reason.as_str()), (9, "INSUFFICIENT_CREDITS"));
    assert_eq!(error.message, "5.00 credits are needed, 1.00 are available");
    let metadata = |key: &str| error.metadata.get(key).map(String::as_str);
    assert_eq!((metadata("required"), metadata("available")), (Some("5.00"), Some("1.00")));
    assert_eq!(
        nobody.error.map(|error| (error.code, error.reason)),
        Some((5, "USER_NOT_FOUND".to_owned()))
    );
    let error = unsound.error.unwrap();
    assert_eq!((error.code, error.reason.as_str()), (13, "INTERNAL"));
    assert!(!error.message.contains("secret"));
}
