//! Users on the wire.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use proto::atelier::ledger::v1::{DeductRequest, GetBalanceRequest};
use proto::atelier::users::v1::{
    CreateUserRequest, DeleteUserRequest, GetUserByEmailRequest, GetUserByIdentityRequest,
    GetUserRequest, Identity, UpdateUserRequest, UserPatch,
};
use tonic::Code;

use super::served::Served;
use crate::whole::calls::{identity, metadata, reason, violations};
use crate::whole::life::purchase;

/// A UUIDv7 that nobody has.
pub(super) const NOBODY: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

fn patch(user_id: &str, name: &str, etag: &str) -> UpdateUserRequest {
    UpdateUserRequest {
        user_id: user_id.to_owned(),
        user: Some(UserPatch { display_name: Some(name.to_owned()), ..Default::default() }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["display_name".to_owned()] }),
        etag: etag.to_owned(),
    }
}

#[tokio::test]
async fn a_user_is_created_once_and_found_every_way() {
    let served = Served::start().await;
    let mut users = served.api.users.clone();
    let request = CreateUserRequest {
        identity: identity("ada"),
        email: Some("Ada@Example.com".to_owned()),
        username: Some("ada_l".to_owned()),
        ..Default::default()
    };
    let created = users.create_user(request.clone()).await.unwrap().into_inner();
    assert!(created.created);
    let ada = created.user.unwrap();
    let other = CreateUserRequest { email: Some("else@example.com".to_owned()), ..request.clone() };
    let again = users.create_user(other).await.unwrap().into_inner();
    assert!(!again.created);
    assert_eq!(again.user.as_ref(), Some(&ada), "found, and unchanged");

    let by_id = users.get_user(GetUserRequest { user_id: ada.id.clone() }).await.unwrap();
    assert_eq!(by_id.into_inner().user.as_ref(), Some(&ada));
    let by_email = GetUserByEmailRequest { email: "aDA@example.COM".to_owned() };
    let by_email = users.get_user_by_email(by_email).await.unwrap();
    assert_eq!(by_email.into_inner().user.as_ref(), Some(&ada));
    let by_identity = GetUserByIdentityRequest { identity: identity("ada") };
    let by_identity = users.get_user_by_identity(by_identity).await.unwrap();
    assert_eq!(by_identity.into_inner().user.as_ref(), Some(&ada));

    let namesake = CreateUserRequest { identity: identity("ada-2"), username: None, ..request };
    let taken = users.create_user(namesake).await.unwrap_err();
    assert_eq!((taken.code(), reason(&taken).as_str()), (Code::AlreadyExists, "EMAIL_TAKEN"));
    served.end().await;
}

#[tokio::test]
async fn every_field_of_a_user_that_is_wrong_is_named_at_once() {
    let served = Served::start().await;
    let mut users = served.api.users.clone();
    let request = CreateUserRequest {
        identity: Some(Identity { issuer: String::new(), subject: "with space".to_owned() }),
        email: Some("nobody".to_owned()),
        username: Some("a!".to_owned()),
        display_name: Some("x".repeat(201)),
        avatar_url: Some("ftp://example.com/a.png".to_owned()),
        ..Default::default()
    };
    let refused = users.create_user(request).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::InvalidArgument, "INVALID_FIELDS")
    );
    let wrong = ["identity.issuer", "identity.subject", "email", "username", "display_name"];
    assert_eq!(violations(&refused)[..5], wrong);
    assert_eq!(violations(&refused)[5..], ["avatar_url"]);

    let missing = users.create_user(CreateUserRequest::default()).await.unwrap_err();
    assert_eq!(violations(&missing), ["identity"]);
    let update = UpdateUserRequest {
        user_id: "7".to_owned(),
        user: Some(UserPatch::default()),
        update_mask: Some(prost_types::FieldMask { paths: vec!["id".to_owned()] }),
        etag: String::new(),
    };
    let refused = users.update_user(update).await.unwrap_err();
    assert_eq!(violations(&refused), ["user_id", "update_mask.paths[0]"]);
    served.end().await;
}

#[tokio::test]
async fn an_update_on_a_stale_etag_changes_nothing() {
    let served = Served::start().await;
    let mut users = served.api.users.clone();
    let id = served.api.user("bob").await;
    let get = GetUserRequest { user_id: id.clone() };
    let before = users.get_user(get.clone()).await.unwrap().into_inner().user.unwrap();
    let after = users.update_user(patch(&id, "Bob", &before.etag)).await.unwrap();
    let after = after.into_inner().user.unwrap();
    assert_ne!(after.etag, before.etag);

    let stale = users.update_user(patch(&id, "Robert", &before.etag)).await.unwrap_err();
    assert_eq!((stale.code(), reason(&stale).as_str()), (Code::Aborted, "ETAG_MISMATCH"));
    assert_eq!(metadata(&stale, "current"), after.etag);
    let delete = DeleteUserRequest { user_id: id, etag: before.etag };
    assert_eq!(reason(&users.delete_user(delete).await.unwrap_err()), "ETAG_MISMATCH");
    assert_eq!(users.get_user(get).await.unwrap().into_inner().user, Some(after));
    served.end().await;
}

#[tokio::test]
async fn nobody_is_not_found() {
    let served = Served::start().await;
    let mut users = served.api.users.clone();
    let user_id = NOBODY.to_owned();
    let email = "nobody@example.com".to_owned();
    let answers = [
        users.get_user(GetUserRequest { user_id: user_id.clone() }).await.map(drop),
        users.get_user_by_email(GetUserByEmailRequest { email }).await.map(drop),
        users
            .get_user_by_identity(GetUserByIdentityRequest { identity: identity("nobody") })
            .await
            .map(drop),
        users.update_user(patch(NOBODY, "Nobody", "")).await.map(drop),
        users.delete_user(DeleteUserRequest { user_id, etag: String::new() }).await.map(drop),
    ];
    for answer in answers {
        let refused = answer.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::NotFound, "USER_NOT_FOUND"));
    }
    served.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_who_create_one_user_at_once_get_the_same() {
    let served = Served::start().await;
    let calls = (0..20).map(|_| {
        let mut users = served.api.users.clone();
        let request = CreateUserRequest { identity: identity("crowd"), ..Default::default() };
        async move { users.create_user(request).await.unwrap().into_inner() }
    });
    let answers = join_all(calls).await;
    assert_eq!(answers.iter().filter(|answer| answer.created).count(), 1);
    let ids: BTreeSet<_> = answers.into_iter().map(|answer| answer.user.unwrap().id).collect();
    assert_eq!(ids.len(), 1);
    served.end().await;
}

#[tokio::test]
async fn a_deleted_user_is_gone_and_leaves_a_tombstone_of_no_name() {
    let served = Served::start().await;
    let (mut users, mut ledger) = (served.api.users.clone(), served.api.ledger.clone());
    let id = served.api.user("gone").await;
    purchase(&served.api, &id, "order-1", "10.00").await;
    let deduct = DeductRequest {
        user_id: id.clone(),
        request_id: "image-1".to_owned(),
        amount: "2.50".to_owned(),
        ..Default::default()
    };
    ledger.deduct(deduct.clone()).await.unwrap();
    let delete = DeleteUserRequest { user_id: id.clone(), etag: String::new() };
    users.delete_user(delete.clone()).await.unwrap();

    let balance = GetBalanceRequest { user_id: id.clone(), as_of: None };
    let gone = [
        users.get_user(GetUserRequest { user_id: id.clone() }).await.map(drop),
        users.delete_user(delete).await.map(drop),
        ledger.get_balance(balance).await.map(drop),
        ledger.deduct(deduct).await.map(drop),
    ];
    for answer in gone {
        assert_eq!(reason(&answer.unwrap_err()), "USER_NOT_FOUND");
    }
    let database = served.database.client().await;
    let tombstones = "SELECT available::text, spent::text, version, to_jsonb(t)::text \
                      FROM ledger_tombstones t";
    let row = database.query_one(tombstones, &[]).await.unwrap();
    let totals = (row.get::<_, &str>(0), row.get::<_, &str>(1), row.get::<_, i64>(2));
    assert_eq!(totals, ("7.50", "2.50", 2));
    assert!(!row.get::<_, &str>(3).contains(&id), "it names nobody");
    for table in ["users", "user_identities", "ledger_accounts", "ledger_entries", "ledger_lots"] {
        let count = format!("SELECT count(*) FROM {table}");
        let count = database.query_one(&count, &[]).await.unwrap();
        assert_eq!(count.get::<_, i64>(0), 0, "{table}");
    }

    assert_ne!(served.api.user("gone").await, id, "who comes again is somebody new");
    served.end().await;
}
