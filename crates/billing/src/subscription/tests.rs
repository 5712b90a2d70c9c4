use kernel::{Span, SubscriptionEventId};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

pub(crate) fn plan(number: u128) -> PlanId {
    PlanId::from_uuid(Uuid::from_u128(number))
}

pub(crate) fn day(number: u32) -> Timestamp {
    let base = Timestamp::from_micros(1_767_225_600_000_000).unwrap();
    base.saturating_add(Span::from_secs(number * 86_400))
}

/// An event on a day, on a plan if it names one, of the paid period if it tells of one.
pub(crate) fn event(
    on: u32,
    kind: EventKind,
    named: Option<u128>,
    period: Option<(u32, u32)>,
) -> Event {
    Event {
        id: SubscriptionEventId::from_uuid(Uuid::from_u128(u128::from(on) + 1)),
        source: "stripe".parse().unwrap(),
        external_id: format!("evt_{on}").parse().unwrap(),
        kind,
        plan: named.map(plan),
        occurred_at: day(on),
        period_start: period.map(|(start, _)| day(start)),
        period_end: period.map(|(_, end)| day(end)),
        recorded_at: day(on),
    }
}

fn in_force(events: &[Event], on: u32) -> Option<u128> {
    let plan = fold(events).plan_in_force(&Rules::default(), day(on));
    plan.map(|plan| plan.as_uuid().as_u128())
}

use EventKind::*;

#[test]
fn a_tier_lasts_as_long_as_it_is_paid_for() {
    let created = event(0, Created, Some(1), Some((0, 30)));
    assert_eq!(in_force(&[], 5), None);
    assert_eq!(
        [0, 29, 30].map(|on| in_force(std::slice::from_ref(&created), on)),
        [Some(1), Some(1), None]
    );
    let renewed = [created, event(30, Renewed, None, Some((30, 60)))];
    assert_eq!([30, 59, 60].map(|on| in_force(&renewed, on)), [Some(1), Some(1), None]);
}

#[test]
fn an_upgrade_counts_at_once_and_a_downgrade_with_the_next_period() {
    let up =
        [event(0, Created, Some(1), Some((0, 30))), event(10, Upgraded, Some(2), Some((0, 30)))];
    assert_eq!(in_force(&up, 10), Some(2));
    assert_eq!(fold(&up).plans, [(day(0), plan(1)), (day(10), plan(2))]);
    let down = [
        event(0, Created, Some(2), Some((0, 30))),
        event(10, Downgraded, Some(1), None),
        event(30, Renewed, None, Some((30, 60))),
    ];
    assert_eq!(in_force(&down[..2], 29), Some(2));
    assert_eq!(fold(&down[..2]).next_plan, Some(plan(1)));
    assert_eq!(in_force(&down, 30), Some(1));
}

#[test]
fn what_is_cancelled_runs_out_and_what_has_ended_or_was_refunded_is_over() {
    let with = |kind| [event(0, Created, Some(1), Some((0, 30))), event(10, kind, None, None)];
    assert_eq!([29, 30].map(|on| in_force(&with(Cancelled), on)), [Some(1), None]);
    assert_eq!(in_force(&with(Ended), 10), None);
    assert_eq!(in_force(&with(Refunded), 10), None);
    assert_eq!(fold(&with(Ended)).end(&Rules::default()), Some(day(10)));
    let endless = [event(0, Created, Some(1), None), event(10, Cancelled, None, None)];
    assert_eq!(in_force(&endless[..1], 5_000), Some(1));
    assert_eq!(in_force(&endless, 10), None);
}

#[test]
fn a_missing_payment_has_a_grace_of_seven_days_from_the_first_failure() {
    let unpaid = [
        event(0, Created, Some(1), Some((0, 30))),
        event(30, PaymentFailed, None, None),
        event(33, PaymentFailed, None, None),
        event(38, Renewed, None, Some((30, 60))),
    ];
    assert_eq!([36, 37].map(|on| in_force(&unpaid[..3], on)), [Some(1), None]);
    assert_eq!(in_force(&unpaid, 40), Some(1));
    assert_eq!(fold(&unpaid).unpaid_since, None);
}

#[test]
fn a_pause_keeps_the_tier_that_is_paid_for_and_gives_nothing() {
    let paused = [
        event(0, Created, Some(1), Some((0, 30))),
        event(10, Paused, None, None),
        event(40, Resumed, None, Some((40, 70))),
    ];
    assert_eq!([29, 30].map(|on| in_force(&paused[..2], on)), [Some(1), None]);
    assert!(!fold(&paused[..2]).gives());
    assert_eq!(in_force(&paused, 41), Some(1));
    assert!(fold(&paused).gives());
}

#[test]
fn an_older_event_that_comes_late_changes_history_and_not_the_present() {
    let created = event(0, Created, Some(1), Some((0, 30)));
    let ended = event(20, Ended, None, None);
    assert_eq!(fold(&[ended.clone(), created.clone()]), fold(&[created, ended]));
}

fn any_event() -> impl Strategy<Value = Event> {
    let kind = proptest::sample::select(EventKind::ALL.to_vec());
    let period = proptest::option::of((0u32..100, 0u32..60));
    (0u32..100, kind, 1u128..4, period).prop_map(|(on, kind, named, period)| {
        event(on, kind, Some(named), period.map(|(start, length)| (start, start + length)))
    })
}

proptest! {
    #[test]
    fn the_order_of_delivery_does_not_matter(
        (events, shuffled) in proptest::collection::vec(any_event(), 0..12)
            .prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle())),
    ) {
        // Ids of a day are the same here; those of real events differ.
        let mut days = std::collections::BTreeSet::new();
        let distinct: Vec<Event> =
            events.iter().filter(|event| days.insert(event.occurred_at)).cloned().collect();
        let mut again: Vec<Event> = shuffled.into_iter().filter(|e| distinct.contains(e)).collect();
        again.dedup();
        prop_assert_eq!(fold(&distinct), fold(&again));
    }
}
