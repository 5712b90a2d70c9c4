//! Subscriptions: recording events, each once, and what they come to.

use std::sync::Arc;

use ::billing::{Delivery, Event, EventKind, Label, Plan, Slug, Subscription, Tier, fold};
use kernel::{Page, PageSize, PlanId, Position, SubscriptionEventId, Timestamp, UserId};
use ports::{Clock, Ids, PlanReads, Store, SubscriptionReads, Tx};
use tracing::instrument;
use users::{Identity, action};

use super::{Allowances, BillingError};
use crate::activity::{self, Deed, UNREVISED};
use crate::unit::unit;

/// Whose event it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    User(UserId),
    /// Of whoever has the identity, now or later.
    Identity(Identity),
}

/// Which plan an event names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanRef {
    Id(PlanId),
    /// As the event's source calls it.
    External(Label<255>),
}

/// Asks for an event to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub owner: Owner,
    pub source: Slug,
    pub external_id: Label<255>,
    pub kind: EventKind,
    pub plan: Option<PlanRef>,
    pub occurred_at: Timestamp,
    pub period_start: Option<Timestamp>,
    pub period_end: Option<Timestamp>,
    pub payload: Option<String>,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    pub event: SubscriptionEventId,
    /// `None`: it waits for a user with the identity.
    pub user: Option<UserId>,
    /// Whether it had been recorded before.
    pub replayed: bool,
}

/// What a user's subscription is at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub user: UserId,
    pub subscription: Subscription,
    pub tier: Tier,
    /// The plan in force.
    pub plan: Option<Plan>,
    pub ends_at: Option<Timestamp>,
}

/// The use cases on subscriptions.
pub struct Subscriptions {
    store: Arc<dyn Store>,
    reads: Arc<dyn SubscriptionReads>,
    plans: Arc<dyn PlanReads>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    allowances: Arc<Allowances>,
}

impl Subscriptions {
    pub fn new(
        store: Arc<dyn Store>,
        reads: Arc<dyn SubscriptionReads>,
        plans: Arc<dyn PlanReads>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        allowances: Arc<Allowances>,
    ) -> Self {
        Self { store, reads, plans, clock, ids, allowances }
    }

    /// Records an event with its effect on tier, allowance and credits, in one step; or answers
    /// that it was recorded before.
    #[instrument(skip_all, fields(event.source = %command.source))]
    pub async fn record(&self, command: &Record) -> Result<Recorded, BillingError> {
        if let Some(PlanRef::Id(plan)) = &command.plan {
            self.plans.find_plan(*plan).await?.ok_or(BillingError::PlanNotFound)?;
        }
        let recorded = unit!(self.store, |tx| self.record_in(tx, command))?;
        if let Some(user) = recorded.user {
            self.allowances.forget(user);
        }
        Ok(recorded)
    }

    async fn record_in(&self, tx: &mut dyn Tx, command: &Record) -> Result<Recorded, BillingError> {
        let user = match &command.owner {
            Owner::User(user) => Some(*user),
            Owner::Identity(identity) => {
                tx.lock_identity(identity).await?;
                tx.find_user_by_identity(identity).await?.map(|user| user.id)
            }
        };
        if let Some(user) = user {
            tx.lock_user(user).await?.ok_or(BillingError::UserNotFound)?;
        }
        let delivery = self.delivery(tx, command).await?;
        let id = delivery.event.id;
        let digest = delivery.digest(&owner_text(&command.owner));
        if let Some((event, known)) = tx.take_event_key(&delivery.event, digest).await? {
            if known != digest {
                return Err(BillingError::IdReused(command.external_id.to_string()));
            }
            return Ok(Recorded { event, user, replayed: true });
        }
        match (&command.owner, user) {
            (_, Some(user)) => {
                tx.insert_event(user, &delivery).await?;
                if command.kind == EventKind::Refunded {
                    self.allowances.take_back_in(tx, user, id).await?;
                }
                self.allowances.settle_in(tx, user, Some(id)).await?;
                let (kind, source) = (command.kind.as_str(), command.source.as_str());
                let told = Deed::on(user, action!("subscription.told"), id.as_uuid(), UNREVISED)
                    .telling(&[("kind", kind), ("source", source)]);
                activity::record(tx, &*self.ids, self.clock.now(), told).await?;
            }
            (Owner::Identity(identity), None) => {
                tx.insert_pending_event(identity, &delivery).await?;
            }
            (Owner::User(_), None) => return Err(BillingError::UserNotFound),
        }
        Ok(Recorded { event: id, user, replayed: false })
    }

    async fn delivery(&self, tx: &mut dyn Tx, command: &Record) -> Result<Delivery, BillingError> {
        let plan = match &command.plan {
            None => None,
            Some(PlanRef::Id(id)) => Some(*id),
            Some(PlanRef::External(id)) => {
                let found = tx.find_plan_by_external(&command.source, id).await?;
                Some(found.ok_or(BillingError::PlanNotFound)?)
            }
        };
        let now = self.clock.now();
        let event = Event {
            id: SubscriptionEventId::from_uuid(self.ids.uuid()),
            source: command.source.clone(),
            external_id: command.external_id.clone(),
            kind: command.kind,
            plan,
            occurred_at: command.occurred_at,
            period_start: command.period_start,
            period_end: command.period_end,
            recorded_at: now,
        };
        event.check(now)?;
        Ok(Delivery { event, payload: command.payload.clone() })
    }

    /// The subscription by the clock: one that has ended is the free tier, whether or not anything
    /// has been told since.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn get(&self, user: UserId) -> Result<Standing, BillingError> {
        let history = self.reads.find_history(user).await?.ok_or(BillingError::UserNotFound)?;
        let (subscription, rules) = (fold(&history.events), self.allowances.rules());
        let in_force = subscription.plan_in_force(rules, self.clock.now());
        let plan = history.plans.into_iter().find(|plan| Some(plan.id) == in_force);
        let tier = plan.as_ref().map_or(Tier::Free, |plan| plan.fields.tier);
        let ends_at = subscription.end(rules);
        Ok(Standing { user, subscription, tier, plan, ends_at })
    }

    /// Lists a user's events, those recorded last first.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn events(
        &self,
        user: UserId,
        size: PageSize,
        after: Option<Position<SubscriptionEventId>>,
    ) -> Result<Page<Delivery, Position<SubscriptionEventId>>, BillingError> {
        let page = self.reads.list_events(user, size, after).await?;
        if page.items.is_empty() {
            self.reads.find_history(user).await?.ok_or(BillingError::UserNotFound)?;
        }
        Ok(page)
    }
}

/// For the digest: equal for equal owners, and for no others.
fn owner_text(owner: &Owner) -> String {
    match owner {
        Owner::User(user) => user.to_string(),
        Owner::Identity(Identity { issuer, subject }) => format!("{issuer} {subject}"),
    }
}
