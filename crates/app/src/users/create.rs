//! Creating a user, once for each identity however often it is asked.

use kernel::UserId;
use ledger::{Action, Command, GrantTerms, LotSource, Operation};
use ports::{
    AsStoreError, StoreError, Tx, USERS_EMAIL_UNIQUE, USERS_USERNAME_UNIQUE, finish, retry,
};
use tracing::instrument;
use users::decide::{self, Create, Creation};
use users::{User, action};

use super::{SignupGrant, Users, deed};
use crate::activity;
use crate::ledger::post_in;

/// The id of the request that gives a new user the first credits: there is one for each user.
const SIGNUP_REQUEST: &str = "signup";

/// The user who has the identity now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    pub user: User,
    /// Whether this call made the user.
    pub created: bool,
}

/// Why no user was created or found.
#[derive(Debug, thiserror::Error)]
pub enum CreateUserError {
    #[error("another user has the email address")]
    EmailTaken,
    #[error("another user has the username")]
    UsernameTaken,
    #[error("the user could not be created")]
    Store(#[from] StoreError),
}

impl Users {
    /// Creates the user and the account of credits, or finds the user who has the identity.
    #[instrument(skip_all, fields(identity.issuer = %command.identity.issuer))]
    pub async fn create(&self, command: &Create) -> Result<Created, CreateUserError> {
        retry(|| self.create_or_find(command)).await
    }

    async fn create_or_find(&self, command: &Create) -> Result<Created, CreateUserError> {
        match self.try_create(command).await {
            Err(CreateUserError::Store(StoreError::Conflict { constraint })) => {
                self.find_winner(command, constraint).await
            }
            Ok(created) => Ok(created),
            Err(error) => Err(error),
        }
    }

    async fn try_create(&self, command: &Create) -> Result<Created, CreateUserError> {
        let id = UserId::from_uuid(self.ids.uuid());
        let mut tx = self.store.begin().await?;
        let outcome = self.create_in(&mut *tx, command, id).await;
        finish(tx, outcome).await
    }

    pub(super) async fn create_in(
        &self,
        tx: &mut dyn Tx,
        command: &Create,
        id: UserId,
    ) -> Result<Created, CreateUserError> {
        let now = self.clock.now();
        tx.lock_identity(&command.identity).await?;
        let present = tx.find_user_by_identity(&command.identity).await?;
        match decide::create(present, command, id, now) {
            Creation::New(user) => {
                tx.insert_user(&user).await?;
                match self.signup {
                    Some(grant) => self.give(tx, user.id, grant).await?,
                    // Locking is what opens an account.
                    None => drop(tx.lock_accounts(&[user.id], now).await?),
                }
                let waited = tx.adopt_events(&command.identity, user.id).await?;
                if let Some(allowances) = self.allowances.as_ref().filter(|_| waited > 0) {
                    allowances.settle_in(tx, user.id, None).await?;
                }
                let deed = deed(&user, action!("user.created"))
                    .telling(&[("issuer", command.identity.issuer.as_str())]);
                activity::record(tx, &*self.ids, now, deed).await?;
                Ok(Created { user, created: true })
            }
            Creation::Found(user) => Ok(Created { user, created: false }),
        }
    }

    async fn give(
        &self,
        tx: &mut dyn Tx,
        user: UserId,
        grant: SignupGrant,
    ) -> Result<(), StoreError> {
        let terms = GrantTerms {
            source: LotSource::Signup,
            amount: grant.amount,
            priority: None,
            effective_at: None,
            expires_at: None,
            operation: Operation::default(),
        };
        let request = SIGNUP_REQUEST.parse().map_err(|error| unexpected(&error))?;
        let command = Command::new(user, request, self.ids.nonce(), Action::Grant(terms));
        let results = post_in(tx, &*self.clock, &grant.rules, &[&command]).await?;
        results.into_iter().try_for_each(|result| result.map(drop).map_err(|e| unexpected(&e)))
    }

    // Two calls for one identity carry one email address too, so that the loser may hear of that
    // first: whichever key refused, the identity's user is the answer if there is one by now. Only
    // a new unit of work sees it.
    async fn find_winner(
        &self,
        command: &Create,
        constraint: &'static str,
    ) -> Result<Created, CreateUserError> {
        let mut tx = self.store.begin().await?;
        let outcome = tx.find_user_by_identity(&command.identity).await;
        match finish(tx, outcome).await? {
            Some(user) => Ok(Created { user, created: false }),
            None => Err(refusal(constraint)),
        }
    }
}

impl AsStoreError for CreateUserError {
    fn as_store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::EmailTaken | Self::UsernameTaken => None,
        }
    }
}

/// A new and empty account takes any grant.
fn unexpected(error: &dyn std::error::Error) -> StoreError {
    StoreError::Corrupt { what: format!("a new user's account ({error})"), cause: None }
}

pub(super) fn refusal(constraint: &'static str) -> CreateUserError {
    match constraint {
        USERS_EMAIL_UNIQUE => CreateUserError::EmailTaken,
        USERS_USERNAME_UNIQUE => CreateUserError::UsernameTaken,
        // The identity was taken and is free again: its user was deleted in between.
        _ => CreateUserError::Store(StoreError::Contention(constraint.into())),
    }
}
