//! What is read of billing outside a unit of work.

use std::cmp::Reverse;

use async_trait::async_trait;
use billing::{
    AllowanceRow, Delivery, Label, OperationType, OperationTypeId, Plan, PriceKey, PriceVersion,
    QuotaSettings, pricing,
};
use kernel::{Page, PageSize, PlanId, Position, SubscriptionEventId, Timestamp, UserId};
use ports::{History, PlanPlace, PlanReads, PriceReads, QuotaReads, StoreError, SubscriptionReads};

use crate::fake::store::FakeStore;

#[async_trait]
impl PriceReads for FakeStore {
    async fn list_operation_types(
        &self,
        retired: bool,
        size: PageSize,
        after: Option<OperationTypeId>,
    ) -> Result<Page<OperationType, OperationTypeId>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let types = state.billing.operation_types.values();
        let items = types
            .filter(|found| after.as_ref().is_none_or(|after| found.id > *after))
            .filter(|found| retired || found.retired_at.is_none());
        let items = items.cloned().collect();
        Ok(Page::from_one_more(items, size, |found: &OperationType| found.id.clone()))
    }

    async fn find_prices(
        &self,
        operation: &OperationTypeId,
        model: Option<&Label<128>>,
        at: Timestamp,
    ) -> Result<Option<(OperationType, Vec<PriceVersion>)>, StoreError> {
        self.check_up()?;
        let billing = &self.state.lock().await.billing;
        let Some(sold) = billing.operation_types.get(operation) else { return Ok(None) };
        let mut found = Vec::new();
        for key in keys(&billing.versions, Some(operation)) {
            let matches = key.model.is_none() || key.model.as_ref() == model;
            let in_force = of(&billing.versions, &key);
            found.extend(pricing::in_force(&in_force, at).filter(|_| matches).cloned());
        }
        Ok(Some((sold.clone(), found)))
    }

    async fn list_prices(
        &self,
        operation: Option<&OperationTypeId>,
        at: Timestamp,
        size: PageSize,
        after: Option<PriceKey>,
    ) -> Result<Page<PriceVersion, PriceKey>, StoreError> {
        self.check_up()?;
        let billing = &self.state.lock().await.billing;
        let mut items = Vec::new();
        for key in keys(&billing.versions, operation) {
            let in_force = of(&billing.versions, &key);
            let found = pricing::in_force(&in_force, at).filter(|found| found.terms.is_some());
            items
                .extend(found.filter(|_| after.as_ref().is_none_or(|after| key > *after)).cloned());
        }
        Ok(Page::from_one_more(items, size, |found: &PriceVersion| found.key.clone()))
    }

    async fn list_price_history(
        &self,
        key: &PriceKey,
        size: PageSize,
        after: Option<u64>,
    ) -> Result<Page<PriceVersion, u64>, StoreError> {
        self.check_up()?;
        let mut items = of(&self.state.lock().await.billing.versions, key);
        items.retain(|found| after.is_none_or(|after| found.number < after));
        items.sort_by_key(|found| Reverse(found.number));
        Ok(Page::from_one_more(items, size, |found: &PriceVersion| found.number))
    }
}

fn keys(versions: &[PriceVersion], operation: Option<&OperationTypeId>) -> Vec<PriceKey> {
    let of_operation = versions
        .iter()
        .filter(|version| operation.is_none_or(|operation| version.key.operation == *operation));
    let mut keys: Vec<PriceKey> = of_operation.map(|version| version.key.clone()).collect();
    keys.sort();
    keys.dedup();
    keys
}

fn of(versions: &[PriceVersion], key: &PriceKey) -> Vec<PriceVersion> {
    versions.iter().filter(|version| version.key == *key).cloned().collect()
}

#[async_trait]
impl PlanReads for FakeStore {
    async fn find_plan(&self, id: PlanId) -> Result<Option<Plan>, StoreError> {
        self.check_up()?;
        Ok(self.state.lock().await.billing.plans.get(&id).cloned())
    }

    async fn list_plans(
        &self,
        all: bool,
        size: PageSize,
        after: Option<PlanPlace>,
    ) -> Result<Page<Plan, PlanPlace>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let offered = |plan: &&Plan| all || (plan.fields.active && plan.archived_at.is_none());
        let plans = state.billing.plans.values().filter(offered);
        let mut items: Vec<Plan> =
            plans.filter(|plan| after.is_none_or(|after| plan.place() > after)).cloned().collect();
        items.sort_by_key(Plan::place);
        Ok(Page::from_one_more(items, size, Plan::place))
    }
}

#[async_trait]
impl SubscriptionReads for FakeStore {
    async fn find_history(&self, user: UserId) -> Result<Option<History>, StoreError> {
        self.check_up()?;
        Ok(self.state.lock().await.history(user))
    }

    async fn list_events(
        &self,
        user: UserId,
        size: PageSize,
        after: Option<Position<SubscriptionEventId>>,
    ) -> Result<Page<Delivery, Position<SubscriptionEventId>>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let place =
            |found: &Delivery| Position { created_at: found.event.recorded_at, id: found.event.id };
        let of_user = state.billing.events.iter().filter(|(owner, _)| *owner == user);
        let mut items: Vec<Delivery> = of_user.map(|(_, found)| found.clone()).collect();
        items.retain(|found| after.is_none_or(|after| place(found) < after));
        items.sort_by_key(|found| Reverse(place(found)));
        Ok(Page::from_one_more(items, size, place))
    }

    async fn find_allowance(
        &self,
        user: UserId,
        start: Timestamp,
    ) -> Result<Option<AllowanceRow>, StoreError> {
        self.check_up()?;
        Ok(self.state.lock().await.billing.allowances.get(&(user, start)).cloned())
    }
}

#[async_trait]
impl QuotaReads for FakeStore {
    async fn find_quota(&self, user: UserId) -> Result<Option<QuotaSettings>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let settings = state.billing.quotas.get(&user).cloned();
        let zone = state.users.zone(user);
        Ok(zone.map(|zone| settings.unwrap_or_else(|| QuotaSettings::new(user, zone))))
    }

    async fn used(&self, user: UserId, start: Timestamp) -> Result<u32, StoreError> {
        self.check_up()?;
        Ok(self.state.lock().await.billing.used.get(&(user, start)).copied().unwrap_or(0))
    }
}
