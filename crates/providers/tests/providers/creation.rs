//! Requests that make something: sent once, and never thought unsent when they may have arrived.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use generation::{Class, Failure, Operation, Piece, Polled, Started};
use kernel::Json;
use providers::Vendor;

use crate::site::{Act, Site, answer, redirect};
use crate::world::{KEY, account, call, chat, images};

const SECONDS: Duration = Duration::from_secs(5);

const HELLO: &str = r#"{"choices":[{"finish_reason":"stop","message":{"content":"Hello"}}]}"#;

async fn chatted(base: &str, patience: Duration) -> Result<Started, Failure> {
    account(Vendor::OpenAi, base).start(&call(chat(), patience)).await
}

#[tokio::test]
async fn a_request_arrives_with_its_key_and_its_body() {
    let site = Site::new(|_| answer(200, HELLO)).await;
    let made = chatted(&site.url("/v1/"), SECONDS).await.unwrap();
    let Started::Made(made) = made else { panic!("{made:?}") };
    assert_eq!(made.pieces, [Piece::Text("Hello".to_owned())]);
    let seen = site.seen();
    let [request] = seen.as_slice() else { panic!("{seen:?}") };
    assert!(request.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{request}");
    for part in [
        format!("authorization: Bearer {KEY}\r\n"),
        format!("host: {}\r\n", site.address),
        "content-type: application/json\r\n".to_owned(),
        "\r\n\r\n{\"messages\":[{\"content\":\"Hi\",\"role\":\"user\"}],\"model\":\"m\"}"
            .to_owned(),
    ] {
        assert!(request.contains(&part), "{request} has no {part}");
    }
}

#[tokio::test]
async fn what_did_not_leave_is_transient() {
    let gone = Site::new(|_| Act::Close).await.url("/v1");
    // A server that speaks no TLS.
    let plain = Site::new(|_| Act::Close).await;
    let insecure = plain.url("/v1").replace("http://", "https://");
    for base in [gone.as_str(), "http://nowhere.invalid/v1", insecure.as_str()] {
        let failure = chatted(base, Duration::from_secs(1)).await.unwrap_err();
        assert_eq!(failure.class, Class::Transient, "{base}: {failure:?}");
    }
}

#[tokio::test]
async fn what_may_have_arrived_is_ambiguous_and_sent_once() {
    type Script = fn(&str) -> Act;
    let scripts: [(&str, Script); 8] = [
        ("closed without a word", |_| Act::Close),
        ("silence", |_| Act::Wait),
        ("half a head", |_| Act::Say("HTTP/1.1 200 OK\r\ncontent-le".to_owned())),
        ("half a body", |_| {
            Act::Say("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"choi".to_owned())
        }),
        ("nonsense", |_| Act::Say("SSH-2.0-OpenSSH_9.2\r\n\r\n".to_owned())),
        ("a body that is announced too large", |_| {
            Act::Say("HTTP/1.1 200 OK\r\ncontent-length: 9999999999\r\n\r\n".to_owned())
        }),
        ("an error of the server", |_| answer(500, "{}")),
        ("a success that cannot be read", |_| answer(200, "<html>")),
    ];
    for (name, script) in scripts {
        let site = Site::new(script).await;
        let started = Instant::now();
        let failure = chatted(&site.url("/v1"), Duration::from_millis(500)).await.unwrap_err();
        assert_eq!(failure.class, Class::Ambiguous, "{name}: {failure:?}");
        assert_eq!(site.seen().len(), 1, "{name}");
        assert!(started.elapsed() < SECONDS, "{name}");
    }
}

#[tokio::test]
async fn a_body_without_an_end_is_not_read_for_ever() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n";
    let site = Site::new(|_| Act::Pour(head.to_owned())).await;
    let failure = chatted(&site.url("/v1"), Duration::from_secs(60)).await.unwrap_err();
    assert_eq!(failure.class, Class::Ambiguous);
    assert!(failure.message.contains("too large"), "{failure:?}");
}

#[tokio::test]
async fn a_redirect_of_a_creation_is_not_followed() {
    let site = Site::new(|_| redirect("/v2/chat/completions")).await;
    let failure = chatted(&site.url("/v1"), SECONDS).await.unwrap_err();
    assert_eq!(failure.class, Class::ProviderFailed { retryable: false });
    assert_eq!(site.seen().len(), 1);
}

#[tokio::test]
async fn a_key_that_is_echoed_is_struck_out() {
    let body = format!(r#"{{"error":{{"message":"bad key {KEY}!","code":"{KEY}"}}}}"#);
    let site = Site::new(move |_| answer(401, &body)).await;
    let failure = chatted(&site.url("/v1"), SECONDS).await.unwrap_err();
    assert_eq!(failure.class, Class::AuthFailed);
    assert_eq!(failure.message, "bad key [key]!");
    assert_eq!(failure.code.as_deref(), Some("[key]"));
    assert!(!format!("{failure:?}").contains(KEY));
}

#[tokio::test]
async fn what_an_account_is_not_for_is_not_sent() {
    let site = Site::new(|_| answer(200, "{}")).await;
    let tavily = account(Vendor::Tavily, &site.url(""));
    let failure = tavily.start(&call(images(1), SECONDS)).await.unwrap_err();
    assert_eq!(failure.class, Class::InvalidArgument);
    let mut elsewhere = call(chat(), SECONDS);
    elsewhere.model = "../../admin".to_owned();
    let failure = account(Vendor::OpenAi, &site.url("")).start(&elsewhere).await.unwrap_err();
    assert_eq!(failure.class, Class::InvalidArgument);
    assert_eq!(site.seen(), Vec::<String>::new());
}

#[tokio::test]
async fn pieces_that_are_made_one_by_one_are_each_asked_for_once() {
    let drawn = r#"{"candidates":[{"finishReason":"STOP","content":{"parts":[
        {"inlineData":{"mimeType":"image/png","data":"aGk="}}]}}]}"#;
    let asked = AtomicU32::new(0);
    let site = Site::new(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        1 => answer(500, "{}"),
        _ => answer(200, drawn),
    })
    .await;
    let gemini = account(Vendor::Gemini, &site.url("/v1beta"));
    let Started::Made(made) = gemini.start(&call(images(3), SECONDS)).await.unwrap() else {
        panic!("it is made")
    };
    assert_eq!((made.pieces.len(), made.note.is_some()), (2, true));
    let seen = site.seen();
    assert_eq!(seen.len(), 3);
    for request in seen {
        assert!(request.contains(&format!("x-goog-api-key: {KEY}\r\n")), "{request}");
        assert!(!request.contains(&format!("?key={KEY}")), "{request}");
    }
}

#[tokio::test]
async fn a_question_whose_answer_is_lost_is_transient() {
    let site = Site::new(|_| Act::Close).await;
    let replicate = account(Vendor::Replicate, &site.url("/v1"));
    let operation = Operation(Json::of_texts(&[("count", "1"), ("id", "abc")]).unwrap());
    let failure = replicate.poll(&operation).await.unwrap_err();
    assert_eq!(failure.class, Class::Transient);
    assert_eq!(site.seen().len(), 1);
    let site = Site::new(|_| answer(200, r#"{"id":"abc","status":"processing"}"#)).await;
    let replicate = account(Vendor::Replicate, &site.url("/v1"));
    let told = replicate.poll(&operation).await.unwrap();
    assert_eq!(told, Polled::Running { percent: None, again_after: None });
    assert!(site.seen()[0].starts_with("GET /v1/predictions/abc HTTP/1.1\r\n"));
}

#[tokio::test]
async fn an_address_that_is_not_the_vendors_gets_no_key() {
    let site = Site::new(|_| answer(200, "{}")).await;
    let fal = account(Vendor::Fal, "http://127.0.0.1:9");
    let at = site.url("/status");
    let fields = [("cancel", at.as_str()), ("count", "1"), ("response", &at), ("status", &at)];
    let operation = Operation(Json::of_texts(&fields).unwrap());
    let failure = fal.poll(&operation).await.unwrap_err();
    assert_eq!(failure.class, Class::Transient);
    assert_eq!(site.seen(), Vec::<String>::new());
}
