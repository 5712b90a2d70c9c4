//! Rows of assets. A place is one of three sets of columns: CHECK `assets_state_whole`.

use std::fmt::Display;
use std::str::FromStr;

use assets::{Asset, Content, Facts, Metadata, Place, Provider, Size, State};
use diesel::data_types::PgTimestamp;
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::{AssetId, Etag, Timestamp, UserId};
use ports::StoreError;
use serde_json::Value;
use uuid::Uuid;

use crate::schema::assets as asset_table;
use crate::types::{corrupt, digest, from_pg, to_pg};

const PENDING: &str = "pending";
const STORED: &str = "stored";
const EXTERNAL: &str = "external";

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = asset_table, check_for_backend(diesel::pg::Pg))]
pub(crate) struct AssetRow {
    user_id: Uuid,
    id: Uuid,
    name: String,
    provider: String,
    state: String,
    key: Option<String>,
    url: Option<String>,
    path: Option<String>,
    content_type: Option<String>,
    bytes: Option<i64>,
    sha256: Option<Vec<u8>>,
    width: Option<i32>,
    height: Option<i32>,
    duration_ms: Option<i64>,
    metadata: Option<Value>,
    upload_until: Option<PgTimestamp>,
    stored_at: Option<PgTimestamp>,
    deleted_at: Option<PgTimestamp>,
    revision: i64,
    created_at: PgTimestamp,
    updated_at: PgTimestamp,
}

#[derive(Insertable)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(table_name = asset_table)]
pub(crate) struct NewAssetRow<'a> {
    user_id: Uuid,
    id: Uuid,
    kind: &'static str,
    provider: &'a str,
    key: Option<&'a str>,
    url: Option<&'a str>,
    path: Option<&'a str>,
    content_type: Option<&'a str>,
    bytes: Option<i64>,
    sha256: Option<&'a [u8]>,
    created_at: PgTimestamp,
    #[diesel(embed)]
    changing: ChangingRow<'a>,
}

/// What changes of an asset.
#[derive(Insertable, AsChangeset)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(table_name = asset_table, treat_none_as_null = true)]
pub(crate) struct ChangingRow<'a> {
    name: &'a str,
    state: &'static str,
    width: Option<i32>,
    height: Option<i32>,
    duration_ms: Option<i64>,
    metadata: Option<Value>,
    upload_until: Option<PgTimestamp>,
    stored_at: Option<PgTimestamp>,
    deleted_at: Option<PgTimestamp>,
    revision: i64,
    updated_at: PgTimestamp,
}

impl<'a> TryFrom<&'a Asset> for NewAssetRow<'a> {
    type Error = StoreError;

    fn try_from(asset: &'a Asset) -> Result<Self, StoreError> {
        let changing = ChangingRow::try_from(asset)?;
        let row = Self {
            user_id: *asset.user.as_uuid(),
            id: *asset.id.as_uuid(),
            kind: asset.kind().as_str(),
            provider: Provider::OURS,
            key: None,
            url: None,
            path: None,
            content_type: asset.content_type(),
            bytes: None,
            sha256: None,
            created_at: to_pg(asset.created_at),
            changing,
        };
        match &asset.place {
            Place::Ours { key, content, state: _ } => Ok(Self {
                key: Some(key),
                bytes: Some(signed(content.bytes)?),
                sha256: Some(content.digest.as_bytes()),
                ..row
            }),
            Place::Elsewhere { provider, url, path, content_type: _, bytes } => Ok(Self {
                provider: provider.as_str(),
                url: Some(url.as_str()),
                path: path.as_ref().map(|path| path.as_str()),
                bytes: bytes.map(signed).transpose()?,
                ..row
            }),
        }
    }
}

impl<'a> TryFrom<&'a Asset> for ChangingRow<'a> {
    type Error = StoreError;

    fn try_from(asset: &'a Asset) -> Result<Self, StoreError> {
        let metadata =
            asset.metadata.as_ref().map(|json| serde_json::from_str(json.as_str())).transpose();
        let row = Self {
            name: asset.name.as_str(),
            state: EXTERNAL,
            width: None,
            height: None,
            duration_ms: None,
            metadata: metadata.map_err(|_| corrupt("metadata that is no JSON"))?,
            upload_until: None,
            stored_at: None,
            deleted_at: asset.deleted_at.map(to_pg),
            revision: asset.etag.revision(),
            updated_at: to_pg(asset.updated_at),
        };
        match &asset.place {
            Place::Ours { state: State::Pending { until }, .. } => {
                Ok(Self { state: PENDING, upload_until: Some(to_pg(*until)), ..row })
            }
            Place::Ours { state: State::Stored { at, facts }, .. } => {
                let side = |side: fn(Size) -> u32| facts.size.map(side).map(i32::try_from);
                let side = |of| side(of).transpose().map_err(|_| corrupt("a picture's size"));
                Ok(Self {
                    state: STORED,
                    width: side(|size| size.width)?,
                    height: side(|size| size.height)?,
                    duration_ms: facts.duration_ms.map(signed).transpose()?,
                    stored_at: Some(to_pg(*at)),
                    ..row
                })
            }
            Place::Elsewhere { .. } => Ok(row),
        }
    }
}

impl TryFrom<AssetRow> for Asset {
    type Error = StoreError;

    fn try_from(row: AssetRow) -> Result<Self, StoreError> {
        let place = place(&row)?;
        let AssetRow { user_id, id, name, metadata, deleted_at, revision, .. } = row;
        Ok(Self {
            user: UserId::from_uuid(user_id),
            id: AssetId::from_uuid(id),
            name: value("a name", &name)?,
            metadata: metadata.map(json).transpose()?,
            place,
            deleted_at: moment(deleted_at)?,
            etag: Etag::from_revision(revision).ok_or_else(|| corrupt("an asset's revision"))?,
            created_at: from_pg(row.created_at)?,
            updated_at: from_pg(row.updated_at)?,
        })
    }
}

fn place(row: &AssetRow) -> Result<Place, StoreError> {
    let bytes = row.bytes.map(u64::try_from).transpose();
    let bytes = bytes.map_err(|_| corrupt("an asset's length"))?;
    let absent = || corrupt("a place of bytes");
    let state = match row.state.as_str() {
        PENDING => State::Pending { until: moment(row.upload_until)?.ok_or_else(absent)? },
        STORED => {
            State::Stored { at: moment(row.stored_at)?.ok_or_else(absent)?, facts: facts(row)? }
        }
        EXTERNAL => {
            return Ok(Place::Elsewhere {
                provider: value("a provider", &row.provider)?,
                url: value("an address", row.url.as_deref().ok_or_else(absent)?)?,
                path: optional("a path", row.path.as_deref())?,
                content_type: optional("a content type", row.content_type.as_deref())?,
                bytes,
            });
        }
        _ => return Err(corrupt("an asset's state")),
    };
    let media = row.content_type.as_deref().ok_or_else(absent)?;
    let content = Content {
        media: value("a content type", media)?,
        bytes: bytes.ok_or_else(absent)?,
        digest: digest(row.sha256.clone().ok_or_else(absent)?)?,
    };
    Ok(Place::Ours { key: row.key.clone().ok_or_else(absent)?, content, state })
}

fn facts(row: &AssetRow) -> Result<Facts, StoreError> {
    let size = match (row.width, row.height) {
        (None, None) => None,
        (Some(width), Some(height)) => {
            let side = |side| u32::try_from(side).unwrap_or_default();
            let size = Size::new(side(width), side(height));
            Some(size.ok_or_else(|| corrupt("a picture's size"))?)
        }
        (Some(_), None) | (None, Some(_)) => return Err(corrupt("half a picture's size")),
    };
    let duration = row.duration_ms.map(u64::try_from).transpose();
    Ok(Facts { size, duration_ms: duration.map_err(|_| corrupt("a duration"))? })
}

fn json(value: Value) -> Result<Metadata, StoreError> {
    Metadata::from_normal(value.to_string()).ok_or_else(|| corrupt("an asset's metadata"))
}

fn signed(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| corrupt("a length beyond all storage"))
}

fn moment(at: Option<PgTimestamp>) -> Result<Option<Timestamp>, StoreError> {
    at.map(from_pg).transpose()
}

fn optional<T>(what: &str, text: Option<&str>) -> Result<Option<T>, StoreError>
where
    T: FromStr<Err: Display>,
{
    text.map(|text| value(what, text)).transpose()
}

fn value<T>(what: &str, text: &str) -> Result<T, StoreError>
where
    T: FromStr<Err: Display>,
{
    text.parse().map_err(|problem| corrupt(format!("{what} in storage, which {problem},")))
}
