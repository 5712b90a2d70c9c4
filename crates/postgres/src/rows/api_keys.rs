//! Rows of API keys.

use access::{ApiKey, KeyHash, Scope};
use diesel::data_types::PgTimestamp;
use diesel::prelude::{Insertable, Queryable, Selectable};
use kernel::ApiKeyId;
use ports::StoreError;
use uuid::Uuid;

use crate::schema::api_keys;
use crate::types::{corrupt, from_pg, to_pg};

#[derive(Queryable, Selectable)]
#[diesel(table_name = api_keys, check_for_backend(diesel::pg::Pg))]
pub(crate) struct ApiKeyRow {
    id: Uuid,
    name: String,
    scopes: Vec<Option<String>>,
    hash: Vec<u8>,
    created_at: PgTimestamp,
    expires_at: Option<PgTimestamp>,
    revoked_at: Option<PgTimestamp>,
}

#[derive(Insertable)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(table_name = api_keys)]
pub(crate) struct NewApiKeyRow<'a> {
    id: &'a Uuid,
    name: &'a str,
    scopes: Vec<&'static str>,
    hash: &'a [u8],
    created_at: PgTimestamp,
    expires_at: Option<PgTimestamp>,
    revoked_at: Option<PgTimestamp>,
}

impl TryFrom<ApiKeyRow> for ApiKey {
    type Error = StoreError;

    fn try_from(row: ApiKeyRow) -> Result<Self, StoreError> {
        let ApiKeyRow { id, name, scopes, hash, created_at, expires_at, revoked_at } = row;
        let broken = || corrupt(format!("API key {id}"));
        let moment = |at: Option<PgTimestamp>| at.map(from_pg).transpose();
        Ok(Self {
            id: ApiKeyId::from_uuid(id),
            name: name.parse().map_err(|_| broken())?,
            // A newer server may have given scopes that this one does not know: less is granted.
            scopes: scopes.iter().flatten().filter_map(|name| name.parse::<Scope>().ok()).collect(),
            created_at: from_pg(created_at)?,
            expires_at: moment(expires_at)?,
            revoked_at: moment(revoked_at)?,
            hash: KeyHash::from_bytes(hash.try_into().map_err(|_| broken())?),
        })
    }
}

impl<'a> From<&'a ApiKey> for NewApiKeyRow<'a> {
    fn from(key: &'a ApiKey) -> Self {
        let ApiKey { id, name, scopes, created_at, expires_at, revoked_at, hash } = key;
        Self {
            id: id.as_uuid(),
            name: name.as_str(),
            scopes: scopes.iter().map(Scope::as_str).collect(),
            hash: hash.as_bytes(),
            created_at: to_pg(*created_at),
            expires_at: expires_at.map(to_pg),
            revoked_at: revoked_at.map(to_pg),
        }
    }
}
