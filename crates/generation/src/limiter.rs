//! How fast a provider is asked: its limits, its pauses, and a breaker for when it is down. One
//! gauge for each provider, shared by all processes.

use std::time::Duration;

use kernel::{Span, Timestamp};

use crate::{Class, ProviderName};

/// How many failures in a row open the breaker.
const FAILURES_MAX: u16 = 5;

/// How long the breaker stays open the first time; it doubles up to thirty-two times as long.
const OPEN_FIRST: Span = Span::from_secs(15);

/// How often a provider that was down is tried again, by one call at a time.
const PROBE_EVERY: Span = Span::from_secs(5);

/// A pause that the provider does not name.
const PAUSE: Span = Span::from_secs(5);

/// The longest pause that a provider may name for itself.
const PAUSE_MAX: Span = Span::from_secs(2 * 60 * 60);

/// How long a provider rests whose allowance is used up until nobody says when.
const EXHAUSTED: Span = Span::from_secs(60 * 60);

/// How long a provider rests that does not take our key.
const UNAUTHORISED: Span = Span::from_secs(5 * 60);

/// How soon somebody looks again who found no place.
const CROWDED: Span = Span::from_secs(1);

/// What is set up for a provider. `None`: as much as there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProviderLimits {
    /// Operations under way at once.
    pub running_max: Option<u32>,
    /// Submissions a minute.
    pub starts_max: Option<u32>,
}

/// What all processes know of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gauge {
    pub provider: ProviderName,
    /// Nobody is to be sent there before.
    pub closed_until: Option<Timestamp>,
    /// Failures in a row that speak of the provider, not of what it was asked.
    pub failures: u16,
    /// The minute that is counted, and the submissions in it.
    pub minute: Timestamp,
    pub starts: u32,
}

impl Gauge {
    pub fn new(provider: ProviderName, now: Timestamp) -> Self {
        Self { provider, closed_until: None, failures: 0, minute: now, starts: 0 }
    }

    /// Lets one submission pass, of which the gauge takes note; or tells when to ask again, of
    /// which it may take note too. `running` counts the operations under way.
    pub fn permit(
        mut self,
        limits: ProviderLimits,
        running: u32,
        now: Timestamp,
    ) -> (Self, Result<(), Timestamp>) {
        if let Some(until) = self.closed_until.filter(|until| now < *until) {
            return (self, Err(until));
        }
        self.closed_until = None;
        if limits.running_max.is_some_and(|max| running >= max) {
            return self.close(now.saturating_add(CROWDED));
        }
        let minute_ends = self.minute.saturating_add(Span::from_secs(60));
        if now >= minute_ends || now < self.minute {
            (self.minute, self.starts) = (now, 0);
        }
        if limits.starts_max.is_some_and(|max| self.starts >= max) {
            return self.close(minute_ends.max(now.next()));
        }
        self.starts = self.starts.saturating_add(1);
        if self.failures >= FAILURES_MAX {
            // Half open: this one call is the probe, and the others wait for what comes of it.
            self.closed_until = Some(now.saturating_add(PROBE_EVERY));
        }
        (self, Ok(()))
    }

    /// It has answered as it should. That ends what the breaker closed, and no pause that the
    /// provider named meanwhile.
    #[must_use]
    pub fn succeeded(self) -> Self {
        let tripped = self.failures >= FAILURES_MAX;
        let closed_until = self.closed_until.filter(|_| !tripped);
        Self { failures: 0, closed_until, ..self }
    }

    /// What a failure says of the provider.
    #[must_use]
    pub fn failed(mut self, class: &Class, now: Timestamp) -> Self {
        let rest = match class {
            Class::RateLimited { retry_after } => {
                retry_after.and_then(span).unwrap_or(PAUSE).min(PAUSE_MAX)
            }
            Class::QuotaExhausted { until } => {
                until.map_or(EXHAUSTED, |until| until.since(now)).max(CROWDED)
            }
            Class::AuthFailed => UNAUTHORISED,
            Class::Transient | Class::Ambiguous | Class::ProviderFailed { retryable: true } => {
                self.failures = self.failures.saturating_add(1);
                match self.failures.checked_sub(FAILURES_MAX) {
                    Some(more) => open(more),
                    None => return self,
                }
            }
            // Whoever refuses is there.
            Class::ContentRefused { .. }
            | Class::ModelRetired
            | Class::ProviderFailed { retryable: false } => return self.succeeded(),
            // Found out before anything was sent, or long after.
            Class::InvalidArgument | Class::OutputLost => return self,
        };
        let until = now.saturating_add(rest);
        self.closed_until = Some(self.closed_until.map_or(until, |closed| closed.max(until)));
        self
    }

    fn close(mut self, until: Timestamp) -> (Self, Result<(), Timestamp>) {
        self.closed_until = Some(until);
        (self, Err(until))
    }
}

fn open(more: u16) -> Span {
    let times = 1_i64 << more.min(5);
    Span::from_micros(OPEN_FIRST.as_micros().saturating_mul(times)).unwrap_or(OPEN_FIRST)
}

fn span(pause: Duration) -> Option<Span> {
    Span::from_micros(i64::try_from(pause.as_micros()).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u32) -> Timestamp {
        Timestamp::MIN.saturating_add(Span::from_secs(seconds))
    }

    fn gauge() -> Gauge {
        Gauge::new("fal".parse().unwrap(), at(0))
    }

    #[test]
    fn a_minute_has_so_many_starts_and_the_next_begins_anew() {
        let limits = ProviderLimits { starts_max: Some(2), ..ProviderLimits::default() };
        let mut gauge = gauge();
        for (second, expected) in
            [(1, Ok(())), (2, Ok(())), (3, Err(at(60))), (59, Err(at(60))), (60, Ok(()))]
        {
            let outcome;
            (gauge, outcome) = gauge.permit(limits, 0, at(second));
            assert_eq!(outcome, expected, "{second}");
        }
    }

    #[test]
    fn a_provider_has_so_many_places() {
        let limits = ProviderLimits { running_max: Some(3), ..ProviderLimits::default() };
        assert_eq!(gauge().permit(limits, 2, at(1)).1, Ok(()));
        assert_eq!(gauge().permit(limits, 3, at(1)).1, Err(at(2)));
    }

    #[test]
    fn a_pause_is_kept_and_bounded() {
        let limits = ProviderLimits::default();
        let paused = |seconds| Class::RateLimited { retry_after: seconds };
        for (asked, until) in [
            (None, 5),
            (Some(Duration::from_secs(3)), 3),
            (Some(Duration::from_secs(9_999)), 7_200),
        ] {
            let gauge = gauge().failed(&paused(asked), at(0));
            assert_eq!(gauge.permit(limits, 0, at(0)).1, Err(at(until)));
        }
        let exhausted = gauge().failed(&Class::QuotaExhausted { until: Some(at(90)) }, at(0));
        assert_eq!(exhausted.permit(limits, 0, at(89)).1, Err(at(90)));
    }

    #[test]
    fn the_breaker_opens_lets_one_probe_through_and_closes_again() {
        let limits = ProviderLimits::default();
        let mut gauge = gauge();
        for _ in 0..FAILURES_MAX {
            assert_eq!(gauge.clone().permit(limits, 0, at(0)).1, Ok(()));
            gauge = gauge.failed(&Class::Transient, at(0));
        }
        assert_eq!(gauge.clone().permit(limits, 0, at(14)).1, Err(at(15)));
        let (probing, outcome) = gauge.permit(limits, 0, at(15));
        assert_eq!(outcome, Ok(()));
        assert_eq!(probing.clone().permit(limits, 0, at(16)).1, Err(at(20)), "one at a time");
        let down = probing.clone().failed(&Class::Transient, at(16));
        assert_eq!(down.permit(limits, 0, at(20)).1, Err(at(46)), "twice as long");
        assert_eq!(probing.succeeded().permit(limits, 0, at(16)).1, Ok(()));
    }

    #[test]
    fn a_success_of_before_does_not_end_the_pause_of_a_used_up_quota() {
        let limits = ProviderLimits::default();
        let exhausted = Class::QuotaExhausted { until: Some(at(36_000)) };
        let gauge = gauge().failed(&Class::Transient, at(0)).failed(&exhausted, at(1)).succeeded();
        assert_eq!(gauge.failures, 0);
        assert_eq!(gauge.clone().permit(limits, 0, at(35_999)).1, Err(at(36_000)));
        assert_eq!(gauge.permit(limits, 0, at(36_000)).1, Ok(()));
        let unnamed = self::gauge().failed(&Class::QuotaExhausted { until: None }, at(0));
        assert_eq!(unnamed.permit(limits, 0, at(1)).1, Err(at(3_600)));
    }

    #[test]
    fn a_refusal_is_as_good_a_probe_as_a_success() {
        let limits = ProviderLimits::default();
        let refused = Class::ContentRefused { stage: crate::Stage::Input, categories: Vec::new() };
        let down =
            (0..FAILURES_MAX).fold(gauge(), |gauge, _| gauge.failed(&Class::Transient, at(0)));
        let (probing, _) = down.permit(limits, 0, at(15));
        for class in [refused, Class::ModelRetired] {
            let up = probing.clone().failed(&class, at(16));
            assert_eq!(up.permit(limits, 0, at(16)).1, Ok(()), "{}", class.as_str());
        }
        let unsent = probing.failed(&Class::InvalidArgument, at(16));
        assert_eq!(unsent.permit(limits, 0, at(16)).1, Err(at(20)));
    }

    #[test]
    fn what_was_asked_says_nothing_of_the_provider() {
        let refused = Class::ContentRefused { stage: crate::Stage::Input, categories: Vec::new() };
        for class in [Class::InvalidArgument, refused, Class::OutputLost] {
            let gauge = (0..9).fold(gauge(), |gauge, _| gauge.failed(&class, at(0)));
            assert_eq!(gauge, self::gauge());
        }
    }
}
