//! Rows of the activity log.

use diesel::data_types::PgTimestamp;
use diesel::prelude::{Insertable, Queryable, Selectable};
use kernel::{ActivityId, ApiKeyId, UserId};
use ports::StoreError;
use serde_json::Value;
use users::activity::{Activity, ActivitySubject, Actor, Agent, Details};
use uuid::Uuid;

use crate::schema::activities;
use crate::types::{corrupt, from_pg, optional, parsed, to_json, to_pg};

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(table_name = activities, check_for_backend(diesel::pg::Pg))]
pub(crate) struct ActivityRow {
    user_id: Uuid,
    id: Uuid,
    at: PgTimestamp,
    action: String,
    subject_kind: Option<String>,
    subject_id: Option<String>,
    details: Option<Value>,
    actor_kind: String,
    actor_id: Option<Uuid>,
    address: Option<String>,
    agent: Option<String>,
    request_id: Option<String>,
}

impl TryFrom<&Activity> for ActivityRow {
    type Error = StoreError;

    fn try_from(activity: &Activity) -> Result<Self, StoreError> {
        let Activity { id, user, at, action, subject, details, actor, address, agent, request } =
            activity;
        let (actor_kind, actor_id) = match actor {
            Actor::ApiKey(key) => ("api_key", Some(*key.as_uuid())),
            Actor::EndUser(user) => ("end_user", Some(*user.as_uuid())),
            Actor::System => ("system", None),
        };
        Ok(Self {
            user_id: *user.as_uuid(),
            id: *id.as_uuid(),
            at: to_pg(*at),
            action: action.to_string(),
            subject_kind: subject.as_ref().map(|subject| subject.kind.to_string()),
            subject_id: subject.as_ref().map(|subject| subject.id.as_str().to_owned()),
            details: details.as_ref().map(|details| to_json(details.as_str())).transpose()?,
            actor_kind: actor_kind.to_owned(),
            actor_id,
            address: address.map(|address| address.to_string()),
            agent: agent.as_ref().map(|agent| agent.as_str().to_owned()),
            request_id: request.as_ref().map(ToString::to_string),
        })
    }
}

impl TryFrom<ActivityRow> for Activity {
    type Error = StoreError;

    fn try_from(row: ActivityRow) -> Result<Self, StoreError> {
        let subject = match (row.subject_kind, row.subject_id) {
            (None, None) => None,
            (Some(kind), Some(id)) => Some(ActivitySubject {
                kind: parsed("a subject's kind", &kind)?,
                id: parsed("a subject's id", &id)?,
            }),
            (Some(_), None) | (None, Some(_)) => return Err(corrupt("half a subject")),
        };
        let actor = match (row.actor_kind.as_str(), row.actor_id) {
            ("api_key", Some(id)) => Actor::ApiKey(ApiKeyId::from_uuid(id)),
            ("end_user", Some(id)) => Actor::EndUser(UserId::from_uuid(id)),
            ("system", None) => Actor::System,
            _ => return Err(corrupt("an actor")),
        };
        let details = row.details.map(|details| {
            Details::from_normal(details.to_string()).ok_or_else(|| corrupt("an entry's details"))
        });
        Ok(Self {
            id: ActivityId::from_uuid(row.id),
            user: UserId::from_uuid(row.user_id),
            at: from_pg(row.at)?,
            action: parsed("an action", &row.action)?,
            subject,
            details: details.transpose()?,
            actor,
            address: optional("an address", row.address)?,
            agent: row.agent.and_then(|agent| Agent::from_header(agent.as_bytes())),
            request: optional("a request id", row.request_id)?,
        })
    }
}
