//! Profiles.

use async_trait::async_trait;
use diesel::prelude::{OptionalExtension, QueryDsl, SelectableHelper};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kernel::UserId;
use ports::{ProfileReads, ProfileTx, StoreError};
use users::Profile;

use crate::error::store_error;
use crate::pool::Postgres;
use crate::rows::profiles::ProfileRow;
use crate::schema::user_profiles;
use crate::tx::PgTx;

#[async_trait]
impl ProfileTx for PgTx {
    async fn load_profile(&mut self, user: UserId) -> Result<Option<Profile>, StoreError> {
        find(self.conn(), user).await
    }

    async fn store_profile(&mut self, profile: &Profile) -> Result<(), StoreError> {
        let upsert = diesel::insert_into(user_profiles::table)
            .values(ProfileRow::from(profile))
            .on_conflict(user_profiles::user_id)
            .do_update()
            .set(ProfileRow::from(profile));
        RunQueryDsl::execute(upsert, self.conn()).await.map_err(store_error)?;
        Ok(())
    }
}

#[async_trait]
impl ProfileReads for Postgres {
    async fn find_profile(&self, user: UserId) -> Result<Option<Profile>, StoreError> {
        let mut conn = self.keyed().await?;
        find(&mut conn, user).await
    }
}

async fn find(conn: &mut AsyncPgConnection, user: UserId) -> Result<Option<Profile>, StoreError> {
    let query = user_profiles::table.find(*user.as_uuid()).select(ProfileRow::as_select());
    let row: Option<ProfileRow> =
        RunQueryDsl::first(query, conn).await.optional().map_err(store_error)?;
    row.map(Profile::try_from).transpose()
}
