//! Which failures are of which class.

use std::time::Duration;

use generation::{Class, Stage};
use serde_json::{Value, json};

use super::super::refusal::of;
use crate::testing::{answer, raw};

fn error(code: u16, status: &str, message: &str) -> Value {
    json!({"error": {"code": code, "message": message, "status": status}})
}

fn exhausted(quota: &str, value: &str, delay: Option<&str>) -> Value {
    let mut body = error(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota");
    let mut details = vec![json!({
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        "violations": [{"quotaMetric": "m", "quotaId": quota, "quotaValue": value}],
    })];
    if let Some(delay) = delay {
        let info = "type.googleapis.com/google.rpc.RetryInfo";
        details.push(json!({"@type": info, "retryDelay": delay}));
    }
    body["error"]["details"] = details.into();
    body
}

#[test]
fn errors_are_of_the_class_that_they_mean() {
    let key = "API key not valid. Please pass a valid API key.";
    let gone = "models/veo-2.0 is no longer available";
    for (status, name, message, class) in [
        (400, "INVALID_ARGUMENT", "Invalid value at 'x'", Class::InvalidArgument),
        (400, "INVALID_ARGUMENT", key, Class::AuthFailed),
        (400, "INVALID_ARGUMENT", gone, Class::ModelRetired),
        (400, "FAILED_PRECONDITION", "User location is not supported", Class::AuthFailed),
        (403, "PERMISSION_DENIED", "no", Class::AuthFailed),
        (404, "NOT_FOUND", "models/x is not found", Class::ModelRetired),
        (500, "INTERNAL", "oops", Class::Ambiguous),
        (503, "UNAVAILABLE", "The model is overloaded", Class::Ambiguous),
        (504, "DEADLINE_EXCEEDED", "slow", Class::Ambiguous),
        (302, "", "", Class::ProviderFailed { retryable: false }),
    ] {
        let body = error(status, name, message);
        for body in [body.clone(), json!([body])] {
            let failure = of(&answer(status, &body));
            assert_eq!(failure.class, class, "{status} {name}");
            if !name.is_empty() {
                assert_eq!(failure.code.as_deref(), Some(name));
            }
        }
    }
    assert_eq!(of(&raw(502, &[], b"<html>")).class, Class::Ambiguous);
    assert_eq!(of(&raw(404, &[], b"")).class, Class::ModelRetired);
}

#[test]
fn what_is_refused_before_it_is_made_is_a_refusal_of_the_request() {
    for body in [
        error(400, "SAFETY", "x"),
        json!({"error": {"code": "PROHIBITED_CONTENT", "message": "x"}}),
        error(400, "INVALID_ARGUMENT", "The prompt was blocked by safety filters"),
    ] {
        let failure = of(&answer(400, &body));
        let stage_is = matches!(failure.class, Class::ContentRefused { stage: Stage::Input, .. });
        assert!(stage_is, "{failure:?}");
    }
    // The interface of interactions has codes of words.
    let words = json!({"error": {"code": "invalid_request", "message": "duration"}});
    let failure = of(&answer(400, &words));
    assert_eq!(failure.class, Class::InvalidArgument);
    assert_eq!(failure.code.as_deref(), Some("invalid_request"));
}

#[test]
fn a_minute_is_waited_for_and_a_day_is_not() {
    let minute = "GenerateRequestsPerMinutePerProjectPerModel-FreeTier";
    let day = "GenerateRequestsPerDayPerProjectPerModel-FreeTier";
    let class = |body: &Value| of(&answer(429, body)).class;
    let pause = |millis| Class::RateLimited { retry_after: Some(Duration::from_millis(millis)) };
    assert_eq!(class(&exhausted(minute, "20", Some("38.2s"))), pause(38_200));
    assert_eq!(class(&exhausted(minute, "20", None)), Class::RateLimited { retry_after: None });
    let Class::QuotaExhausted { until: Some(until) } = class(&exhausted(day, "20", Some("3s")))
    else {
        panic!("a day's quota")
    };
    assert_eq!(until.to_string(), "2026-11-22T08:00:00.000000Z");
    let none = Class::QuotaExhausted { until: None };
    assert_eq!(class(&exhausted(minute, "0", Some("3s"))), none);
    let depleted = error(429, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted");
    assert_eq!(class(&depleted), none);
    let body = exhausted(minute, "20", Some("2s")).to_string();
    let both = raw(429, &[("retry-after", "60")], body.as_bytes());
    assert_eq!(of(&both).class, pause(60_000));
}
