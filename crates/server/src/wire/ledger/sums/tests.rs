//! What statements and usage refuse, and how they are told.

use kernel::{Credits, Total};
use ledger::{Balance, EntryKind};
use testkit::fixtures::user_id;

use super::*;
use crate::wire::ledger::tests::{NIL, at, credits, lines, no_time, no_uuid, user, wire_time};

#[test]
fn a_statement_has_a_beginning_and_perhaps_an_end() {
    let parse = |user_id: String, start_time, end_time| {
        parse_statement(pb::GetStatementRequest { user_id, start_time, end_time })
    };
    let open = parse(user(), wire_time(1), None).unwrap();
    assert_eq!(open, AskedStatement { user: user_id(1), from: at(1), until: None });
    assert_eq!(parse(user(), wire_time(1), wire_time(2)).unwrap().until, Some(at(2)));
    let refused = lines(parse(NIL.to_owned(), None, no_time()).unwrap_err());
    assert_eq!(refused[..2], [no_uuid("user_id"), "start_time: is required".to_owned()]);
    assert!(refused[2].starts_with("end_time: must be a moment"), "{refused:?}");
    for end in [1, 0] {
        let refused = lines(parse(user(), wire_time(1), wire_time(end)).unwrap_err());
        assert_eq!(refused, ["end_time: must be after start_time"]);
    }
}

#[test]
fn usage_is_summed_by_known_dimensions() {
    let parse = |group_by: Vec<i32>| {
        let (user_id, start_time) = (user(), wire_time(1));
        parse_usage(pb::GetUsageRequest { user_id, start_time, end_time: None, group_by })
    };
    assert_eq!(parse(vec![]).unwrap().by, UsageBy::default());
    let all = UsageBy { operation_type: true, model: true, project: true, day: true };
    assert_eq!(parse(vec![1, 2, 3, 4]).unwrap().by, all);
    let by_day = UsageBy { day: true, ..UsageBy::default() };
    assert_eq!(parse(vec![4]).unwrap().by, by_day);
    assert_eq!(
        lines(parse(vec![1, 0, 9]).unwrap_err()),
        [
            "group_by[1]: must be one of the known values",
            "group_by[2]: must be one of the known values"
        ]
    );
    let nothing = lines(parse_usage(pb::GetUsageRequest::default()).unwrap_err());
    assert_eq!(nothing, [no_uuid("user_id"), "start_time: is required".to_owned()]);
}

#[test]
fn sums_are_told_with_two_places_and_days_as_dates() {
    let balance = |available: &str, version| Balance {
        available: credits(available),
        held: Credits::ZERO,
        version,
    };
    let statement = Statement {
        opening: balance("10", 1),
        closing: balance("7.5", 3),
        lines: vec![EntrySum {
            kind: EntryKind::Deducted,
            count: 2,
            available: Total::from_hundredths(-250),
            held: Total::ZERO,
        }],
    };
    let message = render_statement(statement);
    assert_eq!(message.closing.unwrap().available, "7.50");
    let line = &message.lines[0];
    assert_eq!((line.kind.as_str(), line.count), ("deducted", 2));
    assert_eq!((line.available_change.as_str(), line.held_change.as_str()), ("-2.50", "0.00"));

    let usage = Usage {
        model: Some("imagen".to_owned()),
        day: Some(at(0)),
        charges: 3,
        refunds: 1,
        charged: Total::from_hundredths(600),
        refunded: Total::from_hundredths(25),
        ..Usage::default()
    };
    let line = &render_usage(vec![usage]).lines[0];
    assert_eq!((line.model.as_deref(), line.day.as_deref()), (Some("imagen"), Some("2026-01-01")));
    assert_eq!((&line.operation_type, &line.project_id), (&None, &None));
    assert_eq!((line.charges, line.refunds), (3, 1));
    assert_eq!((line.charged.as_str(), line.refunded.as_str()), ("6.00", "0.25"));
}
