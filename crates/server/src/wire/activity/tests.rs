//! What is refused of the activity log on the wire, and what reads back.

use testkit::fixtures::{activity, user_id};

use super::*;

fn fields(violations: impl Into<Refusal>) -> Vec<String> {
    violations.into().violations.into_iter().map(|violation| violation.field).collect()
}

#[test]
fn every_wrong_field_of_a_new_entry_is_named_at_once() {
    let long = prost_types::Value { kind: Some(text("x".repeat(5_000))) };
    let request = pb::RecordActivityRequest {
        user_id: "me".to_owned(),
        action: "Log In".to_owned(),
        subject: Some(pb::ActivitySubject { kind: "A".to_owned(), id: String::new() }),
        details: Some(prost_types::Struct { fields: [("k".to_owned(), long)].into() }),
        address: Some("somewhere".to_owned()),
        agent: Some("\u{7}".to_owned()),
    };
    let named = ["user_id", "action", "subject.kind", "subject.id", "details", "address"];
    assert_eq!(fields(parse_record(request).unwrap_err()), named);
}

fn text(text: String) -> prost_types::value::Kind {
    prost_types::value::Kind::StringValue(text)
}

#[test]
fn every_wrong_filter_is_named_at_once() {
    let request = pb::ListActivityRequest {
        page_size: -1,
        action: Some("a b".to_owned()),
        action_prefix: Some("a.".to_owned()),
        subject: Some(pb::ActivitySubject::default()),
        start_time: Some(prost_types::Timestamp { seconds: 2, nanos: 0 }),
        end_time: Some(prost_types::Timestamp { seconds: 1, nanos: 0 }),
        ..Default::default()
    };
    let named = [
        "user_id",
        "action",
        "action_prefix",
        "subject.kind",
        "subject.id",
        "end_time",
        "page_size",
    ];
    assert_eq!(fields(parse_list(request, Timestamp::MIN).err().unwrap()), named);
}

#[test]
fn an_entry_is_rendered_whole() {
    let entry = activity(1, user_id(1), "character.created", Timestamp::MIN);
    let message = render_activity(entry.clone());
    let asked = pb::RecordActivityRequest {
        user_id: message.user_id,
        action: message.action,
        subject: message.subject,
        details: message.details,
        address: Some(message.address),
        agent: Some(message.agent),
    };
    let RecordActivity { user, action, subject, details, address, agent } =
        parse_record(asked).unwrap();
    assert_eq!((user, action, subject), (entry.user, entry.action, entry.subject));
    assert_eq!((details, address, agent), (entry.details, entry.address, entry.agent));
    assert_eq!(message.actor.unwrap().kind(), pb::ActorKind::ApiKey);
}
