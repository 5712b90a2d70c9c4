//! What must hold of the table, whatever a row says.

use super::*;

fn all() -> Vec<Class> {
    let refused = |stage| Class::ContentRefused { stage, categories: Vec::new() };
    vec![
        Class::InvalidArgument,
        refused(Stage::Input),
        refused(Stage::Output),
        Class::RateLimited { retry_after: None },
        Class::QuotaExhausted { until: None },
        Class::AuthFailed,
        Class::ModelRetired,
        Class::Transient,
        Class::Ambiguous,
        Class::ProviderFailed { retryable: true },
        Class::ProviderFailed { retryable: false },
        Class::OutputLost,
    ]
}

#[test]
fn a_refusal_and_an_unknown_outcome_are_taken_to_nobody_else() {
    for class in all() {
        let Verdict { retry, fall_back, .. } = class.verdict();
        match class {
            Class::ContentRefused { .. } => assert_eq!((retry, fall_back), (Retry::No, false)),
            Class::Ambiguous => assert_eq!((retry, fall_back), (Retry::Recover, false)),
            Class::OutputLost => assert_eq!((retry, fall_back), (Retry::Refetch, false)),
            Class::InvalidArgument
            | Class::RateLimited { .. }
            | Class::QuotaExhausted { .. }
            | Class::AuthFailed
            | Class::ModelRetired
            | Class::Transient
            | Class::ProviderFailed { .. } => {}
        }
    }
}

#[test]
fn credits_stay_held_only_where_nobody_knows_what_came_of_it() {
    for class in all() {
        let held = class.verdict().credits == Credit::Hold;
        assert_eq!(held, class == Class::Ambiguous, "{class:?}");
    }
}

#[test]
fn what_costs_money_or_stops_a_provider_is_told_to_an_operator() {
    let alerting: Vec<_> =
        all().iter().filter(|class| class.verdict().alert).map(Class::as_str).collect();
    assert_eq!(
        alerting,
        ["quota_exhausted", "auth_failed", "model_retired", "ambiguous", "output_lost"]
    );
}
