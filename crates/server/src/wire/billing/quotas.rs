//! Quotas on the wire.

use app::billing::Taken;
use billing::Quota;
use kernel::{RequestId, UserId};
use proto::atelier::billing::v1 as pb;

use crate::wire::fields::{Fields, Violations};
use crate::wire::time::render_timestamp;

/// Units to take.
pub struct AskedUnits {
    pub user: UserId,
    pub request: RequestId,
    pub units: u32,
}

pub fn parse_take(request: pb::TakeRequest) -> Result<AskedUnits, Violations> {
    let pb::TakeRequest { user_id, request_id, units } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let request = fields.parse("request_id", &request_id);
    fields.finish(|| Some(AskedUnits { user: user?, request: request?, units: units.max(1) }))
}

pub fn parse_give_back(request: pb::GiveBackRequest) -> Result<(UserId, RequestId), Violations> {
    let pb::GiveBackRequest { user_id, request_id } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let request = fields.parse("request_id", &request_id);
    fields.finish(|| Some((user?, request?)))
}

pub fn parse_get(request: pb::GetQuotaRequest) -> Result<UserId, Violations> {
    let pb::GetQuotaRequest { user_id } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    fields.finish(|| user)
}

pub fn render_quota(quota: Quota) -> pb::Quota {
    let remaining = quota.remaining();
    let Quota { limit, used, window, zone } = quota;
    pb::Quota {
        limit,
        used,
        remaining,
        start_time: Some(render_timestamp(window.start)),
        reset_time: Some(render_timestamp(window.end)),
        time_zone: zone.to_string(),
    }
}

pub fn render_taken(taken: Taken) -> pb::TakeResponse {
    let Taken { take: _, quota, replayed } = taken;
    pb::TakeResponse { quota: Some(render_quota(quota)), replayed }
}

pub fn render_given_back(taken: Taken) -> pb::GiveBackResponse {
    let Taken { take: _, quota, replayed } = taken;
    pb::GiveBackResponse { quota: Some(render_quota(quota)), replayed }
}
