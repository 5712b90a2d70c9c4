//! How an account's status stops what its user may not do: one check for all areas.

use kernel::{AssetId, UserId};
use ports::{StoreError, Tx, UserTx};
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

/// As [`may`] change something, and keeps everybody else from changing anything of the user's: for
/// what goes for good, with what hangs on it in no order of its own.
pub(crate) async fn may_purge(
    tx: &mut (impl UserTx + ?Sized),
    user: UserId,
) -> Result<(), StandingError> {
    let user = tx.lock_user(user).await?.ok_or(StandingError::UserNotFound)?;
    Ok(user.account.status.check(Ability::Change)?)
}

/// The first of the assets that is not there, or is deleted. The others are kept until the unit of
/// work ends.
pub(crate) async fn missing_asset(
    tx: &mut dyn Tx,
    user: UserId,
    assets: impl IntoIterator<Item = AssetId>,
) -> Result<Option<AssetId>, StoreError> {
    let wanted: Vec<AssetId> = assets.into_iter().collect();
    if wanted.is_empty() {
        return Ok(None);
    }
    let there = tx.share_assets(user, &wanted).await?;
    Ok(wanted.into_iter().find(|id| !there.contains(id)))
}

/// Lets an area's error tell why a user may not do something: it has `UserNotFound` and
/// `Barred` itself, and tells how the store failed.
macro_rules! from_standing {
    ($error:ty) => {
        impl From<crate::standing::StandingError> for $error {
            fn from(error: crate::standing::StandingError) -> Self {
                use crate::standing::StandingError;
                match error {
                    StandingError::UserNotFound => Self::UserNotFound,
                    StandingError::Barred(rejection) => Self::Barred(rejection),
                    StandingError::Store(error) => error.into(),
                }
            }
        }
    };
}

pub(crate) use from_standing;
