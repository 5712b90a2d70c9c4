//! Each method of the service once well and once refused, on the store in memory.

use kernel::Timestamp;
use pb::user_service_server::UserService;
use testkit::fixtures::{user, user_id};
use testkit::{FakeClock, FakeIds, FakeStore};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use super::*;
use crate::wire::users::render_user;

fn api() -> UserApi {
    let store = FakeStore::new();
    let clock = Arc::new(FakeClock::new());
    let reads = Arc::new(store.clone());
    let users = Users::new(Arc::new(store), reads, clock.clone(), Arc::new(FakeIds::new()));
    UserApi::new(Arc::new(users), clock)
}

/// The message that asks for the user of `number`.
fn create(number: u64) -> pb::CreateUserRequest {
    let user = render_user(user(number, Timestamp::MIN));
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

async fn created(api: &UserApi, number: u64) -> pb::User {
    let response = api.create_user(Request::new(create(number))).await;
    response.expect("nothing is taken").into_inner().user.expect("is always there")
}

fn refused<T: std::fmt::Debug>(outcome: Reply<T>) -> (Code, String) {
    let status: Status = outcome.unwrap_err();
    (status.code(), status.get_details_error_info().unwrap().reason)
}

fn why(code: Code, reason: &str) -> (Code, String) {
    (code, reason.to_owned())
}

#[tokio::test]
async fn a_user_is_created_once() {
    let api = api();
    let first = api.create_user(Request::new(create(1))).await.unwrap().into_inner();
    let second = api.create_user(Request::new(create(1))).await.unwrap().into_inner();
    assert!(first.created && !second.created);
    assert_eq!(first.user, second.user);

    let same_email = pb::CreateUserRequest { email: create(1).email, ..create(2) };
    let outcome = api.create_user(Request::new(same_email)).await;
    assert_eq!(refused(outcome), why(Code::AlreadyExists, "EMAIL_TAKEN"));
    let same_name = pb::CreateUserRequest { username: create(1).username, ..create(2) };
    let outcome = api.create_user(Request::new(same_name)).await;
    assert_eq!(refused(outcome), why(Code::AlreadyExists, "USERNAME_TAKEN"));
    let outcome = api.create_user(Request::new(pb::CreateUserRequest::default())).await;
    assert_eq!(refused(outcome), why(Code::InvalidArgument, "INVALID_FIELDS"));
}

#[tokio::test]
async fn a_user_is_found_by_id_address_and_identity() {
    let api = api();
    let user = created(&api, 1).await;
    let by_id = |user_id| api.get_user(Request::new(pb::GetUserRequest { user_id }));
    let by_email = |email| api.get_user_by_email(Request::new(pb::GetUserByEmailRequest { email }));
    let by_identity = |identity| {
        api.get_user_by_identity(Request::new(pb::GetUserByIdentityRequest { identity }))
    };
    assert_eq!(by_id(user.id.clone()).await.unwrap().into_inner().user, Some(user.clone()));
    let shouted = user.email().to_uppercase();
    assert_eq!(by_email(shouted).await.unwrap().into_inner().user, Some(user.clone()));
    let known = create(1).identity;
    assert_eq!(by_identity(known).await.unwrap().into_inner().user, Some(user));

    let nobody = why(Code::NotFound, "USER_NOT_FOUND");
    assert_eq!(refused(by_id(user_id(7).to_string()).await), nobody);
    assert_eq!(refused(by_email("nobody@example.com".to_owned()).await), nobody);
    assert_eq!(refused(by_identity(create(7).identity).await), nobody);
    let wrong = why(Code::InvalidArgument, "INVALID_FIELDS");
    assert_eq!(refused(by_id("1".to_owned()).await), wrong);
    assert_eq!(refused(by_email("nobody".to_owned()).await), wrong);
    assert_eq!(refused(by_identity(None).await), wrong);
}

#[tokio::test]
async fn users_are_listed_by_pages() {
    let api = api();
    let (first, second) = (created(&api, 1).await, created(&api, 2).await);
    let list = |page_size, page_token| {
        api.list_users(Request::new(pb::ListUsersRequest {
            page_size,
            page_token,
            ..Default::default()
        }))
    };
    let page = list(1, String::new()).await.unwrap().into_inner();
    assert_eq!(page.users, [second]);
    let page = list(1, page.next_page_token).await.unwrap().into_inner();
    assert_eq!((page.users, page.next_page_token), (vec![first], String::new()));

    let outcome = list(0, "x".to_owned()).await;
    assert_eq!(refused(outcome), why(Code::InvalidArgument, "INVALID_PAGE_TOKEN"));
    let outcome = list(-1, String::new()).await;
    assert_eq!(refused(outcome), why(Code::InvalidArgument, "INVALID_FIELDS"));
}

#[tokio::test]
async fn a_user_is_changed_by_mask_and_etag() {
    let api = api();
    let user = created(&api, 1).await;
    let update = |user_id: &str, etag: &str| {
        api.update_user(Request::new(pb::UpdateUserRequest {
            user_id: user_id.to_owned(),
            user: Some(pb::UserPatch { first_name: Some("Eve".to_owned()), ..Default::default() }),
            update_mask: Some(prost_types::FieldMask {
                paths: vec!["first_name".to_owned(), "last_name".to_owned()],
            }),
            etag: etag.to_owned(),
        }))
    };
    let changed = update(&user.id, &user.etag).await.unwrap().into_inner().user.unwrap();
    assert_eq!((changed.first_name(), changed.last_name.as_deref()), ("Eve", None));
    assert_eq!(changed.display_name, user.display_name);

    let stale = update(&user.id, &user.etag).await.unwrap_err();
    let info = stale.get_details_error_info().unwrap();
    assert_eq!((stale.code(), info.reason.as_str()), (Code::Aborted, "ETAG_MISMATCH"));
    assert_eq!(info.metadata.get("current"), Some(&changed.etag));
    let outcome = update(&user_id(7).to_string(), "").await;
    assert_eq!(refused(outcome), why(Code::NotFound, "USER_NOT_FOUND"));
    assert_eq!(refused(update("", "").await), why(Code::InvalidArgument, "INVALID_FIELDS"));
}

#[tokio::test]
async fn an_update_cannot_take_what_another_user_has() {
    let api = api();
    let (ada, eve) = (created(&api, 1).await, created(&api, 2).await);
    let take = |field: &str| {
        api.update_user(Request::new(pb::UpdateUserRequest {
            user_id: eve.id.clone(),
            user: Some(pb::UserPatch {
                email: ada.email.clone(),
                username: ada.username.clone(),
                ..Default::default()
            }),
            update_mask: Some(prost_types::FieldMask { paths: vec![field.to_owned()] }),
            etag: String::new(),
        }))
    };
    let taken = |reason| why(Code::AlreadyExists, reason);
    assert_eq!(refused(take("email").await), taken("EMAIL_TAKEN"));
    assert_eq!(refused(take("username").await), taken("USERNAME_TAKEN"));
}

#[tokio::test]
async fn a_user_is_deleted_once() {
    let api = api();
    let user = created(&api, 1).await;
    let delete = |user_id: &str, etag: &str| {
        let (user_id, etag) = (user_id.to_owned(), etag.to_owned());
        api.delete_user(Request::new(pb::DeleteUserRequest { user_id, etag }))
    };
    assert_eq!(refused(delete(&user.id, "r9").await), why(Code::Aborted, "ETAG_MISMATCH"));
    assert!(delete(&user.id, &user.etag).await.is_ok());
    assert_eq!(refused(delete(&user.id, "").await), why(Code::NotFound, "USER_NOT_FOUND"));
    assert_eq!(refused(delete("", "").await), why(Code::InvalidArgument, "INVALID_FIELDS"));
}
