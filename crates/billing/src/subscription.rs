//! A subscription: what its events come to, in the order in which they happened.

use kernel::{PlanId, Timestamp};

use crate::{Event, EventKind, Rules, Window};

/// What became of a subscription by its last event. The clock has its say in
/// [`Subscription::plan_in_force`] alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Status {
    /// There never was one.
    #[default]
    None,
    Active,
    /// A payment has failed; a grace runs.
    PastDue,
    Paused,
    /// Runs out at the end of what is paid for.
    Cancelled,
    Ended,
}

/// The state that a user's events come to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subscription {
    pub status: Status,
    pub plan: Option<PlanId>,
    /// The plan of the next period, after a downgrade.
    pub next_plan: Option<PlanId>,
    pub started_at: Option<Timestamp>,
    /// The paid period.
    pub period_start: Option<Timestamp>,
    /// `None`: until something ends it.
    pub period_end: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// Since when a payment is missing.
    pub unpaid_since: Option<Timestamp>,
    /// The plans of the present period, each from its moment on.
    pub plans: Vec<(Timestamp, PlanId)>,
}

/// Puts events together, in whatever order they came: by when they happened, then by id.
pub fn fold(events: &[Event]) -> Subscription {
    let mut order: Vec<&Event> = events.iter().collect();
    order.sort_by_key(|event| (event.occurred_at, event.id));
    order.into_iter().fold(Subscription::default(), Subscription::after)
}

impl Status {
    pub const ALL: [Self; 6] =
        [Self::None, Self::Active, Self::PastDue, Self::Paused, Self::Cancelled, Self::Ended];
}

impl Subscription {
    /// The plan whose tier the user has at `now`. `None`: the free tier.
    pub fn plan_in_force(&self, rules: &Rules, now: Timestamp) -> Option<PlanId> {
        let in_force = match self.status {
            Status::None | Status::Ended => false,
            Status::PastDue | Status::Active | Status::Paused | Status::Cancelled => {
                self.end(rules).is_none_or(|end| now < end)
            }
        };
        self.plan.filter(|_| in_force)
    }

    /// When the tier ends, or has ended. `None`: there is none, or nothing ends it yet.
    pub fn end(&self, rules: &Rules) -> Option<Timestamp> {
        match self.status {
            Status::None => None,
            Status::Ended => self.ended_at,
            Status::PastDue => {
                self.unpaid_since.map(|since| since.saturating_add(rules.payment_grace))
            }
            Status::Active | Status::Paused | Status::Cancelled => self.period_end,
        }
    }

    /// Whether allowances of the plan are given at present.
    pub(crate) fn gives(&self) -> bool {
        match self.status {
            Status::Active | Status::Cancelled => true,
            Status::None | Status::PastDue | Status::Paused | Status::Ended => false,
        }
    }

    fn after(self, event: &Event) -> Self {
        let at = event.occurred_at;
        let fresh_period = event
            .period_start
            .or(event.period_end.filter(|end| Some(*end) != self.period_end).map(|_| at))
            .filter(|start| Some(*start) != self.period_start);
        match event.kind {
            EventKind::Created => {
                let begun = Self { started_at: Some(at), ..Self::default() };
                begun.in_period(event.period_start.unwrap_or(at), event.period_end, event.plan)
            }
            EventKind::Renewed => {
                let plan = event.plan.or(self.next_plan).or(self.plan);
                let start = event.period_start.or(self.period_end).unwrap_or(at);
                self.running(at).in_period(start, event.period_end, plan)
            }
            EventKind::Upgraded => {
                let held = self.status;
                let next = self.running(at).planned(event, fresh_period);
                // A pause and a missing payment end by events of their own.
                match held {
                    Status::Paused | Status::PastDue => Self { status: held, ..next },
                    Status::None | Status::Active | Status::Cancelled | Status::Ended => next,
                }
            }
            EventKind::Downgraded => match self.period_end.filter(|end| *end > at) {
                Some(_) => Self { next_plan: event.plan, ..self },
                None => self.running(at).planned(event, fresh_period),
            },
            EventKind::Paused => Self { status: Status::Paused, ..self },
            EventKind::Resumed => {
                let plan = event.plan.or(self.plan);
                let running = self.running(at);
                match fresh_period {
                    Some(start) => running.in_period(start, event.period_end, plan),
                    None => running,
                }
            }
            EventKind::Cancelled => match event.period_end.or(self.period_end) {
                Some(end) => Self { status: Status::Cancelled, period_end: Some(end), ..self },
                None => self.over(at),
            },
            EventKind::Ended | EventKind::Refunded => self.over(at),
            EventKind::PaymentFailed => {
                let unpaid_since = self.unpaid_since.or(Some(at));
                Self { status: Status::PastDue, unpaid_since, ..self }
            }
        }
    }

    fn running(self, at: Timestamp) -> Self {
        let started_at = match self.status {
            Status::None | Status::Ended => Some(at),
            Status::Active | Status::PastDue | Status::Paused | Status::Cancelled => {
                self.started_at
            }
        };
        Self { status: Status::Active, started_at, ended_at: None, unpaid_since: None, ..self }
    }

    fn in_period(self, start: Timestamp, end: Option<Timestamp>, plan: Option<PlanId>) -> Self {
        Self {
            status: Status::Active,
            plan,
            next_plan: None,
            period_start: Some(start),
            period_end: end,
            plans: plan.map(|plan| (start, plan)).into_iter().collect(),
            ..self
        }
    }

    /// On another plan, in the present period or in one that begins with it.
    fn planned(self, event: &Event, fresh_period: Option<Timestamp>) -> Self {
        let Some(plan) = event.plan else { return self };
        let start = fresh_period.or(self.period_start.is_none().then_some(event.occurred_at));
        if let Some(start) = start {
            return self.in_period(start, event.period_end, Some(plan));
        }
        let mut plans = self.plans.clone();
        plans.push((event.occurred_at, plan));
        let period_end = event.period_end.or(self.period_end);
        Self { plan: Some(plan), next_plan: None, period_end, plans, ..self }
    }

    fn over(self, at: Timestamp) -> Self {
        Self { status: Status::Ended, ended_at: Some(at), next_plan: None, ..self }
    }

    /// The paid period, if it has begun.
    pub(crate) fn period(&self) -> Option<Window> {
        let end = self.period_end.unwrap_or(Timestamp::MAX);
        self.period_start.map(|start| Window { start, end }).filter(|paid| paid.start < paid.end)
    }
}

#[cfg(test)]
pub(crate) mod tests;
