//! Ids of transactions, derived from what makes them unique.

use kernel::{LotId, Timestamp, TransactionId};
use sha2::{Digest as _, Sha256};
use uuid::Builder;

/// A UUIDv7 of the moment to the microsecond. Moments of one account grow strictly, so its ids
/// sort as its history does.
pub(crate) fn transaction(at: Timestamp, nonce: u64) -> TransactionId {
    let micros = at.as_micros().max(0).unsigned_abs();
    let millis = micros.div_euclid(1_000);
    let within = micros.rem_euclid(1_000);
    let mut random = [0; 10];
    // The twelve bits after the milliseconds say the microsecond within them.
    for (byte, value) in random.iter_mut().zip(within.to_be_bytes().into_iter().skip(6)) {
        *byte = value;
    }
    for (byte, value) in random.iter_mut().skip(2).zip(nonce.to_be_bytes()) {
        *byte = value;
    }
    TransactionId::from_uuid(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}

/// The least id that a transaction of this moment can have: a bound in time is one in ids.
pub fn earliest_id(at: Timestamp) -> TransactionId {
    transaction(at, 0)
}

/// The nonce of the transaction that posts what happens to `lot` by the clock, which happens once.
pub(crate) fn nonce_of(lot: LotId) -> u64 {
    let digest = Sha256::digest(lot.as_uuid().as_bytes());
    let mut first = [0; 8];
    first.iter_mut().zip(digest).for_each(|(byte, of_digest)| *byte = of_digest);
    u64::from_be_bytes(first)
}

/// The lot that a transaction opens: there is at most one.
pub(crate) fn lot_of(transaction: TransactionId) -> LotId {
    LotId::from_uuid(*transaction.as_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_as_their_moments_do() {
        let at = |micros: i64| Timestamp::from_micros(1_700_000_000_000_000 + micros).unwrap();
        let ids: Vec<_> = [0, 1, 2, 255, 256, 999, 1_000, 1_001, 1_000_000]
            .into_iter()
            .enumerate()
            .map(|(index, micros)| transaction(at(micros), u64::MAX - index as u64 * 7_919))
            .collect();
        assert!(ids.is_sorted());
        assert!(earliest_id(at(256)) < ids[4] && ids[3] < earliest_id(at(256)));
        assert!(ids.iter().all(|id| id.as_uuid().get_version_num() == 7));
    }

    #[test]
    fn an_id_is_of_its_moment_and_its_nonce() {
        let at = |micros: i64| Timestamp::from_micros(1_700_000_000_000_000 + micros).unwrap();
        let id = transaction(at(123_456), 0x2a);
        assert_eq!(id.to_string(), "018bcfe5-687b-71c8-8000-00000000002a");
        assert_ne!(id, transaction(at(123_456), 0x2b));
        assert_eq!(id, transaction(at(123_456), 0x2a));
    }

    #[test]
    fn lots_have_nonces_of_their_own() {
        let lot = |number| LotId::from_uuid(uuid::Uuid::from_u128(number));
        let nonces = (0..1_000).map(|number| nonce_of(lot(number)));
        // Every byte of the digest counts.
        let (mut all, mut any) = (u64::MAX, 0);
        let mut distinct = std::collections::BTreeSet::new();
        for nonce in nonces {
            (all, any) = (all & nonce, any | nonce);
            distinct.insert(nonce);
        }
        assert_eq!((all, any, distinct.len()), (0, u64::MAX, 1_000));
        assert_eq!(nonce_of(lot(1)), nonce_of(lot(1)));
    }
}
