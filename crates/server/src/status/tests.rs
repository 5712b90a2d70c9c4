use prost::Message;
use tonic_types::pb;

use super::*;

fn every_reason() -> impl Iterator<Item = ErrorReason> {
    (1..1000).filter_map(|number| ErrorReason::try_from(number).ok())
}

fn refusal(reason: ErrorReason) -> Refusal {
    let mut refusal = Refusal::new(reason, "m".repeat(5000));
    for key in &spec(reason).metadata {
        refusal.metadata.push((key, "v".repeat(500)));
    }
    refusal
}

#[test]
fn every_reason_has_a_code_and_stays_small() {
    assert!(every_reason().count() > 30);
    for reason in every_reason() {
        let spec = spec(reason);
        assert_eq!(format!("ERROR_REASON_{}", spec.name), reason.as_str_name());
        assert_ne!(spec.code, tonic::Code::Ok, "{reason:?} has a code");
        assert_eq!(reason_from_name(spec.name), Some(reason));

        let mut refusal = refusal(reason);
        refusal.violations =
            (0..100).map(|n| FieldViolation::new(format!("f{n}"), "d".repeat(300))).collect();
        let status = refusal.into_status();
        assert_eq!(status.code(), spec.code);
        assert!(status.message().len() <= MESSAGE_BYTES_MAX);
        let size = status.message().len() + status.details().len();
        assert!(size < STATUS_BYTES_MAX, "{reason:?} takes {size} bytes");
        let info = status.get_details_error_info().unwrap();
        assert_eq!((info.reason.as_str(), info.domain.as_str()), (spec.name, DOMAIN));
        assert_eq!(info.metadata.len(), spec.metadata.len());
        assert_eq!(status.get_details_retry_info().is_some(), spec.retryable);
    }
}

#[test]
fn violations_beyond_the_cap_are_counted() {
    let all = (0..500).map(|n| FieldViolation::new(format!("items[{n}].amount"), "is negative"));
    let status = Refusal::fields(all.collect()).into_status();
    let violations = status.get_details_bad_request().unwrap().field_violations;
    let last = violations.last().unwrap();
    assert_eq!(last.description, format!("and {} more", 500 - (violations.len() - 1)));
    assert_eq!(violations[0].field, "items[0].amount");
}

#[test]
fn a_single_violation_is_the_message() {
    let status = Refusal::fields(vec![FieldViolation::new("amount", "is negative")]).into_status();
    assert_eq!(status.message(), "amount: is negative");
    let decoded = pb::Status::decode(status.details()).unwrap();
    assert_eq!(decoded.message, status.message());
}

#[test]
#[should_panic(expected = "declares the metadata")]
fn metadata_that_is_not_declared_is_a_bug() {
    let _ = Refusal::new(ErrorReason::UserNotFound, "no").with("user", "1").into_status();
}

#[test]
fn text_is_cut_at_a_character() {
    assert_eq!(truncated("äöü".into(), 6), "äöü");
    assert_eq!(truncated("äöüß".into(), 6), "ä…");
}

#[test]
fn store_errors_have_their_reasons() {
    let cause = || "socket 7".to_owned().into();
    for (error, reason) in [
        (StoreError::Contention(cause()), "CONTENTION"),
        (StoreError::DeadlineExceeded, "DEADLINE_EXCEEDED"),
        (StoreError::Unavailable(cause()), "DEPENDENCY_UNAVAILABLE"),
        (StoreError::CommitUnknown(cause()), "DEPENDENCY_UNAVAILABLE"),
        (StoreError::Conflict { constraint: "x" }, "INTERNAL"),
        (StoreError::Corrupt { what: "a row".into(), cause: None }, "INTERNAL"),
    ] {
        let status = error.into_status();
        assert_eq!(status.get_details_error_info().unwrap().reason, reason);
        assert!(!status.message().contains("socket"));
    }
}

#[test]
fn a_chain_names_every_cause() {
    let error = StoreError::Unavailable("connection refused".to_owned().into());
    assert_eq!(Chain(&error).to_string(), "the store is unavailable: connection refused");
}
