//! Reading the ledger as it is now by the clock, whether or not that is posted yet.

use kernel::{LotId, Page, PageSize, Position, Timestamp, TransactionId, UserId};
use ledger::{Account, Balance, Book, Lot, Transaction, settle};
use ports::{Standing, StoreError, TransactionFilter};
use tracing::instrument;

use crate::ledger::{Ledger, LedgerError};

impl Ledger {
    /// The account now. One statement, unless the clock has something to say.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn account(&self, user: UserId) -> Result<Account, LedgerError> {
        if let Some(allowances) = &self.allowances {
            allowances.touch(user).await?;
        }
        let Standing { account, due } = self.standing(user).await?;
        if due { Ok(self.book(user, &[]).await?.account().clone()) } else { Ok(account) }
    }

    /// One transaction now, with the lots that paid.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn transaction(
        &self,
        user: UserId,
        id: TransactionId,
    ) -> Result<Transaction, LedgerError> {
        let book = self.book(user, &[id]).await?;
        let found = book.transaction(id).cloned();
        found.ok_or_else(|| ledger::Rejection::TransactionNotFound(id).into())
    }

    /// A page of transactions, newest first.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn transactions(
        &self,
        user: UserId,
        filter: &TransactionFilter,
        after: Option<Position<TransactionId>>,
        size: PageSize,
    ) -> Result<Page<Transaction, Position<TransactionId>>, LedgerError> {
        // Settled first, so that a filter by status sees what the clock has brought about.
        self.post_due(user).await?;
        Ok(self.office.reads.list_transactions(user, filter, after, size).await?)
    }

    /// A page of lots, newest first.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn lots(
        &self,
        user: UserId,
        after: Option<Position<LotId>>,
        size: PageSize,
    ) -> Result<Page<Lot, Position<LotId>>, LedgerError> {
        self.post_due(user).await?;
        Ok(self.office.reads.list_lots(user, after, size).await?)
    }

    /// What the user had at `at`. In the future the clock alone is looked ahead to.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn balance_at(&self, user: UserId, at: Timestamp) -> Result<Balance, LedgerError> {
        self.post_due(user).await?;
        if at >= self.office.clock.now() {
            let book = self.load(user, &[], at).await?;
            return Ok(settled(book, self, at)?.account().balance());
        }
        self.posted_at(user, at).await
    }

    /// The account as it is posted.
    pub(super) async fn standing(&self, user: UserId) -> Result<Standing, LedgerError> {
        let now = self.office.clock.now();
        let standings = self.office.reads.list_standings(&[user], now).await?;
        standings.into_iter().next().ok_or(LedgerError::UserNotFound)
    }

    /// The user's book as the clock has it now.
    async fn book(&self, user: UserId, wanted: &[TransactionId]) -> Result<Book, LedgerError> {
        let now = self.office.clock.now();
        let book = self.load(user, wanted, now).await?;
        settled(book, self, now)
    }

    async fn load(
        &self,
        user: UserId,
        wanted: &[TransactionId],
        now: Timestamp,
    ) -> Result<Book, LedgerError> {
        let book = self.office.reads.find_book(user, wanted, now).await?;
        book.ok_or(LedgerError::UserNotFound)
    }
}

/// The book after what is due by `now`, without posting it.
fn settled(mut book: Book, ledger: &Ledger, now: Timestamp) -> Result<Book, LedgerError> {
    let unsound = |what: &ledger::DecideError| StoreError::Corrupt {
        what: format!("the book ({what})"),
        cause: None,
    };
    book.check().map_err(|error| unsound(&error))?;
    if let Some(decision) =
        settle(&book, &ledger.office.rules, now).map_err(|error| unsound(&error))?
    {
        book.apply(&decision);
    }
    Ok(book)
}
