//! The S3 endpoint, as the product's own SDK sees it.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use aws_credential_types::Credentials;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::{BehaviorVersion, Region};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use devstack::s3::{Error, Fault, On, S3Config, S3Endpoint};

use super::support::Scratch;

const BUCKET: &str = "media";

async fn endpoint(root: PathBuf) -> S3Endpoint {
    S3Endpoint::start(S3Config::new(root, vec![BUCKET.to_owned()])).await.unwrap()
}

fn client(endpoint: &S3Endpoint, secret: &str) -> Client {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("atelier", secret, None, None, "test"))
        .endpoint_url(endpoint.url())
        .force_path_style(true)
        .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    Client::from_conf(config)
}

async fn put(client: &Client, key: &str, body: &[u8]) -> bool {
    let body = ByteStream::from(body.to_vec());
    client.put_object().bucket(BUCKET).key(key).body(body).send().await.is_ok()
}

async fn get(client: &Client, key: &str) -> Option<Vec<u8>> {
    let found = client.get_object().bucket(BUCKET).key(key).send().await.ok()?;
    Some(found.body.collect().await.unwrap().to_vec())
}

#[tokio::test]
async fn objects_are_put_read_listed_and_outlast_a_stop() {
    let scratch = Scratch::new("s3");
    let first = endpoint(scratch.join("root")).await;
    let s3 = client(&first, "atelier-secret");
    assert!(put(&s3, "a/one.txt", b"hello world").await);
    assert!(put(&s3, "a/two.txt", b"two").await);
    assert!(put(&s3, "b/three.txt", b"three").await);
    let part =
        s3.get_object().bucket(BUCKET).key("a/one.txt").range("bytes=6-8").send().await.unwrap();
    assert_eq!(part.body.collect().await.unwrap().to_vec(), b"wor");
    first.stop().await;
    assert!(!put(&s3, "late", b"late").await);

    let second = endpoint(scratch.join("root")).await;
    let s3 = client(&second, "atelier-secret");
    assert_eq!(get(&s3, "a/one.txt").await.unwrap(), b"hello world");
    let listed = s3.list_objects_v2().bucket(BUCKET).prefix("a/").send().await.unwrap();
    let keys: Vec<_> = listed.contents().iter().filter_map(|object| object.key()).collect();
    assert_eq!(keys, ["a/one.txt", "a/two.txt"]);
    s3.delete_object().bucket(BUCKET).key("a/one.txt").send().await.unwrap();
    assert_eq!(get(&s3, "a/one.txt").await, None);
}

#[tokio::test]
async fn multipart_uploads_are_put_together() {
    let scratch = Scratch::new("multipart");
    let endpoint = endpoint(scratch.join("root")).await;
    let s3 = client(&endpoint, "atelier-secret");
    let upload = s3.create_multipart_upload().bucket(BUCKET).key("big").send().await.unwrap();
    let id = upload.upload_id().unwrap();
    let mut whole = Vec::new();
    let mut done = CompletedMultipartUpload::builder();
    for number in 1..=2_u8 {
        let part = vec![number; 5 << 20];
        whole.extend_from_slice(&part);
        let sent = s3.upload_part().bucket(BUCKET).key("big").upload_id(id);
        let sent = sent.part_number(number.into()).body(part.into()).send().await.unwrap();
        let part = CompletedPart::builder().part_number(number.into());
        done = done.parts(part.set_e_tag(sent.e_tag).build());
    }
    let complete = s3.complete_multipart_upload().bucket(BUCKET).key("big").upload_id(id);
    complete.multipart_upload(done.build()).send().await.unwrap();
    assert_eq!(get(&s3, "big").await.unwrap(), whole);
}

#[tokio::test]
async fn a_presigned_url_needs_no_credentials_and_others_do() {
    let scratch = Scratch::new("presigned");
    let endpoint = endpoint(scratch.join("root")).await;
    let s3 = client(&endpoint, "atelier-secret");
    assert!(put(&s3, "one", b"hello").await);
    let expiry = PresigningConfig::expires_in(Duration::from_secs(60)).unwrap();
    let url = s3.get_object().bucket(BUCKET).key("one").presigned(expiry).await.unwrap();
    let (signed, plain) = (url.uri().to_owned(), format!("{}/{BUCKET}/one", endpoint.url()));
    let (body, refused) = tokio::task::spawn_blocking(move || {
        let body = ureq::get(&signed).call().unwrap().into_body().read_to_string().unwrap();
        (body, ureq::get(&plain).call().is_err())
    })
    .await
    .unwrap();
    assert_eq!(body, "hello");
    assert!(refused);
    assert!(!put(&client(&endpoint, "wrong"), "two", b"two").await);
}

#[tokio::test]
async fn faults_come_before_or_after_the_effect_and_only_as_often_as_asked() {
    let scratch = Scratch::new("faults");
    let endpoint = endpoint(scratch.join("root")).await;
    let s3 = client(&endpoint, "atelier-secret");
    let faults = endpoint.faults();
    // The SDK makes three attempts.
    faults.next(3, On::Put, Fault::FailBefore);
    assert!(!put(&s3, "before", b"x").await);
    assert_eq!(get(&s3, "before").await, None);

    for (key, fault) in [("after", Fault::FailAfter), ("cut", Fault::CutAfter)] {
        faults.next(3, On::Put, fault);
        assert!(!put(&s3, key, b"x").await);
        assert_eq!(get(&s3, key).await.unwrap(), b"x");
        assert_eq!(faults.left(), 0);
    }

    faults.next(1, On::Get, Fault::Delay(Duration::from_millis(200)));
    assert!(put(&s3, "late", b"x").await);
    let began = Instant::now();
    assert_eq!(get(&s3, "late").await.unwrap(), b"x");
    assert!(began.elapsed() >= Duration::from_millis(200));
    faults.next(5, On::Delete, Fault::FailBefore);
    faults.clear();
    assert_eq!(faults.left(), 0);
}

#[tokio::test]
async fn odd_configurations_are_refused() {
    let scratch = Scratch::new("odd");
    let mut config = S3Config::new(scratch.join("root"), vec!["No".to_owned()]);
    assert!(matches!(S3Endpoint::start(config.clone()).await, Err(Error::BucketName { .. })));
    config.listen = "0.0.0.0:0".parse().unwrap();
    assert!(matches!(S3Endpoint::start(config).await, Err(Error::NotLoopback { .. })));
}
