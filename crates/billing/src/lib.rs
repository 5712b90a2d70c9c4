//! Money around the ledger: prices, plans, subscriptions, allowances, daily quotas, as pure values
//! and functions.
//!
//! Time is an argument everywhere. What the clock alone changes (a tier that ends, a day that
//! begins, a month's allowance) is computed from it and never stored as a state. `docs/billing.md`
//! has the rules in prose.
#![cfg_attr(
    not(test),
    deny(clippy::float_arithmetic, clippy::as_conversions, clippy::indexing_slicing)
)]

pub mod allowance;
mod event;
mod operation_type;
mod plan;
mod price;
pub mod pricing;
pub mod profile;
mod quota;
mod quote;
mod rejection;
mod rules;
mod subscription;
mod text;
mod tier;
mod window;
mod zone;

pub use allowance::{Allowance, AllowanceRow};
pub use event::{Delivery, Event, EventKind};
pub use operation_type::{OperationType, OperationTypePatch};
pub use plan::{CallToAction, ExternalPlan, Interval, Plan, PlanFields, PlanPatch};
pub use price::{Author, PriceKey, PriceVersion, Quantity, QuantityError, Terms, Unit};
pub use quota::{Quota, QuotaSettings, Take};
pub use quote::{Quote, quote};
pub use rejection::Rejection;
pub use rules::{AllowanceMonth, Rules};
pub use subscription::{Status, Subscription, fold};
pub use text::{
    Currency, CurrencyError, Label, OperationTypeId, Prose, Slug, SlugError, TextError,
};
pub use tier::Tier;
pub use window::Window;
pub use zone::{Zone, ZoneError};
