//! Sockets: the accept loop, one connection, TLS, the drain. What a call is, is the business of
//! [`crate::layers`].

pub mod accept;
pub mod connection;
pub mod drain;
pub mod files;
pub mod tls;

use std::net::SocketAddr;
use std::time::Duration;

/// What bounds connections. The defaults are the starting constants of the service.
#[derive(Debug, Clone)]
pub struct ConnectionOptions {
    /// How many connections may be open. Beyond them, new ones wait in the kernel's queue.
    pub connections_max: usize,
    /// How long a new connection has for its TLS handshake, and then for its first bytes.
    pub handshake_timeout: Duration,
    /// When a connection is told to go, so that load spreads over new servers. Each connection's
    /// own age differs from it by up to a tenth.
    pub age_max: Duration,
    /// How long a connection that was told to go may take to finish its calls.
    pub age_grace: Duration,
    /// How often a silent HTTP/2 connection is asked whether it is there, and how long it has to
    /// say so.
    pub ping_interval: Duration,
    pub ping_timeout: Duration,
    /// How many calls one connection may have under way.
    pub streams_max: u32,
    /// The largest list of headers.
    pub header_bytes_max: u32,
}

impl Default for ConnectionOptions {
    fn default() -> Self {
        Self {
            // 16,384: room for 10,000 idle ones, at some 10 KiB each.
            connections_max: 16_384,
            handshake_timeout: Duration::from_secs(10),
            age_max: Duration::from_secs(15 * 60),
            age_grace: Duration::from_secs(5 * 60),
            ping_interval: Duration::from_secs(30),
            ping_timeout: Duration::from_secs(10),
            streams_max: 256,
            header_bytes_max: 16 * 1024,
        }
    }
}

/// Whether `listen` may be served without TLS: on loopback, or where the operator insists, as
/// behind a proxy that ends TLS.
pub fn plaintext_allowed(listen: SocketAddr, insist: bool) -> bool {
    insist || listen.ip().to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_stays_on_the_machine_unless_insisted() {
        for (listen, allowed) in [
            ("127.0.0.1:1", true),
            ("127.9.9.9:1", true),
            ("[::1]:1", true),
            ("[::ffff:127.0.0.1]:1", true),
            ("0.0.0.0:1", false),
            ("[::]:1", false),
            ("10.0.0.1:1", false),
        ] {
            let listen = listen.parse().unwrap();
            assert_eq!(plaintext_allowed(listen, false), allowed, "{listen}");
            assert!(plaintext_allowed(listen, true));
        }
    }
}
