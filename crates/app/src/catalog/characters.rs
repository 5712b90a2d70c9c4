//! Creating, changing, deleting, restoring and purging characters.

use catalog::{Character, CharacterFields, Edit, Mark, decide};
use kernel::{CharacterId, UserId};
use ports::{MadeFor, Tx};
use tracing::instrument;
use users::action;

use super::{Catalog, CatalogError, Named, Update, may_change, require_assets};
use crate::purge::purge;
use crate::standing::may_purge;
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
            require_assets(tx, user, character.fields.assets()).await?;
            tx.insert_character(&character, owner.shows()).await?;
            self.log(tx, user, action!("character.created"), (id.as_uuid(), character.mark))
                .await?;
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
            let old: Vec<_> = character.fields.assets().collect();
            match decide::update_character(character, patch, command.expected, now)? {
                Edit::Changed(character) => {
                    let new = character.fields.assets().filter(|id| !old.contains(id));
                    require_assets(tx, command.user, new).await?;
                    tx.update_character(&character).await?;
                    self.log(
                        tx,
                        command.user,
                        action!("character.updated"),
                        (command.id.as_uuid(), character.mark),
                    )
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
            self.log(
                tx,
                command.user,
                action!("character.deleted"),
                (command.id.as_uuid(), deleted.mark),
            )
            .await?;
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
            self.log(
                tx,
                command.user,
                action!("character.restored"),
                (command.id.as_uuid(), restored.mark),
            )
            .await?;
            Ok(restored)
        })
    }

    /// Deletes a deleted character for good, with its themes, its variants and what was made for
    /// them.
    #[instrument(skip_all, fields(user.id = %command.user, character.id = %command.id))]
    pub async fn purge_character(&self, command: Named<CharacterId>) -> Result<(), CatalogError> {
        unit!(self.store, CatalogError, |tx| {
            may_purge(tx, command.user).await?;
            let character = find(tx, command.user, command.id).await?;
            decide::purge(&character, command.expected)?;
            purge(tx, command.user, MadeFor::Character(command.id)).await?;
            self.log(
                tx,
                command.user,
                action!("character.purged"),
                (command.id.as_uuid(), character.mark),
            )
            .await?;
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
