use std::collections::BTreeMap;

use kernel::Etag;

use super::*;
use crate::subscription::tests::{day, event, plan};
use crate::{CallToAction, Event, EventKind, Interval, PlanFields, Tier, fold};

fn credits(text: &str) -> Credits {
    text.parse().unwrap()
}

fn with_credits(number: u128, amount: &str, interval: Interval) -> Plan {
    let fields = PlanFields {
        name: format!("Plan {number}").parse().unwrap(),
        description: None,
        tier: Tier::Pro,
        credits: credits(amount),
        interval,
        currency: None,
        price_monthly: None,
        price_yearly: None,
        features: None,
        daily_quota: None,
        active: true,
        sort_order: 0,
        highlight: false,
        badge: None,
        call_to_action: CallToAction::default(),
        billing_source: None,
        external: BTreeMap::new(),
    };
    Plan {
        id: plan(number),
        fields,
        archived_at: None,
        etag: Etag::FIRST,
        created_at: day(0),
        updated_at: day(0),
    }
}

fn given(events: &[Event], on: u32) -> Option<(String, Timestamp, Timestamp)> {
    let plans = [
        with_credits(1, "30", Interval::Month),
        with_credits(2, "100", Interval::Month),
        with_credits(3, "1200", Interval::Year),
    ];
    let rules = Rules {
        free_allowance: credits("20"),
        allowance_month: AllowanceMonth::Calendar,
        ..Rules::default()
    };
    let found = entitlement(&fold(events), &plans, day(3), &rules, day(on))?;
    Some((found.amount.to_string(), found.period.start, found.period.end))
}

fn amount(events: &[Event], on: u32) -> Option<String> {
    given(events, on).map(|(amount, ..)| amount)
}

use EventKind::*;

#[test]
fn everyone_has_the_free_allowance_of_the_month() {
    assert_eq!(given(&[], 5), Some(("20.00".to_owned(), day(0), day(31))));
    assert_eq!(given(&[], 31), Some(("20.00".to_owned(), day(31), day(59))));
    let rules = Rules::default();
    assert_eq!(entitlement(&fold(&[]), &[], day(0), &rules, day(1)), None);
}

#[test]
fn a_plan_gives_its_credits_for_the_paid_period_and_then_the_free_ones_come_back() {
    let events = [event(5, Created, Some(2), Some((5, 35)))];
    assert_eq!(given(&events, 6), Some(("100.00".to_owned(), day(5), day(35))));
    assert_eq!(given(&events, 35), Some(("20.00".to_owned(), day(31), day(59))));
}

#[test]
fn a_year_that_is_paid_gives_a_months_credits_each_month() {
    let events = [event(0, Created, Some(1), Some((0, 365)))];
    assert_eq!(given(&events, 40), Some(("30.00".to_owned(), day(31), day(59))));
    let yearly = [event(0, Created, Some(3), Some((0, 365)))];
    assert_eq!(given(&yearly, 40), Some(("1200.00".to_owned(), day(0), day(365))));
}

#[test]
fn an_upgrade_adds_the_difference_by_the_time_that_is_left() {
    let events =
        [event(0, Created, Some(1), Some((0, 30))), event(10, Upgraded, Some(2), Some((0, 30)))];
    // 30 and two thirds of 70, cut.
    assert_eq!(amount(&events, 12).as_deref(), Some("76.66"));
    let renewed = [&events[..], &[event(30, Renewed, None, Some((30, 60)))]].concat();
    assert_eq!(amount(&renewed, 31).as_deref(), Some("100.00"));
    // Within a paid year the next month is whole.
    let year =
        [event(0, Created, Some(1), Some((0, 365))), event(10, Upgraded, Some(2), Some((0, 365)))];
    assert_eq!(amount(&year, 40).as_deref(), Some("100.00"));
}

#[test]
fn whatever_comes_first_the_entitlement_is_the_same() {
    let created = event(0, Created, Some(1), Some((0, 30)));
    let upgraded = event(10, Upgraded, Some(2), Some((0, 30)));
    let alone = amount(std::slice::from_ref(&upgraded), 12);
    assert_eq!(alone.as_deref(), Some("100.00"));
    assert_eq!(amount(&[upgraded, created], 12).as_deref(), Some("76.66"));
}

#[test]
fn what_is_paused_or_unpaid_gives_nothing_and_what_was_refunded_is_free_again() {
    let with = |kind| [event(0, Created, Some(2), Some((0, 30))), event(10, kind, None, None)];
    assert_eq!(amount(&with(Paused), 12), None);
    assert_eq!(amount(&with(PaymentFailed), 12), None);
    assert_eq!(amount(&with(Cancelled), 12).as_deref(), Some("100.00"));
    assert_eq!(amount(&with(Refunded), 12).as_deref(), Some("20.00"));
}
