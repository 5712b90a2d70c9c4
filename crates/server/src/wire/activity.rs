//! The activity log on the wire.

use app::RecordActivity;
use kernel::{ActivityId, Page, Position, Timestamp, UserId};
use ports::ActivityFilter;
use proto::atelier::activity::v1 as pb;
use users::activity::{Activity, ActivitySubject, Actor, Agent};

use super::fields::{Fields, Violations};
use super::json;
use super::page::{Asked, Tokens};
use super::time::{check_order, optional_moment, render_timestamp};
use crate::status::Refusal;

/// A page of a user's log.
pub struct AskedActivity {
    pub user: UserId,
    pub filter: ActivityFilter,
    pub page: Asked<Position<ActivityId>>,
}

pub fn parse_record(request: pb::RecordActivityRequest) -> Result<RecordActivity, Violations> {
    let pb::RecordActivityRequest { user_id, action, subject, details, address, agent } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let action = fields.parse("action", &action);
    let subject = parse_subject(&mut fields, subject);
    let details = json::optional(&mut fields, "details", details);
    let address = fields.optional("address", address.as_deref());
    let agent = agent.and_then(|agent| Agent::from_header(agent.as_bytes()));
    fields.finish(|| {
        Some(RecordActivity {
            user: user?,
            action: action?,
            subject: subject?,
            details: details?,
            address: address?,
            agent,
        })
    })
}

pub fn parse_list(
    request: pb::ListActivityRequest,
    now: Timestamp,
) -> Result<AskedActivity, Refusal> {
    let filters =
        pb::ListActivityRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    let tokens = Tokens::of("activity.ListActivity", &filters);
    let pb::ListActivityRequest {
        user_id,
        page_size,
        page_token,
        action,
        action_prefix,
        subject,
        start_time,
        end_time,
    } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let action = fields.optional("action", action.as_deref());
    let under = fields.optional("action_prefix", action_prefix.as_deref());
    let subject = parse_subject(&mut fields, subject);
    let from = optional_moment(&mut fields, "start_time", start_time);
    let until = optional_moment(&mut fields, "end_time", end_time);
    let given = (from.flatten(), until.flatten());
    check_order(&mut fields, ("start_time", given.0), ("end_time", given.1));

    let page = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    // Every field is there: what is missing was refused with the page.
    let filter = || {
        Some(ActivityFilter {
            action: action?,
            under: under?,
            subject: subject?,
            from: from?,
            until: until?,
        })
    };
    let whole = user.zip(filter()).ok_or_else(Refusal::internal)?;
    Ok(AskedActivity { user: whole.0, filter: whole.1, page })
}

pub fn render_page(
    asked: &Asked<Position<ActivityId>>,
    page: Page<Activity, Position<ActivityId>>,
    now: Timestamp,
) -> pb::ListActivityResponse {
    let (activities, next_page_token) = asked.fill(page, now, Activity::position, render_activity);
    pb::ListActivityResponse { activities, next_page_token }
}

pub fn render_activity(activity: Activity) -> pb::Activity {
    let Activity { id, user, at, action, subject, details, actor, address, agent, request } =
        activity;
    let (kind, actor_id) = match actor {
        Actor::ApiKey(key) => (pb::ActorKind::ApiKey, key.to_string()),
        Actor::EndUser(user) => (pb::ActorKind::EndUser, user.to_string()),
        Actor::System => (pb::ActorKind::System, String::new()),
    };
    pb::Activity {
        id: id.to_string(),
        user_id: user.to_string(),
        time: Some(render_timestamp(at)),
        action: action.to_string(),
        subject: subject.map(render_subject),
        details: details.and_then(|details| json::render(details.as_str())),
        actor: Some(pb::ActivityActor { kind: kind.into(), id: actor_id }),
        address: address.map(|address| address.to_string()).unwrap_or_default(),
        agent: agent.map(|agent| agent.as_str().to_owned()).unwrap_or_default(),
        request_id: request.map(|id| id.to_string()).unwrap_or_default(),
    }
}

fn render_subject(subject: ActivitySubject) -> pb::ActivitySubject {
    let ActivitySubject { kind, id } = subject;
    pb::ActivitySubject { kind: kind.to_string(), id: id.as_str().to_owned() }
}

fn parse_subject(
    fields: &mut Fields,
    subject: Option<pb::ActivitySubject>,
) -> Option<Option<ActivitySubject>> {
    fields.maybe("subject", subject, |fields, pb::ActivitySubject { kind, id }| {
        let kind = fields.parse("kind", &kind);
        let id = fields.parse("id", &id);
        Some(ActivitySubject { kind: kind?, id: id? })
    })
}

#[cfg(test)]
mod tests;
