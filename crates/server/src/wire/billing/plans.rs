//! Plans on the wire.

use std::collections::{BTreeMap, HashMap};

use billing::{CallToAction, ExternalPlan, Interval, Plan, PlanFields, PlanPatch, Slug, Tier};
use kernel::{Etag, Page, PlanId, Timestamp};
use ports::PlanPlace;
use proto::atelier::billing::v1 as pb;

use super::patch::{PATCH_FIELDS, patch};
use crate::status::Refusal;
use crate::wire::fields::{Fields, Mask, Violations, given};
use crate::wire::json;
use crate::wire::page::{Asked, Tokens};
use crate::wire::time::render_timestamp;

/// How many other systems may know a plan.
// 16: more than there are billing systems in one product, and one statement writes them all.
const EXTERNAL_MAX: usize = 16;

/// How long a plan's features may be as JSON.
const FEATURES_BYTES_MAX: usize = 8 * 1024;

/// A page of plans.
pub struct AskedPlans {
    pub all: bool,
    pub page: Asked<PlanPlace>,
}

/// What to change of a plan.
pub struct PlanUpdate {
    pub id: PlanId,
    pub patch: PlanPatch,
    pub expected: Option<Etag>,
}

pub fn parse_create(request: pb::CreatePlanRequest) -> Result<PlanFields, Violations> {
    let pb::CreatePlanRequest { fields: plan } = request;
    let mut fields = Fields::new();
    let plan = fields.required("fields", plan, |fields, plan| parse_fields(fields, plan, None));
    fields.finish(|| plan)
}

pub fn parse_get(request: pb::GetPlanRequest) -> Result<PlanId, Violations> {
    let pb::GetPlanRequest { plan_id } = request;
    let mut fields = Fields::new();
    let plan_id = fields.parse("plan_id", &plan_id);
    fields.finish(|| plan_id)
}

pub fn parse_update(request: pb::UpdatePlanRequest) -> Result<PlanUpdate, Violations> {
    let pb::UpdatePlanRequest { plan_id, fields: plan, update_mask, etag } = request;
    let mut fields = Fields::new();
    let id = fields.parse("plan_id", &plan_id);
    let mask = fields.mask("update_mask", update_mask, &PATCH_FIELDS);
    let patch = fields.required("fields", plan, |fields, plan| {
        Some(patch(&mask, parse_fields(fields, plan, Some(&mask))?))
    });
    let expected = fields.optional("etag", given(&etag));
    fields.finish(|| Some(PlanUpdate { id: id?, patch: patch?, expected: expected? }))
}

pub fn parse_archive(
    request: pb::ArchivePlanRequest,
) -> Result<(PlanId, Option<Etag>), Violations> {
    let pb::ArchivePlanRequest { plan_id, etag } = request;
    let mut fields = Fields::new();
    let id = fields.parse("plan_id", &plan_id);
    let expected = fields.optional("etag", given(&etag));
    fields.finish(|| Some((id?, expected?)))
}

pub fn parse_list(request: pb::ListPlansRequest, now: Timestamp) -> Result<AskedPlans, Refusal> {
    let pb::ListPlansRequest { page_size, page_token, show_all } = request;
    let filters = pb::ListPlansRequest { show_all, ..Default::default() };
    let tokens = Tokens::of("billing.ListPlans", &filters);
    let page = Asked::parse(Fields::new(), page_size, &page_token, tokens, now)?;
    Ok(AskedPlans { all: show_all, page })
}

pub fn render_page(
    asked: &AskedPlans,
    page: Page<Plan, PlanPlace>,
    now: Timestamp,
) -> pb::ListPlansResponse {
    let (plans, next_page_token) = asked.page.fill(page, now, Plan::place, render_plan);
    pb::ListPlansResponse { plans, next_page_token }
}

pub fn render_plan(plan: Plan) -> pb::Plan {
    let Plan { id, fields, archived_at, etag, created_at, updated_at } = plan;
    pb::Plan {
        id: id.to_string(),
        fields: Some(render_fields(fields)),
        archive_time: archived_at.map(render_timestamp),
        etag: etag.to_string(),
        create_time: Some(render_timestamp(created_at)),
        update_time: Some(render_timestamp(updated_at)),
    }
}

pub fn render_tier(tier: Tier) -> pb::Tier {
    match tier {
        Tier::Free => pb::Tier::Free,
        Tier::Premium => pb::Tier::Premium,
        Tier::Pro => pb::Tier::Pro,
        Tier::Enterprise => pb::Tier::Enterprise,
    }
}

fn render_fields(fields: PlanFields) -> pb::PlanFields {
    let minor = |price: Option<u64>| price.and_then(|price| i64::try_from(price).ok());
    let interval = match fields.interval {
        Interval::Month => pb::PlanInterval::Month,
        Interval::Year => pb::PlanInterval::Year,
    };
    let CallToAction { kind, label, url } = fields.call_to_action;
    let external = fields.external.into_iter().map(|(source, known)| {
        let ExternalPlan { id, name } = known;
        let name = name.map(|name| name.to_string());
        (source.to_string(), pb::ExternalPlan { id: id.to_string(), name })
    });
    pb::PlanFields {
        name: fields.name.to_string(),
        description: fields.description.map(|text| text.to_string()),
        tier: render_tier(fields.tier).into(),
        credits: fields.credits.to_string(),
        credits_interval: interval.into(),
        currency: fields.currency.map(|code| code.to_string()),
        price_monthly_minor: minor(fields.price_monthly),
        price_yearly_minor: minor(fields.price_yearly),
        features: fields.features.as_deref().and_then(json::render),
        daily_quota: fields.daily_quota,
        active: fields.active,
        sort_order: fields.sort_order,
        highlight: fields.highlight,
        badge: fields.badge.map(|text| text.to_string()),
        call_to_action: Some(pb::CallToAction {
            kind: kind.map(|text| text.to_string()),
            label: label.map(|text| text.to_string()),
            url: url.map(|text| text.to_string()),
        }),
        billing_source: fields.billing_source.map(|text| text.to_string()),
        external: external.collect(),
    }
}

/// Reads every field; of an update those that the mask does not name may be anything.
fn parse_fields(
    fields: &mut Fields,
    plan: pb::PlanFields,
    mask: Option<&Mask>,
) -> Option<PlanFields> {
    let pb::PlanFields {
        name,
        description,
        tier,
        credits,
        credits_interval,
        currency,
        price_monthly_minor,
        price_yearly_minor,
        features,
        daily_quota,
        active,
        sort_order,
        highlight,
        badge,
        call_to_action,
        billing_source,
        external,
    } = plan;
    let named = |field: &str| mask.is_none_or(|mask| mask.names(field));
    let text = |field: &str, text: String, other: &str| {
        if named(field) { text } else { other.to_owned() }
    };
    let number = |field: &str, number: i32| if named(field) { number } else { 1 };
    let name = fields.parse("name", &text("name", name, "unnamed"));
    let description = fields.optional("description", description.as_deref());
    let tier = fields.choice("tier", number("tier", tier), |tier: pb::Tier| match tier {
        pb::Tier::Unspecified => None,
        pb::Tier::Free => Some(Tier::Free),
        pb::Tier::Premium => Some(Tier::Premium),
        pb::Tier::Pro => Some(Tier::Pro),
        pb::Tier::Enterprise => Some(Tier::Enterprise),
    });
    let credits = fields.parse("credits", &text("credits", credits, "0"));
    let interval = number("credits_interval", credits_interval);
    let interval =
        fields.choice("credits_interval", interval, |interval: pb::PlanInterval| match interval {
            pb::PlanInterval::Unspecified => None,
            pb::PlanInterval::Month => Some(Interval::Month),
            pb::PlanInterval::Year => Some(Interval::Year),
        });
    let currency = fields.optional("currency", currency.as_deref());
    let price_monthly = minor(fields, "price_monthly_minor", price_monthly_minor);
    let price_yearly = minor(fields, "price_yearly_minor", price_yearly_minor);
    let features = match features {
        None => Some(None),
        Some(features) => fields.check("features", json::parse(features, FEATURES_BYTES_MAX)),
    };
    let badge = fields.optional("badge", badge.as_deref());
    let call_to_action = fields.required(
        "call_to_action",
        Some(call_to_action.unwrap_or_default()),
        parse_call_to_action,
    );
    let billing_source = fields.optional("billing_source", billing_source.as_deref());
    let external = parse_external(fields, external);
    Some(PlanFields {
        name: name?,
        description: description?,
        tier: tier?,
        credits: credits?,
        interval: interval?,
        currency: currency?,
        price_monthly: price_monthly?,
        price_yearly: price_yearly?,
        features: features?,
        daily_quota,
        active,
        sort_order,
        highlight,
        badge: badge?,
        call_to_action: call_to_action?,
        billing_source: billing_source?,
        external: external?,
    })
}

fn parse_call_to_action(fields: &mut Fields, button: pb::CallToAction) -> Option<CallToAction> {
    let pb::CallToAction { kind, label, url } = button;
    let kind = fields.optional("kind", kind.as_deref());
    let label = fields.optional("label", label.as_deref());
    let url = fields.optional("url", url.as_deref());
    Some(CallToAction { kind: kind?, label: label?, url: url? })
}

fn parse_external(
    fields: &mut Fields,
    external: HashMap<String, pb::ExternalPlan>,
) -> Option<BTreeMap<Slug, ExternalPlan>> {
    if external.len() > EXTERNAL_MAX {
        fields.note("external", format!("must have at most {EXTERNAL_MAX} entries"));
        return None;
    }
    // In a fixed order, so that the same request has the same violations.
    let sorted: BTreeMap<String, pb::ExternalPlan> = external.into_iter().collect();
    let mut read = Some(BTreeMap::new());
    for (source, known) in sorted {
        let pb::ExternalPlan { id, name } = known;
        let slug = fields.parse("external", &source);
        let id = fields.parse(&format!("external[{source}].id"), &id);
        let name = fields.optional(&format!("external[{source}].name"), name.as_deref());
        read = match (read, slug, id, name) {
            (Some(mut read), Some(source), Some(id), Some(name)) => {
                read.insert(source, ExternalPlan { id, name });
                Some(read)
            }
            (_, _, _, _) => None,
        };
    }
    read
}

fn minor(fields: &mut Fields, field: &str, price: Option<i64>) -> Option<Option<u64>> {
    match price {
        None => Some(None),
        Some(price) => {
            fields.check(field, u64::try_from(price).map_err(|_| "must not be negative")).map(Some)
        }
    }
}
