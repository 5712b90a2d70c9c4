//! The catalogue of models.

use async_trait::async_trait;
use diesel::data_types::PgTimestamp;
use diesel::prelude::QueryableByName;
use diesel::sql_types::{Array, BigInt, Integer, Jsonb, Nullable, Text, Timestamptz};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use generation::{
    Ability, Model, ModelFields, ModelLife, ModelName, ModelRoute, ModelState, Route,
};
use ports::{ModelReads, ModelTx, StoreError};
use serde_json::{Value, json};

use crate::error::store_error;
use crate::pool::Postgres;
use crate::rows::jobs::steps::small;
use crate::sql::sql;
use crate::tx::PgTx;
use crate::types::{corrupt, etag, from_pg, named, optional, parsed, to_pg};

const INSERT: &str = "\
    INSERT INTO models (name, abilities, state, replacement, shutdown, images_max, millis_max, \
    characters_max, revision, updated_at, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (name) DO NOTHING";

// The name stands first, as it is bound.
const UPDATE: &str = "\
    WITH changed AS (SELECT $1::text AS name) \
    UPDATE models SET abilities = $2, state = $3, replacement = $4, shutdown = $5, \
    images_max = $6, millis_max = $7, characters_max = $8, revision = $9, updated_at = $10 \
    FROM changed WHERE models.name = changed.name";

const LOCK: &str = "SELECT * FROM models ORDER BY name COLLATE \"C\" FOR NO KEY UPDATE";

const LIST: &str = "SELECT * FROM models ORDER BY name COLLATE \"C\"";

const INSERT_ROUTES: &str = "\
    INSERT INTO model_routes SELECT * FROM jsonb_populate_recordset(NULL::model_routes, $1)";

#[derive(QueryableByName)]
struct ModelRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Array<Text>)]
    abilities: Vec<String>,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Nullable<Text>)]
    replacement: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    shutdown: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    images_max: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    millis_max: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    characters_max: Option<i64>,
    #[diesel(sql_type = BigInt)]
    revision: i64,
    #[diesel(sql_type = Timestamptz)]
    created_at: PgTimestamp,
    #[diesel(sql_type = Timestamptz)]
    updated_at: PgTimestamp,
}

#[derive(QueryableByName)]
struct RouteRow {
    #[diesel(sql_type = Text)]
    model: String,
    #[diesel(sql_type = Integer)]
    position: i32,
    #[diesel(sql_type = Integer)]
    weight: i32,
    #[diesel(sql_type = Text)]
    provider: String,
    #[diesel(sql_type = Text)]
    wire_model: String,
}

/// Binds everything that may change of a model, after its name.
macro_rules! bound {
    ($text:ident, $model:ident) => {{
        let Model { name, fields, life, etag, created_at: _, updated_at } = $model;
        let abilities: Vec<&str> = fields.abilities.iter().map(|one| one.as_str()).collect();
        sql($text)
            .bind::<Text, _>(name.as_str())
            .bind::<Array<Text>, _>(abilities)
            .bind::<Text, _>(life.state.as_str())
            .bind::<Nullable<Text>, _>(life.replacement.as_ref().map(|name| name.as_str()))
            .bind::<Nullable<Text>, _>(life.shutdown.as_ref().map(|day| day.as_str()))
            .bind::<Nullable<BigInt>, _>(fields.images_max.map(i64::from))
            .bind::<Nullable<BigInt>, _>(fields.millis_max.map(i64::from))
            .bind::<Nullable<BigInt>, _>(fields.characters_max.map(i64::from))
            .bind::<BigInt, _>(etag.revision())
            .bind::<Timestamptz, _>(to_pg(*updated_at))
    }};
}

#[async_trait]
impl ModelTx for PgTx {
    async fn insert_model(&mut self, model: &Model) -> Result<bool, StoreError> {
        let query = bound!(INSERT, model).bind::<Timestamptz, _>(to_pg(model.created_at));
        if RunQueryDsl::execute(query, self.conn()).await.map_err(store_error)? == 0 {
            return Ok(false);
        }
        put_routes(self.conn(), model).await?;
        Ok(true)
    }

    async fn lock_models(&mut self) -> Result<Vec<Model>, StoreError> {
        // Who waits for the locks reads what the others have made of the routes afterwards.
        let found: Vec<ModelRow> =
            RunQueryDsl::load(sql(LOCK), self.conn()).await.map_err(store_error)?;
        whole(self.conn(), found).await
    }

    async fn update_model(&mut self, model: &Model) -> Result<(), StoreError> {
        super::only_one(RunQueryDsl::execute(bound!(UPDATE, model), self.conn()).await)?;
        let query = sql("DELETE FROM model_routes WHERE model = $1");
        let query = query.bind::<Text, _>(model.name.as_str());
        RunQueryDsl::execute(query, self.conn()).await.map_err(store_error)?;
        put_routes(self.conn(), model).await
    }
}

#[async_trait]
impl ModelReads for Postgres {
    async fn find_model(&self, name: &ModelName) -> Result<Option<Model>, StoreError> {
        let query = sql("SELECT * FROM models WHERE name = $1").bind::<Text, _>(name.as_str());
        let mut conn = self.keyed().await?;
        let found: Vec<ModelRow> =
            RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        Ok(whole(&mut conn, found).await?.into_iter().next())
    }

    async fn list_models(&self) -> Result<Vec<Model>, StoreError> {
        let mut conn = self.keyed().await?;
        let found: Vec<ModelRow> =
            RunQueryDsl::load(sql(LIST), &mut conn).await.map_err(store_error)?;
        whole(&mut conn, found).await
    }
}

async fn put_routes(conn: &mut AsyncPgConnection, model: &Model) -> Result<(), StoreError> {
    let record = |(number, one): (i32, &ModelRoute)| {
        json!({
            "model": model.name.as_str(),
            "number": number,
            "position": one.position,
            "weight": one.weight,
            "provider": one.route.provider.as_str(),
            "wire_model": one.route.model.as_str(),
        })
    };
    let records: Vec<Value> = (1..).zip(&model.fields.routes).map(record).collect();
    let query = sql(INSERT_ROUTES).bind::<Jsonb, _>(Value::Array(records));
    RunQueryDsl::execute(query, conn).await.map_err(store_error)?;
    Ok(())
}

async fn whole(
    conn: &mut AsyncPgConnection,
    rows: Vec<ModelRow>,
) -> Result<Vec<Model>, StoreError> {
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let query = sql("SELECT * FROM model_routes WHERE model = ANY($1) ORDER BY model, number")
        .bind::<Array<Text>, _>(names);
    let routes: Vec<RouteRow> = RunQueryDsl::load(query, conn).await.map_err(store_error)?;
    rows.into_iter().map(|row| row.with_routes(&routes)).collect()
}

impl ModelRow {
    fn with_routes(self, all: &[RouteRow]) -> Result<Model, StoreError> {
        let ability = |text: &String| named(Ability::ALL, Ability::as_str, text);
        let routes = all.iter().filter(|route| route.model == self.name).map(RouteRow::read);
        Ok(Model {
            fields: ModelFields {
                abilities: self.abilities.iter().map(ability).collect::<Result<_, _>>()?,
                images_max: most(self.images_max)?,
                millis_max: most(self.millis_max)?,
                characters_max: most(self.characters_max)?,
                routes: routes.collect::<Result<_, _>>()?,
            },
            life: ModelLife {
                state: named(ModelState::ALL, ModelState::as_str, &self.state)?,
                replacement: optional("a model", self.replacement)?,
                shutdown: optional("a day", self.shutdown)?,
            },
            etag: etag(self.revision)?,
            created_at: from_pg(self.created_at)?,
            updated_at: from_pg(self.updated_at)?,
            name: parsed("a model", &self.name)?,
        })
    }
}

impl RouteRow {
    fn read(&self) -> Result<ModelRoute, StoreError> {
        Ok(ModelRoute {
            position: small(self.position)?,
            weight: small(self.weight)?,
            route: Route {
                provider: parsed("a provider", &self.provider)?,
                model: parsed("a provider's model", &self.wire_model)?,
            },
        })
    }
}

fn most(stored: Option<i64>) -> Result<Option<u32>, StoreError> {
    let number = |stored| u32::try_from(stored).map_err(|_| corrupt("a limit of a model"));
    stored.map(number).transpose()
}
