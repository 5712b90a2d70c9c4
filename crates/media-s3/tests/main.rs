//! The adapter against a real endpoint of the protocol.

#![expect(clippy::unwrap_used, reason = "clippy takes helpers of tests for no tests")]

use std::time::Duration;

use devstack::s3::{Fault, On, S3Config, S3Endpoint};
use media_s3::{Config, S3MediaStore};
use ports::{MediaError, MediaStore, PresignedPut, UploadTerms};
use sha2::{Digest, Sha256};

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
        public_endpoint: None,
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

/// Sends a request as a client without a key would: the code and the body.
async fn send(request: http::Request<Vec<u8>>) -> (u16, String, Option<String>) {
    let work = move || {
        let config = ureq::Agent::config_builder().http_status_as_error(false);
        let agent: ureq::Agent = config.build().into();
        let mut answer = agent.run(request).unwrap();
        let header = answer.headers().get("content-disposition");
        let header = header.map(|value| value.to_str().unwrap().to_owned());
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap(), header)
    };
    tokio::task::spawn_blocking(work).await.unwrap()
}

fn get(url: &str) -> http::Request<Vec<u8>> {
    http::Request::get(url).body(Vec::new()).unwrap()
}

fn put(
    presigned: &PresignedPut,
    bytes: &[u8],
    but: Option<(&str, &str)>,
) -> http::Request<Vec<u8>> {
    let mut request = http::Request::put(&presigned.url);
    for (name, value) in &presigned.headers {
        let value = but.filter(|(other, _)| other == name).map_or(value.as_str(), |(_, v)| v);
        request = request.header(name, value);
    }
    request.body(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn a_presigned_address_reads_the_object_without_a_key() {
    let stand = stand().await;
    let key = "users/1/a.png".parse().unwrap();
    stand.store.put(&key, b"bytes".to_vec(), "image/png").await.unwrap();
    let valid = Duration::from_secs(60);
    let url = stand.store.presign_get(&key, valid, None).await.unwrap();
    assert!(url.starts_with(&stand.endpoint.url()), "{url}");
    assert!(url.contains("X-Amz-Signature") && url.contains("X-Amz-Expires=60"), "{url}");
    assert!(!url.contains("secret"), "{url}");
    assert_eq!(send(get(&url)).await, (200, "bytes".to_owned(), None));
    assert_eq!(send(get(&url.replace("a.png", "b.png"))).await.0, 403, "for no other object");

    let named = stand.store.presign_get(&key, valid, Some("Katze é.png".to_owned())).await.unwrap();
    let (code, _, disposition) = send(get(&named)).await;
    assert_eq!(code, 200);
    assert_eq!(disposition.as_deref(), Some("attachment; filename*=UTF-8''Katze%20%C3%A9.png"));
}

#[tokio::test]
async fn a_presigned_upload_takes_the_announced_bytes_and_no_others() {
    let stand = stand().await;
    let key = "users/1/a.png".parse().unwrap();
    let digest = kernel::Digest::from_bytes(Sha256::digest(b"bytes").into());
    let terms = UploadTerms { bytes: 5, content_type: "image/png", digest };
    let presigned = stand.store.presign_put(&key, terms, Duration::from_secs(60)).await.unwrap();

    for (bytes, but) in [
        (&b"other"[..], None),
        (b"longer bytes", None),
        (b"bytes", Some(("content-type", "text/html"))),
        (b"other", Some(("x-amz-checksum-sha256", "1JfEdBEL0cqhtpXHdKxKaXJ0iMTfAxvrLgFiBSO9QKo="))),
    ] {
        let (code, ..) = send(put(&presigned, bytes, but)).await;
        assert!((400..500).contains(&code), "{code} for {bytes:?} {but:?}");
        // Some stores keep what they refuse. They do not vouch for it.
        let left = stand.store.head(&key).await.unwrap();
        assert_eq!(left.and_then(|object| object.digest), None, "{bytes:?} {but:?}");
    }
    let (code, text, _) = send(put(&presigned, b"bytes", None)).await;
    assert_eq!(code, 200, "{text}");
    let object = stand.store.head(&key).await.unwrap().unwrap();
    assert_eq!((object.bytes, object.digest), (5, Some(digest)));
    assert_eq!(object.content_type, "image/png");
}

#[tokio::test]
async fn addresses_that_are_handed_out_name_the_public_endpoint() {
    let stand = stand().await;
    let public = S3MediaStore::new(Config {
        endpoint: Some(stand.endpoint.url()),
        public_endpoint: Some("https://media.example.com".to_owned()),
        region: "us-east-1".to_owned(),
        bucket: "media".to_owned(),
        access_key: "atelier".to_owned(),
        secret_key: "atelier-secret".to_owned(),
        path_style: true,
    });
    public.check().await.unwrap();
    let key = "users/1/a.png".parse().unwrap();
    let url = public.presign_get(&key, Duration::from_secs(60), None).await.unwrap();
    assert!(url.starts_with("https://media.example.com/media/users/1/a.png?"), "{url}");
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
        public_endpoint: None,
        region: "us-east-1".to_owned(),
        bucket: "missing".to_owned(),
        access_key: "atelier".to_owned(),
        secret_key: "atelier-secret".to_owned(),
        path_style: true,
    });
    let refused = elsewhere.check().await;
    assert!(matches!(refused, Err(MediaError::Refused(_))), "{refused:?}");
}
