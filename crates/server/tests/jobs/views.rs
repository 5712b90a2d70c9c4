//! A character whose fifth view fails, on real parts: the four before it are kept and paid for, and
//! whoever tries again buys only the rest.

use app::jobs::{NewJob, Retry};
use generation::{CharacterRequest, HoldState, JobState, Reason, Request};
use kernel::Credits;
use mock_vendors::Vendor;

use super::line::Line;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn job_scenario_10_a_character_keeps_the_four_views_before_the_one_that_failed() {
    let line = Line::new("openai picture").await;
    let customer = line.shop.customer(1).await;
    line.mock.script(Vendor::Openai, None, "ok", 4).unwrap();
    line.mock.script(Vendor::Openai, None, "refuse", 1).unwrap();
    let request = Request::Character(CharacterRequest {
        character: None,
        name: None,
        description: None,
        prompt: "a cat".parse().unwrap(),
        art_style: None,
        reference: None,
        seed: None,
    });
    let order = NewJob { request, ..line.shop.order(customer, "ok") };
    let job = line.shop.jobs.create(&order).await.unwrap().job;
    let job = line.shop.finish(&job).await;
    let reason = job.ending.as_ref().map(|ending| ending.reason);
    assert_eq!((job.state, reason), (JobState::Refused, Some(Reason::ContentRefused)), "{job:#?}");
    assert_eq!((job.tally(), job.money.hold), ((4, 7), HoldState::Captured), "{job:#?}");
    assert_eq!(line.shop.unpaid(&job).await, None);
    assert_eq!(line.mock.created(Vendor::Openai).len(), 4);

    let request_id = "again".parse().unwrap();
    let retry = Retry { user: customer.user, id: job.id, request_id };
    let again = line.shop.jobs.retry(&retry).await.unwrap().job;
    let again = line.shop.finish(&again).await;
    assert_eq!((again.state, again.resumes), (JobState::Succeeded, Some(job.id)), "{again:#?}");
    assert_eq!(line.mock.created(Vendor::Openai).len(), 7, "the four were not made again");
    let cents = |credits: Credits| credits.to_string().replace('.', "").parse::<u64>().unwrap();
    let paid = cents(job.money.captured) + cents(again.money.captured);
    assert_eq!(paid, cents(job.money.amount), "both together cost what one does");
}
