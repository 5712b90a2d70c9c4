//! The ledger: locking and loading books in bulk. Writing is in `write`, plain reads in `read`.

mod account;
mod read;
mod sums;
mod usage;
pub(super) mod write;

use std::collections::BTreeMap;

use async_trait::async_trait;
use diesel::BoolExpressionMethods;
use diesel::prelude::{ExpressionMethods, QueryDsl, SelectableHelper};
use diesel::sql_types::{Array, Bool, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kernel::{RequestId, Timestamp, TransactionId, UserId};
use ledger::{Account, Book, Changes, Lot, LotState, Recorded, Transaction};
use ports::{LedgerTx, StoreError, Wanted};
use tokio::try_join;
use users::AccountStatus;
use uuid::Uuid;

use crate::error::store_error;
use crate::rows::ledger::{AccountRow, LotRow, RequestRow, TransactionRow};
use crate::schema::{ledger_accounts, ledger_lots, ledger_requests, ledger_transactions};
use crate::sql::{rows, sql};
use crate::tx::PgTx;
use crate::types::{named, to_pg};

#[async_trait]
impl LedgerTx for PgTx {
    async fn lock_accounts(
        &mut self,
        users: &[UserId],
        now: Timestamp,
    ) -> Result<Vec<Account>, StoreError> {
        let spenders = self.lock_spenders(users, now).await?;
        Ok(spenders.into_iter().map(|(account, _status)| account).collect())
    }

    async fn lock_spenders(
        &mut self,
        users: &[UserId],
        now: Timestamp,
    ) -> Result<Vec<(Account, AccountStatus)>, StoreError> {
        let ids: Vec<Uuid> = users.iter().map(|user| *user.as_uuid()).collect();
        let spenders = lock(self.conn(), &ids).await?;
        let locked: Vec<UserId> = spenders.iter().map(|(account, _)| account.user).collect();
        if !open_missing(self.conn(), users, &locked, now).await? {
            return Ok(spenders);
        }
        lock(self.conn(), &ids).await
    }

    async fn load_books(
        &mut self,
        accounts: Vec<Account>,
        wanted: &Wanted,
        now: Timestamp,
    ) -> Result<Vec<Book>, StoreError> {
        load_books(self.conn(), accounts, wanted, now).await
    }

    async fn apply_changes(&mut self, changes: &Changes) -> Result<(), StoreError> {
        write::apply(self.conn(), changes).await
    }

    async fn forget_account(&mut self, user: UserId, now: Timestamp) -> Result<bool, StoreError> {
        #[derive(diesel::QueryableByName)]
        struct Forgotten {
            #[diesel(sql_type = Bool)]
            forgotten: bool,
        }
        let query = sql("SELECT ledger_forget($1, $2) AS forgotten")
            .bind::<SqlUuid, _>(*user.as_uuid())
            .bind::<Timestamptz, _>(to_pg(now));
        let row: Forgotten =
            RunQueryDsl::get_result(query, self.conn()).await.map_err(store_error)?;
        Ok(row.forgotten)
    }
}

/// Locks accounts, in the order of the result: it keeps batches from deadlocking. The status of each
/// account's user is not locked: whoever changes it and whoever spends meanwhile go one before the
/// other in some order.
async fn lock(
    conn: &mut AsyncPgConnection,
    ids: &[Uuid],
) -> Result<Vec<(Account, AccountStatus)>, StoreError> {
    let query = rows::<(ledger_accounts::SqlType, Text)>(
        "SELECT a.*, u.status FROM ledger_accounts a JOIN users u ON u.id = a.user_id \
         WHERE a.user_id = ANY($1) ORDER BY a.user_id FOR NO KEY UPDATE OF a",
    )
    .bind::<Array<SqlUuid>, _>(ids);
    let rows: Vec<(AccountRow, String)> =
        RunQueryDsl::load(query, conn).await.map_err(store_error)?;
    let with_status = |(row, status): (AccountRow, String)| {
        Ok((Account::try_from(row)?, named(AccountStatus::ALL, AccountStatus::as_str, &status)?))
    };
    rows.into_iter().map(with_status).collect()
}

/// Opens the accounts that are not locked, for users who have none. Answers whether there was
/// anybody to look for.
///
/// Only of those: whoever deletes one of the others has locked the user and waits for the account.
/// A user who is being deleted is skipped: the key share lock waits for the deletion, and then finds
/// nobody.
async fn open_missing(
    conn: &mut AsyncPgConnection,
    users: &[UserId],
    locked: &[UserId],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let missing = users.iter().filter(|user| !locked.contains(user));
    let missing: Vec<Uuid> = missing.map(|user| *user.as_uuid()).collect();
    if missing.is_empty() {
        return Ok(false);
    }
    let open = sql("INSERT INTO ledger_accounts (user_id, available, held, version, earned, \
         spent, forfeited, head_hash, updated_at) \
         SELECT id, 0, 0, 0, 0, 0, 0, decode(repeat('00', 32), 'hex'), $1 \
         FROM users WHERE id = ANY($2) ORDER BY id FOR KEY SHARE \
         ON CONFLICT (user_id) DO NOTHING")
    .bind::<Timestamptz, _>(to_pg(now))
    .bind::<Array<SqlUuid>, _>(&missing);
    RunQueryDsl::execute(open, conn).await.map_err(store_error)?;
    Ok(true)
}

/// Completes accounts to books. Everything that does not depend on an answer is pipelined, so the
/// common case is one round trip.
pub(super) async fn load_books(
    conn: &AsyncPgConnection,
    accounts: Vec<Account>,
    wanted: &Wanted,
    now: Timestamp,
) -> Result<Vec<Book>, StoreError> {
    let users: Vec<Uuid> = accounts.iter().map(|account| *account.user.as_uuid()).collect();
    let mut books: BTreeMap<UserId, Book> =
        accounts.into_iter().map(|account| (account.user, Book::new(account))).collect();
    let (requests, targets, due, lots) = try_join!(
        find_requests(conn, &wanted.requests),
        find_transactions(conn, &wanted.transactions),
        find_due_holds(conn, &users, now),
        find_live_lots(conn, &users),
    )?;
    for lot in lots {
        with_book(&mut books, lot.user, |book| book.add_lot(lot));
    }
    for transaction in targets.into_iter().chain(due) {
        with_book(&mut books, transaction.user, |book| book.add_transaction(transaction));
    }
    for recorded in requests {
        with_book(&mut books, recorded.user, |book| book.add_request(recorded));
    }
    complete(conn, &mut books, now).await?;
    Ok(books.into_values().collect())
}

/// Loads what the first answers pointed to: transactions of earlier requests and of grants that
/// begin now, and lots that have been used up.
async fn complete(
    conn: &AsyncPgConnection,
    books: &mut BTreeMap<UserId, Book>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let missing: Vec<(UserId, TransactionId)> = books
        .values()
        .flat_map(|book| {
            let user = book.account().user;
            let recorded = book.requests().map(|recorded| recorded.transaction);
            let starting = book
                .lots()
                .filter(|lot| lot.state == LotState::Scheduled && lot.effective_at <= now)
                .map(|lot| TransactionId::from_uuid(*lot.id.as_uuid()));
            recorded
                .chain(starting)
                .filter(|id| book.transaction(*id).is_none())
                .map(move |id| (user, id))
                .collect::<Vec<_>>()
        })
        .collect();
    for transaction in find_transactions(conn, &missing).await? {
        with_book(books, transaction.user, |book| book.add_transaction(transaction));
    }
    let (users, ids): (Vec<Uuid>, Vec<Uuid>) = books
        .values()
        .flat_map(|book| {
            let user = *book.account().user.as_uuid();
            book.missing_lots().map(move |lot| (user, *lot.as_uuid()))
        })
        .unzip();
    for lot in find_lots(conn, &users, &ids).await? {
        with_book(books, lot.user, |book| book.add_lot(lot));
    }
    Ok(())
}

fn with_book(books: &mut BTreeMap<UserId, Book>, user: UserId, change: impl FnOnce(&mut Book)) {
    if let Some(book) = books.get_mut(&user) {
        change(book);
    }
}

async fn find_requests(
    mut conn: &AsyncPgConnection,
    wanted: &[(UserId, RequestId)],
) -> Result<Vec<Recorded>, StoreError> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let users: Vec<Uuid> = wanted.iter().map(|(user, _)| *user.as_uuid()).collect();
    let ids: Vec<&str> = wanted.iter().map(|(_, id)| id.as_str()).collect();
    let query = rows::<ledger_requests::SqlType>(
        "SELECT r.* FROM unnest($1::uuid[], $2::text[]) AS w (user_id, request_id) \
         JOIN ledger_requests r USING (user_id, request_id)",
    )
    .bind::<Array<SqlUuid>, _>(users)
    .bind::<Array<Text>, _>(ids);
    let rows: Vec<RequestRow> = RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
    rows.into_iter().map(Recorded::try_from).collect()
}

async fn find_transactions(
    mut conn: &AsyncPgConnection,
    wanted: &[(UserId, TransactionId)],
) -> Result<Vec<Transaction>, StoreError> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let users: Vec<Uuid> = wanted.iter().map(|(user, _)| *user.as_uuid()).collect();
    let ids: Vec<Uuid> = wanted.iter().map(|(_, id)| *id.as_uuid()).collect();
    let query = rows::<ledger_transactions::SqlType>(
        "SELECT t.* FROM unnest($1::uuid[], $2::uuid[]) AS w (user_id, id) \
         JOIN ledger_transactions t USING (user_id, id)",
    )
    .bind::<Array<SqlUuid>, _>(users)
    .bind::<Array<SqlUuid>, _>(ids);
    let rows: Vec<TransactionRow> =
        RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
    rows.into_iter().map(Transaction::try_from).collect()
}

async fn find_due_holds(
    mut conn: &AsyncPgConnection,
    users: &[Uuid],
    now: Timestamp,
) -> Result<Vec<Transaction>, StoreError> {
    // The status stands in the text: a plan for any status could not use the index of open holds.
    let query = rows::<ledger_transactions::SqlType>(
        "SELECT t.* FROM ledger_transactions t \
         WHERE user_id = ANY($1) AND status = 'pending' AND lease_until <= $2",
    )
    .bind::<Array<SqlUuid>, _>(users)
    .bind::<Timestamptz, _>(to_pg(now));
    let rows: Vec<TransactionRow> =
        RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
    rows.into_iter().map(Transaction::try_from).collect()
}

async fn find_live_lots(
    mut conn: &AsyncPgConnection,
    users: &[Uuid],
) -> Result<Vec<Lot>, StoreError> {
    let query = ledger_lots::table
        .filter(ledger_lots::user_id.eq_any(users).and(ledger_lots::live))
        .select(LotRow::as_select());
    let rows: Vec<LotRow> = RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
    rows.into_iter().map(Lot::try_from).collect()
}

async fn find_lots(
    mut conn: &AsyncPgConnection,
    users: &[Uuid],
    ids: &[Uuid],
) -> Result<Vec<Lot>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = rows::<ledger_lots::SqlType>(
        "SELECT l.* FROM unnest($1::uuid[], $2::uuid[]) AS w (user_id, id) \
         JOIN ledger_lots l USING (user_id, id)",
    )
    .bind::<Array<SqlUuid>, _>(users)
    .bind::<Array<SqlUuid>, _>(ids);
    let rows: Vec<LotRow> = RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
    rows.into_iter().map(Lot::try_from).collect()
}
