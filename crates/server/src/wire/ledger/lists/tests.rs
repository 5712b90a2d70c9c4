//! What lists refuse, and how one page leads to the next.

use ledger::{TransactionKind, TransactionStatus};
use testkit::fixtures::user_id;

use super::*;
use crate::status::{ErrorReason, FieldViolation};
use crate::wire::ledger::tests::{NIL, at, charge, no_time, no_uuid, user, wire_time};

fn lines(refusal: Refusal) -> Vec<String> {
    let line = |FieldViolation { field, description }| format!("{field}: {description}");
    refusal.violations.into_iter().map(line).collect()
}

fn asked() -> pb::ListTransactionsRequest {
    pb::ListTransactionsRequest { user_id: user(), ..Default::default() }
}

#[test]
fn every_wrong_field_of_a_list_is_named_at_once() {
    let request = pb::ListTransactionsRequest {
        user_id: NIL.to_owned(),
        page_size: -1,
        page_token: "nonsense".to_owned(),
        kinds: vec![1, 0, 7],
        statuses: vec![-1],
        operation_type: Some("x".repeat(65)),
        model: Some(String::new()),
        operation_id: Some("\n".to_owned()),
        project_id: Some("1".to_owned()),
        reference: Some("x".repeat(129)),
        start_time: no_time(),
        end_time: wire_time(1),
    };
    let refused = parse_list_transactions(request, at(0)).err().unwrap();
    let mut refused = lines(refused);
    let moment = refused.remove(9);
    assert!(moment.starts_with("start_time: must be a moment"), "{moment}");
    assert_eq!(
        refused,
        [
            no_uuid("user_id"),
            "kinds[1]: must be one of the known values".to_owned(),
            "kinds[2]: must be one of the known values".to_owned(),
            "statuses[0]: must be one of the known values".to_owned(),
            "operation_type: must have at most 64 characters".to_owned(),
            "model: must not be empty".to_owned(),
            "operation_id: must not contain control characters".to_owned(),
            no_uuid("project_id"),
            "reference: must have at most 128 characters".to_owned(),
            "page_size: must not be negative".to_owned(),
        ]
    );
    let empty =
        pb::ListTransactionsRequest { start_time: wire_time(2), end_time: wire_time(2), ..asked() };
    let refused = lines(parse_list_transactions(empty, at(0)).err().unwrap());
    assert_eq!(refused, ["end_time: must be after start_time"]);
    let lots = pb::ListLotsRequest { user_id: String::new(), page_size: -5, ..Default::default() };
    let refused = lines(parse_list_lots(lots, at(0)).err().unwrap());
    assert_eq!(refused, [no_uuid("user_id"), "page_size: must not be negative".to_owned()]);
}

#[test]
fn every_filter_is_read() {
    let request = pb::ListTransactionsRequest {
        kinds: vec![pb::TransactionKind::Refund.into()],
        statuses: vec![pb::TransactionStatus::Pending.into()],
        operation_type: Some("CHAT".to_owned()),
        model: Some("m".to_owned()),
        operation_id: Some("o".to_owned()),
        project_id: Some(user()),
        reference: Some("r".to_owned()),
        start_time: wire_time(1),
        end_time: wire_time(2),
        ..asked()
    };
    let asked = parse_list_transactions(request, at(0)).ok().unwrap();
    let expected = TransactionFilter {
        kinds: vec![TransactionKind::Refund],
        statuses: vec![TransactionStatus::Pending],
        operation_type: Some("CHAT".to_owned()),
        model: Some("m".to_owned()),
        operation_id: Some("o".to_owned()),
        project: Some(user().parse().unwrap()),
        reference: Some("r".to_owned()),
        from: Some(at(1)),
        until: Some(at(2)),
    };
    assert_eq!((asked.user, asked.filter), (user_id(1), expected));
}

#[test]
fn a_page_leads_to_the_next_of_the_same_list_alone() {
    let first = parse_list_transactions(asked(), at(0)).ok().unwrap();
    let next = Some(charge().position());
    let page = Page { items: vec![charge()], next };
    let response = render_transactions(&first, page, at(0));
    assert!(response.transactions[0].allocations.is_empty());

    let page_token = response.next_page_token;
    let same =
        pb::ListTransactionsRequest { page_size: 7, page_token: page_token.clone(), ..asked() };
    let second = parse_list_transactions(same, at(0)).ok().unwrap();
    assert_eq!((second.page.after, second.page.size.get()), (next, 7));

    let other =
        pb::ListTransactionsRequest { page_token: page_token.clone(), kinds: vec![1], ..asked() };
    let refused = parse_list_transactions(other, at(0)).err().unwrap();
    assert_eq!(refused.reason, ErrorReason::InvalidPageToken);
    let lots = pb::ListLotsRequest { user_id: user(), page_size: 0, page_token };
    let refused = parse_list_lots(lots, at(0)).err().unwrap();
    assert_eq!(refused.reason, ErrorReason::InvalidPageToken);
}
