//! The rows of `JobService` and `EventService`. No worker is at it: jobs stay as they are.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::cases::check;
use super::projects::{CONVERSATION, PROJECT};
use super::row::{Row, Step, Twice};
use super::world::World;

const GONE: &str = "JOB_NOT_FOUND";

const FUNDED: Step = Step::Call(
    "ledger.v1.LedgerService/Purchase",
    r#"{"user_id": "$user", "request_id": "funds", "amount": "100.00"}"#,
    &[],
);
const TYPE: Step = Step::Call(
    "billing.v1.PriceService/CreateOperationType",
    r#"{"id": "$salt", "description": "A picture"}"#,
    &[],
);
const PRICED: Step = Step::Call(
    "billing.v1.PriceService/SetPrice",
    r#"{"key": {"operation_type": "$salt"},
        "terms": {"unit": "PRICE_UNIT_IMAGE", "unit_price": "2"}}"#,
    &[],
);
const JOB: Step = Step::Call(
    "generation.v1.JobService/CreateJob",
    r#"{"user_id": "$user", "request_id": "first", "model": "studio-image",
        "operation_type": "$salt", "spec": {"image": {"prompt": "A lighthouse"}}}"#,
    &[("job", "job.id")],
);
const CANCELLED: Step = Step::Call(
    "generation.v1.JobService/CancelJob",
    r#"{"user_id": "$user", "job_id": "$job"}"#,
    &[],
);
const STUCK: Step = Step::Do(stuck);
const MODELS: Step = Step::Do(models);

/// The models become rows a little after the server has begun.
fn models<'a>(world: &'a mut World<'_>) -> BoxFuture<'a, ()> {
    async move {
        let client = world.served.database.client().await;
        for _ in 0..1_000 {
            let found = client.query("SELECT FROM models WHERE name = 'studio-image'", &[]).await;
            if !found.unwrap().is_empty() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("there are no models");
    }
    .boxed()
}

/// A job that somebody submitted who has not come back.
fn stuck<'a>(world: &'a mut World<'_>) -> BoxFuture<'a, ()> {
    async move {
        let client = world.served.database.client().await;
        let job = &world.names["job"];
        let statements = format!(
            "UPDATE job_steps SET submission = 'ambiguous', submissions = 1, marker = 'm', \
             quarantined_until = now() + interval '1 day' WHERE job_id = '{job}'; \
             UPDATE jobs SET state = 'running', stuck = true, started_at = created_at \
             WHERE id = '{job}'"
        );
        client.batch_execute(&statements).await.unwrap();
    }
    .boxed()
}

const PREPARED: &[Step] = &[FUNDED, TYPE, PRICED, MODELS];

fn create() -> Value {
    json!({
        "user_id": "$user", "request_id": "r1", "model": "studio-image",
        "operation_type": "$salt", "project_id": "$project", "conversation_id": "$conversation",
        "metadata": {"n": [1, 2.5]}, "priority": "JOB_PRIORITY_BATCH",
        "not_before_time": "$in_an_hour",
        "spec": {"image": {
            "prompt": "A lighthouse", "negative_prompt": "people", "art_style": "ink",
            "aspect_ratio": "16:9", "size": {"width": 1280, "height": 720}, "count": 2, "seed": 7,
        }},
    })
}

/// Of a job of a user, with what may be wrong with its names.
fn one(row: Row) -> Row {
    row.with(PREPARED)
        .with(&[JOB])
        .bad("user_id", "7")
        .bad("job_id", "7")
        .missing("job_id", GONE)
        .others(GONE)
        .nobody(Some(GONE))
}

fn named() -> Value {
    json!({"user_id": "$user", "job_id": "$job"})
}

fn asking() -> Vec<Row> {
    let long = "x".repeat(16 * 1024);
    vec![
        Row::write("generation.v1.JobService/CreateJob", create(), Twice::Replayed)
            .with(PREPARED)
            .with(&[PROJECT, CONVERSATION])
            .bad("user_id", "7")
            .bad("request_id", "a b")
            .bad("model", "")
            .bad("operation_type", "7")
            .bad("project_id", "7")
            .bad("conversation_id", "7")
            .bad("metadata", json!({"long": long}))
            .bad("not_before_time", "9999-01-01T00:00:00Z")
            .bad("spec.image.prompt", " ")
            .bad("spec.image.negative_prompt", "")
            .bad("spec.image.art_style", "a\nb")
            .bad("spec.image.aspect_ratio", "16x9")
            .bad("spec.image.size.width", 0)
            .bad("spec.image.size.height", 20_000)
            .bad("spec.image.count", 21)
            .missing("project_id", "PROJECT_NOT_FOUND")
            .missing("conversation_id", "CONVERSATION_NOT_FOUND")
            .missing("model", "MODEL_NOT_FOUND")
            .others("PROJECT_NOT_FOUND")
            .nobody(Some("PROJECT_NOT_FOUND")),
        Row::write(
            "generation.v1.JobService/BatchCreateJobs",
            json!({"requests": [create()]}),
            Twice::Both,
        )
        .with(PREPARED)
        .with(&[PROJECT, CONVERSATION])
        .bad("requests[0].user_id", "7")
        .bad("requests[0].request_id", "")
        .bad("requests[0].model", "")
        .bad("requests[0].spec.image.count", -1)
        .bad("requests[0].validate_only", true)
        .bad("requests", json!([])),
        one(Row::write("generation.v1.JobService/CancelJob", named(), Twice::Both)),
        one(Row::write(
            "generation.v1.JobService/RetryJob",
            json!({"user_id": "$user", "job_id": "$job", "request_id": "again"}),
            Twice::Replayed,
        ))
        .with(&[CANCELLED])
        .bad("request_id", ""),
    ]
}

fn reading() -> Vec<Row> {
    let wait = json!({"user_id": "$user", "job_id": "$job", "patience": "0.050s"});
    vec![
        one(Row::read("generation.v1.JobService/GetJob", named())),
        Row::read(
            "generation.v1.JobService/BatchGetJobs",
            json!({"user_id": "$user", "job_ids": ["$job", "$nobody"]}),
        )
        .with(PREPARED)
        .with(&[JOB])
        .bad("user_id", "7")
        .bad("job_ids[0]", "7")
        .bad("job_ids", json!([]))
        .nobody(None),
        Row::read(
            "generation.v1.JobService/ListJobs",
            json!({
                "user_id": "$user", "kinds": ["JOB_KIND_IMAGE"], "states": ["JOB_STATE_QUEUED"],
                "model": "studio-image", "start_time": "$an_hour_ago", "end_time": "$in_an_hour",
            }),
        )
        .with(PREPARED)
        .with(&[JOB])
        .bad("user_id", "7")
        .bad("project_id", "7")
        .bad("conversation_id", "7")
        .bad("model", "")
        .bad("end_time", "2020-01-01T00:00:00Z")
        .bad_at("kinds[0]", "kinds", json!(["JOB_KIND_UNSPECIFIED"]))
        .bad_at("states[0]", "states", json!(["JOB_STATE_UNSPECIFIED"]))
        .nobody(None),
        one(Row::read("generation.v1.JobService/WaitJob", wait)).bad("patience", "3601s"),
        one(Row::read("generation.v1.JobService/WatchJob", named())).bad("resume_token", "x"),
        Row::read(
            "generation.v1.EventService/Subscribe",
            json!({"user_id": "$user", "kinds": ["job"]}),
        )
        .bad("user_id", "7")
        .bad_at("kinds[0]", "kinds", json!(["Job"]))
        .bad("resume_token", "x")
        .nobody(None),
        Row::read(
            "generation.v1.EventService/ListEvents",
            json!({"user_id": "$user", "kinds": ["job", "user.created"]}),
        )
        .bad("user_id", "7")
        .bad_at("kinds[0]", "kinds", json!(["job."]))
        .bad("resume_token", "x")
        .nobody(None),
    ]
}

fn deciding() -> Vec<Row> {
    let settle = json!({"user_id": "$user", "job_id": "$job", "mode": "SETTLE_MODE_WRITE_OFF"});
    vec![
        Row::read("generation.v1.JobService/ListStuckJobs", json!({"page_size": 5})),
        one(Row::write("generation.v1.JobService/SettleJob", settle, Twice::Once("JOB_ENDED")))
            .with(&[STUCK])
            .bad("mode", 0),
        one(Row::write(
            "generation.v1.JobService/RetryStuckJob",
            named(),
            Twice::Once("JOB_NOT_STUCK"),
        ))
        .with(&[STUCK]),
    ]
}

pub(crate) fn rows() -> Vec<Row> {
    [asking(), reading(), deciding()].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_of_jobs_keeps_its_promises() {
    check(rows()).await;
}
