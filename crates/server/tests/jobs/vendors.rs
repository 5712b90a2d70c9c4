//! Every way to ask every vendor, in every scenario of the mock, as a job: how it ends, what it
//! costs, and how often the vendor was asked to make it. The store is the fake, so that it is quick.

use std::sync::Arc;

use app::jobs::{Worker, WorkerLimits};
use generation::{HoldState, Job, JobState, Reason, Rules};
use kernel::Span;
use mock_vendors::MockVendors;
use testkit::{FakeClock, FakeMediaStore, FakeStore};
use tokio::task::JoinSet;

use super::mocked::Shop;
use crate::expectations::{SCENARIOS, expected};
use crate::scenarios::{FLOWS, Flow};

/// How often a worker is sent round before a job that waits is called off.
const ROUNDS_MAX: usize = 60;

/// What a vendor that does not answer is waited for, by the clock of the machine.
const ANSWER: Span = Span::from_secs(1);

/// Makes the job, and calls it off if it waits for too long. Whether that was needed.
async fn run(shop: &Shop<FakeStore>, flow: &Flow, word: &str) -> (Job, bool) {
    let order = shop.order(shop.customer(1).await, word);
    let job = shop.jobs.create(&order).await.unwrap().job;
    let worker = Arc::new(Worker::new(shop.jobs.clone(), WorkerLimits::default()));
    let mut called_off = false;
    // A video that is never done is asked about every half minute, for hours.
    for round in 0..10 * ROUNDS_MAX {
        let now = shop.read(&job).await;
        if now.state.is_terminal() {
            return (now, called_off);
        }
        if round == ROUNDS_MAX && expected(flow, word) != "running" {
            shop.jobs.cancel(job.user, job.id).await.unwrap();
            called_off = true;
        }
        shop.wait_for(&now);
        if worker.round().await == 0 {
            shop.clock.advance(Span::from_secs(1));
        }
    }
    panic!("{}, {word}: it has not ended: {:#?}", flow.name, shop.read(&job).await);
}

/// Whether a job may end so where the adapter tells this of the scenario.
fn fits(told: &str, word: &str, job: &Job, called_off: bool) -> bool {
    let reason = job.ending.as_ref().map(|ending| ending.reason);
    let good = job.state == JobState::Succeeded && reason.is_none();
    let written_off = job.money.hold == HoldState::WrittenOff;
    let lost = reason == Some(Reason::OutputLost) && written_off;
    match told {
        // Bytes that came are looked at: what is no picture, or only half of one, is lost.
        "made" => good || (spoiling(word) && lost),
        "made 3 of 4" => good && job.tally() == (3, 4),
        // The mock's huge file is within what the product takes.
        "made, and then transient" | "made, and then output_lost" | "output_lost" => {
            lost || (word == "huge:4" && good)
        }
        "content_refused" => reason == Some(Reason::ContentRefused),
        "rate_limited" => {
            let late = [Some(Reason::RateLimited), Some(Reason::DeadlineExceeded)];
            called_off || good || late.contains(&reason)
        }
        "quota_exhausted" | "auth_failed" => {
            called_off || matches!(reason, Some(Reason::RateLimited | Reason::ProviderUnavailable))
        }
        "model_retired" => reason == Some(Reason::ModelRetired),
        "provider_failed" | "provider_failed for now" => reason == Some(Reason::ProviderFailed),
        // Found again where the vendor can look, though it may be of no use; else a loss of ours
        // once nobody hopes any more.
        "ambiguous" => good || lost || (reason == Some(Reason::OutcomeUnknown) && written_off),
        "running" => reason == Some(Reason::DeadlineExceeded),
        other => panic!("{other} is told of nothing here"),
    }
}

fn spoiling(word: &str) -> bool {
    ["html", "wrong-magic", "truncate", "wrong-length", "huge:4"].contains(&word)
}

/// How often the vendor may have been asked to make it: once, unless it said that nothing was made.
fn most(told: &str) -> usize {
    match told {
        "rate_limited" | "quota_exhausted" => usize::MAX,
        "provider_failed for now" | "auth_failed" => usize::from(Rules::default().attempts_max),
        _ => 1,
    }
}

async fn wrongs(flow: &'static Flow) -> Vec<String> {
    let mock = MockVendors::start().await.unwrap();
    let mut wrongs = Vec::new();
    for word in SCENARIOS {
        mock.reset();
        let mut rules = Rules::default();
        if *word == "hang" {
            rules.patience_with_answers = ANSWER;
        }
        let (store, media) = (FakeStore::new(), Arc::new(FakeMediaStore::new()));
        let shop = Shop::new(store, media, FakeClock::new(), &mock, flow, rules).await;
        let (job, called_off) = run(&shop, flow, word).await;
        let told = expected(flow, word);
        let mut wrong = |what: String| wrongs.push(format!("{}, {word}: {what}", flow.name));
        if !fits(told, word, &job, called_off) {
            let trouble = job.steps.iter().map(|step| &step.trouble).collect::<Vec<_>>();
            wrong(format!("{told} ended as {:?}, {:?}, {trouble:?}", job.state, job.ending));
        }
        if let Some(what) = shop.unpaid(&job).await {
            wrong(what);
        }
        let submissions: u16 = job.steps.iter().map(|step| step.submissions).sum();
        if usize::from(submissions) > most(told) {
            wrong(format!("{told} was asked for {submissions} times"));
        }
        // Gemini is asked for each picture by itself, and a voice may be taken for one as well.
        let made = mock.created(flow.mocked).len();
        let pieces = usize::try_from(flow.count(word)).unwrap();
        if made > usize::from(submissions).max(1) * pieces {
            wrong(format!("{made} were made by {submissions} submissions"));
        }
    }
    wrongs
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_scenario_of_every_vendor_has_its_effect_on_credits() {
    let mut flows = JoinSet::new();
    for flow in FLOWS {
        flows.spawn(wrongs(flow));
    }
    let mut wrongs = flows.join_all().await.concat();
    wrongs.sort();
    assert!(wrongs.is_empty(), "{} wrong:\n{}", wrongs.len(), wrongs.join("\n"));
}
