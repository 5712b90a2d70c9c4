//! How an account's status stops what its user may not do: one check for all areas.

use kernel::UserId;
use ports::{StoreError, UserTx};
use users::{Ability, Rejection, Standing};

/// Why a user may not do something.
#[derive(Debug, thiserror::Error)]
pub enum StandingError {
    #[error("there is no such user")]
    UserNotFound,
    #[error(transparent)]
    Barred(#[from] Rejection),
    #[error("the user could not be read")]
    Store(#[from] StoreError),
}

/// Refuses what the user's account does not allow, and keeps the account as it is until the unit of
/// work ends. It locks the row in `users`, which comes first in the order of locks.
pub async fn may(
    tx: &mut (impl UserTx + ?Sized),
    user: UserId,
    ability: Ability,
) -> Result<Standing, StandingError> {
    let standing = tx.share_user(user).await?.ok_or(StandingError::UserNotFound)?;
    standing.status.check(ability)?;
    Ok(standing)
}
