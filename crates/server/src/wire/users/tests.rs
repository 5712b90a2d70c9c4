//! What is refused of users on the wire, and what reads back.

use kernel::{Change, Etag};
use proptest::prelude::*;
use testkit::fixtures::{identity, user, user_id};

use super::*;
use crate::status::{ErrorReason, Refusal};

fn lines(violations: Violations) -> Vec<String> {
    let Refusal { violations, .. } = violations.into();
    violations.into_iter().map(|v| format!("{}: {}", v.field, v.description)).collect()
}

fn wire_identity(issuer: &str, subject: &str) -> Option<pb::Identity> {
    Some(pb::Identity { issuer: issuer.to_owned(), subject: subject.to_owned() })
}

fn mask(paths: &[&str]) -> Option<prost_types::FieldMask> {
    Some(prost_types::FieldMask { paths: paths.iter().map(|path| (*path).to_owned()).collect() })
}

/// The message that asks for a user like this one.
fn create_message(user: User) -> pb::CreateUserRequest {
    let user = render_user(user);
    pb::CreateUserRequest {
        identity: user.identities.into_iter().next(),
        email: user.email,
        username: user.username,
        display_name: user.display_name,
        first_name: user.first_name,
        last_name: user.last_name,
        avatar_url: user.avatar_url,
        email_verified_time: user.email_verified_time,
    }
}

#[test]
fn a_user_is_asked_for_by_identity_alone() {
    let request =
        pb::CreateUserRequest { identity: wire_identity("clerk", "u1"), ..Default::default() };
    let command = parse_create(request).unwrap();
    assert_eq!(command.identity.subject.as_str(), "u1");
    assert_eq!(command.fields, UserFields::default());
}

#[test]
fn every_wrong_field_of_a_new_user_is_named_at_once() {
    let request = pb::CreateUserRequest {
        identity: wire_identity("", "a b"),
        email: Some("ada".to_owned()),
        username: Some("a".to_owned()),
        display_name: Some(String::new()),
        first_name: Some("x".repeat(101)),
        last_name: Some("a\tb".to_owned()),
        avatar_url: Some("javascript:alert(1)".to_owned()),
        email_verified_time: None,
    };
    assert_eq!(
        lines(parse_create(request).unwrap_err()),
        [
            "identity.issuer: must be 1 to 255 visible ASCII characters without spaces",
            "identity.subject: must be 1 to 255 visible ASCII characters without spaces",
            "email: must be an email address such as \"ada@example.com\"",
            "username: must be 3 to 30 letters, digits or underscores",
            "display_name: must not be blank",
            "first_name: must be at most 100 characters",
            "last_name: must not contain control characters",
            "avatar_url: must be an http or https address without spaces",
        ]
    );
    let nothing = parse_create(pb::CreateUserRequest::default()).unwrap_err();
    assert_eq!(lines(nothing), ["identity: is required"]);
}

#[test]
fn an_update_sets_clears_and_keeps() {
    let request = pb::UpdateUserRequest {
        user_id: user_id(1).to_string(),
        user: Some(pb::UserPatch {
            email: Some("new@example.com".to_owned()),
            first_name: Some("not in the mask".to_owned()),
            ..Default::default()
        }),
        update_mask: mask(&["email", "username"]),
        etag: "r3".to_owned(),
    };
    let expected = Update {
        user: user_id(1),
        patch: UserPatch {
            email: Change::Set("new@example.com".parse().unwrap()),
            username: Change::Clear,
            ..UserPatch::default()
        },
        expected: Etag::from_revision(3),
    };
    assert_eq!(parse_update(request), Ok(expected));
}

#[test]
fn every_wrong_field_of_an_update_is_named_at_once() {
    let request = pb::UpdateUserRequest {
        user_id: "1".to_owned(),
        user: Some(pb::UserPatch { email: Some(String::new()), ..Default::default() }),
        update_mask: mask(&["email", "id"]),
        etag: "3".to_owned(),
    };
    assert_eq!(
        lines(parse_update(request).unwrap_err()),
        [
            "user_id: not a UUID of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
            "update_mask.paths[1]: is not a field that can be changed",
            "user.email: must be an email address such as \"ada@example.com\"",
            "etag: is not an etag that this service gave out",
        ]
    );
    let empty = pb::UpdateUserRequest { user_id: user_id(1).to_string(), ..Default::default() };
    assert_eq!(
        lines(parse_update(empty).unwrap_err()),
        ["update_mask: must name at least one field", "user: is required"]
    );
}

#[test]
fn every_field_of_a_patch_can_be_named() {
    let request = pb::UpdateUserRequest {
        user_id: user_id(1).to_string(),
        user: Some(pb::UserPatch::default()),
        update_mask: mask(&PATCH_FIELDS),
        etag: String::new(),
    };
    let cleared = parse_update(request).unwrap().patch.apply(&user(1, Timestamp::MIN).fields);
    assert_eq!(cleared, UserFields::default());
}

#[test]
fn users_are_named_by_id_address_or_identity() {
    let by_id = |user_id: &str| parse_get(pb::GetUserRequest { user_id: user_id.to_owned() });
    assert_eq!(by_id(&user_id(1).to_string()), Ok(user_id(1)));
    assert!(by_id("").is_err());
    let email =
        |email: &str| parse_get_by_email(pb::GetUserByEmailRequest { email: email.to_owned() });
    assert_eq!(email("Ada@example.com").map(|email| email.key()), Ok("ada@example.com".to_owned()));
    assert!(email("").is_err());
    let known = render_identity(identity(1));
    let by_identity = |identity| parse_get_by_identity(pb::GetUserByIdentityRequest { identity });
    assert_eq!(by_identity(Some(known)), Ok(identity(1)));
    assert!(by_identity(None).is_err());
}

#[test]
fn a_deletion_may_expect_a_revision() {
    let parse = |etag: &str| {
        let user_id = user_id(1).to_string();
        parse_delete(pb::DeleteUserRequest { user_id, etag: etag.to_owned() })
    };
    assert_eq!(parse(""), Ok(Delete { user: user_id(1), expected: None }));
    assert_eq!(parse("r1"), Ok(Delete { user: user_id(1), expected: Some(Etag::FIRST) }));
    assert!(parse("x").is_err());
}

#[test]
fn a_page_of_users_leads_to_the_next() {
    let now = Timestamp::MIN;
    let (_, asked) = parse_list(pb::ListUsersRequest::default(), now).unwrap();
    let next = Some(user(2, now).position());
    let page = Page { items: vec![user(1, now), user(2, now)], next };
    let response = render_page(&asked, page, now);
    assert_eq!(response.users, [render_user(user(1, now)), render_user(user(2, now))]);

    let page_token = response.next_page_token;
    let again = pb::ListUsersRequest { page_size: 7, page_token, ..Default::default() };
    let (_, asked) = parse_list(again, now).unwrap();
    assert_eq!((asked.size.get(), asked.after), (7, next));
    let forged = pb::ListUsersRequest { page_token: "x".to_owned(), ..Default::default() };
    assert_eq!(parse_list(forged, now).unwrap_err().reason, ErrorReason::InvalidPageToken);
}

proptest! {
    #[test]
    fn what_is_rendered_reads_back(
        number in 0_u64..,
        micros in Timestamp::MIN.as_micros()..=Timestamp::MAX.as_micros(),
        email in proptest::option::of(r"[A-Za-z0-9._%+-]{1,9}@[a-z]{1,9}\.[A-Za-z]{2,4}"),
        username in proptest::option::of("[A-Za-z0-9_]{3,30}"),
        name in proptest::option::of(r"[^\p{Cc}\s]\P{Cc}{0,99}"),
    ) {
        let mut user = user(number, Timestamp::from_micros(micros).unwrap());
        user.fields.email = email.map(|text| text.parse().unwrap());
        user.fields.username = username.map(|text| text.parse().unwrap());
        user.fields.first_name = name.as_deref().map(|text| text.parse().unwrap());
        user.fields.display_name = name.map(|text| text.parse().unwrap());
        let expected = Create { identity: identity(number), fields: user.fields.clone() };
        prop_assert_eq!(parse_create(create_message(user)), Ok(expected));
    }
}
