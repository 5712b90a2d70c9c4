//! Rows of outputs: what all kinds share. Bodies are in `bodies`.

pub(crate) mod bodies;

use diesel::data_types::PgTimestamp;
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::{JobId, Json, OutputId, OutputKind, ProjectId, TransactionId, UserId};
use library::{Body, Output, OutputFields, Usage};
use ports::StoreError;
use serde_json::Value;
use uuid::Uuid;

use crate::schema::outputs;
use crate::types::{corrupt, from_pg, life, named, optional, parsed, to_json, to_pg};

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(table_name = outputs, check_for_backend(diesel::pg::Pg))]
pub(crate) struct OutputRow {
    user_id: Uuid,
    pub(crate) id: Uuid,
    kind: String,
    project_id: Option<Uuid>,
    job_id: Option<Uuid>,
    transaction_id: Option<Uuid>,
    run: Option<String>,
    prompt: String,
    art_style: Option<String>,
    model: Option<String>,
    success: bool,
    message: Option<String>,
    parameters: Option<Value>,
    started_at: Option<PgTimestamp>,
    completed_at: Option<PgTimestamp>,
    selected: bool,
    revision: i64,
    created_at: PgTimestamp,
    updated_at: PgTimestamp,
    deleted_at: Option<PgTimestamp>,
}

/// What an update may change.
#[derive(AsChangeset)]
#[diesel(table_name = outputs, treat_none_as_null = true)]
pub(crate) struct OutputChange {
    project_id: Option<Uuid>,
    message: Option<String>,
    art_style: Option<String>,
    selected: bool,
    revision: i64,
    updated_at: PgTimestamp,
    deleted_at: Option<PgTimestamp>,
}

impl TryFrom<&Output> for OutputRow {
    type Error = StoreError;

    fn try_from(output: &Output) -> Result<Self, StoreError> {
        let Output { id, user, fields, selected, life } = output;
        let OutputFields {
            project,
            job,
            transaction,
            run,
            prompt,
            art_style,
            model,
            success,
            message,
            parameters,
            usage,
            body,
        } = fields;
        Ok(Self {
            user_id: *user.as_uuid(),
            id: *id.as_uuid(),
            kind: body.kind().as_str().to_owned(),
            project_id: project.map(|id| *id.as_uuid()),
            job_id: job.map(|id| *id.as_uuid()),
            transaction_id: transaction.map(|id| *id.as_uuid()),
            run: run.as_ref().map(ToString::to_string),
            prompt: prompt.to_string(),
            art_style: art_style.as_ref().map(ToString::to_string),
            model: model.as_ref().map(ToString::to_string),
            success: *success,
            message: message.as_ref().map(ToString::to_string),
            parameters: parameters.as_ref().map(|json| to_json(json.as_str())).transpose()?,
            started_at: usage.started_at.map(to_pg),
            completed_at: usage.completed_at.map(to_pg),
            selected: *selected,
            revision: life.etag.revision(),
            created_at: to_pg(life.created_at),
            updated_at: to_pg(life.updated_at),
            deleted_at: life.deleted_at.map(to_pg),
        })
    }
}

impl From<&Output> for OutputChange {
    fn from(output: &Output) -> Self {
        let OutputFields { project, message, art_style, .. } = &output.fields;
        Self {
            project_id: project.map(|id| *id.as_uuid()),
            message: message.as_ref().map(ToString::to_string),
            art_style: art_style.as_ref().map(ToString::to_string),
            selected: output.selected,
            revision: output.life.etag.revision(),
            updated_at: to_pg(output.life.updated_at),
            deleted_at: output.life.deleted_at.map(to_pg),
        }
    }
}

impl OutputRow {
    pub(crate) fn kind(&self) -> Result<OutputKind, StoreError> {
        named(&OutputKind::ALL, OutputKind::as_str, &self.kind)
    }

    /// The output, with the body that its own table has.
    pub(crate) fn with_body(self, body: Body) -> Result<Output, StoreError> {
        let parameters = self.parameters.map(|parameters| {
            Json::from_normal(parameters.to_string())
                .ok_or_else(|| corrupt("an output's parameters"))
        });
        Ok(Output {
            id: OutputId::from_uuid(self.id),
            user: UserId::from_uuid(self.user_id),
            fields: OutputFields {
                project: self.project_id.map(ProjectId::from_uuid),
                job: self.job_id.map(JobId::from_uuid),
                transaction: self.transaction_id.map(TransactionId::from_uuid),
                run: optional("a run", self.run)?,
                prompt: parsed("a prompt", &self.prompt)?,
                art_style: optional("a style", self.art_style)?,
                model: optional("a model", self.model)?,
                success: self.success,
                message: optional("a message", self.message)?,
                parameters: parameters.transpose()?,
                usage: Usage {
                    started_at: self.started_at.map(from_pg).transpose()?,
                    completed_at: self.completed_at.map(from_pg).transpose()?,
                },
                body,
            },
            selected: self.selected,
            life: life(self.revision, self.created_at, self.updated_at, self.deleted_at)?,
        })
    }
}
