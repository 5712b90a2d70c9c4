//! Between the values of `kernel` and the columns that hold them.

use std::fmt::Display;
use std::str::FromStr;

use diesel::data_types::PgTimestamp;
use kernel::{Credits, Delta, Digest, Etag, Json, Labels, Life, PageSize, Timestamp};
use ports::StoreError;
use rust_decimal::Decimal;
use serde_json::Value;

/// 2000-01-01 in microseconds since 1970: where Postgres counts from.
const POSTGRES_EPOCH: i64 = 946_684_800_000_000;

pub(crate) fn to_pg(at: Timestamp) -> PgTimestamp {
    PgTimestamp(at.as_micros().saturating_sub(POSTGRES_EPOCH))
}

pub(crate) fn from_pg(at: PgTimestamp) -> Result<Timestamp, StoreError> {
    at.0.checked_add(POSTGRES_EPOCH)
        .and_then(Timestamp::from_micros)
        .ok_or_else(|| corrupt("a timestamp"))
}

pub(crate) fn credits(value: Decimal) -> Result<Credits, StoreError> {
    Credits::from_decimal(value).ok_or_else(|| corrupt("an amount of credits"))
}

pub(crate) fn delta(value: Decimal) -> Result<Delta, StoreError> {
    Delta::from_decimal(value).ok_or_else(|| corrupt("a change of credits"))
}

pub(crate) fn digest(bytes: Vec<u8>) -> Result<Digest, StoreError> {
    bytes.try_into().map(Digest::from_bytes).map_err(|_bytes| corrupt("a hash"))
}

pub(crate) fn version(stored: i64) -> Result<u64, StoreError> {
    u64::try_from(stored).map_err(|_negative| corrupt("an account's version"))
}

/// The value of an enum by its stored name.
pub(crate) fn named<T: Copy>(
    all: &[T],
    name: impl Fn(T) -> &'static str,
    stored: &str,
) -> Result<T, StoreError> {
    all.iter()
        .copied()
        .find(|value| name(*value) == stored)
        .ok_or_else(|| corrupt(format!("the name {stored}")))
}

pub(crate) fn moment(at: Option<PgTimestamp>) -> Result<Option<Timestamp>, StoreError> {
    at.map(from_pg).transpose()
}

pub(crate) fn etag(revision: i64) -> Result<Etag, StoreError> {
    Etag::from_revision(revision).ok_or_else(|| corrupt("a revision"))
}

/// A number of things. A count is never negative.
pub(crate) fn count(stored: i64) -> Result<u64, StoreError> {
    u64::try_from(stored).map_err(|_negative| corrupt("a count"))
}

pub(crate) fn labels<const CHARS: usize, const COUNT: usize>(
    stored: Vec<Option<String>>,
) -> Result<Labels<CHARS, COUNT>, StoreError> {
    Labels::parse(stored.into_iter().flatten())
        .map_err(|problem| corrupt(format!("labels in storage ({problem})")))
}

pub(crate) fn from_labels<const CHARS: usize, const COUNT: usize>(
    labels: &Labels<CHARS, COUNT>,
) -> Vec<Option<String>> {
    labels.iter().map(|label| Some(label.to_owned())).collect()
}

/// A JSON object in the normal form: the keys of a map are sorted, and nothing has spaces.
pub(crate) fn json<const BYTES: usize>(
    stored: Option<Value>,
) -> Result<Option<Json<BYTES>>, StoreError> {
    let object = |value: Value| {
        Json::from_normal(value.to_string()).ok_or_else(|| corrupt("JSON that is no object"))
    };
    stored.map(object).transpose()
}

/// JSON of a text that is known to be an object.
pub(crate) fn from_json<const BYTES: usize>(object: Option<&Json<BYTES>>) -> Option<Value> {
    // Only the edge makes such texts, out of JSON; a broken one is caught by the column's CHECK.
    object.map(|object| serde_json::from_str(object.as_str()).unwrap_or(Value::Null))
}

/// The life of a record.
pub(crate) fn life(
    revision: i64,
    created_at: PgTimestamp,
    updated_at: PgTimestamp,
    deleted_at: Option<PgTimestamp>,
) -> Result<Life, StoreError> {
    Ok(Life {
        etag: Etag::from_revision(revision).ok_or_else(|| corrupt("a record's revision"))?,
        created_at: from_pg(created_at)?,
        updated_at: from_pg(updated_at)?,
        deleted_at: deleted_at.map(from_pg).transpose()?,
    })
}

/// A stored text as a value. Tells what is wrong, never the text: it may be about a person.
pub(crate) fn parsed<T>(what: &str, stored: &str) -> Result<T, StoreError>
where
    T: FromStr<Err: Display>,
{
    stored.parse().map_err(|problem| corrupt(format!("{what} in storage, which {problem},")))
}

/// A stored text that may be absent, as [`parsed`].
pub(crate) fn optional<T>(what: &str, stored: Option<String>) -> Result<Option<T>, StoreError>
where
    T: FromStr<Err: Display>,
{
    stored.map(|text| parsed(what, &text)).transpose()
}

/// A JSON text of the domain as the column takes it.
pub(crate) fn to_json(text: &str) -> Result<Value, StoreError> {
    serde_json::from_str(text).map_err(|_| corrupt("a JSON object that is none"))
}

/// A page's limit: one row more than fits tells that there are more.
pub(crate) fn one_more(size: PageSize) -> i64 {
    i64::try_from(size.get()).unwrap_or(i64::MAX).saturating_add(1)
}

/// A stored value that no value of the domain can be made of.
pub(crate) fn corrupt(what: impl Into<String>) -> StoreError {
    StoreError::Corrupt { what: what.into(), cause: None }
}
