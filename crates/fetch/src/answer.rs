//! One request on one connection, and what comes of it.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_LENGTH, HOST, LOCATION, USER_AGENT};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use ports::FetchError;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinSet;
use url::{Position, Url};

/// Heads of answers; hyper takes at most a hundred lines of them.
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// What a server answers.
pub(crate) enum Answer {
    File(Vec<u8>),
    /// The file is there, as the server writes it.
    Elsewhere(String),
}

/// Asks for the file. Nothing is sent but the address and a name for this program.
pub(crate) async fn ask<S>(stream: S, url: &Url, limit: u64) -> Result<Answer, FetchError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let request = Request::get(&url[Position::BeforePath..Position::AfterQuery])
        .header(HOST, &url[Position::BeforeHost..Position::AfterPort])
        .header(USER_AGENT, "atelier")
        .header(ACCEPT, "*/*")
        .body(Empty::<Bytes>::new())
        .map_err(|error| FetchError::Unreachable(Box::new(error)))?;
    let handshake =
        http1::Builder::new().max_buf_size(HEAD_BYTES_MAX).handshake(TokioIo::new(stream));
    let (mut sender, connection) = handshake.await.map_err(unreachable)?;
    // Ends with this function, whatever state it is in.
    let mut connections = JoinSet::new();
    connections.spawn(connection);
    let answer = sender.send_request(request).await.map_err(unreachable)?;
    let (head, body) = answer.into_parts();
    match head.status {
        StatusCode::OK => read(&head.headers, body, limit).await.map(Answer::File),
        StatusCode::MOVED_PERMANENTLY
        | StatusCode::FOUND
        | StatusCode::SEE_OTHER
        | StatusCode::TEMPORARY_REDIRECT
        | StatusCode::PERMANENT_REDIRECT => {
            let place = head.headers.get(LOCATION).and_then(|place| place.to_str().ok());
            let place = place.ok_or(FetchError::Forbidden("a redirect leads nowhere"))?;
            Ok(Answer::Elsewhere(place.to_owned()))
        }
        other => Err(FetchError::Status(other.as_u16())),
    }
}

/// Counted while it arrives: what the server says of the length is not what it sends.
async fn read(headers: &HeaderMap, mut body: Incoming, limit: u64) -> Result<Vec<u8>, FetchError> {
    let told = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if told.is_some_and(|length: u64| length > limit) {
        return Err(FetchError::TooLarge { limit });
    }
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(unreachable)?.into_data() else { continue };
        let length = u64::try_from(bytes.len() + data.len()).unwrap_or(u64::MAX);
        if length > limit {
            return Err(FetchError::TooLarge { limit });
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}

fn unreachable(error: hyper::Error) -> FetchError {
    FetchError::Unreachable(Box::new(error))
}
