//! Subscriptions as billing systems tell of them, and the credits that come of it.

use futures_util::future::join_all;
use proto::atelier::billing::v1::{
    EventKind, ExternalPlan, ListEventsRequest, PayloadFormat, PlanFields, RecordEventRequest,
    SourcePayload, SubscriptionEvent, Tier, record_event_request,
};
use proto::atelier::users::v1::{CreateUserRequest, Identity};
use tonic::Code;

use super::world::{DAY, World, plan, wire};
use crate::whole::calls::{reason, violations};

#[tokio::test]
async fn an_event_is_recorded_once_however_often_it_is_delivered() {
    let world = World::new().await;
    let (first, second) = (world.server(&[]).await, world.server(&[]).await);
    let pro = first.create_plan(plan("Pro", Tier::Pro, "500")).await;
    let user = first.api.user("ada").await;
    assert_eq!(first.tier(&user).await, Tier::Free);
    let event = world.event("evt_1", EventKind::Created, Some(&pro));
    let calls = (0..12).map(|number| {
        let server = if number % 2 == 0 { &first } else { &second };
        server.tell(&user, event.clone())
    });
    let told: Vec<_> = join_all(calls).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(told.iter().filter(|told| !told.replayed).count(), 1);
    assert!(told.iter().all(|other| other.event_id == told[0].event_id));
    assert_eq!(second.tier(&user).await, Tier::Pro);
    assert_eq!(second.available(&user).await, "500.00");

    let other = SubscriptionEvent { kind: EventKind::Ended.into(), ..event };
    let refused = second.tell(&user, other).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::AlreadyExists, "REQUEST_ID_REUSED")
    );
    let request = ListEventsRequest { user_id: user.clone(), ..Default::default() };
    let events = first.api.subscriptions.clone().list_events(request).await.unwrap().into_inner();
    assert_eq!(events.events.len(), 1);
    // It ends by the clock alone, and the credits with it.
    world.pass_secs(30 * DAY);
    assert_eq!(first.tier(&user).await, Tier::Free);
    assert_eq!(second.available(&user).await, "0.00");
    first.end().await;
    second.end().await;
}

#[tokio::test]
async fn events_of_somebody_unknown_wait_and_are_applied_with_the_user() {
    let world = World::new().await;
    let server = world.server(&[("ledger.signup_credits", "100")]).await;
    let external = ExternalPlan { id: "cplan_pro".to_owned(), name: None };
    let fields = PlanFields {
        external: [("clerk".to_owned(), external)].into(),
        ..plan("Pro", Tier::Pro, "500")
    };
    server.create_plan(fields).await;
    let at = world.now().as_micros() / 1_000;
    let json = format!(
        r#"{{"type": "subscriptionItem.active", "timestamp": {at}, "data": {{"id": "csi_1",
        "plan": {{"id": "cplan_pro"}}, "payer": {{"user_id": "user_1"}},
        "period_start": {at}, "period_end": {}}}}}"#,
        at + i64::from(30 * DAY) * 1_000
    );
    let payload = SourcePayload { format: PayloadFormat::Clerk.into(), json };
    let request = RecordEventRequest {
        owner: None,
        content: Some(record_event_request::Content::Payload(payload.clone())),
    };
    let mut subscriptions = server.api.subscriptions.clone();
    let told = subscriptions.record_event(request.clone()).await.unwrap().into_inner();
    assert_eq!((told.user_id.as_str(), told.replayed), ("", false));
    assert!(subscriptions.record_event(request.clone()).await.unwrap().into_inner().replayed);

    let identity = Identity { issuer: "clerk".to_owned(), subject: "user_1".to_owned() };
    let sign_in = CreateUserRequest { identity: Some(identity), ..Default::default() };
    let user = server.api.users.clone().create_user(sign_in).await.unwrap().into_inner();
    let user = user.user.unwrap().id;
    assert_eq!(server.tier(&user).await, Tier::Pro);
    assert_eq!(server.available(&user).await, "600.00");
    assert!(subscriptions.record_event(request).await.unwrap().into_inner().replayed);
    assert_eq!(server.available(&user).await, "600.00");
    let request = ListEventsRequest { user_id: user, ..Default::default() };
    let events = subscriptions.list_events(request).await.unwrap().into_inner().events;
    assert_eq!(events[0].event.as_ref().unwrap().payload.as_deref(), Some(payload.json.as_str()));

    let other = SourcePayload { json: r#"{"type": "user.created"}"#.to_owned(), ..payload };
    let ignored = subscriptions
        .record_event(RecordEventRequest {
            owner: None,
            content: Some(record_event_request::Content::Payload(other)),
        })
        .await
        .unwrap_err();
    assert_eq!(reason(&ignored), "EVENT_IGNORED");
    let nothing = subscriptions.record_event(RecordEventRequest::default()).await.unwrap_err();
    assert_eq!(violations(&nothing), ["content"]);
    server.end().await;
}

#[tokio::test]
async fn a_refund_takes_back_what_is_left_of_the_periods_credits_alone() {
    let world = World::new().await;
    let server = world.server(&[("ledger.signup_credits", "10")]).await;
    let pro = server.create_plan(plan("Pro", Tier::Pro, "500")).await;
    let user = server.api.user("ada").await;
    server.tell(&user, world.event("e1", EventKind::Created, Some(&pro))).await.unwrap();
    // What is given at sign-up burns before what a plan gives.
    server.deduct(&user, "d1", "110").await.unwrap();
    assert_eq!(server.lots(&user).await, ["400.00", "0.00"]);
    world.pass_secs(DAY);
    server.tell(&user, world.event("e2", EventKind::Refunded, None)).await.unwrap();
    assert_eq!(server.lots(&user).await, ["0.00", "0.00"]);
    assert_eq!(
        (server.tier(&user).await, server.available(&user).await),
        (Tier::Free, "0.00".to_owned())
    );
    assert!(server.tell(&user, world.event("e2", EventKind::Refunded, None)).await.is_ok());
    server.end().await;
}

#[tokio::test]
async fn an_upgrade_adds_its_share_in_whatever_order_the_events_come() {
    let world = World::new().await;
    let server = world.server(&[]).await;
    let basic = server.create_plan(plan("Basic", Tier::Premium, "30")).await;
    let pro = server.create_plan(plan("Pro", Tier::Pro, "90")).await;
    let (ada, eve) = (server.api.user("ada").await, server.api.user("eve").await);
    let created = world.event("c-ada", EventKind::Created, Some(&basic));
    let late = SubscriptionEvent { external_id: "c-eve".to_owned(), ..created.clone() };
    server.tell(&ada, created).await.unwrap();
    // A third of the 30 days is left.
    world.pass_secs(20 * DAY);
    let upgraded = world.event("u-ada", EventKind::Upgraded, Some(&pro));
    server.tell(&ada, upgraded.clone()).await.unwrap();
    assert_eq!(server.available(&ada).await, "50.00");
    assert_eq!(server.tier(&ada).await, Tier::Pro);

    let first = SubscriptionEvent {
        external_id: "u-eve".to_owned(),
        period_start_time: late.period_start_time,
        period_end_time: late.period_end_time,
        ..upgraded
    };
    server.tell(&eve, first).await.unwrap();
    // Of the beginning nothing is known yet: the better plan's credits. Credits are never taken
    // back for a message that was late.
    assert_eq!(server.available(&eve).await, "90.00");
    server.tell(&eve, late).await.unwrap();
    assert_eq!(server.available(&eve).await, "90.00");
    assert_eq!(server.tier(&eve).await, Tier::Pro);
    server.end().await;
}

#[tokio::test]
async fn scenario_20_lots_of_plans_and_purchases_burn_in_a_stable_order() {
    let world = World::new().await;
    let server = world.server(&[]).await;
    let pro = server.create_plan(plan("Pro", Tier::Pro, "30")).await;
    let mut told = Vec::new();
    for subject in ["ada", "eve"] {
        let user = server.api.user(subject).await;
        let id = |name: &str| format!("{name}-{subject}");
        server.tell(&user, world.event(&id("c"), EventKind::Created, Some(&pro))).await.unwrap();
        let charge = server.deduct(&user, "d1", "20").await.unwrap();
        // A later grant never pays an earlier charge.
        server.tell(&user, world.event(&id("u"), EventKind::Upgraded, Some(&pro))).await.unwrap();
        let paid = server.app.ledger.transaction(user.parse().unwrap(), charge.id.parse().unwrap());
        assert_eq!(paid.await.unwrap().allocations.len(), 1);
        server.deduct(&user, "d2", "5").await.unwrap();
        told.push(server.lots(&user).await);
    }
    assert_eq!(told, [vec!["5.00"], vec!["5.00"]], "the same history, the same allocation");
    server.end().await;
}

#[tokio::test]
async fn scenario_21_a_period_that_rolls_over_under_open_holds_is_granted_once() {
    let world = World::new().await;
    let (first, second) = (world.server(&[]).await, world.server(&[]).await);
    let basic = first.create_plan(plan("Basic", Tier::Premium, "30")).await;
    let pro = first.create_plan(plan("Pro", Tier::Pro, "100")).await;
    let user = first.api.user("ada").await;
    first.tell(&user, world.event("c", EventKind::Created, Some(&basic))).await.unwrap();
    world.pass_secs(30 * DAY - 60);
    let hold = second.reserve(&user, "h", "25").await;
    let down = world.event("d", EventKind::Downgraded, Some(&basic));
    first.tell(&user, down).await.unwrap();
    world.pass_secs(60);
    let mut renewed = world.event("r", EventKind::Renewed, Some(&pro));
    renewed.period_start_time = wire(world.now());
    let calls = (0..10).map(|number| {
        let server = if number % 2 == 0 { &first } else { &second };
        server.tell(&user, renewed.clone())
    });
    assert!(join_all(calls).await.iter().all(Result::is_ok));
    let balances =
        (0..10).map(
            |number| {
                if number % 2 == 0 { first.allowance(&user) } else { second.allowance(&user) }
            },
        );
    for told in join_all(balances).await {
        assert_eq!(told, ("100.00".to_owned(), "100.00".to_owned()));
    }
    // What was not held of the old month has gone with it; what was held pays, or comes back for a
    // while.
    assert_eq!(first.available(&user).await, "100.00");
    second.capture(&user, "s", &hold.id).await;
    let account = first.account(&user).await;
    let told =
        [account.available, account.held, account.lifetime_spent, account.lifetime_forfeited];
    assert_eq!(told, ["100.00", "0.00", "25.00", "5.00"]);
    first.end().await;
    second.end().await;
}
