//! The enums of the ledger, both ways.

use ledger::{
    HoldEnd, LateCapture, LotSource, LotState, OverCapture, TransactionKind, TransactionStatus,
};
use proto::atelier::ledger::v1 as pb;

pub(super) fn parse_kind(kind: pb::TransactionKind) -> Option<TransactionKind> {
    match kind {
        pb::TransactionKind::Unspecified => None,
        pb::TransactionKind::Deduction => Some(TransactionKind::Deduction),
        pb::TransactionKind::Refund => Some(TransactionKind::Refund),
        pb::TransactionKind::Purchase => Some(TransactionKind::Purchase),
        pb::TransactionKind::Grant => Some(TransactionKind::Grant),
        pb::TransactionKind::Expiration => Some(TransactionKind::Expiration),
        pb::TransactionKind::Adjustment => Some(TransactionKind::Adjustment),
    }
}

pub(super) fn render_kind(kind: TransactionKind) -> pb::TransactionKind {
    match kind {
        TransactionKind::Deduction => pb::TransactionKind::Deduction,
        TransactionKind::Refund => pb::TransactionKind::Refund,
        TransactionKind::Purchase => pb::TransactionKind::Purchase,
        TransactionKind::Grant => pb::TransactionKind::Grant,
        TransactionKind::Expiration => pb::TransactionKind::Expiration,
        TransactionKind::Adjustment => pb::TransactionKind::Adjustment,
    }
}

pub(super) fn parse_status(status: pb::TransactionStatus) -> Option<TransactionStatus> {
    match status {
        pb::TransactionStatus::Unspecified => None,
        pb::TransactionStatus::Pending => Some(TransactionStatus::Pending),
        pb::TransactionStatus::Completed => Some(TransactionStatus::Completed),
        pb::TransactionStatus::Failed => Some(TransactionStatus::Failed),
        pb::TransactionStatus::Cancelled => Some(TransactionStatus::Cancelled),
        pb::TransactionStatus::Refunded => Some(TransactionStatus::Refunded),
    }
}

pub(super) fn render_status(status: TransactionStatus) -> pb::TransactionStatus {
    match status {
        TransactionStatus::Pending => pb::TransactionStatus::Pending,
        TransactionStatus::Completed => pb::TransactionStatus::Completed,
        TransactionStatus::Failed => pb::TransactionStatus::Failed,
        TransactionStatus::Cancelled => pb::TransactionStatus::Cancelled,
        TransactionStatus::Refunded => pb::TransactionStatus::Refunded,
    }
}

/// A policy has a default: the caller who names none is refused rather than surprised.
pub(super) fn parse_over_capture(policy: pb::OverCapturePolicy) -> Option<OverCapture> {
    match policy {
        pb::OverCapturePolicy::Unspecified | pb::OverCapturePolicy::Reject => {
            Some(OverCapture::Reject)
        }
        pb::OverCapturePolicy::Cap => Some(OverCapture::Cap),
        pb::OverCapturePolicy::TakeFromBalance => Some(OverCapture::TakeFromBalance),
    }
}

pub(super) fn render_over_capture(policy: OverCapture) -> pb::OverCapturePolicy {
    match policy {
        OverCapture::Reject => pb::OverCapturePolicy::Reject,
        OverCapture::Cap => pb::OverCapturePolicy::Cap,
        OverCapture::TakeFromBalance => pb::OverCapturePolicy::TakeFromBalance,
    }
}

pub(super) fn parse_late_capture(policy: pb::LateCapturePolicy) -> Option<LateCapture> {
    match policy {
        pb::LateCapturePolicy::Unspecified | pb::LateCapturePolicy::Reject => {
            Some(LateCapture::Reject)
        }
        pb::LateCapturePolicy::AcceptIfCovered => Some(LateCapture::AcceptIfCovered),
    }
}

pub(super) fn render_late_capture(policy: LateCapture) -> pb::LateCapturePolicy {
    match policy {
        LateCapture::Reject => pb::LateCapturePolicy::Reject,
        LateCapture::AcceptIfCovered => pb::LateCapturePolicy::AcceptIfCovered,
    }
}

pub(super) fn render_hold_state(end: Option<HoldEnd>) -> pb::HoldState {
    match end {
        None => pb::HoldState::Open,
        Some(HoldEnd::Captured) => pb::HoldState::Captured,
        Some(HoldEnd::CapturedLate) => pb::HoldState::CapturedLate,
        Some(HoldEnd::Released) => pb::HoldState::Released,
        Some(HoldEnd::Lapsed) => pb::HoldState::Lapsed,
    }
}

/// Only the sources that a grant may have: the others come with a call of their own.
pub(super) fn parse_grant_source(source: pb::LotSource) -> Option<LotSource> {
    match source {
        pb::LotSource::Signup => Some(LotSource::Signup),
        pb::LotSource::Plan => Some(LotSource::Plan),
        pb::LotSource::Promotion => Some(LotSource::Promotion),
        pb::LotSource::Unspecified
        | pb::LotSource::Purchase
        | pb::LotSource::Adjustment
        | pb::LotSource::Refund => None,
    }
}

pub(super) fn render_source(source: LotSource) -> pb::LotSource {
    match source {
        LotSource::Signup => pb::LotSource::Signup,
        LotSource::Purchase => pb::LotSource::Purchase,
        LotSource::Plan => pb::LotSource::Plan,
        LotSource::Promotion => pb::LotSource::Promotion,
        LotSource::Adjustment => pb::LotSource::Adjustment,
        LotSource::Refund => pb::LotSource::Refund,
    }
}

pub(super) fn render_lot_state(state: LotState) -> pb::LotState {
    match state {
        LotState::Scheduled => pb::LotState::Scheduled,
        LotState::Open => pb::LotState::Open,
        LotState::Expired => pb::LotState::Expired,
    }
}
