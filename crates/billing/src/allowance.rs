//! Allowances: the credits of a period, given once, good until the period ends.

use kernel::{Credits, LotId, PlanId, SubscriptionEventId, Timestamp, UserId};

use crate::zone::{FIRST_OF_A_MONTH, months};
use crate::{AllowanceMonth, Plan, Rules, Subscription, Window};

/// What a user is entitled to in the period that a moment is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    pub period: Window,
    /// More than nothing.
    pub amount: Credits,
    /// `None`: that of everyone.
    pub plan: Option<PlanId>,
}

/// What was given for one period, also the key against giving it twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowanceRow {
    pub user: UserId,
    pub period: Window,
    pub plan: Option<PlanId>,
    pub granted: Credits,
    /// The lots that it came in.
    pub lots: Vec<LotId>,
}

/// What the user is entitled to at `now`. `None`: nothing.
///
/// With a plan in force, its credits in the plan's own months or years, counted from the beginning
/// of the paid period, and for each upgrade within the period the difference by the time that was
/// left. A subscription that is paused or unpaid gives nothing. Without one, the free allowance.
pub fn entitlement(
    subscription: &Subscription,
    plans: &[Plan],
    created_at: Timestamp,
    rules: &Rules,
    now: Timestamp,
) -> Option<Allowance> {
    let found = match subscription.plan_in_force(rules, now) {
        Some(_) if subscription.gives() => of_plan(subscription, plans, now)?,
        Some(_) => return None,
        None => {
            let anchor = match rules.allowance_month {
                AllowanceMonth::Calendar => Timestamp::from_micros(FIRST_OF_A_MONTH)?,
                AllowanceMonth::Anniversary => created_at,
            };
            let period = months(anchor, 1, now);
            Allowance { period, amount: rules.free_allowance, plan: None }
        }
    };
    (!found.amount.is_zero()).then_some(found)
}

fn of_plan(subscription: &Subscription, plans: &[Plan], now: Timestamp) -> Option<Allowance> {
    let find = |id: PlanId| plans.iter().find(|plan| plan.id == id).map(|plan| &plan.fields);
    let current = subscription.plan?;
    let paid = subscription.period()?;
    let period = months(paid.start, find(current)?.interval.months(), now.max(paid.start));
    let period = Window { start: period.start, end: period.end.min(paid.end) };
    // The plan that the period began with, and those that came in it.
    let begun = subscription.plans.partition_point(|(at, _)| *at <= period.start);
    let (before, within) = subscription.plans.split_at(begun);
    let (_, first) = before.last().or(within.first())?;
    let mut credits = find(*first)?.credits;
    let mut amount = credits;
    for (at, plan) in within {
        let next = find(*plan)?.credits;
        if let Some(more) = next.checked_sub(credits) {
            amount = amount.checked_add(share(more, period, *at))?;
        }
        credits = next;
    }
    Some(Allowance { period, amount, plan: Some(current) })
}

/// What falls to the rest of a period from `at` on, by time, cut to whole hundredths.
fn share(amount: Credits, period: Window, at: Timestamp) -> Credits {
    let span = |from: Timestamp, to: Timestamp| u128::try_from(to.since(from).as_micros());
    let (Ok(left), Ok(all)) =
        (span(at.max(period.start), period.end), span(period.start, period.end))
    else {
        return Credits::ZERO;
    };
    let hundredths = u128::from(amount.hundredths()) * left / all.max(1);
    u64::try_from(hundredths).ok().and_then(Credits::from_hundredths).unwrap_or(Credits::ZERO)
}

/// The id of the ledger's request that the allowance of a period is given with.
pub fn request(period: Window) -> String {
    format!("allowance:{}", period.start)
}

/// The id of the ledger's request that adds what an event entitles to beyond that.
pub fn request_of(event: SubscriptionEventId) -> String {
    format!("event:{event}")
}

/// The id of the ledger's request that takes a lot back because of an event.
pub fn take_back_request(event: SubscriptionEventId, lot: LotId) -> String {
    format!("event:{event}:{lot}")
}

#[cfg(test)]
mod tests;
