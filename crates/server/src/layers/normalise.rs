//! Makes every status that leaves the server one of the catalogue's, also those of libraries.
//!
//! A status with our `ErrorInfo` passes as it is, within the caps. INTERNAL says nothing but the
//! request id. What tonic and its services say for themselves is given the reason that fits.

use http::{HeaderMap, HeaderName};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use super::call::Call;
use crate::methods::Access;
use crate::status::{
    DOMAIN, ErrorReason, FieldViolation, IntoStatus, MESSAGE_BYTES_MAX, Refusal, STATUS_BYTES_MAX,
    reason_from_name, spec,
};

pub(crate) static GRPC_STATUS: HeaderName = HeaderName::from_static("grpc-status");
static GRPC_MESSAGE: HeaderName = HeaderName::from_static("grpc-message");
static GRPC_DETAILS: HeaderName = HeaderName::from_static("grpc-status-details-bin");

/// How tonic and prost begin to say that a request's message cannot be read. Their statuses are
/// INTERNAL, like a bug, and only the text tells them apart; a test sends each kind.
const MALFORMED: [&str; 5] = [
    "failed to decode Protobuf message",
    "protocol error: received message",
    "Error decompressing",
    "Unexpected EOF decoding stream",
    "Missing request message",
];

/// How tonic says that the caller broke off while it read the request.
const BROKEN_OFF: [&str; 2] = ["h2 protocol error", "error reading a body from connection"];

/// How tonic begins to say that an answer is too large to send, which is a bug.
const ANSWER_TOO_LARGE: &str = "Error, encoded message length too large";

/// Rewrites the status in `headers`, a response's head or its trailers, if there is one and it is
/// not OK, and notes its reason in `call`.
pub(crate) fn normalise(call: &Call, receive_bytes_max: usize, headers: &mut HeaderMap) {
    if headers.get(&GRPC_STATUS).is_none_or(|code| code == "0") {
        return;
    }
    let Some(status) = Status::from_header_map(headers) else { return };
    let ours = known_reason(&status);
    let refusal = match ours {
        Some(ErrorReason::Internal) => internal(call),
        Some(reason) if fits(&status, reason) => {
            note(call, reason);
            return;
        }
        Some(reason) => recapped(&status, reason),
        None => adopted(call, receive_bytes_max, &status),
    };
    note(call, refusal.reason);
    write(refusal, headers);
}

/// `INTERNAL` with the request id, which is all that a caller learns of a bug.
pub(crate) fn internal(call: &Call) -> Refusal {
    Refusal::internal().with("request_id", call.request_id())
}

/// Puts `refusal` into `headers` in place of any other status.
pub(crate) fn write(refusal: Refusal, headers: &mut HeaderMap) {
    for name in [&GRPC_STATUS, &GRPC_MESSAGE, &GRPC_DETAILS] {
        headers.remove(name);
    }
    let status = refusal.into_status();
    if status.add_header(headers).is_err() {
        // Cannot be: the text is percent-encoded and the details are base64. The code alone is
        // better than a stream without an end.
        headers.insert(&GRPC_STATUS, http::HeaderValue::from(i32::from(status.code())));
    }
}

pub(crate) fn note(call: &Call, reason: ErrorReason) {
    // A call that was refused twice keeps the reason that came first.
    let _ = call.reason.set(reason);
}

fn known_reason(status: &Status) -> Option<ErrorReason> {
    let info = status.get_details_error_info()?;
    if info.domain == DOMAIN { reason_from_name(&info.reason) } else { None }
}

fn fits(status: &Status, reason: ErrorReason) -> bool {
    status.code() == spec(reason).code
        && status.message().len() <= MESSAGE_BYTES_MAX
        && status.message().len() + status.details().len() < STATUS_BYTES_MAX
}

fn recapped(status: &Status, reason: ErrorReason) -> Refusal {
    let details = status.get_error_details();
    let mut refusal = Refusal::new(reason, status.message().to_owned());
    if let Some(info) = details.error_info() {
        for key in &spec(reason).metadata {
            refusal = refusal.with(key, info.metadata.get(*key).cloned().unwrap_or_default());
        }
    }
    if let Some(bad) = details.bad_request() {
        refusal.violations = (bad.field_violations.iter())
            .map(|violation| FieldViolation::new(&violation.field, &violation.description))
            .collect();
    }
    refusal.retry_delay = details.retry_info().and_then(|retry| retry.retry_delay);
    refusal
}

fn adopted(call: &Call, receive_bytes_max: usize, status: &Status) -> Refusal {
    let text = status.message();
    let begins = |with: &[&str]| with.iter().any(|prefix| text.starts_with(prefix));
    match status.code() {
        Code::Unimplemented => {
            Refusal::new(ErrorReason::UnknownMethod, "there is no such method here")
        }
        Code::OutOfRange if !text.starts_with(ANSWER_TOO_LARGE) => {
            let text = format!("the message is larger than {receive_bytes_max} bytes");
            Refusal::new(ErrorReason::MessageTooLarge, text).with("limit_bytes", receive_bytes_max)
        }
        Code::Internal | Code::InvalidArgument if begins(&MALFORMED) => {
            Refusal::new(ErrorReason::MalformedMessage, text.to_owned())
        }
        Code::Cancelled => cancelled(),
        Code::Internal | Code::Unknown if begins(&BROKEN_OFF) => cancelled(),
        Code::DeadlineExceeded => Refusal::deadline_exceeded(),
        Code::NotFound if call.method.access == Access::Public => {
            Refusal::new(ErrorReason::ServiceNotFound, "there is no such service here")
        }
        Code::Ok
        | Code::Unknown
        | Code::InvalidArgument
        | Code::NotFound
        | Code::AlreadyExists
        | Code::PermissionDenied
        | Code::ResourceExhausted
        | Code::FailedPrecondition
        | Code::Aborted
        | Code::OutOfRange
        | Code::Internal
        | Code::Unavailable
        | Code::DataLoss
        | Code::Unauthenticated => {
            tracing::error!(code = ?status.code(), text, "a status without a reason");
            internal(call)
        }
    }
}

fn cancelled() -> Refusal {
    Refusal::new(ErrorReason::Cancelled, "the call was broken off")
}
