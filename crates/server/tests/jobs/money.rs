//! What jobs do to accounts while others look at them and speak of them, over real connections.

use std::time::{Duration, Instant};

use http::Request;
use proto::atelier::generation::v1::job_spec::Kind;
use proto::atelier::generation::v1::{ImageSpec, JobState, PixelSize};
use proto::atelier::ledger::v1::{Account, GetBalanceRequest, RefundRequest};
use server::wire::json;
use tokio::sync::watch;
use tokio::time::sleep;

use super::shop::{Customer, captured};
use crate::assets::http::send;
use crate::whole::calls::{Api, reason};
use crate::whole::stand::Place;
use crate::whole::wire::served::Served;

const SETTINGS: &[(&str, &str)] = &[("product.profile", "vibe"), ("studio.scripts", "true")];

fn picture(count: i32) -> Kind {
    Kind::Image(ImageSpec {
        prompt: "A lighthouse".to_owned(),
        count,
        size: Some(PixelSize { width: 64, height: 64 }),
        ..Default::default()
    })
}

fn cents(credits: &str) -> i64 {
    credits.replace('.', "").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn scenario_15_a_job_that_is_given_back_three_times_by_two_ways_is_one_refund() {
    let served = Served::set(4, SETTINGS).await;
    let mut ada = Customer::new(&served.api, "ada").await;
    let before = ada.account().await;
    let job = ada.have("studio-image", picture(1)).await;
    assert_eq!(captured(&job), "2.00");
    let charge = job.charge.as_ref().unwrap().transaction_id.clone();
    let refund = |request_id: &str| RefundRequest {
        user_id: ada.user.clone(),
        request_id: request_id.to_owned(),
        transaction_id: charge.clone(),
        ..Default::default()
    };
    let mut ledger = ada.api.ledger.clone();
    // The provider's report, the same report again, and what support does by hand.
    ledger.refund(refund("report")).await.unwrap();
    assert!(ledger.refund(refund("report")).await.unwrap().into_inner().replayed);
    let refused = ledger.refund(refund("support")).await.unwrap_err();
    assert_eq!(reason(&refused), "REFUND_EXCEEDS_CHARGE", "{refused:?}");
    let after = ada.account().await;
    assert_eq!((&after.available, after.held.as_str()), (&before.available, "0.00"));
    assert_eq!(ada.read(&job).await.state(), JobState::Succeeded, "it has what it has made");
    served.api.books_close(Some(&ada.user)).await;
    drop((ledger, ada));
    served.end().await;
}

/// What an account has had is what it has, holds, has spent and has lost.
fn adds_up(account: &Account) {
    let Account { available, held, lifetime_earned, lifetime_spent, lifetime_forfeited, .. } =
        account;
    let parts = [available, held, lifetime_spent, lifetime_forfeited];
    let sum: i64 = parts.into_iter().map(|part| cents(part)).sum();
    assert_eq!(sum, cents(lifetime_earned), "{account:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn scenario_16_what_a_user_has_adds_up_at_every_moment_of_every_job() {
    let served = Served::set(8, SETTINGS).await;
    let mut ada = Customer::new(&served.api, "ada").await;
    let (done, mut is_done) = watch::channel(false);
    let looking = tokio::spawn({
        let (mut ledger, user_id) = (ada.api.ledger.clone(), ada.user.clone());
        async move {
            let (mut looks, mut held) = (0, 0);
            while !*is_done.borrow_and_update() {
                let request = GetBalanceRequest { user_id: user_id.clone(), as_of: None };
                let answer = ledger.get_balance(request).await.unwrap().into_inner();
                let account = answer.account.unwrap();
                adds_up(&account);
                looks += 1;
                held += usize::from(account.held != "0.00");
            }
            (looks, held)
        }
    });
    let mut jobs = Vec::new();
    for script in ["{}", r#"{"partial": 2}"#, r#"{"fail": "failed"}"#, r#"{"garbage": true}"#] {
        for _ in 0..4 {
            let mut order = ada.order("studio-image", picture(3));
            let metadata = format!(r#"{{"studio":{script}}}"#);
            order.metadata = Some(json::render(&metadata).unwrap());
            jobs.push(ada.ask(order).await);
        }
    }
    let mut spent = 0;
    for job in &jobs {
        spent += cents(captured(&ada.ended(job).await));
    }
    done.send(true).unwrap();
    let (looks, held) = looking.await.unwrap();
    assert!(looks > 10 && held > 0, "{looks} looks, {held} of them at holds");
    let account = ada.account().await;
    adds_up(&account);
    assert_eq!((cents(&account.lifetime_spent), account.held.as_str()), (spent, "0.00"));
    assert_eq!(spent, 4 * (600 + 400), "whole and partial ones, and nothing else");
    drop(ada);
    served.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn job_scenario_19_no_webhook_is_believed_and_none_is_needed() {
    let place = Place::new();
    let dev = place.start_with(&["--set", "studio.scripts=true"]).await;
    let api = Api::new(dev.facts.grpc, Some(&dev.facts.api_key));
    let mut ada = Customer::new(&api, "ada").await;
    let mut order = ada.order("studio-image", picture(1));
    let metadata = r#"{"studio": {"accept": true, "latency_ms": 1500}}"#;
    order.metadata = Some(json::render(metadata).unwrap());
    let job = ada.ask(order).await;
    let begun = Instant::now();
    while ada.read(&job).await.state() == JobState::Queued {
        assert!(begun.elapsed() < Duration::from_secs(60));
        sleep(Duration::from_millis(10)).await;
    }
    // Forged, twice, to whatever listens: nobody takes it.
    let forged = format!(r#"{{"id": "{}", "status": "succeeded", "output": []}}"#, job.id);
    for address in [format!("http://{}", dev.facts.grpc), dev.facts.admin.clone()] {
        for path in ["/", "/webhooks", "/webhooks/replicate", "/webhooks/fal"] {
            for _ in 0..2 {
                let request = Request::post(format!("{address}{path}"))
                    .header("content-type", "application/json")
                    .header("webhook-id", "msg_1")
                    .header("webhook-signature", "v1,Zm9yZ2Vk");
                let (code, body) = send(request.body(forged.clone().into_bytes()).unwrap()).await;
                assert!((400..500).contains(&code), "{address}{path}: {code}, {body:?}");
            }
        }
    }
    assert_eq!(captured(&ada.read(&job).await), "0.00");
    // Asking is enough.
    let job = ada.ended(&job).await;
    assert_eq!((job.state(), captured(&job)), (JobState::Succeeded, "2.00"), "{job:#?}");
    api.books_close(None).await;
    dev.stop().await;
}
