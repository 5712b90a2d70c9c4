//! Load: so many calls under way at any moment, or so many begun each second.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tonic::Status;

use crate::calls::{Call, Caller, Callers, Users};
use crate::failure::{Context, Failure};
use crate::stats::percentile;

/// How often calls are begun under an open load: the resolution of the runtime's clock.
const TICK: Duration = Duration::from_millis(1);

/// What came of some load.
#[derive(Debug, Default)]
pub(crate) struct Sample {
    /// Calls that ended well within the time.
    pub(crate) done: u64,
    pub(crate) seconds: f64,
    /// Of each call that ended well, in microseconds, sorted.
    pub(crate) latencies: Vec<u32>,
    /// Journal entries that were answered for, those of late answers included.
    pub(crate) entries: u64,
    /// What went wrong, and how often.
    pub(crate) errors: BTreeMap<String, u64>,
}

impl Sample {
    pub(crate) fn per_second(&self) -> f64 {
        self.done as f64 / self.seconds.max(1e-9)
    }

    /// In milliseconds.
    pub(crate) fn latency(&self, percent: f64) -> f64 {
        f64::from(percentile(&self.latencies, percent)) / 1_000.0
    }

    fn note(&mut self, outcome: Result<u64, Status>, took: Duration, in_time: bool) {
        match outcome {
            Ok(entries) => {
                self.entries += entries;
                self.done += u64::from(in_time);
                self.latencies.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
            }
            Err(status) => {
                let what = format!("{:?}: {}", status.code(), status.message());
                *self.errors.entry(what).or_default() += 1;
            }
        }
    }

    fn absorb(&mut self, other: Self) {
        self.done += other.done;
        self.entries += other.entries;
        self.latencies.extend(other.latencies);
        for (what, count) in other.errors {
            *self.errors.entry(what).or_default() += count;
        }
    }
}

/// Keeps `in_flight` calls under way for some time.
pub(crate) async fn closed(
    callers: &Callers,
    call: Call,
    users: Users,
    in_flight: usize,
    time: Duration,
) -> Result<Sample, Failure> {
    let began = Instant::now();
    let end = began + time;
    let mut tasks = JoinSet::new();
    for number in 0..in_flight {
        let mut caller = callers.caller(number);
        tasks.spawn(async move {
            let mut sample = Sample::default();
            loop {
                let begun = Instant::now();
                if begun >= end {
                    return sample;
                }
                let outcome = caller.call(call, users).await;
                let now = Instant::now();
                sample.note(outcome, now - begun, now <= end);
            }
        });
    }
    let mut all = Sample { seconds: time.as_secs_f64(), ..Sample::default() };
    while let Some(sample) = tasks.join_next().await {
        all.absorb(sample.context("a caller panicked")?);
    }
    all.latencies.sort_unstable();
    Ok(all)
}

/// Begins `rate` calls each second for some time, whether or not earlier ones have ended. Latency
/// counts from the moment at which a call was due, so that a slow server cannot slow the load.
pub(crate) async fn open(
    callers: &Callers,
    call: Call,
    users: Users,
    rate: f64,
    time: Duration,
) -> Result<Sample, Failure> {
    let began = Instant::now();
    let end = began + time;
    let idle: Arc<Mutex<Vec<Caller>>> = Arc::default();
    let mut tasks = JoinSet::new();
    let mut all = Sample { seconds: time.as_secs_f64(), ..Sample::default() };
    let (mut begun, mut callers_made) = (0_u64, 0);
    let mut ticks = tokio::time::interval(TICK);
    loop {
        ticks.tick().await;
        let now = Instant::now();
        if now >= end {
            break;
        }
        while (begun as f64) < rate * (now - began).as_secs_f64() {
            let due = began + Duration::from_secs_f64(begun as f64 / rate);
            begun += 1;
            let caller = idle.lock().await.pop();
            let mut caller = caller.unwrap_or_else(|| {
                callers_made += 1;
                callers.caller(callers_made - 1)
            });
            let idle = idle.clone();
            tasks.spawn(async move {
                let outcome = caller.call(call, users).await;
                let ended = Instant::now();
                idle.lock().await.push(caller);
                (outcome, ended - due, ended <= end)
            });
        }
        while let Some(ended) = tasks.try_join_next() {
            let (outcome, took, in_time) = ended.context("a caller panicked")?;
            all.note(outcome, took, in_time);
        }
    }
    while let Some(ended) = tasks.join_next().await {
        let (outcome, took, in_time) = ended.context("a caller panicked")?;
        all.note(outcome, took, in_time);
    }
    all.latencies.sort_unstable();
    Ok(all)
}
