//! Plans: what can be subscribed to.

use std::collections::BTreeMap;

use kernel::{Change, Credits, Etag, PlanId, Timestamp};

use crate::{Currency, Label, Prose, Rejection, Slug, Tier};

/// A plan. An archived one is sold no more, but still counts for those who have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub id: PlanId,
    pub fields: PlanFields,
    /// Since when it is sold no more.
    pub archived_at: Option<Timestamp>,
    pub etag: Etag,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Everything of a plan that an operator says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFields {
    pub name: Label<200>,
    pub description: Option<Prose<5000>>,
    pub tier: Tier,
    /// What the plan gives each period.
    pub credits: Credits,
    /// How long a period of the credits is.
    pub interval: Interval,
    pub currency: Option<Currency>,
    /// In minor units of the currency.
    pub price_monthly: Option<u64>,
    /// In minor units of the currency.
    pub price_yearly: Option<u64>,
    /// A JSON object in a normal form: keys sorted, no spaces.
    pub features: Option<String>,
    /// Units a day; `None`: that of the tier.
    pub daily_quota: Option<u32>,
    /// Whether the plan is offered.
    pub active: bool,
    /// Plans of lower numbers come first.
    pub sort_order: i32,
    pub highlight: bool,
    pub badge: Option<Label<100>>,
    pub call_to_action: CallToAction,
    /// Where the plan is billed.
    pub billing_source: Option<Slug>,
    /// What other systems call it, one name each.
    pub external: BTreeMap<Slug, ExternalPlan>,
}

/// The button under a plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CallToAction {
    /// Such as `checkout` or `contact`.
    pub kind: Option<Slug>,
    pub label: Option<Label<100>>,
    pub url: Option<Label<2048>>,
}

/// A plan as another system knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalPlan {
    pub id: Label<255>,
    pub name: Option<Label<200>>,
}

/// A length of periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Interval {
    Month,
    Year,
}

/// What to change of a plan. `None` and `Keep` leave a field as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlanPatch {
    pub name: Option<Label<200>>,
    pub description: Change<Prose<5000>>,
    pub tier: Option<Tier>,
    pub credits: Option<Credits>,
    pub interval: Option<Interval>,
    pub currency: Change<Currency>,
    pub price_monthly: Change<u64>,
    pub price_yearly: Change<u64>,
    pub features: Change<String>,
    pub daily_quota: Change<u32>,
    pub active: Option<bool>,
    pub sort_order: Option<i32>,
    pub highlight: Option<bool>,
    pub badge: Change<Label<100>>,
    pub call_to_action: Option<CallToAction>,
    pub billing_source: Change<Slug>,
    pub external: Option<BTreeMap<Slug, ExternalPlan>>,
}

impl Interval {
    pub const ALL: [Self; 2] = [Self::Month, Self::Year];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    pub(crate) const fn months(self) -> i32 {
        match self {
            Self::Month => 1,
            Self::Year => 12,
        }
    }
}

impl PlanPatch {
    fn apply(&self, fields: &PlanFields) -> PlanFields {
        let kept = fields.clone();
        PlanFields {
            name: self.name.clone().unwrap_or(kept.name),
            description: self.description.apply(&kept.description),
            tier: self.tier.unwrap_or(kept.tier),
            credits: self.credits.unwrap_or(kept.credits),
            interval: self.interval.unwrap_or(kept.interval),
            currency: self.currency.apply(&kept.currency),
            price_monthly: self.price_monthly.apply(&kept.price_monthly),
            price_yearly: self.price_yearly.apply(&kept.price_yearly),
            features: self.features.apply(&kept.features),
            daily_quota: self.daily_quota.apply(&kept.daily_quota),
            active: self.active.unwrap_or(kept.active),
            sort_order: self.sort_order.unwrap_or(kept.sort_order),
            highlight: self.highlight.unwrap_or(kept.highlight),
            badge: self.badge.apply(&kept.badge),
            call_to_action: self.call_to_action.clone().unwrap_or(kept.call_to_action),
            billing_source: self.billing_source.apply(&kept.billing_source),
            external: self.external.clone().unwrap_or(kept.external),
        }
    }
}

impl Plan {
    pub const fn new(id: PlanId, fields: PlanFields, now: Timestamp) -> Self {
        let (created_at, updated_at) = (now, now);
        Self { id, fields, archived_at: None, etag: Etag::FIRST, created_at, updated_at }
    }

    /// Where the plan stands in lists.
    pub const fn place(&self) -> (i32, PlanId) {
        (self.fields.sort_order, self.id)
    }

    /// The plan after a change; the revision stays where nothing changes.
    pub fn patched(
        self,
        patch: &PlanPatch,
        expected: Option<Etag>,
        now: Timestamp,
    ) -> Result<Self, Rejection> {
        Rejection::check_etag(self.etag, expected)?;
        let fields = patch.apply(&self.fields);
        if fields == self.fields {
            return Ok(self);
        }
        Ok(Self { fields, ..self.touched(now) })
    }

    /// The plan archived, as of the first time.
    pub fn archived(self, expected: Option<Etag>, now: Timestamp) -> Result<Self, Rejection> {
        Rejection::check_etag(self.etag, expected)?;
        if self.archived_at.is_some() {
            return Ok(self);
        }
        Ok(Self { archived_at: Some(now), ..self.touched(now) })
    }

    fn touched(self, now: Timestamp) -> Self {
        Self { etag: self.etag.next(), updated_at: now.max(self.updated_at), ..self }
    }
}
