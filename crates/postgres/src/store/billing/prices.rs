//! Operation types and prices. The price in force is read anew for each quote, by one statement on
//! an index: an operator's word counts everywhere at once.

use async_trait::async_trait;
use billing::{Label, OperationType, OperationTypeId, PriceKey, PriceVersion};
use diesel::OptionalExtension;
use diesel::sql_types::{
    Array, BigInt, Bool, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use kernel::{Page, PageSize, Timestamp};
use ports::{PriceReads, PriceTx, StoreError};

use crate::error::store_error;
use crate::pool::Postgres;
use crate::rows::prices::{TypeRow, TypeSql, VersionRow, VersionSql, operation_type, version};
use crate::sql::{rows, sql};
use crate::tx::PgTx;
use crate::types::{one_more, to_pg};

/// As `VersionSql` has them; a macro, for statements are literals.
macro_rules! version {
    () => {
        "p.id, p.operation_type, p.model, p.edit, p.number, p.unit, p.unit_price, p.minimum, \
         p.covers_edit, p.valid_from, p.created_at, p.author_key_id, p.author_name, p.reason"
    };
}

const TYPES: &str = "SELECT id, description, retired_at, revision, created_at, updated_at \
     FROM operation_types WHERE id > $1 AND ($2 OR retired_at IS NULL) ORDER BY id LIMIT $3";

#[async_trait]
impl PriceTx for PgTx {
    async fn lock_operation_type(
        &mut self,
        id: &OperationTypeId,
    ) -> Result<Option<OperationType>, StoreError> {
        let query = rows::<TypeSql>(
            "SELECT id, description, retired_at, revision, created_at, updated_at \
             FROM operation_types WHERE id = $1 FOR NO KEY UPDATE",
        )
        .bind::<Text, _>(id.as_str());
        let row: Option<TypeRow> =
            RunQueryDsl::get_result(query, self.conn()).await.optional().map_err(store_error)?;
        row.map(operation_type).transpose()
    }

    async fn insert_operation_type(&mut self, new: &OperationType) -> Result<(), StoreError> {
        let query = sql("INSERT INTO operation_types \
             (id, description, retired_at, revision, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6)")
        .bind::<Text, _>(new.id.as_str())
        .bind::<Nullable<Text>, _>(new.description.as_ref().map(|text| text.as_str()))
        .bind::<Nullable<Timestamptz>, _>(new.retired_at.map(to_pg))
        .bind::<BigInt, _>(new.etag.revision())
        .bind::<Timestamptz, _>(to_pg(new.created_at))
        .bind::<Timestamptz, _>(to_pg(new.updated_at));
        RunQueryDsl::execute(query, self.conn()).await.map_err(store_error)?;
        Ok(())
    }

    async fn update_operation_type(&mut self, changed: &OperationType) -> Result<(), StoreError> {
        let query = sql("UPDATE operation_types SET description = $1, retired_at = $2, \
             revision = $3, updated_at = $4 WHERE id = $5")
        .bind::<Nullable<Text>, _>(changed.description.as_ref().map(|text| text.as_str()))
        .bind::<Nullable<Timestamptz>, _>(changed.retired_at.map(to_pg))
        .bind::<BigInt, _>(changed.etag.revision())
        .bind::<Timestamptz, _>(to_pg(changed.updated_at))
        .bind::<Text, _>(changed.id.as_str());
        RunQueryDsl::execute(query, self.conn()).await.map_err(store_error)?;
        Ok(())
    }

    async fn list_price_versions(
        &mut self,
        key: &PriceKey,
    ) -> Result<Vec<PriceVersion>, StoreError> {
        let query = rows::<VersionSql>(concat!(
            "SELECT ",
            version!(),
            " FROM price_versions p WHERE operation_type = $1 AND model = $2 AND edit = $3"
        ))
        .bind::<Text, _>(key.operation.as_str())
        .bind::<Text, _>(stored_model(key))
        .bind::<Bool, _>(key.edit);
        let rows: Vec<VersionRow> =
            RunQueryDsl::load(query, self.conn()).await.map_err(store_error)?;
        rows.into_iter().map(version).collect()
    }

    async fn insert_price_version(&mut self, new: &PriceVersion) -> Result<(), StoreError> {
        let terms = new.terms;
        let query = sql("INSERT INTO price_versions (id, operation_type, model, edit, number, \
             unit, unit_price, minimum, covers_edit, valid_from, created_at, author_key_id, \
             author_name, reason) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)")
        .bind::<SqlUuid, _>(*new.id.as_uuid())
        .bind::<Text, _>(new.key.operation.as_str())
        .bind::<Text, _>(stored_model(&new.key))
        .bind::<Bool, _>(new.key.edit)
        .bind::<BigInt, _>(i64::try_from(new.number).unwrap_or(i64::MAX))
        .bind::<Nullable<Text>, _>(terms.map(|terms| terms.unit.as_str()))
        .bind::<Nullable<Numeric>, _>(terms.map(|terms| terms.unit_price.as_decimal()))
        .bind::<Nullable<Numeric>, _>(terms.map(|terms| terms.minimum.as_decimal()))
        .bind::<Bool, _>(terms.is_some_and(|terms| terms.covers_edit))
        .bind::<Timestamptz, _>(to_pg(new.valid_from))
        .bind::<Timestamptz, _>(to_pg(new.created_at))
        .bind::<Nullable<SqlUuid>, _>(new.author.key.map(|key| *key.as_uuid()))
        .bind::<Text, _>(new.author.name.as_str())
        .bind::<Nullable<Text>, _>(new.reason.as_ref().map(|text| text.as_str()));
        RunQueryDsl::execute(query, self.conn()).await.map_err(store_error)?;
        Ok(())
    }
}

#[async_trait]
impl PriceReads for Postgres {
    async fn list_operation_types(
        &self,
        retired: bool,
        size: PageSize,
        after: Option<OperationTypeId>,
    ) -> Result<Page<OperationType, OperationTypeId>, StoreError> {
        let query = rows::<TypeSql>(TYPES)
            .bind::<Text, _>(after.map(|id| id.to_string()).unwrap_or_default())
            .bind::<Bool, _>(retired)
            .bind::<BigInt, _>(one_more(size));
        let mut conn = self.connection().await?;
        let rows: Vec<TypeRow> = RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        let items = rows.into_iter().map(operation_type).collect::<Result<_, _>>()?;
        Ok(Page::from_one_more(items, size, |found: &OperationType| found.id.clone()))
    }

    async fn find_prices(
        &self,
        operation: &OperationTypeId,
        model: Option<&Label<128>>,
        at: Timestamp,
    ) -> Result<Option<(OperationType, Vec<PriceVersion>)>, StoreError> {
        // One row for each of the four keys that could match, or one without a version.
        let query = rows::<(TypeSql, Nullable<VersionSql>)>(concat!(
            "SELECT o.id, o.description, o.retired_at, o.revision, o.created_at, o.updated_at, ",
            version!(),
            " FROM operation_types o \
             CROSS JOIN unnest($1::text[], '{f,t,f,t}'::bool[]) AS k (model, edit) \
             LEFT JOIN LATERAL (SELECT * FROM price_versions v WHERE v.operation_type = o.id \
             AND v.model = k.model AND v.edit = k.edit AND v.valid_from <= $2 \
             ORDER BY v.valid_from DESC, v.number DESC LIMIT 1) p ON true WHERE o.id = $3"
        ))
        .bind::<Array<Nullable<Text>>, _>(models(model))
        .bind::<Timestamptz, _>(to_pg(at))
        .bind::<Text, _>(operation.as_str());
        let mut conn = self.keyed().await?;
        let found: Vec<(TypeRow, Option<VersionRow>)> =
            RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        let mut versions = Vec::new();
        let mut sold = None;
        for (kind, priced) in found {
            sold = Some(operation_type(kind)?);
            versions.extend(priced.map(version).transpose()?);
        }
        Ok(sold.map(|sold| (sold, versions)))
    }

    async fn list_prices(
        &self,
        operation: Option<&OperationTypeId>,
        at: Timestamp,
        size: PageSize,
        after: Option<PriceKey>,
    ) -> Result<Page<PriceVersion, PriceKey>, StoreError> {
        let (type_, model, edit) = match &after {
            Some(key) => (key.operation.as_str(), stored_model(key), key.edit),
            None => ("", "", false),
        };
        let query = rows::<VersionSql>(concat!(
            "SELECT ",
            version!(),
            " FROM (SELECT DISTINCT ON (operation_type, model, edit) * FROM price_versions \
             WHERE valid_from <= $1 AND ($2 IS NULL OR operation_type = $3) \
             AND (operation_type, model, edit) > ($4, $5, $6) \
             ORDER BY operation_type, model, edit, valid_from DESC, number DESC) p \
             WHERE unit IS NOT NULL ORDER BY operation_type, model, edit LIMIT $7"
        ))
        .bind::<Timestamptz, _>(to_pg(at))
        .bind::<Nullable<Text>, _>(operation.map(|id| id.as_str()))
        .bind::<Nullable<Text>, _>(operation.map(|id| id.as_str()))
        .bind::<Text, _>(type_)
        .bind::<Text, _>(model)
        .bind::<Bool, _>(edit)
        .bind::<BigInt, _>(one_more(size));
        let mut conn = self.connection().await?;
        let found: Vec<VersionRow> =
            RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        let items = found.into_iter().map(version).collect::<Result<_, _>>()?;
        Ok(Page::from_one_more(items, size, |found: &PriceVersion| found.key.clone()))
    }

    async fn list_price_history(
        &self,
        key: &PriceKey,
        size: PageSize,
        after: Option<u64>,
    ) -> Result<Page<PriceVersion, u64>, StoreError> {
        let before = after.and_then(|number| i64::try_from(number).ok()).unwrap_or(i64::MAX);
        let query = rows::<VersionSql>(concat!(
            "SELECT ",
            version!(),
            " FROM price_versions p WHERE operation_type = $1 AND model = $2 AND edit = $3 \
             AND number < $4 ORDER BY number DESC LIMIT $5"
        ))
        .bind::<Text, _>(key.operation.as_str())
        .bind::<Text, _>(stored_model(key))
        .bind::<Bool, _>(key.edit)
        .bind::<BigInt, _>(before)
        .bind::<BigInt, _>(one_more(size));
        let mut conn = self.connection().await?;
        let found: Vec<VersionRow> =
            RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        let items = found.into_iter().map(version).collect::<Result<_, _>>()?;
        Ok(Page::from_one_more(items, size, |found: &PriceVersion| found.number))
    }
}

/// The models of the four keys, in the order of the flags beside them.
fn models(model: Option<&Label<128>>) -> Vec<Option<&str>> {
    let own = model.map(Label::as_str);
    // Without a model its two places match nothing.
    vec![Some(""), Some(""), own, own]
}

fn stored_model(key: &PriceKey) -> &str {
    key.model.as_ref().map(Label::as_str).unwrap_or_default()
}
