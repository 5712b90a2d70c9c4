//! Making sure that the user of an identity is there and has certain fields, as a webhook of a
//! provider of sign-ins asks, however often it is delivered.

use kernel::UserId;
use ports::{AsStoreError, StoreError, Tx, finish, retry};
use tracing::instrument;
use users::decide::{self, Create, Edit, Upsert};
use users::{User, action};

use super::create::refusal;
use super::{CreateUserError, Created, UpdateUserError, Users};

/// Why a user was neither created nor changed.
#[derive(Debug, thiserror::Error)]
pub enum UpsertUserError {
    #[error(transparent)]
    Create(#[from] CreateUserError),
    #[error(transparent)]
    Update(#[from] UpdateUserError),
}

impl Users {
    /// Creates the user with the fields of the patch, or changes these fields of the user who has
    /// the identity.
    #[instrument(skip_all, fields(identity.issuer = %command.identity.issuer))]
    pub async fn upsert(&self, command: &Upsert) -> Result<Created, UpsertUserError> {
        retry(|| self.try_upsert(command)).await
    }

    async fn try_upsert(&self, command: &Upsert) -> Result<Created, UpsertUserError> {
        let mut tx = self.store.begin().await?;
        let present = tx.find_user_by_identity(&command.identity).await;
        match present {
            Ok(Some(user)) => {
                let outcome = self.change_in(&mut *tx, user.id, command).await;
                let user = finish(tx, outcome).await?;
                Ok(Created { user, created: false })
            }
            Ok(None) => self.insert(tx, command).await,
            Err(error) => Ok(finish::<Created, UpsertUserError>(tx, Err(error.into())).await?),
        }
    }

    async fn change_in(
        &self,
        tx: &mut dyn Tx,
        id: UserId,
        command: &Upsert,
    ) -> Result<User, UpdateUserError> {
        // Found without a lock, the user may be gone by now: then the next try creates one.
        let gone = || UpdateUserError::Store(StoreError::Contention("the user went".into()));
        let user = tx.lock_user(id).await?.ok_or_else(gone)?;
        match decide::upsert(user, command, self.clock.now()) {
            Edit::Changed(user) => {
                tx.update_user(&user).await?;
                self.log(tx, &user, action!("user.updated")).await?;
                Ok(user)
            }
            Edit::Unchanged(user) => Ok(user),
        }
    }

    async fn insert(
        &self,
        mut tx: Box<dyn Tx>,
        command: &Upsert,
    ) -> Result<Created, UpsertUserError> {
        let id = UserId::from_uuid(self.ids.uuid());
        let identity = command.identity.clone();
        let create = Create { identity, fields: decide::fields_of(command) };
        let outcome = self.create_in(&mut *tx, &create, id).await;
        match finish(tx, outcome).await {
            Ok(created) => Ok(created),
            Err(CreateUserError::Store(StoreError::Conflict { constraint })) => {
                let mut tx = self.store.begin().await?;
                let outcome = tx.find_user_by_identity(&command.identity).await;
                match finish(tx, outcome).await? {
                    // Another delivery won: the next try changes what that one made.
                    Some(_) => Err(StoreError::Contention(constraint.into()).into()),
                    None => Err(refusal(constraint).into()),
                }
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl From<StoreError> for UpsertUserError {
    fn from(error: StoreError) -> Self {
        Self::Create(CreateUserError::Store(error))
    }
}

impl AsStoreError for UpsertUserError {
    fn as_store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Create(error) => error.as_store_error(),
            Self::Update(error) => error.as_store_error(),
        }
    }
}
