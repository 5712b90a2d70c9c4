//! What is read of accounts as a whole: standings, books, journals, audits.

use diesel::pg::Pg;
use diesel::prelude::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper,
};
use diesel::sql_types::{Array, Bool, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kernel::{Timestamp, TransactionId, UserId};
use ledger::{Account, Book, Entry, Lot, Transaction};
use ports::{Audit, Standing, StoreError, Wanted};
use uuid::Uuid;

use crate::error::store_error;
use crate::rows::ledger::{AccountRow, EntryRow, LotRow, TransactionRow};
use crate::schema::{ledger_accounts, ledger_entries, ledger_lots, ledger_transactions};
use crate::sql::{rows, sql};
use crate::store::ledger::load_books;
use crate::types::{from_pg, to_pg};

type PgTimestamp = diesel::data_types::PgTimestamp;

pub(super) async fn standings(
    conn: &mut AsyncPgConnection,
    users: &[UserId],
    now: Timestamp,
) -> Result<Vec<Standing>, StoreError> {
    let ids: Vec<Uuid> = users.iter().map(|user| *user.as_uuid()).collect();
    // What is due of the lots is computed and not searched for: at a moment when many lots end, the
    // index of what is due must not be walked for each user.
    let query = rows::<(ledger_accounts::SqlType, Bool)>(
        "SELECT u.id, coalesce(a.available, 0), coalesce(a.held, 0), coalesce(a.version, 0), \
         coalesce(a.earned, 0), coalesce(a.spent, 0), coalesce(a.forfeited, 0), \
         coalesce(a.head_hash, decode(repeat('00', 32), 'hex')), \
         coalesce(a.updated_at, u.created_at), \
         EXISTS (SELECT FROM ledger_transactions t WHERE t.user_id = u.id \
         AND t.status = 'pending' AND t.lease_until <= $1) \
         OR coalesce((SELECT bool_or(l.due_at <= $2) FROM ledger_lots l \
         WHERE l.user_id = u.id AND l.live), false) \
         FROM users u LEFT JOIN ledger_accounts a ON a.user_id = u.id WHERE u.id = ANY($3)",
    )
    .bind::<Timestamptz, _>(to_pg(now))
    .bind::<Timestamptz, _>(to_pg(now))
    .bind::<Array<SqlUuid>, _>(ids);
    let rows: Vec<(AccountRow, bool)> =
        RunQueryDsl::load(query, conn).await.map_err(store_error)?;
    rows.into_iter().map(|(row, due)| Ok(Standing { account: row.try_into()?, due })).collect()
}

pub(super) async fn find_book(
    conn: &mut AsyncPgConnection,
    user: UserId,
    transactions: &[TransactionId],
    now: Timestamp,
) -> Result<Option<Book>, StoreError> {
    let account = match find_account(conn, user).await? {
        Some(account) => account,
        None => match find_user(conn, user).await? {
            Some(created_at) => Account::open(user, created_at),
            None => return Ok(None),
        },
    };
    let wanted = Wanted {
        requests: Vec::new(),
        transactions: transactions.iter().map(|id| (user, *id)).collect(),
    };
    let books = load_books(conn, vec![account], &wanted, now).await?;
    Ok(books.into_iter().next())
}

async fn find_account(
    conn: &mut AsyncPgConnection,
    user: UserId,
) -> Result<Option<Account>, StoreError> {
    let query = ledger_accounts::table.find(*user.as_uuid()).select(AccountRow::as_select());
    let row: Option<AccountRow> =
        RunQueryDsl::first(query, conn).await.optional().map_err(store_error)?;
    row.map(Account::try_from).transpose()
}

async fn find_user(
    conn: &mut AsyncPgConnection,
    user: UserId,
) -> Result<Option<Timestamp>, StoreError> {
    #[derive(diesel::QueryableByName)]
    struct Created {
        #[diesel(sql_type = Timestamptz)]
        created_at: PgTimestamp,
    }
    let query =
        sql("SELECT created_at FROM users WHERE id = $1").bind::<SqlUuid, _>(*user.as_uuid());
    let row: Option<Created> =
        RunQueryDsl::get_result(query, conn).await.optional().map_err(store_error)?;
    row.map(|row| from_pg(row.created_at)).transpose()
}

pub(super) async fn entries(
    conn: &mut AsyncPgConnection,
    user: UserId,
    after: u64,
    limit: Option<i64>,
) -> Result<Vec<Entry>, StoreError> {
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let mut query = ledger_entries::table
        .filter(ledger_entries::user_id.eq(*user.as_uuid()).and(ledger_entries::version.gt(after)))
        .order(ledger_entries::version)
        .select(EntryRow::as_select())
        .into_boxed::<Pg>();
    if let Some(limit) = limit {
        query = query.limit(limit);
    }
    let rows: Vec<EntryRow> = RunQueryDsl::load(query, conn).await.map_err(store_error)?;
    rows.into_iter().map(Entry::try_from).collect()
}

pub(super) async fn audit(
    conn: &mut AsyncPgConnection,
    user: UserId,
) -> Result<Option<Audit>, StoreError> {
    let Some(account) = find_account(conn, user).await? else {
        return Ok(None);
    };
    let entries = entries(conn, user, 0, None).await?;
    let query = ledger_lots::table
        .filter(ledger_lots::user_id.eq(*user.as_uuid()))
        .select(LotRow::as_select());
    let lots: Vec<LotRow> = RunQueryDsl::load(query, conn).await.map_err(store_error)?;
    let query = ledger_transactions::table
        .filter(ledger_transactions::user_id.eq(*user.as_uuid()))
        .select(TransactionRow::as_select());
    let transactions: Vec<TransactionRow> =
        RunQueryDsl::load(query, conn).await.map_err(store_error)?;
    Ok(Some(Audit {
        account,
        entries,
        lots: lots.into_iter().map(Lot::try_from).collect::<Result<_, _>>()?,
        transactions: transactions
            .into_iter()
            .map(Transaction::try_from)
            .collect::<Result<_, _>>()?,
    }))
}
