//! The machine's time and randomness: the only place that asks for them.

use std::time::{SystemTime, UNIX_EPOCH};

use kernel::Timestamp;
use ports::{Clock, Ids};
use uuid::Uuid;

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

/// Ids of the machine's clock and the system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "this is the port's real implementation")]
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
        let micros = since_1970.ok().and_then(|span| i64::try_from(span.as_micros()).ok());
        micros
            .and_then(Timestamp::from_micros)
            .expect("the machine's clock stands between the years 1970 and 9999")
    }
}

impl Ids for SystemIds {
    #[expect(clippy::disallowed_methods, reason = "this is the port's real implementation")]
    fn uuid(&self) -> Uuid {
        Uuid::now_v7()
    }

    fn secret(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("a system without randomness can keep no secret");
        bytes
    }

    fn nonce(&self) -> u64 {
        getrandom::u64().expect("a system without randomness can keep no secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_of_this_century_and_goes_on() {
        let first = SystemClock.now();
        assert!(first > Timestamp::from_micros(1_700_000_000_000_000).unwrap());
        assert!(SystemClock.now() >= first);
    }

    #[test]
    fn ids_ascend_and_secrets_differ() {
        let (first, second) = (SystemIds.uuid(), SystemIds.uuid());
        assert!(first < second && first.get_version_num() == 7);
        assert_ne!(SystemIds.secret(), SystemIds.secret());
        assert_ne!(SystemIds.nonce(), SystemIds.nonce());
    }
}
