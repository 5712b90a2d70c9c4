//! API keys.

use access::ApiKey;
use async_trait::async_trait;
use diesel::prelude::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use kernel::{ApiKeyId, Page, PageSize, Position};
use ports::{ApiKeyReads, ApiKeyTx, StoreError};

use crate::error::store_error;
use crate::pool::Postgres;
use crate::rows::api_keys::{ApiKeyRow, NewApiKeyRow};
use crate::schema::api_keys;
use crate::tx::PgTx;
use crate::types::to_pg;

#[async_trait]
impl ApiKeyTx for PgTx {
    async fn insert_api_key(&mut self, key: &ApiKey) -> Result<(), StoreError> {
        let insert = diesel::insert_into(api_keys::table).values(NewApiKeyRow::from(key));
        RunQueryDsl::execute(insert, self.conn()).await.map_err(store_error)?;
        Ok(())
    }

    async fn lock_api_key(&mut self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        let query =
            api_keys::table.find(*id.as_uuid()).for_no_key_update().select(ApiKeyRow::as_select());
        let row: Option<ApiKeyRow> =
            RunQueryDsl::first(query, self.conn()).await.optional().map_err(store_error)?;
        row.map(ApiKey::try_from).transpose()
    }

    async fn end_api_key(&mut self, key: &ApiKey) -> Result<(), StoreError> {
        let update = diesel::update(api_keys::table.find(*key.id.as_uuid())).set((
            api_keys::expires_at.eq(key.expires_at.map(to_pg)),
            api_keys::revoked_at.eq(key.revoked_at.map(to_pg)),
        ));
        RunQueryDsl::execute(update, self.conn()).await.map_err(store_error)?;
        Ok(())
    }
}

#[async_trait]
impl ApiKeyReads for Postgres {
    async fn find_api_key(&self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        let query = api_keys::table.find(*id.as_uuid()).select(ApiKeyRow::as_select());
        let mut conn = self.keyed().await?;
        let row: Option<ApiKeyRow> =
            RunQueryDsl::first(query, &mut conn).await.optional().map_err(store_error)?;
        row.map(ApiKey::try_from).transpose()
    }

    async fn list_api_keys(
        &self,
        size: PageSize,
        after: Option<Position<ApiKeyId>>,
    ) -> Result<Page<ApiKey, Position<ApiKeyId>>, StoreError> {
        use api_keys::dsl as k;
        // PageSize is at most 1,000.
        let one_more = i64::try_from(size.get() + 1).unwrap_or(i64::MAX);
        let mut query = k::api_keys
            .order((k::created_at.desc(), k::id.desc()))
            .limit(one_more)
            .select(ApiKeyRow::as_select())
            .into_boxed();
        if let Some(Position { created_at, id }) = after {
            let (at, id) = (to_pg(created_at), *id.as_uuid());
            // The first condition alone is what the index can be entered by.
            query = query
                .filter(k::created_at.le(at))
                .filter(k::created_at.lt(at).or(k::created_at.eq(at).and(k::id.lt(id))));
        }
        let mut conn = self.connection().await?;
        let rows: Vec<ApiKeyRow> =
            RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        let items = rows.into_iter().map(ApiKey::try_from).collect::<Result<_, _>>()?;
        Ok(Page::from_one_more(items, size, ApiKey::position))
    }
}
