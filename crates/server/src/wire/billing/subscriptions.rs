//! Subscriptions on the wire.

use app::billing::{Owner, PlanRef, Record, Recorded, Standing};
use billing::{Allowance, AllowanceRow, Delivery, Event, EventKind, Slug, Status, Subscription};
use kernel::{Page, Position, SubscriptionEventId, Timestamp, UserId};
use proto::atelier::billing::v1 as pb;
use proto::atelier::billing::v1::record_event_request as asked;

use super::payload::{self, Told};
use super::plans::{render_plan, render_tier};
use super::prices::moment;
use crate::status::{ErrorReason, Refusal};
use crate::wire::fields::{Fields, Violations};
use crate::wire::page::{Asked, Tokens};
use crate::wire::time::{parse_timestamp, render_timestamp};
use crate::wire::users::parse_identity;

/// How much of what a source sent is kept, also CHECK `subscription_events_payload_bounded`.
const PAYLOAD_BYTES_MAX: usize = 64 * 1024;

/// A page of events.
pub struct AskedEvents {
    pub user: UserId,
    pub page: Asked<Position<SubscriptionEventId>>,
}

pub fn parse_record(request: pb::RecordEventRequest) -> Result<Record, Refusal> {
    let pb::RecordEventRequest { owner, content } = request;
    let mut fields = Fields::new();
    let owner = match owner {
        None => Some(None),
        Some(asked::Owner::UserId(id)) => {
            fields.parse("user_id", &id).map(|id| Some(Owner::User(id)))
        }
        Some(asked::Owner::Identity(identity)) => fields
            .required("identity", Some(identity), parse_identity)
            .map(|identity| Some(Owner::Identity(identity))),
    };
    match content {
        None => fields.note("content", "is required"),
        Some(asked::Content::Event(event)) => {
            let record = fields.required("event", Some(event), parse_event);
            if owner == Some(None) {
                fields.note("owner", "is required");
            }
            let owner = owner.flatten();
            return Ok(fields.finish(|| Some(record?(owner?)))?);
        }
        Some(asked::Content::Payload(message)) => {
            let pb::SourcePayload { format, json } = message;
            let format = fields.choice("payload.format", format, payload::format_of);
            check_payload(&mut fields, "payload.json", &json);
            let (format, owner) = fields.finish(|| Some((format?, owner?)))?;
            return from_payload(format, json, owner);
        }
    }
    Err(fields.finish(|| None::<Record>).err().map_or_else(Refusal::internal, Refusal::from))
}

fn from_payload(
    format: payload::Format,
    json: String,
    owner: Option<Owner>,
) -> Result<Record, Refusal> {
    let mut fields = Fields::new();
    let told = fields.check("payload.json", payload::read(format, &json));
    match fields.finish(|| told)? {
        Told::Ignored { kind } => {
            let text = format!("an event of type {kind} changes no subscription");
            Err(Refusal::new(ErrorReason::EventIgnored, text).with("type", kind))
        }
        Told::Event(mut record) => {
            if let Some(owner) = owner {
                record.owner = owner;
            }
            record.payload = Some(json);
            Ok(*record)
        }
    }
}

/// Everything of an event but whose it is.
fn parse_event(
    fields: &mut Fields,
    event: pb::SubscriptionEvent,
) -> Option<impl FnOnce(Owner) -> Record + use<>> {
    let pb::SubscriptionEvent {
        source,
        external_id,
        kind,
        plan_id,
        external_plan_id,
        occur_time,
        period_start_time,
        period_end_time,
        payload,
    } = event;
    let source: Option<Slug> = fields.parse("source", &source);
    let external_id = fields.parse("external_id", &external_id);
    let kind = fields.choice("kind", kind, kind_of);
    let by_id = fields.optional("plan_id", plan_id.as_deref());
    let by_external = fields.optional("external_plan_id", external_plan_id.as_deref());
    let occurred_at =
        fields.required("occur_time", occur_time, |_, message| parse_timestamp(message).ok());
    let period_start = moment(fields, "period_start_time", period_start_time);
    let period_end = moment(fields, "period_end_time", period_end_time);
    if let (Some(Some(start)), Some(Some(end))) = (period_start, period_end)
        && start >= end
    {
        fields.note("period_end_time", "must be after the start of the period");
    }
    if let Some(payload) = &payload {
        check_payload(fields, "payload", payload);
    }
    let plan = match (by_id?, by_external?) {
        (Some(_), Some(_)) => {
            fields.note("external_plan_id", "must be absent where plan_id is given");
            return None;
        }
        (Some(id), None) => Some(PlanRef::Id(id)),
        (None, external) => external.map(PlanRef::External),
    };
    let (source, external_id, kind, occurred_at) = (source?, external_id?, kind?, occurred_at?);
    let (period_start, period_end) = (period_start?, period_end?);
    Some(move |owner| Record {
        owner,
        source,
        external_id,
        kind,
        plan,
        occurred_at,
        period_start,
        period_end,
        payload,
    })
}

fn check_payload(fields: &mut Fields, field: &str, payload: &str) {
    if payload.len() > PAYLOAD_BYTES_MAX {
        fields.note(field, format!("must be at most {PAYLOAD_BYTES_MAX} bytes"));
    }
    // Postgres has no text with it.
    if payload.contains('\0') {
        fields.note(field, "must not have the character U+0000");
    }
}

pub fn parse_get(request: pb::GetSubscriptionRequest) -> Result<UserId, Violations> {
    let pb::GetSubscriptionRequest { user_id } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    fields.finish(|| user)
}

pub fn parse_get_allowance(request: pb::GetAllowanceRequest) -> Result<UserId, Violations> {
    let pb::GetAllowanceRequest { user_id } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    fields.finish(|| user)
}

pub fn parse_list(request: pb::ListEventsRequest, now: Timestamp) -> Result<AskedEvents, Refusal> {
    let pb::ListEventsRequest { user_id, page_size, page_token } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let filters = pb::ListEventsRequest { user_id, ..Default::default() };
    let tokens = Tokens::of("billing.ListEvents", &filters);
    let page = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    // Noted as wrong above, and so refused.
    let user = user.ok_or_else(Refusal::internal)?;
    Ok(AskedEvents { user, page })
}

pub fn render_recorded(recorded: Recorded) -> pb::RecordEventResponse {
    let Recorded { event, user, replayed } = recorded;
    pb::RecordEventResponse {
        event_id: event.to_string(),
        user_id: user.map(|user| user.to_string()).unwrap_or_default(),
        replayed,
    }
}

pub fn render_standing(standing: Standing) -> pb::GetSubscriptionResponse {
    let Standing { user: _, subscription, tier, plan, ends_at } = standing;
    let Subscription { status, next_plan, started_at, period_start, period_end, .. } = subscription;
    let status = match status {
        Status::None => pb::SubscriptionStatus::None,
        Status::Active => pb::SubscriptionStatus::Active,
        Status::PastDue => pb::SubscriptionStatus::PastDue,
        Status::Paused => pb::SubscriptionStatus::Paused,
        Status::Cancelled => pb::SubscriptionStatus::Cancelled,
        Status::Ended => pb::SubscriptionStatus::Ended,
    };
    pb::GetSubscriptionResponse {
        tier: render_tier(tier).into(),
        plan: plan.map(render_plan),
        status: status.into(),
        start_time: started_at.map(render_timestamp),
        end_time: ends_at.map(render_timestamp),
        period_start_time: period_start.map(render_timestamp),
        period_end_time: period_end.map(render_timestamp),
        next_plan_id: next_plan.map(|plan| plan.to_string()).unwrap_or_default(),
    }
}

pub fn render_allowance(
    found: Option<(Allowance, Option<AllowanceRow>)>,
) -> pb::GetAllowanceResponse {
    let Some((due, row)) = found else { return pb::GetAllowanceResponse::default() };
    let granted = row.map_or(kernel::Credits::ZERO, |row| row.granted);
    pb::GetAllowanceResponse {
        amount: due.amount.to_string(),
        granted: granted.to_string(),
        period_start_time: Some(render_timestamp(due.period.start)),
        period_end_time: Some(render_timestamp(due.period.end)),
        plan_id: due.plan.map(|plan| plan.to_string()).unwrap_or_default(),
    }
}

pub fn render_events(
    asked: &AskedEvents,
    page: Page<Delivery, Position<SubscriptionEventId>>,
    now: Timestamp,
) -> pb::ListEventsResponse {
    let place =
        |found: &Delivery| Position { created_at: found.event.recorded_at, id: found.event.id };
    let (events, next_page_token) = asked.page.fill(page, now, place, render_event);
    pb::ListEventsResponse { events, next_page_token }
}

fn render_event(delivery: Delivery) -> pb::RecordedEvent {
    let Delivery { event, payload } = delivery;
    let Event {
        id,
        source,
        external_id,
        kind,
        plan,
        occurred_at,
        period_start,
        period_end,
        recorded_at,
    } = event;
    pb::RecordedEvent {
        id: id.to_string(),
        event: Some(pb::SubscriptionEvent {
            source: source.to_string(),
            external_id: external_id.to_string(),
            kind: render_kind(kind).into(),
            plan_id: plan.map(|plan| plan.to_string()),
            external_plan_id: None,
            occur_time: Some(render_timestamp(occurred_at)),
            period_start_time: period_start.map(render_timestamp),
            period_end_time: period_end.map(render_timestamp),
            payload,
        }),
        create_time: Some(render_timestamp(recorded_at)),
    }
}

fn kind_of(kind: pb::EventKind) -> Option<EventKind> {
    EventKind::ALL.into_iter().find(|known| render_kind(*known) == kind)
}

fn render_kind(kind: EventKind) -> pb::EventKind {
    match kind {
        EventKind::Created => pb::EventKind::Created,
        EventKind::Renewed => pb::EventKind::Renewed,
        EventKind::Upgraded => pb::EventKind::Upgraded,
        EventKind::Downgraded => pb::EventKind::Downgraded,
        EventKind::Paused => pb::EventKind::Paused,
        EventKind::Resumed => pb::EventKind::Resumed,
        EventKind::Cancelled => pb::EventKind::Cancelled,
        EventKind::Ended => pb::EventKind::Ended,
        EventKind::Refunded => pb::EventKind::Refunded,
        EventKind::PaymentFailed => pb::EventKind::PaymentFailed,
    }
}
