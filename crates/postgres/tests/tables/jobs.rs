//! The tables of jobs: the second wall of their rules, and who waits for whom in the queue.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use generation::{Ability, Day, Lease, Request};
use kernel::{JobId, Span, Timestamp};
use ports::{Claim, JobQueue, Store};
use testkit::fixtures::{image_request, job, model, user, user_id};
use tokio_postgres::Client;

use crate::contract::fixture::{OwnStore, fixture};

/// Long enough for any machine, and never waited out.
const PATIENCE: Duration = Duration::from_secs(20);

fn at(seconds: u32) -> Timestamp {
    let base = Timestamp::from_micros(1_767_225_600_000_000).unwrap();
    base.saturating_add(Span::from_secs(seconds))
}

/// So many users with so many jobs each.
async fn filled(users: u64, jobs: u64) -> OwnStore {
    let store = fixture().await;
    let mut tx = store.begin().await.unwrap();
    for number in 1..=users {
        tx.insert_user(&user(number, at(0))).await.unwrap();
        for one in 0..jobs {
            let request = Request::Image(image_request(1));
            let job = job(number * 1_000 + one, user_id(number), request, at(0));
            tx.insert_job(&job).await.unwrap();
        }
        tx.wake_lane(user_id(number), at(0)).await.unwrap();
    }
    tx.commit().await.unwrap();
    store
}

fn claim(lease: Lease, until: Timestamp, limit: usize) -> Claim {
    Claim { now: at(1), lease, until, patient_until: at(1), running_max: 100, limit }
}

async fn constraint(client: &Client, statement: &str) -> Option<String> {
    let error = client.batch_execute(statement).await.err()?;
    let refusal = error.as_db_error().expect("the database refused");
    Some(refusal.constraint().unwrap_or_else(|| panic!("{refusal}")).to_owned())
}

#[tokio::test]
async fn what_the_rules_refuse_of_jobs_the_tables_refuse_too() {
    let store = filled(1, 1).await;
    let client = store.database.client().await;
    let ends = "ended_at = created_at, reason = 'operator'";
    for (statement, rule) in [
        // An end without an end of the hold, and the end of a hold without an end.
        (format!("UPDATE jobs SET state = 'failed', {ends}"), "jobs_hold_closed_at_end"),
        ("UPDATE jobs SET hold = 'released'".to_owned(), "jobs_hold_closed_at_end"),
        ("UPDATE jobs SET transaction_id = NULL".to_owned(), "jobs_hold_named"),
        (
            format!("UPDATE jobs SET state = 'failed', hold = 'captured', {ends}"),
            "jobs_captured_within_amount",
        ),
        (
            format!("UPDATE jobs SET state = 'failed', hold = 'captured', captured = 8, {ends}"),
            "jobs_captured_within_amount",
        ),
        (
            "UPDATE jobs SET state = 'succeeded', hold = 'captured', captured = 7, \
             ended_at = created_at"
                .to_owned(),
            "jobs_success_delivers",
        ),
        (
            "UPDATE jobs SET state = 'failed', hold = 'released', ended_at = created_at".to_owned(),
            "jobs_end_told",
        ),
        ("UPDATE jobs SET ended_at = created_at".to_owned(), "jobs_end_told"),
        (
            format!("UPDATE jobs SET state = 'failed', hold = 'released', stuck = true, {ends}"),
            "jobs_end_lets_go",
        ),
        (
            "INSERT INTO jobs SELECT (jsonb_populate_record(j, \
             jsonb_build_object('id', gen_random_uuid()))).* FROM jobs j"
                .to_owned(),
            "jobs_request_unique",
        ),
        (
            "UPDATE job_steps SET submission = 'accepted', submissions = 1, marker = 'm'"
                .to_owned(),
            "job_steps_accepted_known",
        ),
        ("UPDATE job_steps SET operation = '{}'".to_owned(), "job_steps_unsent_unknown"),
        ("UPDATE job_steps SET submissions = 1".to_owned(), "job_steps_marker_told"),
        ("UPDATE job_steps SET state = 'stored'".to_owned(), "job_steps_stored_whole"),
    ] {
        assert_eq!(constraint(&client, &statement).await.as_deref(), Some(rule), "{statement}");
    }
}

#[tokio::test]
async fn what_the_rules_refuse_of_models_the_table_refuses_too() {
    let store = fixture().await;
    let mut tx = store.begin().await.unwrap();
    assert!(tx.insert_model(&model("flux", &[Ability::Image], &["fal"])).await.unwrap());
    tx.commit().await.unwrap();
    let client = store.database.client().await;
    for (change, rule) in [
        ("abilities = '{}'", "models_abilities_known"),
        ("abilities = '{smell}'", "models_abilities_known"),
        ("state = 'gone'", "models_state_known"),
        ("replacement = name", "models_replacement_valid"),
        ("images_max = 0", "models_images_max_valid"),
        ("revision = 0", "models_revision_positive"),
        ("updated_at = '-infinity'", "models_updated_after_created"),
    ] {
        let refused = constraint(&client, &format!("UPDATE models SET {change}")).await;
        assert_eq!(refused.as_deref(), Some(rule), "{change}");
    }
    // Which months have a thirty-first is the program's to know.
    for day in ["2026-12-31", "0001-01-01", "2026-13-01", "2026-00-10", "2026-1-1", "26-01-01", ""]
    {
        let refused = constraint(&client, &format!("UPDATE models SET shutdown = '{day}'")).await;
        let expected = day.parse::<Day>().is_err().then_some("models_shutdown_valid");
        assert_eq!(refused.as_deref(), expected, "{day:?}");
    }
}

/// How many jobs nobody has.
async fn left(client: &Client) -> i64 {
    client.query_one("SELECT count(*) FROM jobs WHERE lease IS NULL", &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn job_scenario_12_workers_on_connections_of_their_own_share_the_jobs_out() {
    let store = filled(8, 6).await;
    let worker = |number: u128| {
        let store = &store;
        async move {
            let client = store.database.client().await;
            let mut taken: Vec<JobId> = Vec::new();
            let begun = Instant::now();
            let mut turn: u128 = 0;
            // Until nothing is left for anybody: those who find every lane locked come back.
            while begun.elapsed() < PATIENCE {
                turn += 1;
                let lease = Lease(number * 1_000_000 + turn);
                let claim = claim(lease, at(1_000), 3);
                let jobs = store.claim(&claim).await.unwrap();
                taken.extend(jobs.iter().map(|job| job.id));
                if jobs.is_empty() && left(&client).await == 0 {
                    break;
                }
            }
            taken
        }
    };
    let (a, b, c, d) = tokio::join!(worker(1), worker(2), worker(3), worker(4));
    let taken: Vec<JobId> = [a, b, c, d].into_iter().flatten().collect();
    assert_eq!(taken.len(), 48);
    assert_eq!(taken.into_iter().collect::<BTreeSet<_>>().len(), 48);
}

#[tokio::test]
async fn job_scenario_20_thousands_of_jobs_of_one_user_hold_up_nobody() {
    let store = filled(6, 1).await;
    let client = store.database.client().await;
    client
        .batch_execute(
            "INSERT INTO jobs SELECT (jsonb_populate_record(j, jsonb_build_object(\
             'id', gen_random_uuid(), 'request_id', 'many-' || n))).* \
             FROM jobs j, generate_series(1, 10000) n \
             WHERE j.id = (SELECT id FROM jobs ORDER BY user_id LIMIT 1); \
             ANALYZE jobs;",
        )
        .await
        .unwrap();
    let begun = Instant::now();
    let mut served = BTreeSet::new();
    for turn in 0..4_u128 {
        let claim = claim(Lease(turn), at(60), 2);
        for job in store.claim(&claim).await.unwrap() {
            served.insert(job.user);
        }
    }
    assert_eq!(served.len(), 6, "everybody had a turn");
    // Ten thousand jobs are not read to find one: a hundred times what it takes.
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn whoever_waits_for_jobs_hears_of_a_new_one_at_once() {
    let store = filled(1, 0).await;
    // Opens the line.
    store.wait(Duration::from_millis(50)).await.unwrap();
    let waiting = tokio::spawn({
        let store = store.clone();
        async move {
            let begun = Instant::now();
            store.wait(PATIENCE).await.unwrap();
            begun.elapsed()
        }
    });
    let mut tx = store.begin().await.unwrap();
    tx.insert_job(&job(1, user_id(1), Request::Image(image_request(1)), at(0))).await.unwrap();
    tx.wake_lane(user_id(1), at(0)).await.unwrap();
    tx.commit().await.unwrap();
    let waited = waiting.await.unwrap();
    assert!(waited < PATIENCE / 2, "{waited:?}");
}
