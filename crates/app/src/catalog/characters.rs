//! Creating, changing, deleting, restoring and purging characters.

use catalog::{Character, CharacterFields, Edit, Mark, decide};
use kernel::{CharacterId, UserId};
use ports::Tx;
use tracing::instrument;
use users::{Ability, action};

use super::{Catalog, CatalogError, Named, Update, may_change};
use crate::unit::unit;

impl Catalog {
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn create_character(
        &self,
        user: UserId,
        fields: CharacterFields,
    ) -> Result<Character, CatalogError> {
        let id = CharacterId::from_uuid(self.ids.uuid());
        let mark = Mark::first(self.clock.now());
        let character = Character { user, id, fields, mark, deleted_at: None };
        unit!(self.store, CatalogError, |tx| {
            let owner = may_change(tx, user).await?;
            tx.insert_character(&character, owner.shows()).await?;
            self.log(tx, user, action!("character.created"), id.as_uuid()).await?;
            Ok(())
        })?;
        Ok(character)
    }

    /// Changes the character and answers what it has become.
    #[instrument(skip_all, fields(user.id = %command.user, character.id = %command.id))]
    pub async fn update_character(
        &self,
        command: &Update<CharacterId, CharacterFields>,
    ) -> Result<Character, CatalogError> {
        unit!(self.store, CatalogError, |tx| {
            let character = lock(tx, command.user, command.id).await?;
            let (patch, now) = (&command.patch, self.clock.now());
            match decide::update_character(character, patch, command.expected, now)? {
                Edit::Changed(character) => {
                    tx.update_character(&character).await?;
                    self.log(tx, command.user, action!("character.updated"), command.id.as_uuid())
                        .await?;
                    Ok(character)
                }
                Edit::Unchanged(character) => Ok(character),
            }
        })
    }

    /// Deletes the character softly.
    #[instrument(skip_all, fields(user.id = %command.user, character.id = %command.id))]
    pub async fn delete_character(
        &self,
        command: Named<CharacterId>,
    ) -> Result<Character, CatalogError> {
        unit!(self.store, CatalogError, |tx| {
            let character = lock(tx, command.user, command.id).await?;
            let deleted = decide::delete(character, command.expected, self.clock.now())?;
            tx.update_character(&deleted).await?;
            self.log(tx, command.user, action!("character.deleted"), command.id.as_uuid()).await?;
            Ok(deleted)
        })
    }

    #[instrument(skip_all, fields(user.id = %command.user, character.id = %command.id))]
    pub async fn restore_character(
        &self,
        command: Named<CharacterId>,
    ) -> Result<Character, CatalogError> {
        unit!(self.store, CatalogError, |tx| {
            let character = lock(tx, command.user, command.id).await?;
            let restored = decide::restore(character, command.expected, self.clock.now())?;
            tx.update_character(&restored).await?;
            self.log(tx, command.user, action!("character.restored"), command.id.as_uuid()).await?;
            Ok(restored)
        })
    }

    /// Deletes a deleted character for good, with its themes and variants.
    #[instrument(skip_all, fields(user.id = %command.user, character.id = %command.id))]
    pub async fn purge_character(&self, command: Named<CharacterId>) -> Result<(), CatalogError> {
        unit!(self.store, CatalogError, |tx| {
            // Alone: what hangs on the character goes with it, in no order of its own.
            let user = tx.lock_user(command.user).await?.ok_or(CatalogError::UserNotFound)?;
            user.account.status.check(Ability::Change).map_err(CatalogError::Barred)?;
            let character = find(tx, command.user, command.id).await?;
            decide::purge(&character, command.expected)?;
            tx.purge_character(command.user, command.id).await?;
            self.log(tx, command.user, action!("character.purged"), command.id.as_uuid()).await?;
            Ok(())
        })
    }
}

pub(super) async fn lock(
    tx: &mut dyn Tx,
    user: UserId,
    id: CharacterId,
) -> Result<Character, CatalogError> {
    may_change(tx, user).await?;
    find(tx, user, id).await
}

async fn find(tx: &mut dyn Tx, user: UserId, id: CharacterId) -> Result<Character, CatalogError> {
    tx.lock_character(user, id).await?.ok_or(CatalogError::CharacterNotFound { id })
}
