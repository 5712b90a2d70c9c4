//! What an operator should know of a model before its users do.

use kernel::{Span, Timestamp};

use super::{Model, ModelState, successor};
use crate::{Day, ProviderName};

/// How long before its last day a model is warned of.
const NOTICE: Span = Span::from_secs(30 * 24 * 60 * 60);

kernel::named_enums! {
    /// Something is wrong with a model that can be had, or soon will be.
    ModelWarning {
        /// Its last day is within thirty days.
        #[default]
        EndsSoon = "ends_soon",
        /// Its last day has passed, and it is not retired.
        Ended = "ended",
        /// What is to stand in for it cannot be had itself.
        ReplacementGone = "replacement_gone",
        /// Nobody who has it is set up here.
        Unavailable = "unavailable",
    }
}

impl Model {
    /// The last day of a model that can be had, if that is near or has passed.
    pub fn ends(&self, now: Timestamp) -> Option<Day> {
        let last = Day::of(now.saturating_add(NOTICE));
        let there = self.life.state != ModelState::Retired;
        self.life.shutdown.clone().filter(|day| there && *day <= last)
    }

    /// What there is to warn of, in the order of the list. Nothing of a retired model but where it
    /// leads.
    pub fn warnings(
        &self,
        all: &[Self],
        set_up: impl Fn(&ProviderName) -> bool,
        now: Timestamp,
    ) -> Vec<ModelWarning> {
        let retired = self.life.state == ModelState::Retired;
        let ends = self.ends(now);
        let ended = ends.as_ref().is_some_and(|day| *day < Day::of(now));
        let astray = self.life.replacement.is_some() && {
            let next = self.life.replacement.as_ref();
            let next = all.iter().find(|model| Some(&model.name) == next);
            let there = next.is_some_and(|model| model.life.state != ModelState::Retired);
            !there && successor(all, &self.name).is_none()
        };
        let served = self.fields.routes.iter().any(|one| set_up(&one.route.provider));
        let found = [ends.is_some() && !ended, ended, astray, !retired && !served];
        let listed = ModelWarning::ALL.iter().zip(found);
        listed.filter_map(|(warning, found)| found.then_some(*warning)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::ModelLife;
    use super::super::fixtures::model;
    use super::*;
    use crate::fixtures::at;

    fn with(name: &str, state: ModelState, replacement: Option<&str>, day: Option<&str>) -> Model {
        let life = ModelLife {
            state,
            replacement: replacement.map(|name| name.parse().unwrap()),
            shutdown: day.map(|day| day.parse().unwrap()),
        };
        Model { life, ..model(name, &[(1, 1, "x")]) }
    }

    // `at(0)` is 2026-01-01.
    #[test]
    fn the_last_day_of_a_model_is_told_thirty_days_ahead() {
        use ModelState::{Active, Retired};
        for (state, day, expected) in [
            (Active, "2026-01-31", vec![ModelWarning::EndsSoon]),
            (Active, "2026-02-01", vec![]),
            (Active, "2026-01-01", vec![ModelWarning::EndsSoon]),
            (Active, "2025-12-31", vec![ModelWarning::Ended]),
            (Retired, "2025-12-31", vec![]),
        ] {
            let model = with("m", state, None, Some(day));
            assert_eq!(model.warnings(&[], |_| true, at(3_600)), expected, "{state} {day}");
        }
    }

    #[test]
    fn models_that_lead_nowhere_or_that_nobody_has_are_told() {
        use ModelState::{Active, Retired};
        let all = [
            with("a", Active, Some("b"), None),
            with("b", Retired, None, None),
            with("c", Retired, Some("d"), None),
            with("d", Retired, Some("e"), None),
            with("e", Active, None, None),
        ];
        let told = |place: usize| all[place].warnings(&all, |_| true, at(0));
        assert_eq!(told(0), [ModelWarning::ReplacementGone]);
        assert_eq!([1, 2, 3, 4].map(told), [vec![], vec![], vec![], vec![]]);
        assert_eq!(all[4].warnings(&all, |_| false, at(0)), [ModelWarning::Unavailable]);
        assert_eq!(all[1].warnings(&all, |_| false, at(0)), []);
    }
}
