//! The adapter against a real endpoint of the protocol.

#![expect(clippy::unwrap_used, reason = "clippy takes helpers of tests for no tests")]

use std::time::Duration;

use devstack::s3::{Fault, On, S3Config, S3Endpoint};
use media_s3::{Config, S3MediaStore};
use ports::{MediaError, MediaStore};

struct Stand {
    endpoint: S3Endpoint,
    store: S3MediaStore,
    _folder: tempfile::TempDir,
}

async fn stand() -> Stand {
    let folder = tempfile::tempdir().unwrap();
    let config = S3Config::new(folder.path().join("s3"), vec!["media".to_owned()]);
    let (access_key, secret_key) = (config.access_key.clone(), config.secret_key.clone());
    let endpoint = S3Endpoint::start(config).await.unwrap();
    let store = S3MediaStore::new(Config {
        endpoint: Some(endpoint.url()),
        region: "us-east-1".to_owned(),
        bucket: "media".to_owned(),
        access_key,
        secret_key,
        path_style: true,
    });
    Stand { endpoint, store, _folder: folder }
}

#[tokio::test]
async fn it_keeps_the_contract_of_media_stores() {
    let stand = stand().await;
    testkit::contract::media::holds(&stand.store).await;
}

#[tokio::test]
async fn a_presigned_address_reads_the_object_without_a_key() {
    let stand = stand().await;
    let key = "users/1/a.png".parse().unwrap();
    stand.store.put(&key, b"bytes".to_vec(), "image/png").await.unwrap();
    let url = stand.store.presign_get(&key, Duration::from_secs(60)).await.unwrap();
    assert!(url.starts_with(&stand.endpoint.url()), "{url}");
    assert!(url.contains("X-Amz-Signature") && url.contains("X-Amz-Expires=60"), "{url}");
    assert!(!url.contains("secret"), "{url}");
}

#[tokio::test]
async fn a_passing_failure_of_the_store_is_tried_again() {
    let stand = stand().await;
    let key = "users/1/b.png".parse().unwrap();
    stand.endpoint.faults().next(1, On::Put, Fault::FailAfter);
    stand.store.put(&key, b"bytes".to_vec(), "image/png").await.unwrap();
    assert_eq!(stand.endpoint.faults().left(), 0);
    assert_eq!(stand.store.get(&key, 100).await.unwrap(), Some(b"bytes".to_vec()));
}

#[tokio::test]
async fn a_lasting_failure_and_a_missing_bucket_are_told_apart() {
    let stand = stand().await;
    let key = "users/1/c.png".parse().unwrap();
    stand.endpoint.faults().next(10, On::Get, Fault::FailBefore);
    let failed = stand.store.get(&key, 100).await;
    assert!(matches!(failed, Err(MediaError::Unavailable(_))), "{failed:?}");
    stand.endpoint.faults().clear();
    stand.store.check().await.unwrap();
    let elsewhere = S3MediaStore::new(Config {
        endpoint: Some(stand.endpoint.url()),
        region: "us-east-1".to_owned(),
        bucket: "missing".to_owned(),
        access_key: "atelier".to_owned(),
        secret_key: "atelier-secret".to_owned(),
        path_style: true,
    });
    let refused = elsewhere.check().await;
    assert!(matches!(refused, Err(MediaError::Refused(_))), "{refused:?}");
}
