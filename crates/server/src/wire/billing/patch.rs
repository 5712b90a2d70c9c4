//! What an update of a plan changes: the fields that its mask names.

use billing::{PlanFields, PlanPatch};
use kernel::Change;

use crate::wire::fields::Mask;

/// What a mask of `UpdatePlanRequest` may name.
pub(super) const PATCH_FIELDS: [&str; 17] = [
    "name",
    "description",
    "tier",
    "credits",
    "credits_interval",
    "currency",
    "price_monthly_minor",
    "price_yearly_minor",
    "features",
    "daily_quota",
    "active",
    "sort_order",
    "highlight",
    "badge",
    "call_to_action",
    "billing_source",
    "external",
];

/// The patch of a plan as it was read, of which only what the mask names counts.
pub(super) fn patch(mask: &Mask, plan: PlanFields) -> PlanPatch {
    fn set<T>(mask: &Mask, field: &str, value: T) -> Option<T> {
        mask.names(field).then_some(value)
    }
    fn change<T>(mask: &Mask, field: &str, value: Option<T>) -> Change<T> {
        match value {
            _ if !mask.names(field) => Change::Keep,
            None => Change::Clear,
            Some(value) => Change::Set(value),
        }
    }
    PlanPatch {
        name: set(mask, "name", plan.name),
        description: change(mask, "description", plan.description),
        tier: set(mask, "tier", plan.tier),
        credits: set(mask, "credits", plan.credits),
        interval: set(mask, "credits_interval", plan.interval),
        currency: change(mask, "currency", plan.currency),
        price_monthly: change(mask, "price_monthly_minor", plan.price_monthly),
        price_yearly: change(mask, "price_yearly_minor", plan.price_yearly),
        features: change(mask, "features", plan.features),
        daily_quota: change(mask, "daily_quota", plan.daily_quota),
        active: set(mask, "active", plan.active),
        sort_order: set(mask, "sort_order", plan.sort_order),
        highlight: set(mask, "highlight", plan.highlight),
        badge: change(mask, "badge", plan.badge),
        call_to_action: set(mask, "call_to_action", plan.call_to_action),
        billing_source: change(mask, "billing_source", plan.billing_source),
        external: set(mask, "external", plan.external),
    }
}
