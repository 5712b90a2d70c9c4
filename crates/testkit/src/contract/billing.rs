//! What every store of prices, plans, subscriptions and quotas promises. Prices are in `prices`,
//! quotas in `quotas`.

mod prices;
mod quotas;

use std::collections::BTreeMap;

use billing::{
    AllowanceRow, CallToAction, Delivery, Event, EventKind, ExternalPlan, Interval, Plan,
    PlanFields, Tier, Window,
};
use kernel::{Digest, LotId, PageSize, PlanId, Span, SubscriptionEventId, Timestamp};
use ports::{
    PLAN_EXTERNAL_IDS_UNIQUE, PlanReads, QuotaReads, Store, StoreError, SubscriptionReads, Tx,
    finish,
};
pub use prices::{
    operation_types_are_stored_once_and_listed_by_id,
    prices_are_listed_by_key_and_their_versions_newest_first,
    the_price_in_force_is_found_for_each_key_that_could_match,
};
pub use quotas::a_quota_is_the_users_and_units_count_in_their_window;
use quotas::take;
use uuid::Uuid;

use crate::fixtures::{identity, user, user_id};

/// Makes a test of each case: `billing_contract!(fixture)`, as `contract_tests!` has it.
#[macro_export]
macro_rules! billing_contract {
    ($fixture:ident) => {
        $crate::contract_tests! {
            $fixture,
            billing,
            [
                operation_types_are_stored_once_and_listed_by_id,
                the_price_in_force_is_found_for_each_key_that_could_match,
                prices_are_listed_by_key_and_their_versions_newest_first,
                a_plan_reads_back_with_every_field_and_in_its_order,
                an_external_id_has_one_plan,
                an_event_has_its_key_once,
                events_wait_for_their_identity_and_become_the_users,
                an_allowance_is_one_a_period,
                a_quota_is_the_users_and_units_count_in_their_window,
                everything_of_a_user_goes_with_the_user,
            ]
        }
    };
}

fn moment(seconds: u32) -> Timestamp {
    let base = Timestamp::from_micros(1_767_225_600_123_456).expect("is in range");
    base.saturating_add(Span::from_secs(seconds))
}

fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_00bb_0000 | number)
}

fn plan(number: u8, sort_order: i32) -> Plan {
    let external = ExternalPlan {
        id: format!("price_{number}").parse().unwrap(),
        name: Some("As they call it".parse().unwrap()),
    };
    let fields = PlanFields {
        name: format!("Plan {number}").parse().unwrap(),
        description: Some("Two\nlines".parse().unwrap()),
        tier: Tier::Pro,
        credits: "12.5".parse().unwrap(),
        interval: Interval::Year,
        currency: Some("BRL".parse().unwrap()),
        price_monthly: Some(990),
        price_yearly: Some(9_900),
        features: Some(r#"{"a":[1,2],"longer":true}"#.to_owned()),
        daily_quota: Some(u32::MAX),
        active: true,
        sort_order,
        highlight: true,
        badge: Some("New".parse().unwrap()),
        call_to_action: CallToAction {
            kind: Some("checkout".parse().unwrap()),
            label: Some("Buy".parse().unwrap()),
            url: Some("https://example.com".parse().unwrap()),
        },
        billing_source: Some("asaas".parse().unwrap()),
        external: BTreeMap::from([("stripe".parse().unwrap(), external)]),
    };
    Plan::new(PlanId::from_uuid(uuid(u128::from(number))), fields, moment(1))
}

fn delivery(number: u8, plan: Option<PlanId>) -> Delivery {
    let event = Event {
        id: SubscriptionEventId::from_uuid(uuid(0xee00 | u128::from(number))),
        source: "stripe".parse().unwrap(),
        external_id: format!("evt_{number}").parse().unwrap(),
        kind: EventKind::Renewed,
        plan,
        occurred_at: moment(5),
        period_start: Some(moment(5)),
        period_end: Some(moment(500)),
        recorded_at: moment(u32::from(number)),
    };
    Delivery { event, payload: Some("{\"raw\": true}".to_owned()) }
}

/// Runs something in a unit of work that is committed.
async fn within<T>(
    store: &impl Store,
    work: impl AsyncFnOnce(&mut dyn Tx) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let mut tx = store.begin().await?;
    let outcome = work(&mut *tx).await;
    finish(tx, outcome).await
}

fn refused_by<T: std::fmt::Debug>(outcome: Result<T, StoreError>, constraint: &str) {
    match outcome {
        Err(StoreError::Conflict { constraint: fired }) => assert_eq!(fired, constraint),
        Ok(_) | Err(_) => panic!("{constraint} did not refuse: {outcome:?}"),
    }
}

pub async fn a_plan_reads_back_with_every_field_and_in_its_order(store: &(impl Store + PlanReads)) {
    let bare = Plan {
        fields: PlanFields {
            description: None,
            currency: None,
            price_monthly: None,
            price_yearly: None,
            features: None,
            daily_quota: None,
            active: false,
            badge: None,
            call_to_action: CallToAction::default(),
            billing_source: None,
            external: BTreeMap::new(),
            ..plan(3, -5).fields
        },
        ..plan(3, -5)
    };
    let plans = [plan(1, 10), plan(2, 10), bare.clone()];
    for plan in &plans {
        within(store, async |tx| tx.insert_plan(plan).await).await.unwrap();
        assert_eq!(store.find_plan(plan.id).await.unwrap().as_ref(), Some(plan));
    }
    let one = PageSize::parse(1).unwrap();
    let first = store.list_plans(false, one, None).await.unwrap();
    assert_eq!(first.items, [plan(1, 10)]);
    let second = store.list_plans(false, one, first.next).await.unwrap();
    assert_eq!((second.items, second.next), (vec![plan(2, 10)], None));
    let all = store.list_plans(true, PageSize::DEFAULT, None).await.unwrap();
    assert_eq!(all.items, [bare.clone(), plan(1, 10), plan(2, 10)]);

    let changed = Plan {
        id: bare.id,
        archived_at: Some(moment(9)),
        etag: bare.etag.next(),
        updated_at: moment(9),
        ..plan(9, 4)
    };
    within(store, async |tx| {
        assert_eq!(tx.lock_plan(bare.id).await?, Some(bare.clone()));
        tx.update_plan(&changed).await
    })
    .await
    .unwrap();
    assert_eq!(store.find_plan(bare.id).await.unwrap(), Some(changed));
}

pub async fn an_external_id_has_one_plan(store: &(impl Store + PlanReads)) {
    within(store, async |tx| tx.insert_plan(&plan(1, 0)).await).await.unwrap();
    let thief = Plan { id: plan(2, 0).id, ..plan(1, 0) };
    let taken = within(store, async |tx| tx.insert_plan(&thief).await).await;
    refused_by(taken, PLAN_EXTERNAL_IDS_UNIQUE);
    assert_eq!(store.find_plan(thief.id).await.unwrap(), None);
    let (stripe, id) = ("stripe".parse().unwrap(), "price_1".parse().unwrap());
    let found = within(store, async |tx| tx.find_plan_by_external(&stripe, &id).await).await;
    assert_eq!(found.unwrap(), Some(plan(1, 0).id));
    let asaas = "asaas".parse().unwrap();
    let found = within(store, async |tx| tx.find_plan_by_external(&asaas, &id).await).await;
    assert_eq!(found.unwrap(), None);
}

pub async fn an_event_has_its_key_once(store: &impl Store) {
    let (first, second) = (delivery(1, None).event, delivery(2, None).event);
    let again = Event { external_id: first.external_id.clone(), ..second.clone() };
    let digest = Digest::from_bytes([7; 32]);
    within(store, async |tx| {
        assert_eq!(tx.take_event_key(&first, digest).await?, None);
        assert_eq!(tx.take_event_key(&again, Digest::ZERO).await?, Some((first.id, digest)));
        assert_eq!(tx.take_event_key(&second, Digest::ZERO).await?, None);
        Ok(())
    })
    .await
    .unwrap();
}

pub async fn events_wait_for_their_identity_and_become_the_users(
    store: &(impl Store + SubscriptionReads),
) {
    let (mine, theirs) = (identity(1), identity(2));
    let named = plan(1, 0);
    within(store, async |tx| {
        tx.insert_plan(&named).await?;
        tx.lock_identity(&mine).await?;
        tx.insert_pending_event(&mine, &delivery(1, Some(named.id))).await?;
        tx.insert_pending_event(&theirs, &delivery(2, None)).await?;
        tx.insert_pending_event(&mine, &delivery(3, None)).await
    })
    .await
    .unwrap();
    within(store, async |tx| {
        tx.insert_user(&user(1, moment(50))).await?;
        assert_eq!(tx.adopt_events(&mine, user_id(1)).await?, 2);
        assert_eq!(tx.adopt_events(&mine, user_id(1)).await?, 0);
        tx.insert_event(user_id(1), &delivery(4, None)).await?;
        let history = tx.load_history(user_id(1)).await?.expect("the user is there");
        assert_eq!((history.user_since, history.events.len()), (moment(50), 3));
        assert_eq!(history.plans.iter().collect::<Vec<_>>(), [&named]);
        Ok(())
    })
    .await
    .unwrap();
    let two = PageSize::parse(2).unwrap();
    let first = store.list_events(user_id(1), two, None).await.unwrap();
    assert_eq!(first.items, [delivery(4, None), delivery(3, None)]);
    let second = store.list_events(user_id(1), two, first.next).await.unwrap();
    assert_eq!((second.items, second.next), (vec![delivery(1, Some(named.id))], None));
    assert_eq!(store.find_history(user_id(2)).await.unwrap(), None);
}

fn allowance(start: u32, end: u32, granted: &str) -> AllowanceRow {
    AllowanceRow {
        user: user_id(1),
        period: Window { start: moment(start), end: moment(end) },
        plan: None,
        granted: granted.parse().unwrap(),
        lots: vec![LotId::from_uuid(uuid(1)), LotId::from_uuid(uuid(2))],
    }
}

pub async fn an_allowance_is_one_a_period(store: &(impl Store + SubscriptionReads)) {
    within(store, async |tx| {
        tx.insert_user(&user(1, moment(0))).await?;
        tx.put_allowance(&allowance(0, 100, "20")).await?;
        tx.put_allowance(&allowance(100, 200, "20")).await?;
        tx.put_allowance(&allowance(100, 200, "31.5")).await?;
        assert_eq!(
            tx.list_allowances(user_id(1), moment(100)).await?,
            [allowance(100, 200, "31.5")]
        );
        assert_eq!(tx.list_allowances(user_id(1), moment(99)).await?.len(), 2);
        Ok(())
    })
    .await
    .unwrap();
    let found = store.find_allowance(user_id(1), moment(100)).await.unwrap();
    assert_eq!(found, Some(allowance(100, 200, "31.5")));
    assert_eq!(store.find_allowance(user_id(1), moment(50)).await.unwrap(), None);
}

pub async fn everything_of_a_user_goes_with_the_user(
    store: &(impl Store + SubscriptionReads + QuotaReads),
) {
    within(store, async |tx| {
        tx.insert_user(&user(1, moment(0))).await?;
        tx.take_event_key(&delivery(1, None).event, Digest::ZERO).await?;
        tx.insert_event(user_id(1), &delivery(1, None)).await?;
        tx.put_allowance(&allowance(0, 100, "20")).await?;
        tx.lock_quota(user_id(1)).await?;
        tx.put_take(&take("a")).await?;
        tx.put_used(user_id(1), moment(0), 2).await?;
        tx.lock_user(user_id(1)).await?;
        tx.delete_user(user_id(1)).await
    })
    .await
    .unwrap();
    assert_eq!(store.find_history(user_id(1)).await.unwrap(), None);
    assert_eq!(store.find_allowance(user_id(1), moment(0)).await.unwrap(), None);
    assert_eq!(store.used(user_id(1), moment(0)).await.unwrap(), 0);
    // The key stays: an event that is delivered again must not come back.
    let key =
        within(store, async |tx| tx.take_event_key(&delivery(1, None).event, Digest::ZERO).await);
    assert!(key.await.unwrap().is_some());
}
