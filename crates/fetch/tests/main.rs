//! The fetcher against servers on this machine, which the rules must open to it first.

#![expect(clippy::unwrap_used, reason = "clippy takes helpers of tests for no tests")]

use std::net::SocketAddr;
use std::time::Duration;

use fetch::{Rules, WebFetcher};
use ports::{FetchError, Fetcher};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// A server that answers each path with the same text, and says what it was asked.
struct Site {
    address: SocketAddr,
    _tasks: JoinSet<()>,
}

async fn site(answer: impl Fn(&str) -> String + Send + 'static) -> Site {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await.unwrap());
            }
            let head = String::from_utf8(head).unwrap();
            let text = answer(&head);
            if text.is_empty() {
                // Says nothing, and keeps the connection.
                std::future::pending::<()>().await;
            }
            stream.write_all(text.as_bytes()).await.unwrap();
        }
    });
    Site { address, _tasks: tasks }
}

fn fetcher(reachable: &[&Site]) -> WebFetcher {
    let reachable = reachable.iter().map(|site| site.address).collect();
    WebFetcher::new(Rules { reachable, patience: Duration::from_secs(2) })
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

fn redirect(to: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
}

#[tokio::test]
async fn a_file_is_fetched_and_nothing_told_but_its_address() {
    let site = site(ok).await;
    let url = format!("http://{}/a/b.png?x=1#part", site.address);
    let fetched = fetcher(&[&site]).fetch(&url, 1_000).await.unwrap();
    let told = String::from_utf8(fetched.bytes).unwrap();
    assert!(told.starts_with("GET /a/b.png?x=1 HTTP/1.1\r\n"), "{told}");
    let mut names: Vec<&str> = told
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(':'))
        .map(|(name, _)| name)
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "host", "user-agent"]);
}

#[tokio::test]
async fn redirects_are_followed_and_each_is_looked_at_anew() {
    let inner = site(|_| ok("secret")).await;
    let closed = format!("http://{}/", inner.address);
    let outer = site(move |head| match head.split(' ').nth(1).unwrap() {
        "/relative" => redirect("file?x"),
        "/file?x" => ok("found"),
        "/around" => redirect("/around"),
        "/inside" => redirect(&closed),
        "/metadata" => redirect("http://169.254.169.254/latest/meta-data/"),
        "/disk" => redirect("file:///etc/passwd"),
        "/credentials" => redirect("https://me:pw@example.com/"),
        "/nowhere" => "HTTP/1.1 302 Found\r\ncontent-length: 0\r\n\r\n".to_owned(),
        path => panic!("{path}"),
    })
    .await;
    let fetcher = fetcher(&[&outer]);
    let fetch =
        async |path: &str| fetcher.fetch(&format!("http://{}{path}", outer.address), 1_000).await;
    let found = fetch("/relative").await.unwrap();
    assert_eq!(found.bytes, b"found");
    assert_eq!(found.url, format!("http://{}/file?x", outer.address));
    assert!(matches!(fetch("/around").await, Err(FetchError::TooManyRedirects)));
    for path in ["/inside", "/metadata", "/disk", "/credentials", "/nowhere"] {
        let refused = fetch(path).await;
        assert!(matches!(refused, Err(FetchError::Forbidden(_))), "{path}: {refused:?}");
    }
}

#[tokio::test]
async fn closed_addresses_are_refused_however_they_are_written() {
    let site = site(|_| ok("secret")).await;
    let guarded = fetcher(&[]);
    let port = site.address.port();
    for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]"] {
        for scheme in ["http", "https"] {
            let refused = guarded.fetch(&format!("{scheme}://{host}:{port}/"), 1_000).await;
            assert!(matches!(refused, Err(FetchError::Forbidden(_))), "{host}: {refused:?}");
        }
    }
    for url in ["http://1.1.1.1/", "https://1.1.1.1:22/", "ftp://1.1.1.1/", "nonsense", ""] {
        let refused = guarded.fetch(url, 1_000).await;
        assert!(matches!(refused, Err(FetchError::Forbidden(_))), "{url}: {refused:?}");
    }
}

#[tokio::test]
async fn what_is_too_large_is_not_read_to_its_end() {
    let site = site(|head| match head.split(' ').nth(1).unwrap() {
        "/told" => "HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n".to_owned(),
        _ => format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}", "x".repeat(2_000)),
    })
    .await;
    for path in ["/told", "/untold"] {
        let url = format!("http://{}{path}", site.address);
        let refused = fetcher(&[&site]).fetch(&url, 1_000).await;
        assert!(matches!(refused, Err(FetchError::TooLarge { limit: 1_000 })), "{refused:?}");
    }
}

#[tokio::test]
async fn servers_that_fail_or_say_nothing_are_told_apart() {
    let site = site(|head| match head.split(' ').nth(1).unwrap() {
        "/missing" => "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_owned(),
        "/garbage" => "what?\r\n\r\n".to_owned(),
        _ => String::new(),
    })
    .await;
    let fetcher = fetcher(&[&site]);
    let fetch =
        async |path: &str| fetcher.fetch(&format!("http://{}{path}", site.address), 10).await;
    assert!(matches!(fetch("/missing").await, Err(FetchError::Status(404))));
    assert!(matches!(fetch("/garbage").await, Err(FetchError::Unreachable(_))));
    assert!(matches!(fetch("/silence").await, Err(FetchError::TimedOut)));
}
