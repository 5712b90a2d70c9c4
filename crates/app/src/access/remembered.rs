//! What was found out about keys, for a short while and in bounded number.
//!
//! Remembers rows, never secrets: who presents a key is checked against its hash at every call.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use access::ApiKey;
use kernel::ApiKeyId;
use tokio::time::Instant;

// 10,000 rows are about 4 MB, and far more keys than a product has services. Ids that nobody has
// fill the rest, one for each guess.
const ENTRIES_MAX: usize = 10_000;

/// A key, or that there is none of its id.
pub(super) type Found = Option<Arc<ApiKey>>;

/// Answers by key id. A lock is held for a look or a change, never across a wait.
pub(super) struct Remembered {
    span: Duration,
    entries: RwLock<HashMap<ApiKeyId, Entry>>,
}

struct Entry {
    found: Found,
    until: Instant,
}

impl Remembered {
    pub(super) fn new(span: Duration) -> Self {
        Self { span, entries: RwLock::default() }
    }

    /// What is known of the key, unless it is too old. By the monotonic clock: the other one may be
    /// set back, and revoked keys would live on.
    pub(super) fn get(&self, id: ApiKeyId, now: Instant) -> Option<Found> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries.get(&id).filter(|entry| now < entry.until).map(|entry| entry.found.clone())
    }

    /// Remembers what a look-up that began at `asked_at` has found.
    pub(super) fn put(&self, id: ApiKeyId, found: Found, asked_at: Instant) {
        let until = asked_at + self.span;
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= ENTRIES_MAX && !entries.contains_key(&id) {
            make_room(&mut entries, asked_at);
        }
        entries.insert(id, Entry { found, until });
    }
}

// Ids of no key go first, for anybody can make those up. Leaving one tenth free makes the walk
// through the map rare.
fn make_room(entries: &mut HashMap<ApiKeyId, Entry>, now: Instant) {
    entries.retain(|_, entry| entry.found.is_some() && now < entry.until);
    if entries.len() > ENTRIES_MAX / 10 * 9 {
        entries.clear();
    }
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;
    use testkit::fixtures::{api_key, api_key_id};
    use uuid::Uuid;

    use super::*;

    fn stranger(number: usize) -> ApiKeyId {
        ApiKeyId::from_uuid(Uuid::from_u128(1 + number as u128))
    }

    #[test]
    fn an_answer_is_forgotten_in_time_counted_from_the_question() {
        let start = Instant::now();
        let remembered = Remembered::new(Duration::from_secs(1));
        let key = Arc::new(api_key(1, Timestamp::MIN));
        remembered.put(api_key_id(1), Some(key.clone()), start);
        remembered.put(api_key_id(2), None, start);
        let almost = start + Duration::from_micros(999_999);
        assert_eq!(remembered.get(api_key_id(1), almost), Some(Some(key)));
        assert_eq!(remembered.get(api_key_id(2), almost), Some(None));
        assert_eq!(remembered.get(api_key_id(3), almost), None);
        for number in [1, 2] {
            assert_eq!(remembered.get(api_key_id(number), start + Duration::from_secs(1)), None);
        }
    }

    #[test]
    fn guesses_fill_the_memory_up_to_a_bound_and_push_no_key_out() {
        let start = Instant::now();
        let remembered = Remembered::new(Duration::from_secs(1));
        let key = Arc::new(api_key(1, Timestamp::MIN));
        remembered.put(api_key_id(1), Some(key.clone()), start);
        for number in 0..3 * ENTRIES_MAX {
            remembered.put(stranger(number), None, start);
            assert!(remembered.entries.read().unwrap().len() <= ENTRIES_MAX);
        }
        assert_eq!(remembered.get(api_key_id(1), start), Some(Some(key)));
    }

    #[test]
    fn more_keys_than_fit_are_forgotten_rather_than_kept() {
        let start = Instant::now();
        let remembered = Remembered::new(Duration::from_secs(1));
        let key = Arc::new(api_key(1, Timestamp::MIN));
        for number in 0..=ENTRIES_MAX {
            remembered.put(stranger(number), Some(key.clone()), start);
        }
        assert_eq!(remembered.entries.read().unwrap().len(), 1);
    }
}
