//! Digests: what counts as the same payload.

use kernel::{LotId, ProjectId, RequestId, TransactionId};
use uuid::Uuid;

use crate::fixtures::{at, credits, user};
use crate::{
    Action, Command, GrantTerms, Label, LateCapture, LotSource, Operation, OverCapture,
    ReleaseOutcome,
};
use kernel::Span;

fn digest(action: &Action) -> kernel::Digest {
    let request: RequestId = "a".parse().unwrap();
    Command::new(user(), request, 1, action.clone()).digest
}

fn id(number: u128) -> TransactionId {
    TransactionId::from_uuid(Uuid::from_u128(number))
}

fn label<const MAX: usize>(text: &str) -> Option<Label<MAX>> {
    Some(Label::parse(text).unwrap())
}

/// Operations that differ from each other in one field, or in where a text stands.
fn operations() -> Vec<Operation> {
    let none = Operation::default();
    let project = |number| Some(ProjectId::from_uuid(Uuid::from_u128(number)));
    vec![
        none.clone(),
        Operation { operation_type: label("x"), ..none.clone() },
        Operation { operation_type: label("y"), ..none.clone() },
        Operation { model: label("x"), ..none.clone() },
        Operation { model: label("xy"), ..none.clone() },
        Operation { operation_id: label("x"), ..none.clone() },
        Operation { edit_price: true, ..none.clone() },
        Operation { project: project(1), ..none.clone() },
        Operation { project: project(2), ..none.clone() },
        Operation { reference: label("x"), ..none.clone() },
        Operation { description: label("x"), ..none.clone() },
        Operation { metadata: Some("x".to_owned()), ..none.clone() },
        Operation { metadata: Some(String::new()), ..none.clone() },
        Operation { model: label("x"), operation_id: label("y"), ..none.clone() },
        Operation { model: label("xy"), operation_id: label("y"), ..none.clone() },
        Operation { model: label("x"), operation_id: label("yy"), ..none },
    ]
}

fn grants() -> Vec<Action> {
    let base = GrantTerms {
        source: LotSource::Plan,
        amount: credits("1"),
        priority: None,
        effective_at: None,
        expires_at: None,
        operation: Operation::default(),
    };
    let with = |change: &dyn Fn(&mut GrantTerms)| {
        let mut terms = base.clone();
        change(&mut terms);
        Action::Grant(terms)
    };
    vec![
        with(&|_| {}),
        with(&|terms| terms.source = LotSource::Signup),
        with(&|terms| terms.amount = credits("2")),
        with(&|terms| terms.priority = Some(0)),
        with(&|terms| terms.priority = Some(1)),
        with(&|terms| terms.effective_at = Some(at(1))),
        with(&|terms| terms.effective_at = Some(at(2))),
        with(&|terms| terms.expires_at = Some(at(1))),
        with(&|terms| terms.effective_at = kernel::Timestamp::from_micros(0)),
        with(&|terms| terms.operation.edit_price = true),
    ]
}

fn actions() -> Vec<Action> {
    let none = Operation::default;
    let reserve = |amount: &str, lease: u32, over_capture, late_capture| Action::Reserve {
        amount: credits(amount),
        lease: Span::from_secs(lease),
        over_capture,
        late_capture,
        operation: none(),
    };
    let mut actions = grants();
    for amount in ["1", "1.10", "11"].map(credits) {
        actions.push(Action::Deduct { amount, operation: none() });
        actions.push(Action::AdjustUp { amount, operation: none() });
        actions.push(Action::AdjustDown { amount, operation: none() });
        actions.push(Action::Purchase { amount, expires_at: None, operation: none() });
        for hold in [id(1), id(2)] {
            actions.push(Action::Capture { hold, amount: Some(amount) });
            actions.push(Action::Refund { charge: hold, amount: Some(amount), operation: none() });
        }
    }
    for hold in [id(1), id(2)] {
        for outcome in [ReleaseOutcome::Cancelled, ReleaseOutcome::Failed] {
            actions.push(Action::Release { hold, outcome });
        }
        for seconds in [1, 2] {
            actions.push(Action::ExtendHold { hold, lease: Span::from_secs(seconds) });
        }
        actions.push(Action::Refund { charge: hold, amount: None, operation: none() });
    }
    for (lease, over, late) in [
        (1, OverCapture::Reject, LateCapture::Reject),
        (2, OverCapture::Reject, LateCapture::Reject),
        (1, OverCapture::Cap, LateCapture::Reject),
        (1, OverCapture::TakeFromBalance, LateCapture::Reject),
        (1, OverCapture::Reject, LateCapture::AcceptIfCovered),
    ] {
        actions.push(reserve("1", lease, over, late));
    }
    actions.push(reserve("2", 1, OverCapture::Reject, LateCapture::Reject));
    for expires_at in [Some(at(1)), Some(at(2))] {
        actions.push(Action::Purchase { amount: credits("1"), expires_at, operation: none() });
    }
    let mut terms = GrantTerms {
        source: LotSource::Plan,
        amount: credits("1"),
        priority: None,
        effective_at: None,
        expires_at: None,
        operation: none(),
    };
    for operation in operations().into_iter().skip(1) {
        let (amount, lease) = (credits("1"), Span::from_secs(1));
        let (over_capture, late_capture) = (OverCapture::Reject, LateCapture::Reject);
        let told = || operation.clone();
        actions.push(Action::Deduct { amount, operation: told() });
        actions.push(Action::AdjustUp { amount, operation: told() });
        actions.push(Action::AdjustDown { amount, operation: told() });
        actions
            .push(Action::TakeBack { lot: LotId::from_uuid(*id(1).as_uuid()), operation: told() });
        actions.push(Action::Purchase { amount, expires_at: None, operation: told() });
        actions.push(Action::Refund { charge: id(1), amount: None, operation: told() });
        actions.push(Action::Reserve {
            amount,
            lease,
            over_capture,
            late_capture,
            operation: told(),
        });
        if !operation.edit_price {
            terms.operation = operation;
            actions.push(Action::Grant(terms.clone()));
        }
    }
    actions
}

#[test]
fn every_field_of_every_action_is_in_its_digest() {
    let actions = actions();
    for (place, action) in actions.iter().enumerate() {
        for other in &actions[..place] {
            assert_ne!(action, other, "the table says one thing twice");
            assert_ne!(digest(action), digest(other), "{action:?} and {other:?}");
        }
    }
}

#[test]
fn scenario_04_an_amount_is_the_same_however_it_is_written() {
    for action in [
        |amount| Action::Deduct { amount, operation: Operation::default() },
        |amount| Action::Capture { hold: id(1), amount: Some(amount) },
        |amount| Action::Refund {
            charge: id(1),
            amount: Some(amount),
            operation: Operation::default(),
        },
    ] {
        let [plain, one, two] = ["1", "1.0", "1.00"].map(|text| digest(&action(credits(text))));
        assert_eq!((plain, plain), (one, two));
        assert_ne!(plain, digest(&action(credits("1.01"))));
    }
}

#[test]
fn what_is_not_the_payload_is_not_in_the_digest() {
    let command = |request: &str, nonce| {
        let action = Action::Deduct { amount: credits("1"), operation: Operation::default() };
        Command::new(user(), request.parse().unwrap(), nonce, action)
    };
    let plain = command("a", 1);
    assert_eq!(plain.expected_version, None);
    assert_eq!(plain.digest, command("a", 2).digest);
    assert_eq!(plain.digest, command("b", 1).digest);
    let expecting = plain.clone().expecting(Some(7));
    assert_eq!((expecting.digest, expecting.expected_version), (plain.digest, Some(7)));
}

#[test]
fn a_command_names_the_transaction_that_it_is_about() {
    for action in actions() {
        let request: RequestId = "a".parse().unwrap();
        let target = Command::new(user(), request, 1, action.clone()).target();
        let expected = match action {
            Action::Capture { hold, .. }
            | Action::Release { hold, .. }
            | Action::ExtendHold { hold, .. } => Some(hold),
            Action::Refund { charge, .. } => Some(charge),
            Action::Deduct { .. }
            | Action::Reserve { .. }
            | Action::Purchase { .. }
            | Action::Grant(_)
            | Action::AdjustUp { .. }
            | Action::AdjustDown { .. }
            | Action::TakeBack { .. } => None,
        };
        assert_eq!(target, expected);
    }
}
