//! API keys on the wire.

use access::decide::{Issue, Rotate};
use access::{ApiKey, Lifetime, Overlap, Scope, Scopes};
use app::access::{Issued, RotatedApiKey};
use kernel::{ApiKeyId, Page, Position, Timestamp};
use proto::atelier::access::v1 as pb;

use super::fields::{Fields, Violations};
use super::page::{Asked, Tokens};
use super::time::{parse_span, render_timestamp};
use crate::scopes::{scope_from_proto, scope_to_proto};
use crate::status::Refusal;

/// A page of API keys.
pub type AskedApiKeys = Asked<Position<ApiKeyId>>;

pub fn parse_issue(request: pb::IssueApiKeyRequest) -> Result<Issue, Violations> {
    let pb::IssueApiKeyRequest { name, scopes, lifetime } = request;
    let mut fields = Fields::new();
    let name = fields.parse("name", &name);
    let scopes = parse_scopes(&mut fields, &scopes);
    let lifetime = parse_lifetime(&mut fields, lifetime);
    fields.finish(|| Some(Issue { name: name?, scopes: scopes?, lifetime: lifetime? }))
}

pub fn parse_list(
    request: pb::ListApiKeysRequest,
    now: Timestamp,
) -> Result<AskedApiKeys, Refusal> {
    let pb::ListApiKeysRequest { page_size, page_token } = request;
    let tokens = Tokens::of("access.ListApiKeys", &pb::ListApiKeysRequest::default());
    Asked::parse(Fields::new(), page_size, &page_token, tokens, now)
}

pub fn parse_rotate(request: pb::RotateApiKeyRequest) -> Result<(ApiKeyId, Rotate), Violations> {
    let pb::RotateApiKeyRequest { api_key_id, overlap, lifetime } = request;
    let mut fields = Fields::new();
    let id = fields.parse("api_key_id", &api_key_id);
    let overlap = parse_overlap(&mut fields, overlap);
    let lifetime = parse_lifetime(&mut fields, lifetime);
    fields.finish(|| Some((id?, Rotate { overlap: overlap?, lifetime: lifetime? })))
}

pub fn parse_revoke(request: pb::RevokeApiKeyRequest) -> Result<ApiKeyId, Violations> {
    let pb::RevokeApiKeyRequest { api_key_id } = request;
    let mut fields = Fields::new();
    let id = fields.parse("api_key_id", &api_key_id);
    fields.finish(|| id)
}

pub fn render_issued(issued: Issued) -> pb::IssueApiKeyResponse {
    let Issued { key, secret } = issued;
    pb::IssueApiKeyResponse { api_key: Some(render_api_key(key)), secret: secret.reveal() }
}

pub fn render_page(
    asked: &AskedApiKeys,
    page: Page<ApiKey, Position<ApiKeyId>>,
    now: Timestamp,
) -> pb::ListApiKeysResponse {
    let (api_keys, next_page_token) = asked.fill(page, now, ApiKey::position, render_api_key);
    pb::ListApiKeysResponse { api_keys, next_page_token }
}

pub fn render_rotated(rotated: RotatedApiKey) -> pb::RotateApiKeyResponse {
    let RotatedApiKey { key, secret, replaced } = rotated;
    pb::RotateApiKeyResponse {
        api_key: Some(render_api_key(key)),
        secret: secret.reveal(),
        replaced: Some(render_api_key(replaced)),
    }
}

pub fn render_api_key(key: ApiKey) -> pb::ApiKey {
    // The hash stays here: it is of no use to anybody else.
    let ApiKey { id, name, scopes, created_at, expires_at, revoked_at, hash: _ } = key;
    pb::ApiKey {
        id: id.to_string(),
        name: name.to_string(),
        scopes: scopes.iter().map(|scope| scope_to_proto(scope).into()).collect(),
        create_time: Some(render_timestamp(created_at)),
        expire_time: expires_at.map(render_timestamp),
        revoke_time: revoked_at.map(render_timestamp),
    }
}

fn parse_scopes(fields: &mut Fields, numbers: &[i32]) -> Option<Scopes> {
    if numbers.is_empty() {
        fields.note("scopes", "must name at least one scope");
    }
    let read = numbers.iter().enumerate().map(|(index, number)| {
        fields.choice(&format!("scopes[{index}]"), *number, scope_from_proto)
    });
    // All are read before any is missed: each has its violation to note.
    read.collect::<Vec<Option<Scope>>>().into_iter().collect()
}

// `Some(None)` for a key that does not expire.
fn parse_lifetime(
    fields: &mut Fields,
    lifetime: Option<prost_types::Duration>,
) -> Option<Option<Lifetime>> {
    let Some(message) = lifetime else { return Some(None) };
    let span = parse_span(message, Lifetime::MIN, Lifetime::MAX);
    let span = fields.check("lifetime", span)?;
    fields.check("lifetime", Lifetime::from_span(span)).map(Some)
}

fn parse_overlap(fields: &mut Fields, overlap: Option<prost_types::Duration>) -> Option<Overlap> {
    let Some(message) = overlap else { return Some(Overlap::DEFAULT) };
    let span = fields.check("overlap", parse_span(message, Overlap::MIN, Overlap::MAX))?;
    fields.check("overlap", Overlap::from_span(span))
}

#[cfg(test)]
mod tests;
