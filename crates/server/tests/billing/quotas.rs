//! Daily units and monthly allowances at the edges of their windows.

use futures_util::future::join_all;
use proto::atelier::billing::v1::{
    EventKind, GetQuotaRequest, GiveBackRequest, PlanFields, Quota, TakeRequest, TakeResponse, Tier,
};
use proto::atelier::ledger::v1::{GetUsageRequest, UsageDimension};
use proto::atelier::users::v1::{Preferences, UpdatePreferencesRequest};
use tonic::{Code, Status};

use super::world::{DAY, HOUR, Server, World, plan, wire};
use crate::whole::calls::{metadata, reason, violations};

impl Server {
    async fn take(&self, user: &str, request: &str) -> Result<TakeResponse, Status> {
        let (user_id, request_id) = (user.to_owned(), request.to_owned());
        let request = TakeRequest { user_id, request_id, units: 0 };
        Ok(self.api.quotas.clone().take(request).await?.into_inner())
    }

    async fn give_back(&self, user: &str, request: &str) -> Result<bool, Status> {
        let (user_id, request_id) = (user.to_owned(), request.to_owned());
        let request = GiveBackRequest { user_id, request_id };
        Ok(self.api.quotas.clone().give_back(request).await?.into_inner().replayed)
    }

    async fn quota(&self, user: &str) -> Quota {
        let request = GetQuotaRequest { user_id: user.to_owned() };
        self.api.quotas.clone().get_quota(request).await.unwrap().into_inner().quota.unwrap()
    }

    async fn zone(&self, user: &str, time_zone: &str) -> Result<Quota, Status> {
        let preferences =
            Preferences { time_zone: Some(time_zone.to_owned()), ..Preferences::default() };
        let request = UpdatePreferencesRequest {
            user_id: user.to_owned(),
            preferences: Some(preferences),
            update_mask: Some(prost_types::FieldMask { paths: vec!["time_zone".to_owned()] }),
            etag: String::new(),
        };
        self.api.users.clone().update_preferences(request).await?;
        Ok(self.quota(user).await)
    }
}

#[tokio::test]
async fn units_are_taken_once_for_each_request_and_given_back_once() {
    let world = World::new().await;
    let characters = [("product.profile", "characters")];
    let (first, second) = (world.server(&characters).await, world.server(&characters).await);
    let user = first.api.user("ada").await;
    let calls = (0..20).map(|number| {
        let server = if number % 2 == 0 { &first } else { &second };
        let user = user.clone();
        async move { server.take(&user, &format!("t{number}")).await }
    });
    let results = join_all(calls).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 3);
    let exhausted = results.into_iter().find_map(Result::err).unwrap();
    assert_eq!(
        (exhausted.code(), reason(&exhausted).as_str()),
        (Code::ResourceExhausted, "QUOTA_EXHAUSTED")
    );
    assert_eq!(metadata(&exhausted, "limit"), "3");
    assert_eq!(metadata(&exhausted, "reset_time"), "2026-01-02T00:00:00.000000Z");

    world.pass_secs(DAY);
    assert!(!first.take(&user, "again").await.unwrap().replayed);
    assert!(second.take(&user, "again").await.unwrap().replayed);
    assert_eq!(first.quota(&user).await.remaining, Some(2));
    assert!(!second.give_back(&user, "again").await.unwrap());
    assert!(first.give_back(&user, "again").await.unwrap());
    assert_eq!(first.quota(&user).await.remaining, Some(3));
    let unknown = first.give_back(&user, "never").await.unwrap_err();
    assert_eq!(reason(&unknown), "QUOTA_TAKE_NOT_FOUND");

    // A plan's own number goes before its tier's.
    let fields = PlanFields { daily_quota: Some(7), ..plan("Pro", Tier::Pro, "0") };
    let pro = first.create_plan(fields).await;
    first.tell(&user, world.event("e", EventKind::Created, Some(&pro))).await.unwrap();
    assert_eq!(second.quota(&user).await.limit, Some(7));
    first.end().await;
    second.end().await;
}

#[tokio::test]
async fn scenario_22_windows_end_at_the_users_own_midnight_and_what_spans_them_counts_once() {
    let world = World::new().await;
    let server = world.server(&[("product.profile", "characters")]).await;
    let user = server.api.user("ada").await;
    let unknown = server.zone(&user, "Mars/Olympus").await.unwrap_err();
    assert_eq!(violations(&unknown), ["preferences.time_zone"]);
    // Berlin's midnight is at 23:00 in UTC, so that the running day runs on to the one after.
    let quota = server.zone(&user, "Europe/Berlin").await.unwrap();
    assert_eq!(quota.reset_time, world.in_secs(DAY + 23 * HOUR));
    for number in 0..3 {
        server.take(&user, &format!("a{number}")).await.unwrap();
    }
    // Going elsewhere begins no day.
    for zone in ["Pacific/Kiritimati", "Pacific/Niue", "Asia/Kathmandu", "Europe/Berlin"] {
        server.zone(&user, zone).await.unwrap();
        assert_eq!(reason(&server.take(&user, zone).await.unwrap_err()), "QUOTA_EXHAUSTED");
    }
    // The last microsecond, and the next.
    let end = world.now().saturating_add(kernel::Span::from_secs(DAY + 23 * HOUR));
    world.clock.set(end.saturating_sub(kernel::Span::from_micros(1).unwrap()));
    assert!(server.take(&user, "b").await.is_err());
    world.clock.set(end);
    server.take(&user, "b").await.unwrap();
    // Taken in one window and given back in the next: it counts in the one it was taken in.
    server.give_back(&user, "a0").await.unwrap();
    assert_eq!(server.quota(&user).await.used, 1);

    // Reserved before midnight in UTC and captured after it: of the day before, once.
    let bought = ledger::Action::Purchase {
        amount: "10".parse().unwrap(),
        expires_at: None,
        operation: ledger::Operation::default(),
    };
    let ledger = &server.app.ledger;
    let bought = ledger.command(user.parse().unwrap(), "buy".parse().unwrap(), bought);
    ledger.execute(bought).await.unwrap();
    let midnight = kernel::Timestamp::from_micros(1_767_225_600_000_000 + 10 * 86_400_000_000);
    let midnight = midnight.unwrap();
    world.clock.set(midnight.saturating_sub(kernel::Span::from_micros(1).unwrap()));
    let hold = server.reserve(&user, "h", "4").await;
    world.clock.set(midnight);
    server.capture(&user, "c", &hold.id).await;
    let days = |from, until| GetUsageRequest {
        user_id: user.clone(),
        start_time: wire(from),
        end_time: wire(until),
        group_by: vec![UsageDimension::Day.into()],
    };
    let day = kernel::Span::from_secs(DAY);
    let (before, after) = (midnight.saturating_sub(day), midnight.saturating_add(day));
    let usage = async |from, until| {
        let mut ledger = server.api.ledger.clone();
        let answer = ledger.get_usage(days(from, until)).await.unwrap().into_inner();
        let sums = answer.lines.into_iter();
        sums.map(|sum| (sum.charged, sum.charges)).collect::<Vec<_>>()
    };
    assert_eq!(usage(before, midnight).await, [("4.00".to_owned(), 1)]);
    assert_eq!(usage(midnight, after).await, []);
    // The same of parts of the days.
    let hour = kernel::Span::from_secs(HOUR);
    let part = usage(midnight.saturating_sub(hour), midnight.saturating_add(hour)).await;
    assert_eq!(part, [("4.00".to_owned(), 1)]);
    server.end().await;
}

#[tokio::test]
async fn a_new_month_brings_its_allowance_without_anyone_turning_a_page() {
    let world = World::new().await;
    let server = world.server(&[("product.profile", "cinematic")]).await;
    let user = server.api.user("ada").await;
    assert_eq!(server.available(&user).await, "20.00");
    server.deduct(&user, "d1", "15").await.unwrap();
    // To the last microsecond of January, by the calendar.
    let february = world.now().saturating_add(kernel::Span::from_secs(31 * DAY));
    world.clock.set(february.saturating_sub(kernel::Span::from_micros(1).unwrap()));
    assert_eq!(server.available(&user).await, "5.00");
    world.clock.set(february);
    // It is there for the very charge that needs it.
    server.deduct(&user, "d2", "20").await.unwrap();
    assert_eq!(server.allowance(&user).await, ("20.00".to_owned(), "20.00".to_owned()));
    let account = server.account(&user).await;
    assert_eq!([account.available, account.lifetime_forfeited], ["0.00", "5.00"]);
    server.end().await;
}
