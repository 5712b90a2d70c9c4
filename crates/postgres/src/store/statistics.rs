//! Counts of what a user has in the catalogue. They are counted, never kept: equal to what exists.

use catalog::Statistics;
use diesel::prelude::OptionalExtension;
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kernel::UserId;
use ports::StoreError;

use crate::error::store_error;
use crate::sql::rows;
use crate::types::count as number;

const COUNT: &str = "\
    SELECT c.live, c.public, c.favourites, c.in_library, c.featured, c.deleted, t.themes, \
        v.variants, o.collections, s.scenes, c.images + v.images + i.images \
    FROM users u \
    CROSS JOIN LATERAL ( \
        SELECT count(*) FILTER (WHERE deleted_at IS NULL) AS live, \
            count(*) FILTER (WHERE deleted_at IS NULL AND is_public) AS public, \
            count(*) FILTER (WHERE deleted_at IS NULL AND is_favourite) AS favourites, \
            count(*) FILTER (WHERE deleted_at IS NULL AND in_library) AS in_library, \
            count(*) FILTER (WHERE deleted_at IS NULL AND is_public AND is_showcased) AS featured, \
            count(*) FILTER (WHERE deleted_at IS NOT NULL) AS deleted, \
            count(image_asset_id) FILTER (WHERE deleted_at IS NULL) AS images \
        FROM characters WHERE user_id = u.id) c \
    CROSS JOIN LATERAL ( \
        SELECT count(*) AS themes FROM themes JOIN characters r \
        ON r.user_id = themes.user_id AND r.id = themes.character_id \
        WHERE themes.user_id = u.id AND r.deleted_at IS NULL) t \
    CROSS JOIN LATERAL ( \
        SELECT count(*) AS variants, count(variants.image_asset_id) AS images \
        FROM variants JOIN characters r \
        ON r.user_id = variants.user_id AND r.id = variants.character_id \
        WHERE variants.user_id = u.id AND r.deleted_at IS NULL) v \
    CROSS JOIN LATERAL ( \
        SELECT count(*) AS collections FROM collections WHERE user_id = u.id) o \
    CROSS JOIN LATERAL (SELECT count(*) AS scenes FROM scenes WHERE user_id = u.id) s \
    CROSS JOIN LATERAL (SELECT count(*) AS images FROM scene_images WHERE user_id = u.id) i \
    WHERE u.id = $1";

type Counts =
    (BigInt, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt);
type Counted = (i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64);

pub(super) async fn count(
    conn: &mut AsyncPgConnection,
    user: UserId,
) -> Result<Option<Statistics>, StoreError> {
    let query = rows::<Counts>(COUNT).bind::<SqlUuid, _>(*user.as_uuid());
    let counted: Option<Counted> =
        RunQueryDsl::get_result(query, conn).await.optional().map_err(store_error)?;
    let Some(counted) = counted else { return Ok(None) };
    Ok(Some(Statistics {
        characters: number(counted.0)?,
        public: number(counted.1)?,
        favourites: number(counted.2)?,
        in_library: number(counted.3)?,
        featured: number(counted.4)?,
        deleted: number(counted.5)?,
        themes: number(counted.6)?,
        variants: number(counted.7)?,
        collections: number(counted.8)?,
        scenes: number(counted.9)?,
        images: number(counted.10)?,
    }))
}
