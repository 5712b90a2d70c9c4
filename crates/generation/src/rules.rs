//! What an operator may set about jobs.

use kernel::Span;

/// The settings that decisions depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// How often one route is asked to make the same thing.
    pub attempts_max: u16,
    /// The first pause before asking again; it doubles each time.
    pub back_off_min: Span,
    pub back_off_max: Span,
    /// The longest pause of a provider's that is sat out; a longer one is cut.
    pub pause_max: Span,
    /// A pause that is longer than this is no use if another route is there.
    pub patience_with_limits: Span,
    /// How long a provider may take to answer a submission.
    pub patience_with_answers: Span,
    /// The first pause between two questions how far it is; it grows with age.
    pub poll_min: Span,
    pub poll_max: Span,
    /// How often fetching one result is tried.
    pub fetches_max: u16,
    /// How long a submission may stay unknown before the credits go back.
    pub quarantine: Span,
    /// How long a worker has a job without saying that it lives.
    pub lease: Span,
    /// How many workers in a row may not come back from a job.
    pub crashes_max: u16,
    /// How many jobs of one user run at once.
    pub running_max: u16,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            // 4: the pauses between them come to a quarter of a minute.
            attempts_max: 4,
            back_off_min: Span::from_secs(2),
            back_off_max: Span::from_secs(60),
            pause_max: Span::from_secs(60 * 60),
            patience_with_limits: Span::from_secs(60),
            // Above the slowest that vendors document for calls that answer with what was made.
            patience_with_answers: Span::from_secs(10 * 60),
            poll_min: Span::from_secs(2),
            poll_max: Span::from_secs(30),
            // 12 with pauses up to a minute: providers keep files for an hour at least, and are
            // back by then as a rule.
            fetches_max: 12,
            // A day: webhooks and lists of vendors are complete by then, and support has looked.
            quarantine: Span::from_secs(24 * 60 * 60),
            // Renewed every third of it.
            lease: Span::from_secs(60),
            crashes_max: 3,
            running_max: 8,
        }
    }
}

impl Rules {
    /// The pause before the try after so many: doubled each time, and up to a half longer by
    /// `draw`, so that those who failed together do not come back together.
    pub fn back_off(&self, tries: u16, draw: u64) -> Span {
        let doubled = i64::checked_shl(1, u32::from(tries.saturating_sub(1).min(20)));
        let pause = doubled.and_then(|times| self.back_off_min.as_micros().checked_mul(times));
        let pause = pause.unwrap_or(i64::MAX).min(self.back_off_max.as_micros());
        jittered(pause, draw)
    }

    /// The pause between two questions about an operation of this age: a tenth of it.
    pub fn poll_pause(&self, age: Span, draw: u64) -> Span {
        let pause = (age.as_micros() / 10)
            .clamp(self.poll_min.as_micros(), self.poll_max.as_micros().max(1));
        jittered(pause, draw)
    }
}

fn jittered(pause: i64, draw: u64) -> Span {
    let more = i64::try_from(draw % 1_000).unwrap_or_default();
    let jitter = pause / 2_000 * more;
    Span::from_micros(pause.saturating_add(jitter)).unwrap_or(Span::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_their_bound_and_never_shrink_by_chance() {
        let rules = Rules::default();
        let secs = |tries| rules.back_off(tries, 0).as_micros() / 1_000_000;
        assert_eq!([1, 2, 3, 4, 5, 6, 60].map(secs), [2, 4, 8, 16, 32, 60, 60]);
        for draw in [1, 999, u64::MAX] {
            let pause = rules.back_off(1, draw).as_micros();
            assert!((2_000_000..=3_000_000).contains(&pause), "{pause}");
        }
    }

    #[test]
    fn old_operations_are_asked_about_less_often() {
        let rules = Rules::default();
        let secs = |age| rules.poll_pause(Span::from_secs(age), 0).as_micros() / 1_000_000;
        assert_eq!([0, 10, 60, 200, 600].map(secs), [2, 2, 6, 20, 30]);
    }
}
