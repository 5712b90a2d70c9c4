//! What is known of one call while it passes the stages.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::Instant;

use http::{HeaderMap, HeaderName, HeaderValue};
use kernel::ApiKeyId;

use crate::methods::Method;
use crate::status::ErrorReason;

/// Carries a call's id, both ways.
pub static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

// 128: room for any usual kind of id, and not for a payload in every log line.
const REQUEST_ID_BYTES_MAX: usize = 128;

/// One call. What stages learn of it is set once and read when it ends.
#[derive(Debug)]
pub struct Call {
    pub method: Arc<Method>,
    pub peer: SocketAddr,
    pub started: Instant,
    /// Who calls, once the credential has been checked.
    pub key: OnceLock<ApiKeyId>,
    /// Why the call was refused.
    pub reason: OnceLock<ErrorReason>,
    request_id: HeaderValue,
}

impl Call {
    pub fn new(method: Arc<Method>, peer: SocketAddr, headers: &HeaderMap) -> Self {
        let given = headers.get(&REQUEST_ID).filter(|id| is_sane(id.as_bytes()));
        Self {
            method,
            peer,
            started: Instant::now(),
            key: OnceLock::new(),
            reason: OnceLock::new(),
            request_id: given.cloned().unwrap_or_else(fresh_id),
        }
    }

    /// The caller's `x-request-id`, or a made one.
    pub fn request_id(&self) -> &str {
        self.request_id.to_str().unwrap_or_default()
    }

    pub(crate) fn request_id_header(&self) -> HeaderValue {
        let mut id = self.request_id.clone();
        // Keeps it out of HPACK's table, where an id that never comes again only pushes out the
        // headers that do.
        id.set_sensitive(true);
        id
    }
}

fn is_sane(id: &[u8]) -> bool {
    (1..=REQUEST_ID_BYTES_MAX).contains(&id.len())
        && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(byte))
}

fn fresh_id() -> HeaderValue {
    let mut id = [0; 16];
    let number = scattered();
    for (index, place) in id.iter_mut().enumerate() {
        *place = b"0123456789abcdef"[(number >> (60 - 4 * index) & 15) as usize];
    }
    HeaderValue::from_bytes(&id).unwrap_or(HeaderValue::from_static("none"))
}

/// A number that looks random and does not repeat within a process: good for ids in logs and for
/// jitter, and for nothing that must not be guessed.
pub(crate) fn scattered() -> u64 {
    use std::hash::{BuildHasher, RandomState};
    static SEED: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0));
    static COUNT: AtomicU64 = AtomicU64::new(0);

    // splitmix64: a bijection of the counter, hence no repeats.
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut mixed = SEED.wrapping_add(count.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::methods::{Access, Kind};

    fn call(id: Option<&str>) -> Call {
        let mut headers = HeaderMap::new();
        if let Some(id) = id {
            headers.insert(&REQUEST_ID, HeaderValue::from_str(id).unwrap());
        }
        let method = Arc::new(Method::new("/a.B/C", Access::Nobody, Kind::Unary));
        Call::new(method, ([127, 0, 0, 1], 1).into(), &headers)
    }

    #[test]
    fn a_sane_id_is_kept_and_any_other_replaced() {
        assert_eq!(call(Some("req-1:a/b")).request_id(), "req-1:a/b");
        for id in ["", "two words", "a\"b", &"x".repeat(129)] {
            let made = call(Some(id));
            assert_ne!(made.request_id(), id);
            assert_eq!(made.request_id().len(), 16);
        }
    }

    #[test]
    fn made_ids_do_not_repeat() {
        let ids: HashSet<_> = (0..10_000).map(|_| call(None).request_id().to_owned()).collect();
        assert_eq!(ids.len(), 10_000);
    }
}
