//! Prices, plans, subscriptions and quotas in memory. Plain reads are in `read`.

mod read;

use std::collections::BTreeMap;

use async_trait::async_trait;
use billing::{
    AllowanceRow, Delivery, Event, Label, OperationType, OperationTypeId, Plan, PriceKey,
    PriceVersion, QuotaSettings, Slug, Take,
};
use kernel::{Digest, PlanId, RequestId, SubscriptionEventId, Timestamp, UserId};
use ports::{
    History, OPERATION_TYPES_PKEY, PLAN_EXTERNAL_IDS_UNIQUE, PlanTx, PriceTx, QuotaTx, StoreError,
    SubscriptionTx,
};
use users::Identity;

use crate::fake::store::{FakeTx, State};

/// The tables of billing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Billing {
    operation_types: BTreeMap<OperationTypeId, OperationType>,
    versions: Vec<PriceVersion>,
    plans: BTreeMap<PlanId, Plan>,
    keys: BTreeMap<(Slug, Label<255>), (SubscriptionEventId, Digest)>,
    events: Vec<(UserId, Delivery)>,
    pending: Vec<(Identity, Delivery)>,
    allowances: BTreeMap<(UserId, Timestamp), AllowanceRow>,
    quotas: BTreeMap<UserId, QuotaSettings>,
    takes: BTreeMap<(UserId, RequestId), Take>,
    used: BTreeMap<(UserId, Timestamp), u32>,
}

impl Billing {
    /// Forgets what belongs to a user, as the real store's foreign keys have it.
    pub(crate) fn forget(&mut self, user: UserId) {
        self.events.retain(|(owner, _)| *owner != user);
        self.allowances.retain(|(owner, _), _| *owner != user);
        self.quotas.remove(&user);
        self.takes.retain(|(owner, _), _| *owner != user);
        self.used.retain(|(owner, _), _| *owner != user);
    }

    fn put_plan(&mut self, plan: &Plan) -> Result<(), StoreError> {
        let others = self.plans.values().filter(|other| other.id != plan.id);
        for other in others {
            for (source, known) in &plan.fields.external {
                if other.fields.external.get(source).is_some_and(|taken| taken.id == known.id) {
                    return Err(StoreError::Conflict { constraint: PLAN_EXTERNAL_IDS_UNIQUE });
                }
            }
        }
        self.plans.insert(plan.id, plan.clone());
        Ok(())
    }
}

impl State {
    fn history(&self, user: UserId) -> Option<History> {
        let user_since = self.users.since(user)?;
        let events: Vec<Event> = self
            .billing
            .events
            .iter()
            .filter(|(owner, _)| *owner == user)
            .map(|(_, delivery)| delivery.event.clone())
            .collect();
        let named = |plan: &&Plan| events.iter().any(|event| event.plan == Some(plan.id));
        let plans = self.billing.plans.values().filter(named).cloned().collect();
        Some(History { user_since, events, plans })
    }
}

#[async_trait]
impl PriceTx for FakeTx {
    async fn lock_operation_type(
        &mut self,
        id: &OperationTypeId,
    ) -> Result<Option<OperationType>, StoreError> {
        Ok(self.state.billing.operation_types.get(id).cloned())
    }

    async fn insert_operation_type(&mut self, new: &OperationType) -> Result<(), StoreError> {
        let types = &mut self.state.billing.operation_types;
        if types.contains_key(&new.id) {
            return Err(StoreError::Conflict { constraint: OPERATION_TYPES_PKEY });
        }
        types.insert(new.id.clone(), new.clone());
        Ok(())
    }

    async fn update_operation_type(&mut self, changed: &OperationType) -> Result<(), StoreError> {
        self.state.billing.operation_types.insert(changed.id.clone(), changed.clone());
        Ok(())
    }

    async fn list_price_versions(
        &mut self,
        key: &PriceKey,
    ) -> Result<Vec<PriceVersion>, StoreError> {
        let versions = self.state.billing.versions.iter();
        Ok(versions.filter(|version| version.key == *key).cloned().collect())
    }

    async fn insert_price_version(&mut self, version: &PriceVersion) -> Result<(), StoreError> {
        self.state.billing.versions.push(version.clone());
        Ok(())
    }
}

#[async_trait]
impl PlanTx for FakeTx {
    async fn lock_plan(&mut self, id: PlanId) -> Result<Option<Plan>, StoreError> {
        Ok(self.state.billing.plans.get(&id).cloned())
    }

    async fn insert_plan(&mut self, plan: &Plan) -> Result<(), StoreError> {
        self.state.billing.put_plan(plan)
    }

    async fn update_plan(&mut self, plan: &Plan) -> Result<(), StoreError> {
        self.state.billing.put_plan(plan)
    }

    async fn find_plan_by_external(
        &mut self,
        source: &Slug,
        id: &Label<255>,
    ) -> Result<Option<PlanId>, StoreError> {
        let mut plans = self.state.billing.plans.values();
        let named =
            |plan: &&Plan| plan.fields.external.get(source).is_some_and(|known| known.id == *id);
        Ok(plans.find(named).map(|plan| plan.id))
    }
}

#[async_trait]
impl SubscriptionTx for FakeTx {
    async fn lock_identity(&mut self, _identity: &Identity) -> Result<(), StoreError> {
        Ok(())
    }

    async fn take_event_key(
        &mut self,
        event: &Event,
        digest: Digest,
    ) -> Result<Option<(SubscriptionEventId, Digest)>, StoreError> {
        let key = (event.source.clone(), event.external_id.clone());
        if let Some(taken) = self.state.billing.keys.get(&key) {
            return Ok(Some(*taken));
        }
        self.state.billing.keys.insert(key, (event.id, digest));
        Ok(None)
    }

    async fn insert_event(&mut self, user: UserId, delivery: &Delivery) -> Result<(), StoreError> {
        self.state.billing.events.push((user, delivery.clone()));
        Ok(())
    }

    async fn insert_pending_event(
        &mut self,
        identity: &Identity,
        delivery: &Delivery,
    ) -> Result<(), StoreError> {
        self.state.billing.pending.push((identity.clone(), delivery.clone()));
        Ok(())
    }

    async fn adopt_events(
        &mut self,
        identity: &Identity,
        user: UserId,
    ) -> Result<usize, StoreError> {
        let billing = &mut self.state.billing;
        let (adopted, left): (Vec<_>, Vec<_>) =
            billing.pending.drain(..).partition(|(waiting, _)| waiting == identity);
        billing.pending = left;
        let count = adopted.len();
        billing.events.extend(adopted.into_iter().map(|(_, delivery)| (user, delivery)));
        Ok(count)
    }

    async fn load_history(&mut self, user: UserId) -> Result<Option<History>, StoreError> {
        Ok(self.state.history(user))
    }

    async fn list_allowances(
        &mut self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<AllowanceRow>, StoreError> {
        let rows = self.state.billing.allowances.values();
        Ok(rows.filter(|row| row.user == user && row.period.end > now).cloned().collect())
    }

    async fn put_allowance(&mut self, row: &AllowanceRow) -> Result<(), StoreError> {
        self.state.billing.allowances.insert((row.user, row.period.start), row.clone());
        Ok(())
    }
}

#[async_trait]
impl QuotaTx for FakeTx {
    async fn lock_quota(&mut self, user: UserId) -> Result<Option<QuotaSettings>, StoreError> {
        let State { users, billing, .. } = &mut self.state;
        let open = |zone| QuotaSettings::new(user, zone);
        let zone = users.zone(user);
        Ok(zone.map(|zone| billing.quotas.entry(user).or_insert_with(|| open(zone)).clone()))
    }

    async fn update_quota(&mut self, settings: &QuotaSettings) -> Result<(), StoreError> {
        self.state.billing.quotas.insert(settings.user, settings.clone());
        Ok(())
    }

    async fn find_take(
        &mut self,
        user: UserId,
        request: &RequestId,
    ) -> Result<Option<Take>, StoreError> {
        Ok(self.state.billing.takes.get(&(user, request.clone())).cloned())
    }

    async fn put_take(&mut self, take: &Take) -> Result<(), StoreError> {
        self.state.billing.takes.insert((take.user, take.request.clone()), take.clone());
        Ok(())
    }

    async fn find_used(&mut self, user: UserId, start: Timestamp) -> Result<u32, StoreError> {
        Ok(self.state.billing.used.get(&(user, start)).copied().unwrap_or(0))
    }

    async fn put_used(
        &mut self,
        user: UserId,
        start: Timestamp,
        used: u32,
    ) -> Result<(), StoreError> {
        self.state.billing.used.insert((user, start), used);
        Ok(())
    }
}
