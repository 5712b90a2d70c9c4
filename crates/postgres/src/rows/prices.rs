//! Rows of operation types and prices.

use billing::{Author, OperationType, PriceKey, PriceVersion, Terms, Unit};
use diesel::data_types::PgTimestamp;
use diesel::sql_types::{BigInt, Bool, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use kernel::{ApiKeyId, Etag, PriceVersionId};
use ports::StoreError;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::types::{corrupt, credits, from_pg, named, parsed};

/// The columns of an operation type: id, description, retired, revision, created, updated.
pub(crate) type TypeSql =
    (Text, Nullable<Text>, Nullable<Timestamptz>, BigInt, Timestamptz, Timestamptz);
pub(crate) type TypeRow =
    (String, Option<String>, Option<PgTimestamp>, i64, PgTimestamp, PgTimestamp);

/// The columns of a version, in the order of the statements.
pub(crate) type VersionSql = (
    (SqlUuid, Text, Text, Bool, BigInt),
    (Nullable<Text>, Nullable<Numeric>, Nullable<Numeric>, Bool),
    (Timestamptz, Timestamptz, Nullable<SqlUuid>, Text, Nullable<Text>),
);
pub(crate) type VersionRow = (
    (Uuid, String, String, bool, i64),
    (Option<String>, Option<Decimal>, Option<Decimal>, bool),
    (PgTimestamp, PgTimestamp, Option<Uuid>, String, Option<String>),
);

pub(crate) fn operation_type(row: TypeRow) -> Result<OperationType, StoreError> {
    let (id, description, retired_at, revision, created_at, updated_at) = row;
    Ok(OperationType {
        id: parsed("an operation type", &id)?,
        description: description.map(|text| parsed("a description", &text)).transpose()?,
        retired_at: retired_at.map(from_pg).transpose()?,
        etag: Etag::from_revision(revision).ok_or_else(|| corrupt("a revision"))?,
        created_at: from_pg(created_at)?,
        updated_at: from_pg(updated_at)?,
    })
}

pub(crate) fn version(row: VersionRow) -> Result<PriceVersion, StoreError> {
    let ((id, operation, model, edit, number), (unit, unit_price, minimum, covers_edit), rest) =
        row;
    let (valid_from, created_at, author_key, author_name, reason) = rest;
    let terms = match (unit, unit_price, minimum) {
        (Some(unit), Some(unit_price), Some(minimum)) => Some(Terms {
            unit: named(&Unit::ALL, Unit::as_str, &unit)?,
            unit_price: credits(unit_price)?,
            minimum: credits(minimum)?,
            covers_edit,
        }),
        (_, _, _) => None,
    };
    let model = if model.is_empty() { None } else { Some(parsed("a model", &model)?) };
    Ok(PriceVersion {
        id: PriceVersionId::from_uuid(id),
        key: PriceKey { operation: parsed("an operation type", &operation)?, model, edit },
        number: u64::try_from(number).map_err(|_negative| corrupt("a price's number"))?,
        terms,
        valid_from: from_pg(valid_from)?,
        created_at: from_pg(created_at)?,
        author: Author {
            key: author_key.map(ApiKeyId::from_uuid),
            name: parsed("an author's name", &author_name)?,
        },
        reason: reason.map(|text| parsed("a reason", &text)).transpose()?,
    })
}
