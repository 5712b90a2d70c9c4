//! What use cases log, and what callers do.

use ports::caller::Caller;
use testkit::fixtures::{activity, api_key_id, user, user_id};
use testkit::{FakeClock, FakeIds, FakeStore};
use users::action;
use users::activity::Actor;

use super::*;

async fn world() -> (FakeStore, ActivityLog) {
    let store = FakeStore::new();
    let clock = Arc::new(FakeClock::new());
    let mut tx = store.begin().await.unwrap();
    tx.insert_user(&user(1, clock.now())).await.unwrap();
    tx.commit().await.unwrap();
    let (kept, reads) = (Arc::new(store.clone()), Arc::new(store.clone()));
    (store, ActivityLog::new(kept.clone(), reads, kept, clock, Arc::new(FakeIds::new())))
}

fn browser() -> Caller {
    let seen = activity(1, user_id(1), "login", FakeClock::new().now());
    let Activity { actor, address, agent, request, .. } = seen;
    Caller { actor, address, agent, request }
}

async fn only(log: &ActivityLog) -> Activity {
    let all = ActivityFilter::default();
    let page = log.list(user_id(1), &all, PageSize::DEFAULT, None).await.unwrap();
    assert_eq!(page.items.len(), 1);
    page.items.into_iter().next().unwrap()
}

#[tokio::test]
async fn a_use_case_logs_who_calls() {
    let (store, log) = world().await;
    let id = Uuid::from_u128(7);
    let deed =
        Deed::on(user_id(1), action!("character.created"), &id, 3).telling(&[("name", "Ada")]);
    let mut tx = store.begin().await.unwrap();
    let now = FakeClock::new().now();
    let ids = FakeIds::new();
    let done = record(&mut *tx, &ids, now, deed);
    caller::scope(browser(), done).await.unwrap();
    tx.commit().await.unwrap();

    let entry = only(&log).await;
    assert_eq!((entry.action.as_str(), entry.actor), ("character.created", browser().actor));
    assert_eq!((entry.address, entry.agent), (browser().address, browser().agent));
    let subject = entry.subject.unwrap();
    assert_eq!(subject.kind.as_str(), "character");
    assert_eq!(subject.id.as_str(), "00000000-0000-0000-0000-000000000007");
    assert_eq!(entry.details.unwrap().as_str(), r#"{"name":"Ada"}"#);
}

#[tokio::test]
async fn what_a_caller_tells_of_the_user_goes_before_what_is_seen_of_the_caller() {
    let (_store, log) = world().await;
    let asked = RecordActivity {
        user: user_id(1),
        action: action!("login"),
        subject: None,
        details: None,
        address: Some("192.0.2.1".parse().unwrap()),
        agent: None,
    };
    let answered = caller::scope(browser(), log.record(asked.clone())).await.unwrap();
    assert_eq!(answered, only(&log).await);
    assert_eq!(answered.actor, Actor::ApiKey(api_key_id(1)));
    assert_eq!((answered.address, answered.agent), (asked.address, browser().agent));

    let nobody = RecordActivity { user: user_id(9), ..asked };
    let refused = log.record(nobody).await;
    assert!(matches!(refused, Err(RecordActivityError::UserNotFound)), "{refused:?}");
}
