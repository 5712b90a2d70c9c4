//! Telling a client that work is done, signed as Replicate does. Loopback only: the mock calls
//! nobody else.

use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What `GET /v1/webhooks/default/secret` tells: base64 of the key after the prefix.
pub(crate) const SECRET: &str = "whsec_bW9jay12ZW5kb3JzLXdlYmhvb2stc2VjcmV0";

/// The signature of what is sent: over id, time and body.
pub(crate) fn signature(id: &str, time: i64, body: &str) -> String {
    let secret = SECRET.trim_start_matches("whsec_");
    let key = STANDARD.decode(secret).unwrap_or_default();
    // A key may have any length, so that this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else { return String::new() };
    mac.update(format!("{id}.{time}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// Sends `body` to `url` in the background, once; polling is what clients must not do without.
pub(crate) fn send(url: String, id: String, body: String) {
    tokio::spawn(async move {
        if let Err(error) = post(&url, &id, &body).await {
            tracing::debug!(%error, url, "a webhook of the mock was not taken");
        }
    });
}

async fn post(url: &str, id: &str, body: &str) -> io::Result<()> {
    let refused = |why: &str| io::Error::other(why.to_owned());
    let rest = url.strip_prefix("http://").ok_or_else(|| refused("only http is spoken here"))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut addresses = tokio::net::lookup_host(host).await?;
    let address = addresses.find(|address| address.ip().is_loopback());
    let address = address.ok_or_else(|| refused("only loopback is called"))?;
    let mut stream = TcpStream::connect(address).await?;
    let time = jiff::Timestamp::now().as_second();
    let signature = signature(id, time, body);
    let length = body.len();
    let text = format!(
        "POST /{path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\nwebhook-id: {id}\r\nwebhook-timestamp: {time}\r\n\
         webhook-signature: {signature}\r\nconnection: close\r\n\r\n{body}"
    );
    stream.write_all(text.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    // Computed with Python's hmac module.
    #[test]
    fn signatures_are_as_others_compute_them() {
        let expected = "v1,wZD/0s42w/wrguRz6n5k/efzMLN5vFaa+mrRcv6XDfU=";
        assert_eq!(signature("msg_1", 1_700_000_000, "{\"a\":1}"), expected);
    }
}
