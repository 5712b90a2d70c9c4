//! Recomputing accounts from their journals.

use std::collections::VecDeque;
use std::sync::Arc;

use kernel::UserId;
use ledger::{Finding, verify};
use ports::{LedgerReads, StoreError};
use tracing::instrument;

use crate::ledger::office::Office;
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
        match verify_account(&*self.office.reads, user).await? {
            Some(verified) => Ok(verified),
            None => {
                self.standing(user).await?;
                Ok(Verified { user, entries: 0, findings: Vec::new() })
            }
        }
    }

    /// Begins to check every account after `after`, in the order of ids.
    pub fn verification(&self, after: Option<UserId>) -> Verification {
        Verification { office: self.office.clone(), after, listed: VecDeque::new() }
    }

    /// Checks every account after `after`, in id order, and tells `each` of it.
    #[instrument(skip_all)]
    pub async fn verify_all<E>(
        &self,
        after: Option<UserId>,
        mut each: impl AsyncFnMut(Verified) -> Result<(), E>,
    ) -> Result<(), VerifyError<E>> {
        let mut verification = self.verification(after);
        while let Some(verified) = verification.next().await? {
            each(verified).await.map_err(VerifyError::Stopped)?;
        }
        Ok(())
    }
}

/// Accounts on their way through verification. Holds no connection between two of them.
pub struct Verification {
    office: Arc<Office>,
    after: Option<UserId>,
    listed: VecDeque<UserId>,
}

impl Verification {
    /// Checks the next account. `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Verified>, StoreError> {
        loop {
            if self.listed.is_empty() {
                let users = self.office.reads.list_accounts(self.after, ACCOUNTS_MAX).await?;
                self.listed = users.into();
            }
            let Some(user) = self.listed.pop_front() else {
                return Ok(None);
            };
            self.after = Some(user);
            // A user may be deleted between the list and the look.
            if let Some(verified) = verify_account(&*self.office.reads, user).await? {
                return Ok(Some(verified));
            }
        }
    }
}

async fn verify_account(
    reads: &dyn LedgerReads,
    user: UserId,
) -> Result<Option<Verified>, StoreError> {
    let Some(audit) = reads.audit(user).await? else {
        return Ok(None);
    };
    let findings = verify(&audit.account, &audit.entries, &audit.lots, &audit.transactions);
    for finding in &findings {
        tracing::error!(user.id = %user, %finding, "the ledger does not add up");
    }
    Ok(Some(Verified { user, entries: audit.entries.len(), findings }))
}
