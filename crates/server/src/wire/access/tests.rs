//! What is refused of API keys on the wire, and what reads back.

use kernel::{Span, Timestamp};
use proto::atelier::common::v1::Scope as WireScope;
use testkit::fixtures::{api_key, api_key_id, api_key_secret};

use super::*;
use crate::status::ErrorReason;

const NOW: Timestamp = Timestamp::MIN;

fn lines(violations: Violations) -> Vec<String> {
    let Refusal { violations, .. } = violations.into();
    violations.into_iter().map(|v| format!("{}: {}", v.field, v.description)).collect()
}

fn seconds(seconds: i64) -> Option<prost_types::Duration> {
    Some(prost_types::Duration { seconds, nanos: 0 })
}

#[test]
fn a_key_is_asked_for_by_name_and_scopes() {
    let request = pb::IssueApiKeyRequest {
        name: "web".to_owned(),
        scopes: vec![WireScope::KeysAdmin.into(), WireScope::UsersRead.into()],
        lifetime: None,
    };
    let command = parse_issue(request.clone()).unwrap();
    assert_eq!(command.name.as_str(), "web");
    assert_eq!(command.scopes, [Scope::UsersRead, Scope::KeysAdmin].into_iter().collect());
    assert_eq!(command.lifetime, None);
    let command = parse_issue(pb::IssueApiKeyRequest { lifetime: seconds(60), ..request }).unwrap();
    assert_eq!(command.lifetime.map(Lifetime::as_span), Some(Span::from_secs(60)));
}

#[test]
fn every_wrong_field_of_a_new_key_is_named_at_once() {
    let request = pb::IssueApiKeyRequest {
        name: "a\nb".to_owned(),
        scopes: vec![0, 1, WireScope::UsersRead.into(), 999],
        lifetime: seconds(0),
    };
    assert_eq!(
        lines(parse_issue(request).unwrap_err()),
        [
            "name: must be 1 to 100 characters, none of them a control character",
            "scopes[0]: must be one of the known values",
            "scopes[1]: must be one of the known values",
            "scopes[3]: must be one of the known values",
            "lifetime: must be a duration from 1s to 315576000s",
        ]
    );
    assert_eq!(
        lines(parse_issue(pb::IssueApiKeyRequest::default()).unwrap_err()),
        [
            "name: must be 1 to 100 characters, none of them a control character",
            "scopes: must name at least one scope",
        ]
    );
}

#[test]
fn a_rotation_overlaps_by_a_day_unless_it_says_otherwise() {
    let id = api_key_id(1);
    let request = pb::RotateApiKeyRequest { api_key_id: id.to_string(), ..Default::default() };
    let expected = Rotate { overlap: Overlap::DEFAULT, lifetime: None };
    assert_eq!(parse_rotate(request.clone()).unwrap(), (id, expected));
    let request = pb::RotateApiKeyRequest { overlap: seconds(0), ..request };
    assert_eq!(parse_rotate(request).unwrap().1.overlap.as_span(), Span::ZERO);
}

#[test]
fn every_wrong_field_of_a_rotation_is_named_at_once() {
    let request = pb::RotateApiKeyRequest {
        api_key_id: "1".to_owned(),
        overlap: seconds(2_592_001),
        lifetime: seconds(-1),
    };
    assert_eq!(
        lines(parse_rotate(request).unwrap_err()),
        [
            "api_key_id: not a UUID of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
            "overlap: must be a duration from 0s to 2592000s",
            "lifetime: must be a duration from 1s to 315576000s",
        ]
    );
}

#[test]
fn a_key_to_revoke_is_named_by_its_id() {
    let id = api_key_id(1);
    let request = pb::RevokeApiKeyRequest { api_key_id: id.to_string() };
    assert_eq!(parse_revoke(request), Ok(id));
    assert!(parse_revoke(pb::RevokeApiKeyRequest::default()).is_err());
}

#[test]
fn a_key_is_shown_without_its_secret_and_without_its_hash() {
    let end = NOW.saturating_add(Span::from_secs(1));
    let key = ApiKey { expires_at: Some(end), revoked_at: Some(NOW), ..api_key(1, NOW) };
    let shown = render_api_key(key.clone());
    assert_eq!(shown.id, key.id.to_string());
    assert_eq!(shown.name, key.name.as_str());
    assert_eq!(shown.scopes, [WireScope::UsersRead as i32, WireScope::KeysAdmin as i32]);
    assert_eq!(shown.create_time, Some(render_timestamp(NOW)));
    assert_eq!(shown.expire_time, Some(render_timestamp(end)));
    assert_eq!(shown.revoke_time, Some(render_timestamp(NOW)));

    let issued = render_issued(Issued { key: api_key(1, NOW), secret: api_key_secret(1) });
    assert_eq!(issued.secret.parse::<access::ApiKeySecret>().unwrap().id(), api_key_id(1));
    assert_eq!(issued.api_key, Some(render_api_key(api_key(1, NOW))));
}

#[test]
fn the_next_page_begins_where_the_last_ended_and_not_in_another_list() {
    let request = pb::ListApiKeysRequest { page_size: 1, page_token: String::new() };
    let asked = parse_list(request.clone(), NOW).unwrap();
    let items = vec![api_key(2, NOW)];
    let page = Page { items, next: Some(api_key(2, NOW).position()) };
    let answer = render_page(&asked, page, NOW);
    assert_eq!(answer.api_keys, [render_api_key(api_key(2, NOW))]);
    let request = pb::ListApiKeysRequest { page_token: answer.next_page_token, ..request };
    let asked = parse_list(request.clone(), NOW).unwrap();
    assert_eq!(asked.after, Some(api_key(2, NOW).position()));

    let pb::ListApiKeysRequest { page_size, page_token } = request;
    let users =
        proto::atelier::users::v1::ListUsersRequest { page_size, page_token, ..Default::default() };
    let refusal = crate::wire::users::parse_list(users, NOW).unwrap_err();
    assert_eq!(refusal.reason, ErrorReason::InvalidPageToken);
}
