//! Events in memory, those of the ledger among them.

use std::time::Duration;

use async_trait::async_trait;
use kernel::{Event, EventPosition, Timestamp, UserId};
use ports::{EventFilter, EventReads, EventTx, StoreError};

use crate::fake::jobs::queue::WAIT;
use crate::fake::store::{FakeStore, FakeTx};

/// What is told, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Events {
    told: Vec<(EventPosition, Event)>,
    count: u64,
}

impl Events {
    pub(crate) fn append(&mut self, event: Event) {
        self.count += 1;
        self.told.push((EventPosition { transaction: self.count, number: self.count }, event));
    }

    pub(crate) fn forget(&mut self, user: UserId) {
        self.told.retain(|(_, event)| event.user != user);
    }
}

#[async_trait]
impl EventTx for FakeTx {
    async fn append_event(&mut self, event: &Event) -> Result<(), StoreError> {
        self.state.events.append(event.clone());
        Ok(())
    }
}

#[async_trait]
impl EventReads for FakeStore {
    async fn list_events_after(
        &self,
        filter: &EventFilter,
        since: Timestamp,
        after: EventPosition,
        limit: usize,
    ) -> Result<Vec<(EventPosition, Event)>, StoreError> {
        self.check_up()?;
        let events = &self.state.lock().await.events;
        let after =
            if after.transaction <= events.count { after } else { EventPosition::default() };
        let wanted = events
            .told
            .iter()
            .filter(|(place, event)| *place > after && event.at >= since && filter.fits(event));
        Ok(wanted.take(limit).cloned().collect())
    }

    async fn last_event_position(&self) -> Result<EventPosition, StoreError> {
        self.check_up()?;
        let transaction = self.state.lock().await.events.count;
        Ok(EventPosition { transaction, number: u64::MAX })
    }

    async fn wait_for_events(&self, at_most: Duration) -> Result<bool, StoreError> {
        tokio::time::sleep(at_most.min(WAIT)).await;
        Ok(false)
    }

    async fn forget_events(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        self.check_up()?;
        let told = &mut self.state.lock().await.events.told;
        let of_journal = |event: &Event| event.kind.as_str().starts_with("transaction.");
        let old = told.extract_if(.., |(_, event)| event.at < before && !of_journal(event));
        Ok(old.take(limit).count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn fresh() -> Box<FakeStore> {
        Box::new(FakeStore::new())
    }

    crate::events_contract!(fresh);
}
