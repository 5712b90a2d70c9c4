//! Plans.

use std::sync::Arc;

use ::billing::{Plan, PlanFields, PlanPatch};
use kernel::{Etag, Page, PageSize, PlanId};
use ports::{Clock, Ids, PlanPlace, PlanReads, Store};
use tracing::instrument;

use super::BillingError;
use crate::unit::unit;

/// The use cases on plans.
pub struct Plans {
    store: Arc<dyn Store>,
    reads: Arc<dyn PlanReads>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl Plans {
    pub fn new(
        store: Arc<dyn Store>,
        reads: Arc<dyn PlanReads>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { store, reads, clock, ids }
    }

    #[instrument(skip_all)]
    pub async fn create(&self, fields: &PlanFields) -> Result<Plan, BillingError> {
        let id = PlanId::from_uuid(self.ids.uuid());
        let plan = Plan::new(id, fields.clone(), self.clock.now());
        unit!(self.store, |tx| async {
            tx.insert_plan(&plan).await?;
            Ok::<_, BillingError>(())
        })?;
        Ok(plan)
    }

    #[instrument(skip_all, fields(plan.id = %id))]
    pub async fn get(&self, id: PlanId) -> Result<Plan, BillingError> {
        self.reads.find_plan(id).await?.ok_or(BillingError::PlanNotFound)
    }

    /// Changes what the patch names. Who has the plan has it as it then is, from the next
    /// allowance on.
    #[instrument(skip_all, fields(plan.id = %id))]
    pub async fn update(
        &self,
        id: PlanId,
        patch: &PlanPatch,
        expected: Option<Etag>,
    ) -> Result<Plan, BillingError> {
        unit!(self.store, |tx| async {
            let plan = tx.lock_plan(id).await?.ok_or(BillingError::PlanNotFound)?;
            let changed = plan.patched(patch, expected, self.clock.now())?;
            tx.update_plan(&changed).await?;
            Ok::<_, BillingError>(changed)
        })
    }

    /// Sells the plan no more. It still counts for those who have it.
    #[instrument(skip_all, fields(plan.id = %id))]
    pub async fn archive(&self, id: PlanId, expected: Option<Etag>) -> Result<Plan, BillingError> {
        unit!(self.store, |tx| async {
            let plan = tx.lock_plan(id).await?.ok_or(BillingError::PlanNotFound)?;
            let changed = plan.archived(expected, self.clock.now())?;
            tx.update_plan(&changed).await?;
            Ok::<_, BillingError>(changed)
        })
    }

    /// Lists plans in their order.
    #[instrument(skip_all)]
    pub async fn list(
        &self,
        all: bool,
        size: PageSize,
        after: Option<PlanPlace>,
    ) -> Result<Page<Plan, PlanPlace>, BillingError> {
        Ok(self.reads.list_plans(all, size, after).await?)
    }
}
