//! Files that vendors keep: who is told the key, and what can still be had.

use std::sync::Arc;

use generation::{Class, Failure, RemoteFile};
use ports::FetchError;
use providers::Vendor;

use crate::site::{Act, Site, answer, redirect};
use crate::world::{KEY, Strangers, account, account_of};

const LIMIT: u64 = 1_000;

async fn fetched(site: &Site, path: &str) -> Result<Vec<u8>, Failure> {
    let file = RemoteFile { url: site.url(path) };
    account(Vendor::Gemini, &site.url("/v1beta")).fetch(&file, LIMIT).await
}

#[tokio::test]
async fn the_vendors_own_host_is_told_the_key() {
    let site = Site::new(|request| match request.split(' ').nth(1) {
        Some("/v1beta/files/x:download?alt=media") => redirect("/elsewhere"),
        _ => answer(200, "bytes"),
    })
    .await;
    assert_eq!(fetched(&site, "/v1beta/files/x:download?alt=media").await.unwrap(), b"bytes");
    let seen = site.seen();
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|request| request.contains(KEY)), "{seen:?}");
}

#[tokio::test]
async fn strangers_are_asked_without_a_key_and_through_the_guard() {
    let stranger = "http://stranger.example/file";
    let site = Site::new(move |_| redirect(stranger)).await;
    let fetcher = Arc::new(Strangers::default());
    fetcher.answers.lock().unwrap().push(Ok(b"bytes".to_vec()));
    let gemini = account_of(Vendor::Gemini, &site.url("/v1beta"), Arc::clone(&fetcher));
    let file = RemoteFile { url: site.url("/v1beta/files/x") };
    assert_eq!(gemini.fetch(&file, LIMIT).await.unwrap(), b"bytes");
    assert_eq!(*fetcher.asked.lock().unwrap(), [stranger]);
}

#[tokio::test]
async fn what_strangers_answer_is_lost_or_worth_another_try() {
    for (error, class) in [
        (FetchError::Status(404), Class::OutputLost),
        (FetchError::Status(403), Class::OutputLost),
        (FetchError::Status(410), Class::OutputLost),
        (FetchError::Status(429), Class::Transient),
        (FetchError::Status(503), Class::Transient),
        (FetchError::TooLarge { limit: LIMIT }, Class::OutputLost),
        (FetchError::Forbidden("x"), Class::OutputLost),
        (FetchError::TooManyRedirects, Class::OutputLost),
        (FetchError::TimedOut, Class::Transient),
        (FetchError::Unreachable("x".into()), Class::Transient),
    ] {
        let fetcher = Arc::new(Strangers::default());
        let told = error.to_string();
        fetcher.answers.lock().unwrap().push(Err(error));
        let fal = account_of(Vendor::Fal, "http://127.0.0.1:9", fetcher);
        let file = RemoteFile { url: "https://v3.fal.media/1".to_owned() };
        assert_eq!(fal.fetch(&file, LIMIT).await.unwrap_err().class, class, "{told}");
    }
}

#[tokio::test]
async fn files_are_gone_or_not_there_yet_or_broken() {
    let site = Site::new(|request| match request.split(' ').nth(1).unwrap() {
        "/404" => answer(404, ""),
        "/410" => answer(410, ""),
        "/401" => answer(401, ""),
        "/500" => answer(500, ""),
        "/429" => answer(429, ""),
        "/around" => redirect("/around"),
        "/nowhere" => Act::Say("HTTP/1.1 302 Found\r\ncontent-length: 0\r\n\r\n".to_owned()),
        "/half" => Act::Say("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nhalf".to_owned()),
        "/cut" => Act::Close,
        "/large" => answer(200, &"x".repeat(1_001)),
        "/endless" => Act::Pour("HTTP/1.1 200 OK\r\n\r\n".to_owned()),
        path => panic!("{path}"),
    })
    .await;
    for (path, class) in [
        ("/404", Class::OutputLost),
        ("/410", Class::OutputLost),
        ("/401", Class::Transient),
        ("/500", Class::Transient),
        ("/429", Class::Transient),
        ("/around", Class::OutputLost),
        ("/nowhere", Class::OutputLost),
        ("/half", Class::Transient),
        ("/cut", Class::Transient),
        ("/large", Class::OutputLost),
        ("/endless", Class::OutputLost),
    ] {
        assert_eq!(fetched(&site, path).await.unwrap_err().class, class, "{path}");
    }
}

#[tokio::test]
async fn a_file_may_be_in_its_address() {
    let fal = account(Vendor::Fal, "http://127.0.0.1:9");
    let file = RemoteFile { url: "data:image/png;base64,aGk=".to_owned() };
    assert_eq!(fal.fetch(&file, LIMIT).await.unwrap(), b"hi");
    assert_eq!(fal.fetch(&file, 1).await.unwrap_err().class, Class::OutputLost);
    let file = RemoteFile { url: "nonsense".to_owned() };
    assert_eq!(fal.fetch(&file, LIMIT).await.unwrap_err().class, Class::OutputLost);
}
