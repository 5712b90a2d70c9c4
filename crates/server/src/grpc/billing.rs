//! Money around the ledger, a file for each service.

mod plans;
mod prices;
mod quotas;
mod subscriptions;

pub use plans::PlanApi;
pub use prices::PriceApi;
pub use quotas::QuotaApi;
pub use subscriptions::SubscriptionApi;
