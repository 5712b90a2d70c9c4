//! The defaults of a product, made into rows once. What operators have changed, retired or
//! withdrawn stays as it is.

use std::collections::BTreeMap;

use ::billing::pricing::{self, Pricing, SetPrice};
use ::billing::profile::{Offer, Offering, Profile};
use ::billing::{
    Author, CallToAction, ExternalPlan, Interval, OperationType, Plan, PlanFields, PriceKey, Terms,
};
use kernel::{Credits, PlanId, PriceVersionId};
use ports::{Clock, Ids, Store, StoreError, Tx};

use super::BillingError;
use crate::unit::unit;

/// The source under which a profile's plans are known.
const SOURCE: &str = "profile";

/// What making the rows takes.
struct Installer<'a> {
    profile: Profile,
    clock: &'a dyn Clock,
    ids: &'a dyn Ids,
}

impl Installer<'_> {
    async fn offer_in(&self, tx: &mut dyn Tx, offer: &Offer) -> Result<(), BillingError> {
        let id = parsed(offer.operation)?;
        if tx.lock_operation_type(&id).await?.is_some() {
            return Ok(());
        }
        let now = self.clock.now();
        let description = parsed(offer.description)?;
        tx.insert_operation_type(&OperationType::new(id.clone(), Some(description), now)).await?;
        let prices = [(false, Some(offer.unit_price)), (true, offer.edit_price)];
        for (edit, price) in prices.into_iter().filter_map(|(edit, price)| Some((edit, price?))) {
            let command = SetPrice {
                key: PriceKey { operation: id.clone(), model: None, edit },
                terms: Some(Terms {
                    unit: offer.unit,
                    unit_price: parsed(price)?,
                    minimum: Credits::ZERO,
                    covers_edit: !edit && offer.edit_price.is_none(),
                }),
                valid_from: None,
                confirm_large_change: false,
                author: Author { key: None, name: parsed("defaults")? },
                reason: Some(parsed(&format!("The profile {}", self.profile.as_str()))?),
            };
            let version = PriceVersionId::from_uuid(self.ids.uuid());
            if let Pricing::New(version) = pricing::set(&[], &command, version, now)? {
                tx.insert_price_version(&version).await?;
            }
        }
        Ok(())
    }

    async fn plan_in(
        &self,
        tx: &mut dyn Tx,
        (order, offering): (i32, &Offering),
    ) -> Result<(), BillingError> {
        let (source, id) = (parsed(SOURCE)?, parsed(offering.id)?);
        if tx.find_plan_by_external(&source, &id).await?.is_some() {
            return Ok(());
        }
        let fields = PlanFields {
            name: parsed(offering.name)?,
            description: None,
            tier: offering.tier,
            credits: parsed(offering.credits)?,
            interval: Interval::Month,
            currency: None,
            price_monthly: None,
            price_yearly: None,
            features: None,
            daily_quota: None,
            active: true,
            sort_order: order,
            highlight: false,
            badge: None,
            call_to_action: CallToAction { kind: Some(parsed("checkout")?), ..Default::default() },
            billing_source: None,
            external: BTreeMap::from([(source, ExternalPlan { id, name: None })]),
        };
        let id = PlanId::from_uuid(self.ids.uuid());
        tx.insert_plan(&Plan::new(id, fields, self.clock.now())).await?;
        Ok(())
    }
}

/// Makes what the profile sells into rows, where there are none. Safe to run in any number of
/// processes at once, at every start.
pub async fn install(
    profile: Profile,
    store: &dyn Store,
    clock: &dyn Clock,
    ids: &dyn Ids,
) -> Result<(), StoreError> {
    let installer = Installer { profile, clock, ids };
    for offer in profile.offers() {
        made(unit!(store, |tx| installer.offer_in(tx, offer)))?;
    }
    for place in (0..).zip(profile.plans()) {
        made(unit!(store, |tx| installer.plan_in(tx, place)))?;
    }
    Ok(())
}

/// Another process that was quicker is no failure.
fn made(outcome: Result<(), BillingError>) -> Result<(), StoreError> {
    match outcome {
        Ok(()) | Err(BillingError::OperationTypeTaken | BillingError::PlanExternalIdTaken) => {
            Ok(())
        }
        Err(BillingError::Store(error)) => Err(error),
        Err(refused) => Err(unfit(&refused)),
    }
}

fn parsed<T>(text: &str) -> Result<T, BillingError>
where
    T: std::str::FromStr<Err: std::error::Error>,
{
    text.parse().map_err(|error| BillingError::Store(unfit(&error)))
}

fn unfit(error: &dyn std::error::Error) -> StoreError {
    StoreError::Corrupt { what: format!("a default of the profile ({error})"), cause: None }
}
