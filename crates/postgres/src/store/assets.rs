//! Assets, and the bytes that must go.

use ::assets::Asset;
use async_trait::async_trait;
use diesel::prelude::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper,
};
use diesel::sql_types::{Array, BigInt, Bool, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kernel::{AssetId, Page, PageSize, Position, Timestamp, UserId};
use ports::{AssetFilter, AssetKeeping, AssetReads, AssetTx, MadeFor, MediaKey, StoreError};
use uuid::Uuid;

use crate::error::store_error;
use crate::pool::Postgres;
use crate::rows::assets::{AssetRow, ChangingRow, NewAssetRow};
use crate::schema::assets::{self, table};
use crate::sql::{rows, sql};
use crate::tx::PgTx;
use crate::types::{corrupt, to_pg};

/// Skips what others have taken, and takes the rest for as long as it may need.
const CLAIM: &str = "UPDATE doomed_objects \
     SET attempts = attempts + 1, taken_until = $1 \
     WHERE key IN ( \
         SELECT key FROM doomed_objects WHERE taken_until IS NULL OR taken_until <= $2 \
         ORDER BY doomed_at LIMIT $3 FOR UPDATE SKIP LOCKED \
     ) RETURNING key";

const FORGET: &str = "DELETE FROM doomed_objects WHERE key = ANY($1)";

const ABANDONED: &str = "DELETE FROM assets WHERE (user_id, id) IN ( \
         SELECT user_id, id FROM assets WHERE state = 'pending' AND upload_until < $1 \
         ORDER BY upload_until LIMIT $2 FOR UPDATE SKIP LOCKED \
     )";

const KNOWN: &str = "SELECT wanted.key FROM unnest($1) AS wanted (key) \
     WHERE EXISTS (SELECT FROM assets WHERE assets.key = wanted.key) \
        OR EXISTS (SELECT FROM doomed_objects WHERE doomed_objects.key = wanted.key)";

/// What was made for one thing: of which column of `asset_references` it is.
macro_rules! made_for {
    ($column:literal) => {
        concat!(
            "SELECT DISTINCT asset_id FROM asset_references \
             WHERE user_id = $1 AND made AND asset_id IS NOT NULL AND ",
            $column,
            " = $2"
        )
    };
}

const MADE_FOR_PROJECT: &str = "SELECT DISTINCT r.asset_id FROM outputs o \
     JOIN asset_references r ON r.user_id = o.user_id AND r.output_id = o.id \
     WHERE o.user_id = $1 AND o.project_id = $2 AND r.made AND r.asset_id IS NOT NULL";

const UNUSED: &str = "DELETE FROM assets a WHERE a.user_id = $1 AND a.id = ANY($2) \
     AND NOT EXISTS ( \
         SELECT FROM asset_references r WHERE r.user_id = a.user_id AND r.asset_id = a.id \
     )";

#[async_trait]
impl AssetTx for PgTx {
    async fn insert_asset(&mut self, asset: &Asset) -> Result<(), StoreError> {
        diesel::insert_into(table)
            .values(NewAssetRow::try_from(asset)?)
            .execute(self.conn())
            .await
            .map_err(store_error)?;
        Ok(())
    }

    async fn lock_asset(&mut self, user: UserId, id: AssetId) -> Result<Option<Asset>, StoreError> {
        let found = table
            .find((*user.as_uuid(), *id.as_uuid()))
            .select(AssetRow::as_select())
            .for_no_key_update()
            .get_result(self.conn())
            .await;
        found.optional().map_err(store_error)?.map(Asset::try_from).transpose()
    }

    async fn update_asset(&mut self, asset: &Asset) -> Result<(), StoreError> {
        let changed = diesel::update(table.find((*asset.user.as_uuid(), *asset.id.as_uuid())))
            .set(ChangingRow::try_from(asset)?)
            .execute(self.conn())
            .await
            .map_err(store_error)?;
        only_one(changed)
    }

    async fn share_assets(
        &mut self,
        user: UserId,
        ids: &[AssetId],
    ) -> Result<Vec<AssetId>, StoreError> {
        let there: Vec<Uuid> = table
            .filter(assets::user_id.eq(*user.as_uuid()))
            .filter(assets::id.eq_any(ids.iter().map(|id| *id.as_uuid())))
            .filter(assets::deleted_at.is_null())
            .order(assets::id)
            .for_key_share()
            .select(assets::id)
            .load(self.conn())
            .await
            .map_err(store_error)?;
        Ok(there.into_iter().map(AssetId::from_uuid).collect())
    }

    async fn delete_asset(&mut self, user: UserId, id: AssetId) -> Result<(), StoreError> {
        let deleted = diesel::delete(table.find((*user.as_uuid(), *id.as_uuid())))
            .execute(self.conn())
            .await
            .map_err(store_error)?;
        only_one(deleted)
    }

    async fn find_made(&mut self, user: UserId, by: MadeFor) -> Result<Vec<AssetId>, StoreError> {
        let (text, id) = match by {
            MadeFor::Project(id) => (MADE_FOR_PROJECT, *id.as_uuid()),
            MadeFor::Output(id) => (made_for!("output_id"), *id.as_uuid()),
            MadeFor::Character(id) => (made_for!("character_id"), *id.as_uuid()),
            MadeFor::Theme(id) => (made_for!("theme_id"), *id.as_uuid()),
            MadeFor::Variant(id) => (made_for!("variant_id"), *id.as_uuid()),
            MadeFor::Scene(id) => (made_for!("scene_id"), *id.as_uuid()),
        };
        let made =
            rows::<(SqlUuid,)>(text).bind::<SqlUuid, _>(*user.as_uuid()).bind::<SqlUuid, _>(id);
        let made: Vec<(Uuid,)> = made.load(self.conn()).await.map_err(store_error)?;
        Ok(made.into_iter().map(|(id,)| AssetId::from_uuid(id)).collect())
    }

    async fn delete_unused(&mut self, user: UserId, ids: &[AssetId]) -> Result<(), StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| *id.as_uuid()).collect();
        let delete = sql(UNUSED).bind::<SqlUuid, _>(*user.as_uuid()).bind::<Array<SqlUuid>, _>(ids);
        delete.execute(self.conn()).await.map_err(store_error)?;
        Ok(())
    }
}

#[async_trait]
impl AssetReads for Postgres {
    async fn find_asset(&self, user: UserId, id: AssetId) -> Result<Option<Asset>, StoreError> {
        let mut conn = self.keyed().await?;
        let found = table
            .find((*user.as_uuid(), *id.as_uuid()))
            .select(AssetRow::as_select())
            .get_result(&mut conn)
            .await;
        found.optional().map_err(store_error)?.map(Asset::try_from).transpose()
    }

    async fn find_assets(&self, user: UserId, ids: &[AssetId]) -> Result<Vec<Asset>, StoreError> {
        let mut conn = self.keyed().await?;
        let found: Vec<AssetRow> = table
            .filter(assets::user_id.eq(*user.as_uuid()))
            .filter(assets::id.eq_any(ids.iter().map(|id| *id.as_uuid())))
            .select(AssetRow::as_select())
            .load(&mut conn)
            .await
            .map_err(store_error)?;
        found.into_iter().map(Asset::try_from).collect()
    }

    async fn find_assets_of(&self, wanted: &[(UserId, AssetId)]) -> Result<Vec<Asset>, StoreError> {
        let (users, ids): (Vec<Uuid>, Vec<Uuid>) =
            wanted.iter().map(|(user, id)| (*user.as_uuid(), *id.as_uuid())).unzip();
        let of_them = diesel::dsl::sql::<Bool>("(user_id, id) IN (SELECT * FROM unnest(")
            .bind::<Array<SqlUuid>, _>(users)
            .sql("::uuid[], ")
            .bind::<Array<SqlUuid>, _>(ids)
            .sql("::uuid[]))");
        let mut conn = self.keyed().await?;
        let found: Vec<AssetRow> = table
            .filter(of_them)
            .select(AssetRow::as_select())
            .load(&mut conn)
            .await
            .map_err(store_error)?;
        found.into_iter().map(Asset::try_from).collect()
    }

    async fn list_assets(
        &self,
        user: UserId,
        filter: &AssetFilter,
        size: PageSize,
        after: Option<Position<AssetId>>,
    ) -> Result<Page<Asset, Position<AssetId>>, StoreError> {
        let (at, id) = match after {
            Some(Position { created_at, id }) => (created_at, *id.as_uuid()),
            None => (Timestamp::MAX, Uuid::max()),
        };
        // The first condition says no more than the second, but in a form that the index serves.
        let before = assets::created_at
            .le(to_pg(at))
            .and(assets::created_at.lt(to_pg(at)).or(assets::id.lt(id)));
        let mut listed = table
            .filter(assets::user_id.eq(*user.as_uuid()))
            .filter(before)
            .order((assets::created_at.desc(), assets::id.desc()))
            .limit(whole(size.get()).saturating_add(1))
            .select(AssetRow::as_select())
            .into_boxed();
        let AssetFilter { kinds, provider, with_deleted, with_pending } = filter;
        if !kinds.is_empty() {
            listed = listed.filter(assets::kind.eq_any(kinds.iter().map(|kind| kind.as_str())));
        }
        if let Some(provider) = provider {
            listed = listed.filter(assets::provider.eq(provider.as_str()));
        }
        if !with_deleted {
            listed = listed.filter(assets::deleted_at.is_null());
        }
        if !with_pending {
            listed = listed.filter(assets::state.ne("pending"));
        }
        let mut conn = self.connection().await?;
        let found: Vec<AssetRow> = listed.load(&mut conn).await.map_err(store_error)?;
        let found: Result<Vec<Asset>, StoreError> =
            found.into_iter().map(Asset::try_from).collect();
        Ok(Page::from_one_more(found?, size, Asset::position))
    }
}

#[async_trait]
impl AssetKeeping for Postgres {
    async fn claim_doomed(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<MediaKey>, StoreError> {
        let mut conn = self.connection().await?;
        let claim = rows::<(Text,)>(CLAIM)
            .bind::<Timestamptz, _>(to_pg(until))
            .bind::<Timestamptz, _>(to_pg(now))
            .bind::<BigInt, _>(whole(limit));
        let taken: Vec<(String,)> = claim.load(&mut conn).await.map_err(store_error)?;
        taken.into_iter().map(|(key,)| parse(&key)).collect()
    }

    async fn forget_doomed(&self, keys: &[MediaKey]) -> Result<(), StoreError> {
        let mut conn = self.connection().await?;
        let forget = sql(FORGET).bind::<Array<Text>, _>(texts(keys));
        forget.execute(&mut conn).await.map_err(store_error)?;
        Ok(())
    }

    async fn drop_abandoned(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        let mut conn = self.connection().await?;
        let drop =
            sql(ABANDONED).bind::<Timestamptz, _>(to_pg(before)).bind::<BigInt, _>(whole(limit));
        drop.execute(&mut conn).await.map_err(store_error)
    }

    async fn find_known(&self, keys: &[MediaKey]) -> Result<Vec<MediaKey>, StoreError> {
        let mut conn = self.keyed().await?;
        let known = rows::<(Text,)>(KNOWN).bind::<Array<Text>, _>(texts(keys));
        let known: Vec<(String,)> = known.load(&mut conn).await.map_err(store_error)?;
        known.into_iter().map(|(key,)| parse(&key)).collect()
    }

    async fn list_stored(
        &self,
        after: Option<(UserId, AssetId)>,
        limit: usize,
    ) -> Result<Vec<(UserId, AssetId, MediaKey)>, StoreError> {
        let (user, id) =
            after.map_or((Uuid::nil(), Uuid::nil()), |(user, id)| (*user.as_uuid(), *id.as_uuid()));
        let behind = assets::user_id.ge(user).and(assets::user_id.gt(user).or(assets::id.gt(id)));
        let mut conn = self.connection().await?;
        let found: Vec<(Uuid, Uuid, Option<String>)> = table
            .filter(assets::state.eq("stored"))
            .filter(behind)
            .order((assets::user_id, assets::id))
            .limit(whole(limit))
            .select((assets::user_id, assets::id, assets::key))
            .load(&mut conn)
            .await
            .map_err(store_error)?;
        let whole = |(user, id, key): (Uuid, Uuid, Option<String>)| {
            let key = parse(key.as_deref().unwrap_or_default())?;
            Ok((UserId::from_uuid(user), AssetId::from_uuid(id), key))
        };
        found.into_iter().map(whole).collect()
    }
}

fn texts(keys: &[MediaKey]) -> Vec<&str> {
    keys.iter().map(MediaKey::as_str).collect()
}

fn parse(key: &str) -> Result<MediaKey, StoreError> {
    key.parse().map_err(|_| corrupt("a key of bytes"))
}

fn whole(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn only_one(rows: usize) -> Result<(), StoreError> {
    if rows == 1 { Ok(()) } else { Err(corrupt(format!("{rows} rows where one is locked"))) }
}
