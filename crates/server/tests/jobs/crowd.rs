//! Thousands of watchers in one process: what they take of its memory, and that each is told.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use kernel::Span;
use ports::Clock;
use proto::atelier::generation::v1::{Job, JobState};
use server::clock::SystemClock;
use server::wire::time::render_timestamp;

use super::following::{cancel, create_at, rich, sell, watch};
use crate::whole::calls::Api;
use crate::whole::stand::Place;

/// Below what one connection may have open.
const STREAMS: usize = 200;

/// What a watcher may take: ten thousand of them stay below 500 MiB.
const KIB_EACH: usize = 50;

/// For each watcher to be told, however slow the machine is.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_watchers_take_little_and_are_all_told() {
    watched_by(1_000).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute"]
async fn ten_thousand_watchers_take_little_and_are_all_told() {
    watched_by(10_000).await;
}

async fn watched_by(watchers: usize) {
    let place = Place::new();
    let dev = place.start().await;
    let api = || Api::new(dev.facts.grpc, Some(&dev.facts.api_key));
    let first = api();
    sell(&first).await;
    let user = rich(&first, "crowd").await;
    let mut jobs: Vec<Job> = Vec::new();
    for number in 0..10 {
        // Nobody begins with it while the test runs.
        let later = SystemClock.now().saturating_add(Span::from_secs(60 * 60));
        let later = Some(render_timestamp(later));
        jobs.push(create_at(&first, &user, &format!("job-{number}"), later).await);
    }
    let before = resident_kib(dev.facts.pid);
    let begun = Instant::now();
    let mut streams = Vec::new();
    for group in 0..watchers / STREAMS {
        let api = api();
        let open = (0..STREAMS).map(|number| {
            let (api, job) = (api.clone(), &jobs[(group + number) % jobs.len()]);
            async move {
                let mut stream = watch(&api, job, "").await;
                let first = stream.message().await.unwrap().unwrap();
                assert_eq!(first.job.unwrap().state(), JobState::Queued);
                stream
            }
        });
        streams.extend(join_all(open).await);
    }
    let opened = begun.elapsed();
    let each = resident_kib(dev.facts.pid).saturating_sub(before) / watchers;
    let begun = Instant::now();
    for job in &jobs {
        cancel(&first, job).await;
    }
    let told = join_all(streams.iter_mut().map(|stream| async {
        let last = stream.message().await.unwrap().unwrap();
        assert_eq!(last.job.unwrap().state(), JobState::Cancelled);
        assert_eq!(stream.message().await.unwrap(), None);
    }));
    tokio::time::timeout(PATIENCE, told).await.expect("all are told");
    println!(
        "{watchers} watchers: {each} KiB each, {before} KiB before, open after {opened:?}, told \
         of ten ends after {:?}",
        begun.elapsed()
    );
    assert!(each < KIB_EACH, "{each} KiB each");
    drop((streams, first));
    dev.stop().await;
}

fn resident_kib(pid: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
