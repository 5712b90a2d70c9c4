//! Recomputing accounts from their journals.

use kernel::UserId;
use ledger::{Finding, verify};
use ports::StoreError;
use tracing::instrument;

use crate::ledger::{Ledger, LedgerError};

/// How many accounts are listed at a time.
const ACCOUNTS_MAX: usize = 1_000;

/// One account, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub user: UserId,
    pub entries: usize,
    /// What does not add up. Empty if everything does.
    pub findings: Vec<Finding>,
}

/// Why verification stopped.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError<E> {
    #[error("the ledger could not be read")]
    Store(#[from] StoreError),
    /// Whoever is told of each account wants no more.
    #[error("verification was stopped")]
    Stopped(E),
}

impl Ledger {
    /// Checks one account. A user without an account has nothing to check.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn verify(&self, user: UserId) -> Result<Verified, LedgerError> {
        match self.verify_account(user).await? {
            Some(verified) => Ok(verified),
            None => {
                let now = self.clock.now();
                self.reads.find_book(user, &[], now).await?.ok_or(LedgerError::UserNotFound)?;
                Ok(Verified { user, entries: 0, findings: Vec::new() })
            }
        }
    }

    /// Checks every account after `after`, in id order, and tells `each` of it.
    #[instrument(skip_all)]
    pub async fn verify_all<E>(
        &self,
        mut after: Option<UserId>,
        mut each: impl AsyncFnMut(Verified) -> Result<(), E>,
    ) -> Result<(), VerifyError<E>> {
        loop {
            let users = self.reads.list_accounts(after, ACCOUNTS_MAX).await?;
            let Some(last) = users.last().copied() else {
                return Ok(());
            };
            for user in users {
                // A user may be deleted between the list and the look.
                if let Some(verified) = self.verify_account(user).await? {
                    each(verified).await.map_err(VerifyError::Stopped)?;
                }
            }
            after = Some(last);
        }
    }

    async fn verify_account(&self, user: UserId) -> Result<Option<Verified>, StoreError> {
        let Some(audit) = self.reads.audit(user).await? else {
            return Ok(None);
        };
        let findings = verify(&audit.account, &audit.entries, &audit.lots, &audit.transactions);
        for finding in &findings {
            tracing::error!(user.id = %user, %finding, "the ledger does not add up");
        }
        Ok(Some(Verified { user, entries: audit.entries.len(), findings }))
    }
}
