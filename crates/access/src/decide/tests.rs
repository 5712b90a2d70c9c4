//! Tables of the rules in `decide`: what is made, and every refusal.

use kernel::{ApiKeyId, Span, Timestamp};
use uuid::Uuid;

use super::*;
use crate::scope::Scope;

const DAY: Span = Span::from_secs(86_400);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(1_800_000_000_000_000 + seconds * 1_000_000).unwrap()
}

fn scopes(scopes: &[Scope]) -> Scopes {
    scopes.iter().copied().collect()
}

fn pepper() -> Pepper {
    Pepper::new(&[9; 32]).unwrap()
}

fn secret(seed: u8) -> ApiKeySecret {
    ApiKeySecret::new(ApiKeyId::from_uuid(Uuid::from_bytes([seed; 16])), [seed; 32])
}

fn key(seed: u8) -> ApiKey {
    ApiKey {
        id: secret(seed).id(),
        name: "web".parse().unwrap(),
        scopes: scopes(&[Scope::UsersRead, Scope::LedgerRead]),
        created_at: at(0),
        expires_at: None,
        revoked_at: None,
        hash: pepper().hash(&secret(seed)),
    }
}

fn lifetime(seconds: u32) -> Option<Lifetime> {
    Some(Lifetime::from_span(Span::from_secs(seconds)).unwrap())
}

fn overlap(seconds: u32) -> Overlap {
    Overlap::from_span(Span::from_secs(seconds)).unwrap()
}

fn issue_as(issuer: &[Scope], wanted: &[Scope]) -> Result<ApiKey, Rejection> {
    let command =
        Issue { name: "web".parse().unwrap(), scopes: scopes(wanted), lifetime: lifetime(60) };
    let fresh = Fresh { secret: &secret(1), pepper: &pepper() };
    issue(scopes(issuer), command, fresh, at(0))
}

fn rotate_at(old: &ApiKey, command: Rotate, now: Timestamp) -> Result<Rotated, Rejection> {
    let fresh = Fresh { secret: &secret(2), pepper: &pepper() };
    rotate(Scopes::all(), old, command, fresh, now)
}

#[test]
fn an_issued_key_is_what_was_asked_for() {
    let issued = issue_as(&Scope::ALL, &[Scope::UsersRead]).unwrap();
    assert_eq!(
        issued,
        ApiKey {
            id: secret(1).id(),
            name: "web".parse().unwrap(),
            scopes: scopes(&[Scope::UsersRead]),
            created_at: at(0),
            expires_at: Some(at(60)),
            revoked_at: None,
            hash: pepper().hash(&secret(1)),
        }
    );
}

#[test]
fn nobody_hands_on_a_scope_that_they_lack() {
    use Scope::{KeysAdmin, LedgerAdmin, LedgerRead, UsersRead};
    let beyond = |missing: &[Scope]| {
        Some(Rejection::ScopesBeyondIssuer { missing: missing.iter().copied().collect() })
    };
    for (issuer, wanted, rejection) in [
        (&[KeysAdmin][..], &[KeysAdmin][..], None),
        (&[KeysAdmin, UsersRead], &[UsersRead], None),
        (&[KeysAdmin], &[UsersRead], beyond(&[UsersRead])),
        (&[KeysAdmin, UsersRead], &[UsersRead, LedgerAdmin], beyond(&[LedgerAdmin])),
        (&[], &[LedgerRead, LedgerAdmin], beyond(&[LedgerRead, LedgerAdmin])),
        (&[KeysAdmin], &[], Some(Rejection::NoScope)),
    ] {
        assert_eq!(issue_as(issuer, wanted).err(), rejection, "{issuer:?} {wanted:?}");
    }
}

#[test]
fn a_successor_has_the_old_name_and_scopes_and_its_own_secret_and_end() {
    let rotated = rotate_at(&key(1), Rotate { overlap: overlap(5), lifetime: lifetime(60) }, at(1));
    let Rotated { successor, replaced } = rotated.unwrap();
    let like_old = ApiKey { created_at: at(1), expires_at: Some(at(61)), ..key(2) };
    assert_eq!(successor, like_old);
    assert_eq!(replaced, ApiKey { expires_at: Some(at(6)), ..key(1) });
}

#[test]
fn rotation_shortens_the_old_key_and_never_prolongs_it() {
    for (end, overlap_seconds, new_end) in [
        (None, 0, 10),
        (None, 30, 40),
        (Some(100), 30, 40),
        (Some(40), 30, 40),
        (Some(11), 30, 11),
        (Some(11), 0, 10),
    ] {
        let old = ApiKey { expires_at: end.map(at), ..key(1) };
        let command = Rotate { overlap: overlap(overlap_seconds), lifetime: None };
        let replaced = rotate_at(&old, command, at(10)).unwrap().replaced;
        assert_eq!(replaced.expires_at, Some(at(new_end)), "{end:?} {overlap_seconds}");
    }
    assert_eq!(Overlap::DEFAULT.as_span(), DAY);
}

#[test]
fn a_key_that_is_over_is_not_rotated() {
    let command = Rotate { overlap: Overlap::DEFAULT, lifetime: None };
    for (old, state) in [
        (ApiKey { expires_at: Some(at(10)), ..key(1) }, KeyState::Expired),
        (ApiKey { revoked_at: Some(at(10)), ..key(1) }, KeyState::Revoked),
        (ApiKey { revoked_at: Some(at(3)), expires_at: Some(at(2)), ..key(1) }, KeyState::Revoked),
    ] {
        assert_eq!(rotate_at(&old, command, at(10)), Err(Rejection::Inactive { state }));
    }
}

#[test]
fn rotation_does_not_lend_scopes() {
    let fresh = Fresh { secret: &secret(2), pepper: &pepper() };
    let command = Rotate { overlap: Overlap::DEFAULT, lifetime: None };
    let rotator = scopes(&[Scope::KeysAdmin, Scope::UsersRead]);
    assert_eq!(
        rotate(rotator, &key(1), command, fresh, at(0)),
        Err(Rejection::ScopesBeyondIssuer { missing: scopes(&[Scope::LedgerRead]) })
    );
}

#[test]
fn the_first_revocation_stands() {
    let revoked = revoke(&key(1), at(5)).unwrap();
    assert_eq!(revoked, ApiKey { revoked_at: Some(at(5)), ..key(1) });
    assert_eq!(revoke(&revoked, at(9)), None);
}

#[test]
fn an_expired_key_can_still_be_revoked() {
    let expired = ApiKey { expires_at: Some(at(1)), ..key(1) };
    let revoked = revoke(&expired, at(5)).unwrap();
    assert_eq!(revoked.revoked_at, Some(at(5)));
}

#[test]
fn no_key_ends_before_it_began_though_the_clock_stepped_back() {
    let command = Rotate { overlap: overlap(0), lifetime: None };
    assert_eq!(rotate_at(&key(1), command, at(-9)).unwrap().replaced.expires_at, Some(at(0)));
    assert_eq!(revoke(&key(1), at(-9)).unwrap().revoked_at, Some(at(0)));
}

#[test]
fn a_key_makes_a_caller_until_it_ends() {
    let caller = Principal::Service {
        key: key(1).id,
        name: "web".to_owned(),
        scopes: scopes(&[Scope::UsersRead, Scope::LedgerRead]),
    };
    let expiring = ApiKey { expires_at: Some(at(10)), ..key(1) };
    let revoked = ApiKey { revoked_at: Some(at(10)), ..key(1) };
    let right = pepper().hash(&secret(1));
    let wrong = pepper().hash(&secret(2));
    for (key, presented, now, outcome) in [
        (&key(1), right, at(0), Ok(caller.clone())),
        (&key(1), right, Timestamp::MAX, Ok(caller.clone())),
        (&key(1), wrong, at(0), Err(Denial::Invalid)),
        (&expiring, right, at(9), Ok(caller)),
        (&expiring, right, at(10), Err(Denial::Expired)),
        (&expiring, wrong, at(10), Err(Denial::Invalid)),
        // Revoked is for good, whatever the clock says.
        (&revoked, right, at(0), Err(Denial::Revoked)),
        (&revoked, wrong, at(11), Err(Denial::Invalid)),
    ] {
        assert_eq!(check(key, &presented, now), outcome);
    }
}
