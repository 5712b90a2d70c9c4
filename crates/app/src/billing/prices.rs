//! Prices and operation types. A quote reads what is committed: nothing is remembered.

use std::sync::Arc;

use ::billing::pricing::{self, Pricing, SetPrice};
use ::billing::{
    Label, OperationType, OperationTypeId, OperationTypePatch, PriceKey, PriceVersion, Prose,
    Quantity, Quote, quote,
};
use kernel::{Etag, Page, PageSize, PriceVersionId, Timestamp};
use ports::{Clock, Ids, PriceReads, Store, Tx};
use tracing::instrument;

use super::BillingError;
use crate::unit::unit;

/// The use cases on prices.
pub struct Prices {
    store: Arc<dyn Store>,
    reads: Arc<dyn PriceReads>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl Prices {
    pub fn new(
        store: Arc<dyn Store>,
        reads: Arc<dyn PriceReads>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { store, reads, clock, ids }
    }

    /// Adds something that can be sold.
    #[instrument(skip_all, fields(operation.r#type = %id))]
    pub async fn create_operation_type(
        &self,
        id: &OperationTypeId,
        description: Option<&Prose<1000>>,
    ) -> Result<OperationType, BillingError> {
        let new = OperationType::new(id.clone(), description.cloned(), self.clock.now());
        unit!(self.store, |tx| async {
            tx.insert_operation_type(&new).await?;
            Ok::<_, BillingError>(())
        })?;
        Ok(new)
    }

    /// Describes it otherwise, retires it, or takes it back into service.
    #[instrument(skip_all, fields(operation.r#type = %id))]
    pub async fn update_operation_type(
        &self,
        id: &OperationTypeId,
        patch: &OperationTypePatch,
        expected: Option<Etag>,
    ) -> Result<OperationType, BillingError> {
        unit!(self.store, |tx| async {
            let found = tx.lock_operation_type(id).await?;
            let found = found.ok_or(BillingError::OperationTypeNotFound)?;
            let changed = found.patched(patch, expected, self.clock.now())?;
            tx.update_operation_type(&changed).await?;
            Ok::<_, BillingError>(changed)
        })
    }

    #[instrument(skip_all)]
    pub async fn operation_types(
        &self,
        retired: bool,
        size: PageSize,
        after: Option<OperationTypeId>,
    ) -> Result<Page<OperationType, OperationTypeId>, BillingError> {
        Ok(self.reads.list_operation_types(retired, size, after).await?)
    }

    /// Sets a price from a moment on, or withdraws it. Everywhere at once: the next quote on any
    /// server reads it.
    #[instrument(skip_all, fields(operation.r#type = %command.key.operation))]
    pub async fn set(&self, command: &SetPrice) -> Result<PriceVersion, BillingError> {
        unit!(self.store, |tx| self.set_in(tx, command))
    }

    async fn set_in(
        &self,
        tx: &mut dyn Tx,
        command: &SetPrice,
    ) -> Result<PriceVersion, BillingError> {
        let sold = tx.lock_operation_type(&command.key.operation).await?;
        sold.ok_or(BillingError::OperationTypeNotFound)?;
        let versions = tx.list_price_versions(&command.key).await?;
        let id = PriceVersionId::from_uuid(self.ids.uuid());
        match pricing::set(&versions, command, id, self.clock.now())? {
            Pricing::New(version) => {
                tx.insert_price_version(&version).await?;
                Ok(version)
            }
            Pricing::Unchanged(version) => Ok(version),
        }
    }

    /// What so much of an operation costs now. One statement.
    #[instrument(skip_all, fields(operation.r#type = %operation))]
    pub async fn quote(
        &self,
        operation: &OperationTypeId,
        model: Option<&Label<128>>,
        edit: bool,
        quantity: Quantity,
    ) -> Result<Quote, BillingError> {
        let now = self.clock.now();
        let found = self.reads.find_prices(operation, model, now).await?;
        let (sold, versions) = found.ok_or(BillingError::OperationTypeNotFound)?;
        Ok(quote(&sold, &versions, model, edit, quantity, now)?)
    }

    /// The prices in force at a moment, now by default.
    #[instrument(skip_all)]
    pub async fn list(
        &self,
        operation: Option<&OperationTypeId>,
        at: Option<Timestamp>,
        size: PageSize,
        after: Option<PriceKey>,
    ) -> Result<Page<PriceVersion, PriceKey>, BillingError> {
        let at = at.unwrap_or_else(|| self.clock.now());
        Ok(self.reads.list_prices(operation, at, size, after).await?)
    }

    /// Every version of one price, the last one first.
    #[instrument(skip_all)]
    pub async fn history(
        &self,
        key: &PriceKey,
        size: PageSize,
        after: Option<u64>,
    ) -> Result<Page<PriceVersion, u64>, BillingError> {
        Ok(self.reads.list_price_history(key, size, after).await?)
    }
}
