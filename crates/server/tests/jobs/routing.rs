//! Two vendors of the mock for one model: who is asked, in which order, and who is left alone.

use std::sync::Arc;

use generation::{Job, JobState, Reason, Rules};
use kernel::Span;
use mock_vendors::{MockVendors, Vendor};
use testkit::{FakeClock, FakeMediaStore, FakeStore};

use super::mocked::{Shop, Vendors};
use crate::scenarios::{FLOWS, Flow};

struct Pair {
    shop: Shop<FakeStore>,
    mock: MockVendors,
}

fn flow(name: &str) -> &'static Flow {
    FLOWS.iter().find(|flow| flow.name == name).unwrap()
}

impl Pair {
    /// OpenAI's pictures and fal's, at these positions with these weights.
    async fn new(first: (u16, u16), second: (u16, u16)) -> Self {
        let mock = MockVendors::start().await.unwrap();
        let flows =
            [(flow("openai picture"), first.0, first.1), (flow("fal picture"), second.0, second.1)];
        let (store, media) = (FakeStore::new(), Arc::new(FakeMediaStore::new()));
        let (clock, rules) = (FakeClock::new(), Rules::default());
        let vendors = Vendors { mock: &mock, flows: &flows, webhook: None };
        Self { shop: Shop::with(store, media, clock, vendors, rules).await, mock }
    }

    /// One job of a new customer, to its end.
    async fn job(&self, number: u64) -> Job {
        let order = self.shop.order(self.shop.customer(number).await, "ok");
        let job = self.shop.jobs.create(&order).await.unwrap().job;
        let job = self.shop.finish(&job).await;
        assert_eq!(self.shop.unpaid(&job).await, None);
        job
    }

    /// How often each was asked to make something.
    fn asked(&self) -> (usize, usize) {
        let calls = self.mock.calls();
        let of = |vendor: Vendor| {
            calls
                .iter()
                .filter(|call| call.vendor == vendor.name() && call.method == "POST")
                .count()
        };
        (of(Vendor::Openai), of(Vendor::Fal))
    }
}

/// Who was asked last.
fn provider(job: &Job) -> &str {
    job.routes[usize::from(job.steps[0].route)].provider.as_str()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_nothing_left_is_gone_past_and_then_left_alone() {
    for word in ["quota", "auth"] {
        let pair = Pair::new((1, 1), (2, 1)).await;
        pair.mock.script(Vendor::Openai, None, word, 1).unwrap();
        let first = pair.job(1).await;
        assert_eq!((first.state, provider(&first)), (JobState::Succeeded, "fal"), "{first:#?}");
        assert_eq!(pair.mock.created(Vendor::Openai).len(), 0, "{word}");
        assert_eq!(pair.mock.created(Vendor::Fal).len(), 1, "{word}");
        let asked = pair.asked().0;
        // It is known by now: nobody asks there.
        let second = pair.job(2).await;
        assert_eq!((provider(&second), pair.asked().0), ("fal", asked), "{word}");
        // Until it may be worth it again.
        pair.shop.clock.advance(Span::from_secs(2 * 24 * 60 * 60));
        let third = pair.job(3).await;
        assert_eq!((third.state, provider(&third)), (JobState::Succeeded, "openai"), "{word}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_of_the_content_is_the_last_word() {
    let pair = Pair::new((1, 1), (2, 1)).await;
    pair.mock.script(Vendor::Openai, None, "refuse", 1).unwrap();
    let job = pair.job(1).await;
    let reason = job.ending.as_ref().map(|ending| ending.reason);
    assert_eq!((job.state, reason), (JobState::Refused, Some(Reason::ContentRefused)), "{job:#?}");
    assert_eq!(pair.asked(), (1, 0), "nobody else is asked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_have_been_made_is_made_by_nobody_else() {
    let pair = Pair::new((1, 1), (2, 1)).await;
    pair.mock.script(Vendor::Openai, None, "ambiguous", 1).unwrap();
    let job = pair.job(1).await;
    let reason = job.ending.as_ref().map(|ending| ending.reason);
    assert_eq!((job.state, reason), (JobState::Failed, Some(Reason::OutcomeUnknown)), "{job:#?}");
    assert_eq!(pair.asked(), (1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_are_shared_out_by_weight_among_those_of_one_position() {
    let pair = Pair::new((1, 3), (1, 1)).await;
    let mut of_the_first = 0;
    for number in 1..=40 {
        let job = pair.job(number).await;
        assert_eq!(job.state, JobState::Succeeded);
        of_the_first += usize::from(provider(&job) == "openai");
    }
    // Thirty are expected; a fair draw is within these in all but one of ten thousand runs.
    assert!((19..=39).contains(&of_the_first), "{of_the_first} of 40");
    assert_eq!(pair.mock.created(Vendor::Openai).len(), of_the_first);
}
