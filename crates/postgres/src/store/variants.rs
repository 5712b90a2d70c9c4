//! Variants, in a unit of work. They are read with the themes.

use async_trait::async_trait;
use catalog::Variant;
use diesel::dsl::{count_star, max};
use diesel::prelude::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper};
use diesel_async::RunQueryDsl;
use kernel::{ThemeId, UserId, VariantId};
use ports::{StoreError, VariantTx};

use super::only_one;
use crate::error::store_error;
use crate::rows::themes::VariantRow;
use crate::schema::variants;
use crate::tx::PgTx;
use crate::types::count;

#[async_trait]
impl VariantTx for PgTx {
    async fn lock_variant(
        &mut self,
        user: UserId,
        id: VariantId,
    ) -> Result<Option<Variant>, StoreError> {
        let query = variants::table
            .find((*user.as_uuid(), *id.as_uuid()))
            .for_no_key_update()
            .select(VariantRow::as_select());
        let row: Option<VariantRow> =
            RunQueryDsl::first(query, self.conn()).await.optional().map_err(store_error)?;
        row.map(Variant::try_from).transpose()
    }

    async fn count_variants(
        &mut self,
        user: UserId,
        theme: ThemeId,
    ) -> Result<(u64, i32), StoreError> {
        let query = variants::table
            .filter(variants::user_id.eq(*user.as_uuid()))
            .filter(variants::theme_id.eq(*theme.as_uuid()))
            .select((count_star(), max(variants::number)));
        let (counted, last): (i64, Option<i32>) =
            RunQueryDsl::first(query, self.conn()).await.map_err(store_error)?;
        Ok((count(counted)?, last.unwrap_or_default()))
    }

    async fn insert_variant(&mut self, variant: &Variant) -> Result<(), StoreError> {
        let insert = diesel::insert_into(variants::table).values(VariantRow::from(variant));
        RunQueryDsl::execute(insert, self.conn()).await.map_err(store_error)?;
        Ok(())
    }

    async fn update_variant(&mut self, variant: &Variant) -> Result<(), StoreError> {
        let key = (*variant.user.as_uuid(), *variant.id.as_uuid());
        let update = diesel::update(variants::table.find(key)).set(VariantRow::from(variant));
        only_one(RunQueryDsl::execute(update, self.conn()).await)
    }

    async fn delete_variant(&mut self, user: UserId, id: VariantId) -> Result<(), StoreError> {
        let delete = diesel::delete(variants::table.find((*user.as_uuid(), *id.as_uuid())));
        only_one(RunQueryDsl::execute(delete, self.conn()).await)
    }
}
