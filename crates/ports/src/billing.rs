//! Where prices, plans, subscriptions, allowances and quotas are kept.

use async_trait::async_trait;
use billing::{
    AllowanceRow, Delivery, Event, Label, OperationType, OperationTypeId, Plan, PriceKey,
    PriceVersion, QuotaSettings, Slug, Take,
};
use kernel::{
    Digest, Page, PageSize, PlanId, Position, RequestId, SubscriptionEventId, Timestamp, UserId,
};
use users::Identity;

use crate::StoreError;

/// One operation type an id.
pub const OPERATION_TYPES_PKEY: &str = "operation_types_pkey";
/// One plan an id of another system.
pub const PLAN_EXTERNAL_IDS_UNIQUE: &str = "plan_external_ids_external_unique";

/// Prices, in a unit of work.
#[async_trait]
pub trait PriceTx: Send {
    /// Locks the operation type, and with it all its prices, until the unit of work ends.
    async fn lock_operation_type(
        &mut self,
        id: &OperationTypeId,
    ) -> Result<Option<OperationType>, StoreError>;

    /// Stores a new operation type. MUST fail with [`StoreError::Conflict`]
    /// ([`OPERATION_TYPES_PKEY`]) where there is one.
    async fn insert_operation_type(&mut self, new: &OperationType) -> Result<(), StoreError>;

    /// Stores what may change of an operation type that is locked.
    async fn update_operation_type(&mut self, changed: &OperationType) -> Result<(), StoreError>;

    /// Every version of one price, in any order.
    async fn list_price_versions(
        &mut self,
        key: &PriceKey,
    ) -> Result<Vec<PriceVersion>, StoreError>;

    /// Adds a version, whose operation type is locked.
    async fn insert_price_version(&mut self, version: &PriceVersion) -> Result<(), StoreError>;
}

/// Prices, as committed: a price that was committed before the call MUST be seen.
#[async_trait]
pub trait PriceReads: Send + Sync {
    /// Lists operation types by id, those after `after` only, retired ones if asked.
    async fn list_operation_types(
        &self,
        retired: bool,
        size: PageSize,
        after: Option<OperationTypeId>,
    ) -> Result<Page<OperationType, OperationTypeId>, StoreError>;

    /// An operation type with the versions in force at `at` that are of the model or of any. One
    /// statement.
    async fn find_prices(
        &self,
        operation: &OperationTypeId,
        model: Option<&Label<128>>,
        at: Timestamp,
    ) -> Result<Option<(OperationType, Vec<PriceVersion>)>, StoreError>;

    /// The versions in force at `at`, by key, those after `after` only; of one operation type if
    /// named. Withdrawn prices are left out.
    async fn list_prices(
        &self,
        operation: Option<&OperationTypeId>,
        at: Timestamp,
        size: PageSize,
        after: Option<PriceKey>,
    ) -> Result<Page<PriceVersion, PriceKey>, StoreError>;

    /// Every version of one price, newest number first, those before `after` only.
    async fn list_price_history(
        &self,
        key: &PriceKey,
        size: PageSize,
        after: Option<u64>,
    ) -> Result<Page<PriceVersion, u64>, StoreError>;
}

/// Where a plan stands in lists.
pub type PlanPlace = (i32, PlanId);

/// Plans, in a unit of work.
#[async_trait]
pub trait PlanTx: Send {
    /// Locks the plan until the unit of work ends.
    async fn lock_plan(&mut self, id: PlanId) -> Result<Option<Plan>, StoreError>;

    /// Stores a new plan. MUST fail with [`StoreError::Conflict`] ([`PLAN_EXTERNAL_IDS_UNIQUE`])
    /// where another plan has one of the external ids.
    async fn insert_plan(&mut self, plan: &Plan) -> Result<(), StoreError>;

    /// Stores a plan that is locked. Fails as [`PlanTx::insert_plan`] does.
    async fn update_plan(&mut self, plan: &Plan) -> Result<(), StoreError>;

    /// Finds a plan by what another system calls it, without locking.
    async fn find_plan_by_external(
        &mut self,
        source: &Slug,
        id: &Label<255>,
    ) -> Result<Option<PlanId>, StoreError>;
}

/// Plans, as committed.
#[async_trait]
pub trait PlanReads: Send + Sync {
    async fn find_plan(&self, id: PlanId) -> Result<Option<Plan>, StoreError>;

    /// Lists plans in their order, those after `after` only; those that are not active or archived
    /// too if asked.
    async fn list_plans(
        &self,
        all: bool,
        size: PageSize,
        after: Option<PlanPlace>,
    ) -> Result<Page<Plan, PlanPlace>, StoreError>;
}

/// A user's events, with what it takes to judge them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// When the user was created.
    pub user_since: Timestamp,
    /// In any order.
    pub events: Vec<Event>,
    /// Every plan that an event names.
    pub plans: Vec<Plan>,
}

/// Subscriptions and allowances, in a unit of work.
#[async_trait]
pub trait SubscriptionTx: Send {
    /// Locks the identity until the unit of work ends, whether or not a user has it: an event that
    /// waits for its user and the user's creation must not miss each other. Before any other lock.
    async fn lock_identity(&mut self, identity: &Identity) -> Result<(), StoreError>;

    /// Takes the key of an event, or answers which event has it with which digest, after waiting
    /// for any unit of work that is about to have it.
    async fn take_event_key(
        &mut self,
        event: &Event,
        digest: Digest,
    ) -> Result<Option<(SubscriptionEventId, Digest)>, StoreError>;

    /// Stores an event of a user who is locked.
    async fn insert_event(&mut self, user: UserId, delivery: &Delivery) -> Result<(), StoreError>;

    /// Stores an event of an identity that is locked and that no user has.
    async fn insert_pending_event(
        &mut self,
        identity: &Identity,
        delivery: &Delivery,
    ) -> Result<(), StoreError>;

    /// Makes the events that wait for an identity those of a new user, and answers how many.
    async fn adopt_events(
        &mut self,
        identity: &Identity,
        user: UserId,
    ) -> Result<usize, StoreError>;

    /// Everything recorded of a user. `None` if there is no such user.
    async fn load_history(&mut self, user: UserId) -> Result<Option<History>, StoreError>;

    /// Allowances whose periods end after `now`.
    async fn list_allowances(
        &mut self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<AllowanceRow>, StoreError>;

    /// Stores an allowance of a user who is locked, in place of what was stored for the period.
    async fn put_allowance(&mut self, row: &AllowanceRow) -> Result<(), StoreError>;
}

/// Subscriptions and allowances, as committed.
#[async_trait]
pub trait SubscriptionReads: Send + Sync {
    /// Everything recorded of a user. `None` if there is no such user.
    async fn find_history(&self, user: UserId) -> Result<Option<History>, StoreError>;

    /// Lists a user's events with their payloads, those recorded last first.
    async fn list_events(
        &self,
        user: UserId,
        size: PageSize,
        after: Option<Position<SubscriptionEventId>>,
    ) -> Result<Page<Delivery, Position<SubscriptionEventId>>, StoreError>;

    /// What was given for the period that begins at `start`.
    async fn find_allowance(
        &self,
        user: UserId,
        start: Timestamp,
    ) -> Result<Option<AllowanceRow>, StoreError>;
}

/// Quotas, in a unit of work.
#[async_trait]
pub trait QuotaTx: Send {
    /// Locks the user's quota until the unit of work ends, which counts by the user's own zone if
    /// this is the first time. `None` if there is no such user.
    async fn lock_quota(&mut self, user: UserId) -> Result<Option<QuotaSettings>, StoreError>;

    /// Stores the settings of a quota that is locked.
    async fn update_quota(&mut self, settings: &QuotaSettings) -> Result<(), StoreError>;

    async fn find_take(
        &mut self,
        user: UserId,
        request: &RequestId,
    ) -> Result<Option<Take>, StoreError>;

    /// Stores a new take, or that one was given back, of a quota that is locked.
    async fn put_take(&mut self, take: &Take) -> Result<(), StoreError>;

    /// How many units are used in the window that begins at `start`.
    async fn find_used(&mut self, user: UserId, start: Timestamp) -> Result<u32, StoreError>;

    /// Stores that, of a quota that is locked.
    async fn put_used(
        &mut self,
        user: UserId,
        start: Timestamp,
        used: u32,
    ) -> Result<(), StoreError>;
}

/// Quotas, as committed.
#[async_trait]
pub trait QuotaReads: Send + Sync {
    /// The user's settings: by the user's own zone, if there are none yet. `None` if there is no such user.
    async fn find_quota(&self, user: UserId) -> Result<Option<QuotaSettings>, StoreError>;

    /// How many units are used in the window that begins at `start`.
    async fn used(&self, user: UserId, start: Timestamp) -> Result<u32, StoreError>;
}
