//! What a project contains: conversations, and what generation made, which other tables keep.

use diesel::sql_types::{BigInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kernel::{Page, PageSize, Position, ProjectId, Timestamp, UserId};
use ports::StoreError;
use projects::{Content, ContentCount};
use uuid::Uuid;

use crate::error::store_error;
use crate::rows::projects::content_kind;
use crate::sql::rows;
use crate::types::{corrupt, from_pg, one_more, to_pg};

type PgTimestamp = diesel::data_types::PgTimestamp;

const COUNT: &str = "\
    SELECT kind, count(*) FROM outputs \
    WHERE user_id = $1 AND project_id = $2 AND deleted_at IS NULL GROUP BY kind \
    UNION ALL SELECT 'conversation', count(*) FROM conversations \
    WHERE user_id = $3 AND project_id = $4 AND deleted_at IS NULL HAVING count(*) > 0 \
    ORDER BY 1";

// Each side is cut to a page by its own index before the two are merged.
const LIST: &str = "\
    (SELECT kind, id, created_at FROM outputs \
    WHERE user_id = $1 AND project_id = $2 AND deleted_at IS NULL \
    AND (created_at, id) < ($3, $4) ORDER BY created_at DESC, id DESC LIMIT $5) \
    UNION ALL (SELECT 'conversation', id, created_at FROM conversations \
    WHERE user_id = $6 AND project_id = $7 AND deleted_at IS NULL \
    AND (created_at, id) < ($8, $9) ORDER BY created_at DESC, id DESC LIMIT $10) \
    ORDER BY 3 DESC, 2 DESC LIMIT $11";

pub(super) async fn count(
    conn: &mut AsyncPgConnection,
    user: UserId,
    project: ProjectId,
) -> Result<Vec<ContentCount>, StoreError> {
    let query = rows::<(Text, BigInt)>(COUNT)
        .bind::<SqlUuid, _>(*user.as_uuid())
        .bind::<SqlUuid, _>(*project.as_uuid())
        .bind::<SqlUuid, _>(*user.as_uuid())
        .bind::<SqlUuid, _>(*project.as_uuid());
    let counts: Vec<(String, i64)> = query.load(conn).await.map_err(store_error)?;
    let counts = counts.into_iter().map(|(kind, count)| {
        let count = u64::try_from(count).map_err(|_negative| corrupt("a count"))?;
        Ok(ContentCount { kind: content_kind(&kind)?, count })
    });
    counts.collect()
}

pub(super) async fn list(
    conn: &mut AsyncPgConnection,
    user: UserId,
    project: ProjectId,
    size: PageSize,
    after: Option<Position<Uuid>>,
) -> Result<Page<Content<Uuid>, Position<Uuid>>, StoreError> {
    let start = Position { created_at: Timestamp::MAX, id: Uuid::max() };
    let Position { created_at, id } = after.unwrap_or(start);
    let limit = one_more(size);
    let query = rows::<(Text, SqlUuid, Timestamptz)>(LIST)
        .bind::<SqlUuid, _>(*user.as_uuid())
        .bind::<SqlUuid, _>(*project.as_uuid())
        .bind::<Timestamptz, _>(to_pg(created_at))
        .bind::<SqlUuid, _>(id)
        .bind::<BigInt, _>(limit)
        .bind::<SqlUuid, _>(*user.as_uuid())
        .bind::<SqlUuid, _>(*project.as_uuid())
        .bind::<Timestamptz, _>(to_pg(created_at))
        .bind::<SqlUuid, _>(id)
        .bind::<BigInt, _>(limit)
        .bind::<BigInt, _>(limit);
    let found: Vec<(String, Uuid, PgTimestamp)> = query.load(conn).await.map_err(store_error)?;
    let items = found.into_iter().map(|(kind, id, at)| {
        Ok(Content { kind: content_kind(&kind)?, id, created_at: from_pg(at)? })
    });
    let items = items.collect::<Result<_, StoreError>>()?;
    Ok(Page::from_one_more(items, size, Content::position))
}
