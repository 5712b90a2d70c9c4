//! One life of `atelier dev`, as somebody lives it who has only the binary and the ready file.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use devstack::s3::S3Config;
use media_s3::S3MediaStore;
use ports::MediaStore;
use proto::atelier::access::v1::ListApiKeysRequest;
use proto::atelier::ledger::v1::{GetBalanceRequest, PurchaseRequest};
use proto::atelier::users::v1::{GetUserByIdentityRequest, Identity};
use tonic_health::pb::health_check_response::ServingStatus;

use super::calls::{Api, reason};
use super::stand::{Dev, END_PATIENCE, Place, get};

/// A later start; a release build takes under a second, a debug build on a busy machine does not.
const WARM_START: Duration = Duration::from_secs(20);

pub(super) const SERVICES: [&str; 4] = [
    "",
    "atelier.access.v1.ApiKeyService",
    "atelier.ledger.v1.LedgerService",
    "atelier.users.v1.UserService",
];

pub(super) async fn available(api: &Api, user: &str) -> String {
    let request = GetBalanceRequest { user_id: user.to_owned(), as_of: None };
    let answer = api.ledger.clone().get_balance(request).await.unwrap();
    answer.into_inner().account.unwrap().available
}

pub(crate) async fn purchase(api: &Api, user: &str, request_id: &str, amount: &str) {
    let request = PurchaseRequest {
        user_id: user.to_owned(),
        request_id: request_id.to_owned(),
        amount: amount.to_owned(),
        ..Default::default()
    };
    api.ledger.clone().purchase(request).await.unwrap();
}

fn media(place: &Place, dev: &Dev) -> S3MediaStore {
    S3MediaStore::new(media_s3::Config {
        public_endpoint: None,
        endpoint: Some(dev.facts.s3.clone()),
        region: "us-east-1".to_owned(),
        bucket: "atelier".to_owned(),
        access_key: S3Config::new(place.data.clone(), Vec::new()).access_key,
        secret_key: fs::read_to_string(place.data.join("s3-secret")).unwrap(),
        path_style: true,
    })
}

#[tokio::test]
async fn everything_that_the_ready_file_names_works() {
    let place = Place::new();
    let dev = place.start().await;
    let api = dev.api();
    let file = fs::metadata(&dev.process.ready_file).unwrap();
    assert_eq!(file.permissions().mode() & 0o777, 0o600);

    for service in SERVICES {
        assert_eq!(api.health(service).await.unwrap(), ServingStatus::Serving, "{service:?}");
    }
    let keys = api.keys.clone().list_api_keys(ListApiKeysRequest::default()).await.unwrap();
    assert_eq!(keys.into_inner().api_keys.len(), 1);
    let identity = Identity { issuer: "demo".to_owned(), subject: "first-user".to_owned() };
    let demo = GetUserByIdentityRequest { identity: Some(identity) };
    let demo = api.users.clone().get_user_by_identity(demo).await.unwrap().into_inner();
    assert_eq!(available(&api, &demo.user.unwrap().id).await, "97.50");

    assert_eq!(dev.admin("/livez").await.0, 200);
    let (code, ready) = dev.admin("/readyz").await;
    assert_eq!((code, ready.contains("\"ready\":true")), (200, true), "{ready}");
    let (code, metrics) = dev.admin("/metrics").await;
    assert!(code == 200 && metrics.contains("# TYPE"), "{metrics}");

    // Without a signature it answers, and refuses.
    assert_eq!(get(format!("{}/atelier", dev.facts.s3)).await.0, 403);
    media(&place, &dev).check().await.unwrap();

    let (client, connection) =
        tokio_postgres::connect(&dev.facts.database_url, tokio_postgres::NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    let row = client.query_one("SELECT count(*) FROM users", &[]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), 1);
    drop(client);
    connection.await.unwrap().unwrap();

    let told = dev.process.told();
    for fact in [&dev.facts.grpc.to_string(), &dev.facts.api_key, &dev.facts.database_url] {
        assert!(told.contains(fact), "the banner names {fact}");
    }
    dev.stop().await;
}

#[tokio::test]
async fn a_second_start_keeps_users_balances_objects_and_the_key() {
    let place = Place::called("with spaces, ünd more");
    let first = place.start().await;
    let user = first.api().user("kept").await;
    purchase(&first.api(), &user, "order-1", "12.50").await;
    let key = "images/kept.png".parse().unwrap();
    media(&place, &first).put(&key, b"bytes".to_vec(), "image/png").await.unwrap();
    let (api_key, database_url) = (first.facts.api_key.clone(), first.facts.database_url.clone());
    first.stop().await;
    place.assert_nothing_remains();

    let began = Instant::now();
    let second = place.start().await;
    let took = began.elapsed();
    println!("the second start took {took:?}");
    assert!(took < WARM_START, "{took:?}");
    assert_eq!(second.facts.api_key, api_key);
    assert_eq!(second.facts.database_url, database_url);
    assert_eq!(second.api().user("kept").await, user);
    assert_eq!(available(&second.api(), &user).await, "12.50");
    let kept = media(&place, &second).get(&key, 100).await.unwrap();
    assert_eq!(kept.as_deref(), Some(&b"bytes"[..]));
    let keys = second.api().keys.list_api_keys(ListApiKeysRequest::default()).await;
    assert_eq!(keys.unwrap().into_inner().api_keys.len(), 1, "no second key was made");
    second.stop().await;
}

#[tokio::test]
async fn two_live_side_by_side_and_know_nothing_of_each_other() {
    let (here, there) = (Place::new(), Place::new());
    let (one, two) = tokio::join!(here.start(), there.start());
    let user = one.api().user("of-one").await;
    let mut foreign = two.api().signed(Some(&one.facts.api_key));
    let refused = foreign.keys.list_api_keys(ListApiKeysRequest::default()).await;
    assert_eq!(reason(&refused.unwrap_err()), "CREDENTIAL_INVALID");
    assert_ne!(two.api().user("of-one").await, user);

    one.stop().await;
    here.assert_nothing_remains();
    assert_eq!(two.api().health("").await.unwrap(), ServingStatus::Serving);
    two.stop().await;
}

#[tokio::test]
async fn a_folder_in_use_is_refused_and_its_holder_is_not_disturbed() {
    let place = Place::new();
    let holder = place.start().await;
    let postmaster = place.postmaster();
    let mut second = place.begin(&[]);
    assert_eq!(second.ended(END_PATIENCE).await.code(), Some(1));
    let told = second.told();
    assert!(told.contains("in use") && !second.ready_file.exists(), "{told}");
    assert_eq!(told.lines().filter(|line| line.starts_with("atelier: ")).count(), 1, "{told}");

    assert_eq!(place.postmaster(), postmaster);
    holder.api().user("undisturbed").await;
    holder.stop().await;
}

#[tokio::test]
async fn an_address_that_others_can_reach_is_refused_before_anything_is_made() {
    let place = Place::new();
    for flag in ["--listen", "--admin-listen"] {
        let mut process = place.begin(&[flag, "0.0.0.0:0"]);
        assert_eq!(process.ended(END_PATIENCE).await.code(), Some(1));
        assert!(process.told().contains("not on loopback"), "{}", process.told());
        assert!(!place.data.exists(), "{flag}");
    }
}
