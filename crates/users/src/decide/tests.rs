//! Tables of the decisions on users.

use kernel::Change;
use uuid::Uuid;

use super::*;

const NOW: Timestamp = moment(1_000);

const fn moment(micros: i64) -> Timestamp {
    match Timestamp::from_micros(micros) {
        Some(moment) => moment,
        None => Timestamp::MIN,
    }
}

fn id(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(number))
}

fn ada() -> UserFields {
    UserFields {
        email: Some("Ada@example.com".parse().unwrap()),
        email_verified_at: None,
        username: Some("ada".parse().unwrap()),
        display_name: Some("Ada L.".parse().unwrap()),
        first_name: Some("Ada".parse().unwrap()),
        last_name: Some("Lovelace".parse().unwrap()),
        avatar_url: Some("https://example.com/ada.png".parse().unwrap()),
    }
}

fn command() -> Create {
    let identity =
        Identity { issuer: "clerk".parse().unwrap(), subject: "user_1".parse().unwrap() };
    Create { identity, fields: ada() }
}

fn user() -> User {
    match create(None, &command(), id(1), NOW) {
        Creation::New(user) => user,
        Creation::Found(user) => panic!("found {user:?}"),
    }
}

fn patch(patch: UserPatch) -> Update {
    Update { user: id(1), patch, expected: None }
}

#[test]
fn a_new_user_has_the_identity_the_fields_and_the_first_revision() {
    let user = user();
    assert_eq!(user.id, id(1));
    assert_eq!(user.identities, [command().identity]);
    assert_eq!(user.fields, ada());
    assert_eq!(user.etag, Etag::FIRST);
    assert_eq!((user.created_at, user.updated_at), (NOW, NOW));
}

#[test]
fn an_identity_that_has_a_user_finds_it_unchanged() {
    let mut again = command();
    again.fields = UserFields::default();
    let outcome = create(Some(user()), &again, id(2), moment(2_000));
    assert_eq!(outcome, Creation::Found(user()));
}

#[test]
fn an_update_changes_what_it_names_and_nothing_else() {
    let update = patch(UserPatch {
        username: Change::Set("countess".parse().unwrap()),
        last_name: Change::Clear,
        ..UserPatch::default()
    });
    let expected = User {
        fields: UserFields {
            username: Some("countess".parse().unwrap()),
            last_name: None,
            ..ada()
        },
        etag: Etag::FIRST.next(),
        updated_at: moment(2_000),
        ..user()
    };
    assert_eq!(super::update(user(), &update, moment(2_000)), Ok(Edit::Changed(expected)));
}

#[test]
fn another_case_of_letters_is_a_change() {
    let lower = patch(UserPatch {
        email: Change::Set("ada@example.com".parse().unwrap()),
        ..UserPatch::default()
    });
    let outcome = update(user(), &lower, NOW);
    assert!(matches!(outcome, Ok(Edit::Changed(_))), "{outcome:?}");
}

#[test]
fn an_update_to_the_present_values_leaves_the_revision() {
    for same in [
        UserPatch::default(),
        UserPatch {
            email: Change::Set("Ada@example.com".parse().unwrap()),
            ..UserPatch::default()
        },
    ] {
        assert_eq!(update(user(), &patch(same), moment(2_000)), Ok(Edit::Unchanged(user())));
    }
}

#[test]
fn a_clock_that_steps_back_does_not_take_the_update_time_back() {
    let clear = patch(UserPatch { email: Change::Clear, ..UserPatch::default() });
    match update(user(), &clear, moment(0)) {
        Ok(Edit::Changed(user)) => assert_eq!(user.updated_at, NOW),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_stale_etag_is_refused_with_the_present_one() {
    let present = User { etag: Etag::FIRST.next(), ..user() };
    let stale = Rejection::EtagMismatch { expected: Etag::FIRST, current: Etag::FIRST.next() };
    for (expected, outcome) in
        [(None, Ok(())), (Some(Etag::FIRST.next()), Ok(())), (Some(Etag::FIRST), Err(stale))]
    {
        assert_eq!(delete(&present, &Delete { user: id(1), expected }), outcome);
        let update = Update { expected, ..patch(UserPatch::default()) };
        let unchanged = outcome.map(|()| Edit::Unchanged(present.clone()));
        assert_eq!(super::update(present.clone(), &update, NOW), unchanged);
    }
}

#[test]
fn another_address_is_one_to_verify() {
    let verified = UserFields { email_verified_at: Some(NOW), ..ada() };
    let other = UserPatch {
        email: Change::Set("ada@else.example".parse().unwrap()),
        ..UserPatch::default()
    };
    assert_eq!(other.apply(&verified).email_verified_at, None);
    let both = UserPatch { email_verified_at: Change::Set(moment(5)), ..other };
    assert_eq!(both.apply(&verified).email_verified_at, Some(moment(5)));
    let cleared = UserPatch { email: Change::Clear, ..both };
    assert_eq!(cleared.apply(&verified).email_verified_at, None);
    assert_eq!(UserPatch::default().apply(&verified), verified);
}

fn barred(status: AccountStatus) -> User {
    let command = SetStatus { user: id(1), status, reason: None, expected: None };
    match set_status(user(), &command, NOW).unwrap() {
        Edit::Changed(user) | Edit::Unchanged(user) => user,
    }
}

#[test]
fn a_barred_user_changes_nothing_and_is_still_upserted() {
    for status in [AccountStatus::Suspended, AccountStatus::Banned, AccountStatus::Deleted] {
        let refused = Rejection::Barred { status };
        assert_eq!(update(barred(status), &patch(UserPatch::default()), NOW), Err(refused));
        let identity = command().identity;
        assert_eq!(add_identity(barred(status), &identity, NOW), Err(refused));
        assert_eq!(remove_identity(barred(status), &identity, NOW), Err(refused));
        let patch = UserPatch { username: Change::Clear, ..UserPatch::default() };
        let edit = upsert(barred(status), &Upsert { identity, patch }, NOW);
        assert!(matches!(edit, Edit::Changed(user) if user.fields.username.is_none()));
    }
    assert!(record_login(barred(AccountStatus::Suspended), NOW).is_ok());
    assert!(record_login(barred(AccountStatus::Banned), NOW).is_err());
}

#[test]
fn the_last_identity_stays_and_one_that_is_there_is_not_added() {
    let first = command().identity;
    let second = Identity { subject: "user_2".parse().unwrap(), ..first.clone() };
    assert_eq!(remove_identity(user(), &first, NOW), Err(Rejection::LastIdentity));
    assert_eq!(remove_identity(user(), &second, NOW), Err(Rejection::NoSuchIdentity));
    assert_eq!(add_identity(user(), &first, NOW), Ok(Edit::Unchanged(user())));
    let Ok(Edit::Changed(two)) = add_identity(user(), &second, NOW) else { panic!("is new") };
    assert_eq!(two.identities, [first.clone(), second.clone()]);
    assert_eq!(remove_identity(two, &first, NOW).map(|user| user.identities), Ok(vec![second]));
}

#[test]
fn a_login_is_no_change_and_never_goes_back() {
    let later = record_login(user(), moment(2_000)).unwrap();
    assert_eq!((later.etag, later.account.last_login_at), (Etag::FIRST, Some(moment(2_000))));
    let earlier = record_login(later, moment(500)).unwrap();
    assert_eq!(earlier.account.last_login_at, Some(moment(2_000)));
}
