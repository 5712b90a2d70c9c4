//! A client that shows what is on the wire: heads, frames, trailers, the end of the connection.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::{BufMut, Bytes, BytesMut};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

pub(crate) struct Wire {
    send: SendRequest<Full<Bytes>>,
    connection: Option<JoinHandle<()>>,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) http: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) data: Bytes,
    pub(crate) status: Status,
}

impl Answer {
    pub(crate) fn code(&self) -> Code {
        self.status.code()
    }

    pub(crate) fn details(&self) -> ErrorDetails {
        self.status.get_error_details()
    }

    /// The reason of the one `ErrorInfo`; empty for OK.
    pub(crate) fn reason(&self) -> String {
        let info = self.details().error_info().cloned();
        info.map(|info| {
            assert_eq!(info.domain, "atelier");
            info.reason
        })
        .unwrap_or_default()
    }

    pub(crate) fn metadata(&self, key: &str) -> String {
        self.details().error_info().unwrap().metadata.get(key).cloned().unwrap_or_default()
    }

    pub(crate) fn text(&self) -> String {
        let message = &self.data[5..];
        // One string field: its tag, its length in one byte, its bytes.
        if message.is_empty() { String::new() } else { from_utf8(&message[2..]) }
    }
}

fn from_utf8(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// `text` as a message in its frame.
pub(crate) fn framed(text: &str) -> Bytes {
    frame(&prost::Message::encode_to_vec(&text.to_owned()))
}

pub(crate) fn frame(message: &[u8]) -> Bytes {
    let mut frame = BytesMut::new();
    frame.put_u8(0);
    frame.put_u32(message.len().try_into().unwrap());
    frame.put_slice(message);
    frame.freeze()
}

impl Wire {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let tcp = TcpStream::connect(address).await.unwrap();
        // Head and body leave apart; else the second waits 40 ms for an acknowledgement.
        tcp.set_nodelay(true).unwrap();
        Self::over(tcp).await.unwrap()
    }

    pub(crate) async fn over<I>(io: I) -> Result<Self, hyper::Error>
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (send, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(io)).await?;
        let connection = tokio::spawn(async move {
            let _ = connection.await;
        });
        Ok(Self { send, connection: Some(connection) })
    }

    /// Another handle of the same connection.
    pub(crate) fn another(&self) -> Self {
        Self { send: self.send.clone(), connection: None }
    }

    /// Sends a call and returns as soon as the head of the response is there.
    pub(crate) async fn open(
        &mut self,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Response<Incoming>, hyper::Error> {
        let mut request = Request::post(format!("http://atelier{path}"))
            .header("content-type", "application/grpc")
            .header("te", "trailers");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send.ready().await?;
        self.send.send_request(request.body(Full::new(body)).unwrap()).await
    }

    pub(crate) async fn call(
        &mut self,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Answer {
        gather(self.open(path, headers, body).await.unwrap()).await
    }

    /// A call of the probe with the good key.
    pub(crate) async fn probe(&mut self, method: &str, text: &str) -> Answer {
        self.call(&format!("/test.v1.Probe/{method}"), &GOOD, framed(text)).await
    }

    /// Waits until the server has ended the connection.
    pub(crate) async fn closed(self) {
        let Self { send, connection } = self;
        // Held, for the connection of a client that sends no more would end by itself.
        let connection = connection.unwrap();
        tokio::time::timeout(Duration::from_secs(10), connection).await.unwrap().unwrap();
        drop(send);
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.send.is_closed()
    }
}

pub(crate) const GOOD: [(&str, &str); 1] = [("authorization", "Bearer good")];

/// The rest of a response.
pub(crate) async fn gather(response: Response<Incoming>) -> Answer {
    let (head, body) = response.into_parts();
    let collected = tokio::time::timeout(Duration::from_secs(10), body.collect()).await.unwrap();
    let (data, trailers) = match collected {
        Ok(collected) => {
            let trailers = collected.trailers().cloned();
            (collected.to_bytes(), trailers)
        }
        Err(_reset) => (Bytes::new(), None),
    };
    let status = Status::from_header_map(&head.headers)
        .or_else(|| Status::from_header_map(&trailers?))
        .unwrap_or_else(|| Status::unknown("no status came"));
    Answer { http: head.status, headers: head.headers, data, status }
}
