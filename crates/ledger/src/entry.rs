//! Entries: the append-only journal of an account, chained by hashes.

use kernel::{Credits, Delta, Digest, Event, Json, Timestamp, TransactionId, UserId};
use sha2::{Digest as _, Sha256};

/// One change of an account. Never changed and never deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub user: UserId,
    /// The account's version after it: 1, 2, 3, … without a gap.
    pub version: u64,
    pub transaction: TransactionId,
    pub kind: EntryKind,
    pub available: Delta,
    pub held: Delta,
    pub available_after: Credits,
    pub held_after: Credits,
    /// When it took effect: for what the clock brings about, when it was due. Grows strictly.
    pub at: Timestamp,
    /// SHA-256 over the entry and the hash before it.
    pub hash: Digest,
}

/// What changed an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    Deducted,
    Held,
    Captured,
    CapturedLate,
    Released,
    Lapsed,
    Refunded,
    Purchased,
    Granted,
    AdjustedUp,
    AdjustedDown,
    Expired,
}

impl EntryKind {
    pub const ALL: [Self; 12] = [
        Self::Deducted,
        Self::Held,
        Self::Captured,
        Self::CapturedLate,
        Self::Released,
        Self::Lapsed,
        Self::Refunded,
        Self::Purchased,
        Self::Granted,
        Self::AdjustedUp,
        Self::AdjustedDown,
        Self::Expired,
    ];

    /// The name in storage and in the hash: never renamed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deducted => "deducted",
            Self::Held => "held",
            Self::Captured => "captured",
            Self::CapturedLate => "captured_late",
            Self::Released => "released",
            Self::Lapsed => "lapsed",
            Self::Refunded => "refunded",
            Self::Purchased => "purchased",
            Self::Granted => "granted",
            Self::AdjustedUp => "adjusted_up",
            Self::AdjustedDown => "adjusted_down",
            Self::Expired => "expired",
        }
    }

    /// The kind of the event that tells of such an entry.
    pub fn event_kind(self) -> String {
        format!("transaction.{}", self.as_str())
    }
}

impl Entry {
    /// What is told of the entry to those who follow along. `None` is never: the names fit.
    pub fn event(&self) -> Option<Event> {
        let change = self.available.checked_add(self.held);
        let fields = [
            ("amount", change?.to_string()),
            ("available", self.available_after.to_string()),
            ("available_change", self.available.to_string()),
            ("held", self.held_after.to_string()),
            ("held_change", self.held.to_string()),
            ("kind", self.kind.as_str().to_owned()),
        ];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        Some(Event {
            user: self.user,
            kind: self.kind.event_kind().parse().ok()?,
            subject: *self.transaction.as_uuid(),
            revision: i64::try_from(self.version).ok()?,
            details: Json::of_texts(&fields),
            at: self.at,
        })
    }

    /// The hash that the entry must have after an entry of hash `before`. `docs/ledger.md` gives
    /// the encoding, so that others can check an export.
    pub fn chained(&self, before: &Digest) -> Digest {
        let mut hasher = Sha256::new();
        hasher.update(before.as_bytes());
        hasher.update(self.user.as_uuid().as_bytes());
        hasher.update(self.version.to_be_bytes());
        hasher.update(self.transaction.as_uuid().as_bytes());
        for change in [self.available, self.held] {
            hasher.update([u8::from(change.is_negative())]);
            hasher.update(change.magnitude().hundredths().to_be_bytes());
        }
        hasher.update(self.available_after.hundredths().to_be_bytes());
        hasher.update(self.held_after.hundredths().to_be_bytes());
        hasher.update(self.at.as_micros().to_be_bytes());
        hasher.update(self.kind.as_str().as_bytes());
        Digest::from_bytes(hasher.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(version: u64, transaction: &str, kind: EntryKind, change: [&str; 4]) -> Entry {
        let [available, held, available_after, held_after] = change;
        let delta = |text: &str| match text.strip_prefix('-') {
            Some(amount) => Delta::minus(amount.parse().unwrap()),
            None => Delta::plus(text.parse().unwrap()),
        };
        Entry {
            user: "018bcfe5-6800-7000-8000-000000000001".parse().unwrap(),
            version,
            transaction: transaction.parse().unwrap(),
            kind,
            available: delta(available),
            held: delta(held),
            available_after: available_after.parse().unwrap(),
            held_after: held_after.parse().unwrap(),
            at: Timestamp::from_micros(1_699_999_999_999_999 + version as i64).unwrap(),
            hash: Digest::ZERO,
        }
    }

    #[test]
    fn the_hash_is_over_the_documented_bytes_and_never_changes() {
        // Computed from the documentation by another program.
        let transaction = "018bcfe5-6800-7000-8000-00000000000a";
        let first = entry(1, transaction, EntryKind::Purchased, ["10", "0", "10", "0"]);
        let first = first.chained(&Digest::ZERO);
        assert_eq!(
            first.to_string(),
            "cfd6bd413220eb0af4404fb85a5a0f861627d74a75398009ddbaf6865efe74e6"
        );
        let transaction = "018bcfe5-6800-7000-8000-00000000000b";
        let second = entry(2, transaction, EntryKind::Held, ["-2.50", "2.50", "7.50", "2.50"]);
        assert_eq!(
            second.chained(&first).to_string(),
            "de56754bc7f0aef105643fed577ec3704ff0a27e9386138a6190c8ce407ad7ba"
        );
    }

    #[test]
    fn each_kind_has_its_own_stored_name() {
        assert_eq!(
            EntryKind::ALL.map(EntryKind::as_str),
            [
                "deducted",
                "held",
                "captured",
                "captured_late",
                "released",
                "lapsed",
                "refunded",
                "purchased",
                "granted",
                "adjusted_up",
                "adjusted_down",
                "expired",
            ]
        );
    }
}
