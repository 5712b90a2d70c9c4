//! API keys on the wire: who is let in, and for what.

use std::time::{Duration, Instant};

use proto::atelier::access::v1::{
    IssueApiKeyRequest, IssueApiKeyResponse, ListApiKeysRequest, RevokeApiKeyRequest,
    RotateApiKeyRequest,
};
use proto::atelier::common::v1::Scope;
use proto::atelier::ledger::v1::{DeductRequest, GetBalanceRequest};
use proto::atelier::users::v1::{GetUserRequest, ListUsersRequest};
use tonic::{Code, Status};

use super::served::Served;
use super::users::NOBODY;
use crate::whole::calls::{Api, metadata, reason, violations};
use crate::whole::stand::poll;

/// What "within seconds" may be: the longest that an answer about a key may be remembered.
const REVOCATION_PATIENCE: Duration = Duration::from_secs(5);

async fn issue(api: &Api, scopes: &[Scope], lifetime: Option<i64>) -> IssueApiKeyResponse {
    let request = IssueApiKeyRequest {
        name: "a service".to_owned(),
        scopes: scopes.iter().map(|scope| *scope as i32).collect(),
        lifetime: lifetime.map(|seconds| prost_types::Duration { seconds, nanos: 0 }),
    };
    api.keys.clone().issue_api_key(request).await.unwrap().into_inner()
}

async fn list(api: &Api) -> Result<(), Status> {
    api.users.clone().list_users(ListUsersRequest::default()).await.map(drop)
}

async fn refusal(api: &Api) -> String {
    match list(api).await {
        Ok(()) => String::new(),
        Err(status) => {
            assert_eq!(status.code(), Code::Unauthenticated);
            reason(&status)
        }
    }
}

#[tokio::test]
async fn no_key_and_a_wrong_key_are_refused() {
    let served = Served::start().await;
    let good = issue(&served.api, &[Scope::UsersRead], None).await.secret;
    assert_eq!(refusal(&served.api.signed(None)).await, "CREDENTIAL_MISSING");
    let mut wrong = good.clone();
    let last = if wrong.pop() == Some('0') { '1' } else { '0' };
    wrong.push(last);
    for key in [wrong.as_str(), "x", &good[..good.len() / 2], &good.to_uppercase()] {
        assert_eq!(refusal(&served.api.signed(Some(key))).await, "CREDENTIAL_INVALID", "{key}");
    }
    assert_eq!(refusal(&served.api.signed(Some(&good))).await, "");
    served.end().await;
}

#[tokio::test]
async fn a_key_opens_what_its_scopes_name_and_nothing_else() {
    let served = Served::start().await;
    let issued = issue(&served.api, &[Scope::LedgerRead], None).await;
    let reader = served.api.signed(Some(&issued.secret));
    let user_id = served.api.user("read").await;
    let balance = GetBalanceRequest { user_id, as_of: None };
    reader.ledger.clone().get_balance(balance).await.unwrap();

    let user_id = NOBODY.to_owned();
    let keys = IssueApiKeyRequest { name: String::new(), ..Default::default() };
    let answers = [
        ("ledger.write", reader.ledger.clone().deduct(DeductRequest::default()).await.map(drop)),
        ("users.read", reader.users.clone().get_user(GetUserRequest { user_id }).await.map(drop)),
        ("keys.admin", reader.keys.clone().issue_api_key(keys).await.map(drop)),
    ];
    for (scope, answer) in answers {
        // Before the request is even looked at: these are wrong, or name nobody.
        let refused = answer.unwrap_err();
        assert_eq!(
            (refused.code(), reason(&refused).as_str()),
            (Code::PermissionDenied, "SCOPE_MISSING")
        );
        assert_eq!(metadata(&refused, "scope"), scope);
    }
    served.end().await;
}

#[tokio::test]
async fn a_key_cannot_make_one_that_may_more() {
    let served = Served::start().await;
    let clerk = issue(&served.api, &[Scope::KeysAdmin, Scope::UsersRead], None).await;
    let clerk = served.api.signed(Some(&clerk.secret));
    issue(&clerk, &[Scope::UsersRead], None).await;
    let more = IssueApiKeyRequest {
        name: "more".to_owned(),
        scopes: vec![Scope::LedgerAdmin as i32],
        lifetime: None,
    };
    let refused = clerk.keys.clone().issue_api_key(more).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::PermissionDenied, "SCOPE_MISSING")
    );
    served.end().await;
}

#[tokio::test]
async fn an_expired_key_is_refused() {
    let served = Served::start().await;
    let issued = issue(&served.api, &[Scope::UsersRead], Some(2)).await;
    let brief = served.api.signed(Some(&issued.secret));
    assert_eq!(refusal(&brief).await, "");
    let mut last = String::new();
    let expired = poll(Duration::from_secs(10), async || {
        last = refusal(&brief).await;
        !last.is_empty()
    });
    assert!(expired.await);
    assert_eq!(last, "CREDENTIAL_EXPIRED");
    served.end().await;
}

#[tokio::test]
async fn a_revoked_key_is_refused_within_seconds() {
    let served = Served::start().await;
    let issued = issue(&served.api, &[Scope::UsersRead], None).await;
    let traitor = served.api.signed(Some(&issued.secret));
    assert_eq!(refusal(&traitor).await, "");
    let revoke = RevokeApiKeyRequest { api_key_id: issued.api_key.unwrap().id };
    let revoked = served.api.keys.clone().revoke_api_key(revoke.clone()).await.unwrap();
    let began = Instant::now();
    let refused =
        poll(2 * REVOCATION_PATIENCE, async || refusal(&traitor).await == "CREDENTIAL_REVOKED");
    assert!(refused.await && began.elapsed() < REVOCATION_PATIENCE, "{:?}", began.elapsed());

    let again = served.api.keys.clone().revoke_api_key(revoke).await.unwrap().into_inner();
    assert_eq!(again.api_key, revoked.into_inner().api_key, "revoking again changes nothing");
    served.end().await;
}

#[tokio::test]
async fn a_successor_takes_over_from_a_rotated_key() {
    let served = Served::start().await;
    let old = issue(&served.api, &[Scope::UsersRead], None).await;
    let rotate = RotateApiKeyRequest {
        api_key_id: old.api_key.unwrap().id,
        overlap: Some(prost_types::Duration::default()),
        lifetime: None,
    };
    let new = served.api.keys.clone().rotate_api_key(rotate.clone()).await.unwrap().into_inner();
    assert_eq!(refusal(&served.api.signed(Some(&new.secret))).await, "");
    let old = served.api.signed(Some(&old.secret));
    let over =
        poll(REVOCATION_PATIENCE, async || refusal(&old).await == "CREDENTIAL_EXPIRED").await;
    assert!(over);
    let again = served.api.keys.clone().rotate_api_key(rotate).await.unwrap_err();
    assert_eq!(
        (again.code(), reason(&again).as_str()),
        (Code::FailedPrecondition, "API_KEY_INACTIVE")
    );
    served.end().await;
}

#[tokio::test]
async fn every_field_of_a_key_that_is_wrong_is_named_and_no_secret_is_told_twice() {
    let served = Served::start().await;
    let mut keys = served.api.keys.clone();
    let request = IssueApiKeyRequest {
        name: String::new(),
        scopes: vec![Scope::Unspecified as i32, 99],
        lifetime: Some(prost_types::Duration { seconds: 0, nanos: 0 }),
    };
    let refused = keys.issue_api_key(request).await.unwrap_err();
    assert_eq!(violations(&refused), ["name", "scopes[0]", "scopes[1]", "lifetime"]);
    let revoke = RevokeApiKeyRequest { api_key_id: NOBODY.to_owned() };
    let missing = keys.revoke_api_key(revoke).await.unwrap_err();
    assert_eq!((missing.code(), reason(&missing).as_str()), (Code::NotFound, "API_KEY_NOT_FOUND"));

    let issued = issue(&served.api, &[Scope::UsersRead], None).await;
    let listed = keys.list_api_keys(ListApiKeysRequest::default()).await.unwrap().into_inner();
    assert_eq!(listed.api_keys[0], issued.api_key.unwrap());
    let secret = issued.secret.rsplit(['_', '.']).next().unwrap();
    assert!(!format!("{listed:?}").contains(secret));
    served.end().await;
}
