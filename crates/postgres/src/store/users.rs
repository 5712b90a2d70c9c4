//! Users. They are read together with their identities in one statement, so that both are of one
//! moment without a transaction.

use async_trait::async_trait;
use diesel::prelude::{
    BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, OptionalExtension,
    QueryDsl, SelectableHelper,
};
use diesel::sql_types::{Bool, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kernel::{Page, PageSize, Position, Timestamp, UserId};
use ports::{StoreError, UserFilter, UserReads, UserTx};
use users::{Email, Identity, Standing, User};
use uuid::Uuid;

use super::{events, only_one};
use crate::error::store_error;
use crate::pool::Postgres;
use crate::rows::users::{
    FieldsRow, IdentityRow, NewUserRow, UserRow, identity_rows, standing, users,
};
use crate::schema::{user_identities, users as user_table};
use crate::sql::sql;
use crate::tx::PgTx;
use crate::types::to_pg;

// Other names for tables that a statement reads twice.
diesel::alias!(user_table as page: PageAlias, user_identities as owner: OwnerAlias);

/// One more identity of a user, the last in order.
const ADD_IDENTITY: &str = "\
    INSERT INTO user_identities (issuer, subject, user_id, position) \
    SELECT $1, $2, $3, coalesce(max(position) + 1, 0) FROM user_identities WHERE user_id = $4";

#[async_trait]
impl UserTx for PgTx {
    async fn lock_user(&mut self, id: UserId) -> Result<Option<User>, StoreError> {
        // FOR UPDATE: rows that are about to refer to the user wait, so that a deletion sees all.
        let lock = user_table::table.find(*id.as_uuid()).select(user_table::id).for_update();
        let locked: Option<Uuid> =
            lock.get_result(self.conn()).await.optional().map_err(store_error)?;
        match locked {
            Some(_) => find_user(self.conn(), id).await,
            None => Ok(None),
        }
    }

    async fn find_user_by_identity(
        &mut self,
        identity: &Identity,
    ) -> Result<Option<User>, StoreError> {
        find_user_by_identity(self.conn(), identity).await
    }

    async fn insert_user(&mut self, user: &User) -> Result<(), StoreError> {
        diesel::insert_into(user_table::table)
            .values(NewUserRow::from(user))
            .execute(self.conn())
            .await
            .map_err(store_error)?;
        diesel::insert_into(user_identities::table)
            .values(identity_rows(user))
            .execute(self.conn())
            .await
            .map_err(store_error)?;
        Ok(())
    }

    async fn share_user(&mut self, id: UserId) -> Result<Option<Standing>, StoreError> {
        let share = user_table::table
            .find(*id.as_uuid())
            .select((user_table::status, user_table::visibility, user_table::gallery_showcase))
            .for_share();
        let columns = share.first(self.conn()).await.optional().map_err(store_error)?;
        columns.map(standing).transpose()
    }

    async fn update_user(&mut self, user: &User) -> Result<(), StoreError> {
        let changed = diesel::update(user_table::table.find(*user.id.as_uuid()))
            .set(FieldsRow::from(user))
            .execute(self.conn())
            .await;
        only_one(changed)
    }

    async fn insert_identity(&mut self, id: UserId, identity: &Identity) -> Result<(), StoreError> {
        let insert = sql(ADD_IDENTITY)
            .bind::<Text, _>(identity.issuer.as_str())
            .bind::<Text, _>(identity.subject.as_str())
            .bind::<SqlUuid, _>(*id.as_uuid())
            .bind::<SqlUuid, _>(*id.as_uuid());
        only_one(insert.execute(self.conn()).await)
    }

    async fn delete_identity(&mut self, id: UserId, identity: &Identity) -> Result<(), StoreError> {
        let key = (identity.issuer.as_str(), identity.subject.as_str());
        let delete = diesel::delete(user_identities::table.find(key))
            .filter(user_identities::user_id.eq(*id.as_uuid()));
        only_one(delete.execute(self.conn()).await)
    }

    async fn delete_user(&mut self, id: UserId) -> Result<(), StoreError> {
        let deleted =
            diesel::delete(user_table::table.find(*id.as_uuid())).execute(self.conn()).await;
        only_one(deleted)?;
        // They refer to nobody, so that the deletion itself can be told of.
        self.events.retain(|event| event.user != id);
        events::forget_user(self.conn(), id).await
    }
}

#[async_trait]
impl UserReads for Postgres {
    async fn find_user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        let mut conn = self.keyed().await?;
        find_user(&mut conn, id).await
    }

    async fn find_user_by_email(&self, email: &Email) -> Result<Option<User>, StoreError> {
        let mut conn = self.keyed().await?;
        let rows = joined().filter(user_table::email_key.eq(email.key())).load(&mut conn).await;
        only(rows.map_err(store_error)?)
    }

    async fn find_user_by_identity(&self, identity: &Identity) -> Result<Option<User>, StoreError> {
        let mut conn = self.keyed().await?;
        find_user_by_identity(&mut conn, identity).await
    }

    async fn find_users(&self, ids: &[UserId]) -> Result<Vec<User>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| *id.as_uuid()).collect();
        let mut conn = self.keyed().await?;
        let rows = joined().filter(user_table::id.eq_any(ids)).load(&mut conn).await;
        users(rows.map_err(store_error)?)
    }

    async fn list_users(
        &self,
        filter: &UserFilter,
        size: PageSize,
        after: Option<Position<UserId>>,
    ) -> Result<Page<User, Position<UserId>>, StoreError> {
        let (at, id) = match after {
            Some(Position { created_at, id }) => (created_at, *id.as_uuid()),
            None => (Timestamp::MAX, Uuid::max()),
        };
        let one_more = i64::try_from(size.get()).unwrap_or(i64::MAX).saturating_add(1);
        // The first condition says no more than the second, but in a form that the index serves.
        let before = (page.field(user_table::created_at).le(to_pg(at))).and(
            (page.field(user_table::created_at).lt(to_pg(at)))
                .or(page.field(user_table::id).lt(id)),
        );
        let mut listed = page
            .filter(before)
            .order((page.field(user_table::created_at).desc(), page.field(user_table::id).desc()))
            .limit(one_more)
            .select(page.field(user_table::id))
            .into_boxed();
        let UserFilter { status, created_from, created_before, prefix } = filter;
        if let Some(status) = status {
            listed = listed.filter(page.field(user_table::status).eq(status.as_str()));
        }
        if let Some(from) = created_from {
            listed = listed.filter(page.field(user_table::created_at).ge(to_pg(*from)));
        }
        if let Some(before) = created_before {
            listed = listed.filter(page.field(user_table::created_at).lt(to_pg(*before)));
        }
        if let Some(prefix) = prefix {
            let (from, to) = range(prefix);
            // As a range of bytes, which the indexes on these columns are ordered by.
            let begins = diesel::dsl::sql::<Bool>("(page.email_key COLLATE \"C\" >= ")
                .bind::<Text, _>(from.clone())
                .sql(" AND page.email_key COLLATE \"C\" < ")
                .bind::<Text, _>(to.clone())
                .sql(" OR page.username_key COLLATE \"C\" >= ")
                .bind::<Text, _>(from)
                .sql(" AND page.username_key COLLATE \"C\" < ")
                .bind::<Text, _>(to)
                .sql(")");
            listed = listed.filter(begins);
        }
        let mut conn = self.connection().await?;
        let rows: Vec<(UserRow, Option<IdentityRow>)> = joined()
            .filter(user_table::id.eq_any(listed))
            .load(&mut conn)
            .await
            .map_err(store_error)?;
        Ok(Page::from_one_more(users(rows)?, size, User::position))
    }
}

/// Users with their identities: one row an identity, those of one user side by side, newest user
/// first.
#[diesel::dsl::auto_type]
fn joined() -> _ {
    let user: diesel::dsl::AsSelect<UserRow, diesel::pg::Pg> = UserRow::as_select();
    let identity: diesel::dsl::AsSelect<Option<IdentityRow>, diesel::pg::Pg> =
        Option::<IdentityRow>::as_select();
    user_table::table
        .left_join(user_identities::table)
        .order((
            user_table::created_at.desc(),
            user_table::id.desc(),
            user_identities::position.nullable(),
        ))
        .select((user, identity))
}

async fn find_user(conn: &mut AsyncPgConnection, id: UserId) -> Result<Option<User>, StoreError> {
    let rows = joined().filter(user_table::id.eq(*id.as_uuid())).load(conn).await;
    only(rows.map_err(store_error)?)
}

async fn find_user_by_identity(
    conn: &mut AsyncPgConnection,
    identity: &Identity,
) -> Result<Option<User>, StoreError> {
    let owners = owner
        .filter(owner.field(user_identities::issuer).eq(identity.issuer.as_str()))
        .filter(owner.field(user_identities::subject).eq(identity.subject.as_str()))
        .select(owner.field(user_identities::user_id));
    let rows = joined().filter(user_table::id.eq_any(owners)).load(conn).await;
    only(rows.map_err(store_error)?)
}

fn only(rows: Vec<(UserRow, Option<IdentityRow>)>) -> Result<Option<User>, StoreError> {
    // A key names the user, so there is no second one.
    Ok(users(rows)?.into_iter().next())
}

/// The texts that begin with the prefix in lower case: from the first up to the second.
fn range(prefix: &str) -> (String, String) {
    let from = prefix.to_ascii_lowercase();
    // The last character that there is; none of those in these columns is near it.
    let to = format!("{from}{}", char::MAX);
    (from, to)
}
