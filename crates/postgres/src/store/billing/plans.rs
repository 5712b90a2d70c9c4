//! Plans, read together with what other systems call them.

use std::collections::BTreeMap;

use async_trait::async_trait;
use billing::{CallToAction, ExternalPlan, Interval, Label, Plan, PlanFields, Slug, Tier};
use diesel::OptionalExtension;
use diesel::sql_types::{
    Array, BigInt, Bool, Integer, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kernel::{Etag, Page, PageSize, PlanId};
use ports::{PlanPlace, PlanReads, PlanTx, StoreError};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::error::store_error;
use crate::pool::Postgres;
use crate::sql::{rows, sql};
use crate::store::ledger::write::column;
use crate::tx::PgTx;
use crate::types::{corrupt, credits, from_pg, named, one_more, optional, parsed, to_pg};

type PgTimestamp = diesel::data_types::PgTimestamp;

type PlanSql = (
    (SqlUuid, Text, Nullable<Text>, Text, Numeric, Text),
    (Nullable<Text>, Nullable<BigInt>, Nullable<BigInt>, Nullable<Text>, Nullable<BigInt>),
    (Bool, Integer, Bool, Nullable<Text>),
    (Nullable<Text>, Nullable<Text>, Nullable<Text>, Nullable<Text>),
    (Nullable<Timestamptz>, BigInt, Timestamptz, Timestamptz),
    (Array<Text>, Array<Text>, Array<Nullable<Text>>),
);
type PlanRow = (
    (Uuid, String, Option<String>, String, Decimal, String),
    (Option<String>, Option<i64>, Option<i64>, Option<String>, Option<i64>),
    (bool, i32, bool, Option<String>),
    (Option<String>, Option<String>, Option<String>, Option<String>),
    (Option<PgTimestamp>, i64, PgTimestamp, PgTimestamp),
    (Vec<String>, Vec<String>, Vec<Option<String>>),
);

/// As `PlanSql` has them; a macro, for statements are literals.
macro_rules! plan {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.name, p.description, p.tier, p.credits, p.credits_interval, \
             p.currency, p.price_monthly, p.price_yearly, p.features::text, p.daily_quota, \
             p.active, p.sort_order, p.highlight, p.badge, p.cta_kind, p.cta_label, p.cta_url, \
             p.billing_source, p.archived_at, p.revision, p.created_at, p.updated_at, \
             e.sources, e.ids, e.names FROM plans p CROSS JOIN LATERAL \
             (SELECT coalesce(array_agg(x.source ORDER BY x.source), '{}') AS sources, \
             coalesce(array_agg(x.external_id ORDER BY x.source), '{}') AS ids, \
             coalesce(array_agg(x.external_name ORDER BY x.source), '{}') AS names \
             FROM plan_external_ids x WHERE x.plan_id = p.id) e ",
            $rest
        )
    };
}

/// Binds what may change of a plan, from `updated_at` to `billing_source`.
macro_rules! bound {
    ($query:ident, $plan:ident) => {{
        let fields = &$plan.fields;
        let button = &fields.call_to_action;
        let minor =
            |price: Option<u64>| price.map(|price| i64::try_from(price).unwrap_or(i64::MAX));
        $query
            .bind::<Timestamptz, _>(to_pg($plan.updated_at))
            .bind::<Nullable<Timestamptz>, _>($plan.archived_at.map(to_pg))
            .bind::<Text, _>(fields.name.as_str())
            .bind::<Nullable<Text>, _>(fields.description.as_ref().map(|text| text.as_str()))
            .bind::<Text, _>(fields.tier.as_str())
            .bind::<Numeric, _>(fields.credits.as_decimal())
            .bind::<Text, _>(fields.interval.as_str())
            .bind::<Nullable<Text>, _>(fields.currency.map(|code| code.to_string()))
            .bind::<Nullable<BigInt>, _>(minor(fields.price_monthly))
            .bind::<Nullable<BigInt>, _>(minor(fields.price_yearly))
            .bind::<Nullable<Text>, _>(fields.features.as_deref())
            .bind::<Nullable<BigInt>, _>(fields.daily_quota.map(i64::from))
            .bind::<Bool, _>(fields.active)
            .bind::<Integer, _>(fields.sort_order)
            .bind::<Bool, _>(fields.highlight)
            .bind::<Nullable<Text>, _>(fields.badge.as_ref().map(Label::as_str))
            .bind::<Nullable<Text>, _>(button.kind.as_ref().map(Slug::as_str))
            .bind::<Nullable<Text>, _>(button.label.as_ref().map(Label::as_str))
            .bind::<Nullable<Text>, _>(button.url.as_ref().map(Label::as_str))
            .bind::<Nullable<Text>, _>(fields.billing_source.as_ref().map(Slug::as_str))
    }};
}

#[async_trait]
impl PlanTx for PgTx {
    async fn lock_plan(&mut self, id: PlanId) -> Result<Option<Plan>, StoreError> {
        let lock = rows::<(SqlUuid,)>("SELECT id FROM plans WHERE id = $1 FOR NO KEY UPDATE")
            .bind::<SqlUuid, _>(*id.as_uuid());
        let locked: Option<(Uuid,)> =
            RunQueryDsl::get_result(lock, self.conn()).await.optional().map_err(store_error)?;
        match locked {
            Some(_) => Ok(load(self.conn(), &[id]).await?.into_iter().next()),
            None => Ok(None),
        }
    }

    async fn insert_plan(&mut self, plan: &Plan) -> Result<(), StoreError> {
        let query = sql("INSERT INTO plans (id, revision, created_at, updated_at, archived_at, \
             name, description, tier, credits, credits_interval, currency, price_monthly, \
             price_yearly, features, daily_quota, active, sort_order, highlight, badge, cta_kind, \
             cta_label, cta_url, billing_source) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
             $11, $12, $13, $14::text::jsonb, $15, $16, $17, $18, $19, $20, $21, $22, $23)")
        .bind::<SqlUuid, _>(*plan.id.as_uuid())
        .bind::<BigInt, _>(plan.etag.revision())
        .bind::<Timestamptz, _>(to_pg(plan.created_at));
        let query = bound!(query, plan);
        RunQueryDsl::execute(query, self.conn()).await.map_err(store_error)?;
        put_external(self.conn(), plan).await
    }

    async fn update_plan(&mut self, plan: &Plan) -> Result<(), StoreError> {
        let query = sql("UPDATE plans SET revision = $1, updated_at = $2, archived_at = $3, \
             name = $4, description = $5, tier = $6, credits = $7, credits_interval = $8, \
             currency = $9, price_monthly = $10, price_yearly = $11, \
             features = $12::text::jsonb, daily_quota = $13, active = $14, sort_order = $15, \
             highlight = $16, badge = $17, cta_kind = $18, cta_label = $19, cta_url = $20, \
             billing_source = $21 WHERE id = $22")
        .bind::<BigInt, _>(plan.etag.revision());
        let query = bound!(query, plan).bind::<SqlUuid, _>(*plan.id.as_uuid());
        RunQueryDsl::execute(query, self.conn()).await.map_err(store_error)?;
        let clear = sql("DELETE FROM plan_external_ids WHERE plan_id = $1")
            .bind::<SqlUuid, _>(*plan.id.as_uuid());
        RunQueryDsl::execute(clear, self.conn()).await.map_err(store_error)?;
        put_external(self.conn(), plan).await
    }

    async fn find_plan_by_external(
        &mut self,
        source: &Slug,
        id: &Label<255>,
    ) -> Result<Option<PlanId>, StoreError> {
        let query = rows::<(SqlUuid,)>(
            "SELECT plan_id FROM plan_external_ids WHERE source = $1 AND external_id = $2",
        )
        .bind::<Text, _>(source.as_str())
        .bind::<Text, _>(id.as_str());
        let found: Option<(Uuid,)> =
            RunQueryDsl::get_result(query, self.conn()).await.optional().map_err(store_error)?;
        Ok(found.map(|(id,)| PlanId::from_uuid(id)))
    }
}

#[async_trait]
impl PlanReads for Postgres {
    async fn find_plan(&self, id: PlanId) -> Result<Option<Plan>, StoreError> {
        let mut conn = self.keyed().await?;
        Ok(load(&mut conn, &[id]).await?.into_iter().next())
    }

    async fn list_plans(
        &self,
        all: bool,
        size: PageSize,
        after: Option<PlanPlace>,
    ) -> Result<Page<Plan, PlanPlace>, StoreError> {
        let (order, id) = match after {
            Some((order, id)) => (order, *id.as_uuid()),
            None => (i32::MIN, Uuid::nil()),
        };
        let query = rows::<PlanSql>(plan!(
            "WHERE (p.sort_order, p.id) > ($1, $2) \
             AND ($3 OR (p.active AND p.archived_at IS NULL)) ORDER BY p.sort_order, p.id LIMIT $4"
        ))
        .bind::<Integer, _>(order)
        .bind::<SqlUuid, _>(id)
        .bind::<Bool, _>(all)
        .bind::<BigInt, _>(one_more(size));
        let mut conn = self.connection().await?;
        let found: Vec<PlanRow> = RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        let items = found.into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(Page::from_one_more(items, size, Plan::place))
    }
}

/// Those of the plans that exist.
pub(super) async fn load(
    conn: &mut AsyncPgConnection,
    ids: &[PlanId],
) -> Result<Vec<Plan>, StoreError> {
    let query = rows::<PlanSql>(plan!("WHERE p.id = ANY($1)"))
        .bind::<Array<SqlUuid>, _>(column(ids, |id| *id.as_uuid()));
    let found: Vec<PlanRow> = RunQueryDsl::load(query, conn).await.map_err(store_error)?;
    found.into_iter().map(read).collect()
}

async fn put_external(conn: &mut AsyncPgConnection, plan: &Plan) -> Result<(), StoreError> {
    let external = &plan.fields.external;
    let query = sql("INSERT INTO plan_external_ids (source, external_id, external_name, plan_id) \
         SELECT x.*, $1 FROM unnest($2::text[], $3::text[], $4::text[]) AS x")
    .bind::<SqlUuid, _>(*plan.id.as_uuid())
    .bind::<Array<Text>, _>(column(external.keys(), |source| source.as_str()))
    .bind::<Array<Text>, _>(column(external.values(), |known| known.id.as_str()))
    .bind::<Array<Nullable<Text>>, _>(column(external.values(), |known| {
        known.name.as_ref().map(Label::as_str)
    }));
    RunQueryDsl::execute(query, conn).await.map_err(store_error)?;
    Ok(())
}

fn read(row: PlanRow) -> Result<Plan, StoreError> {
    let ((id, name, description, tier, given, interval), money, shown, button, meta, external) =
        row;
    let (currency, price_monthly, price_yearly, features, daily_quota) = money;
    let (active, sort_order, highlight, badge) = shown;
    let (kind, label, url, billing_source) = button;
    let (archived_at, revision, created_at, updated_at) = meta;
    let (sources, ids, names) = external;
    let minor = |price: Option<i64>| {
        price.map(|price| u64::try_from(price).map_err(|_negative| corrupt("a plan's price")))
    };
    let mut known = BTreeMap::new();
    for ((source, id), name) in sources.iter().zip(&ids).zip(&names) {
        let name = name.as_ref().map(|name| parsed("a plan's name", name)).transpose()?;
        let id = parsed("a plan's id", id)?;
        known.insert(parsed("a source", source)?, ExternalPlan { id, name });
    }
    let quota = |units: i64| u32::try_from(units).map_err(|_range| corrupt("a plan's quota"));
    Ok(Plan {
        id: PlanId::from_uuid(id),
        fields: PlanFields {
            name: parsed("a plan's name", &name)?,
            description: optional("a description", description)?,
            tier: named(&Tier::ALL, Tier::as_str, &tier)?,
            credits: credits(given)?,
            interval: named(&Interval::ALL, Interval::as_str, &interval)?,
            currency: optional("a currency", currency)?,
            price_monthly: minor(price_monthly).transpose()?,
            price_yearly: minor(price_yearly).transpose()?,
            features: features.map(|text| normal(&text)).transpose()?,
            daily_quota: daily_quota.map(quota).transpose()?,
            active,
            sort_order,
            highlight,
            badge: optional("a badge", badge)?,
            call_to_action: CallToAction {
                kind: optional("a button", kind)?,
                label: optional("a button", label)?,
                url: optional("a button", url)?,
            },
            billing_source: optional("a source", billing_source)?,
            external: known,
        },
        archived_at: archived_at.map(from_pg).transpose()?,
        etag: Etag::from_revision(revision).ok_or_else(|| corrupt("a plan's revision"))?,
        created_at: from_pg(created_at)?,
        updated_at: from_pg(updated_at)?,
    })
}

/// Postgres writes spaces into JSON and orders keys by length: the normal form has neither.
fn normal(text: &str) -> Result<String, StoreError> {
    let value: serde_json::Value =
        serde_json::from_str(text).map_err(|_json| corrupt("a plan's features"))?;
    Ok(value.to_string())
}
