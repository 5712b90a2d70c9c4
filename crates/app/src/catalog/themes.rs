//! Creating, changing and deleting themes.

use catalog::{Mark, THEMES_MAX, Theme, ThemeFields, decide};
use kernel::{CharacterId, ThemeId, UserId};
use ports::{MadeFor, Tx};
use tracing::instrument;
use users::action;

use super::{Catalog, CatalogError, Named, Update, characters, may_change};
use crate::purge::purge;
use crate::standing::may_purge;
use crate::unit::unit;

/// Asks for a theme of a character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTheme {
    pub user: UserId,
    pub character: CharacterId,
    pub fields: ThemeFields,
}

impl Catalog {
    #[instrument(skip_all, fields(user.id = %command.user, character.id = %command.character))]
    pub async fn create_theme(&self, command: &NewTheme) -> Result<Theme, CatalogError> {
        let NewTheme { user, character, fields } = command.clone();
        let mark = Mark::first(self.clock.now());
        let id = ThemeId::from_uuid(self.ids.uuid());
        let theme = Theme { user, id, character, fields, mark };
        unit!(self.store, CatalogError, |tx| {
            // The character's lock makes counting and adding one step.
            decide::present(&characters::lock(tx, user, character).await?)?;
            decide::room(tx.count_themes(user, character).await?, THEMES_MAX)?;
            tx.insert_theme(&theme).await?;
            self.log(tx, user, action!("theme.created"), (id.as_uuid(), theme.mark)).await?;
            Ok(())
        })?;
        Ok(theme)
    }

    #[instrument(skip_all, fields(user.id = %command.user, theme.id = %command.id))]
    pub async fn update_theme(
        &self,
        command: &Update<ThemeId, ThemeFields>,
    ) -> Result<Theme, CatalogError> {
        unit!(self.store, CatalogError, |tx| {
            let theme = lock(tx, command.user, command.id).await?;
            let (present, now) = ((&theme.fields, theme.mark), self.clock.now());
            match decide::update(present, &command.patch, command.expected, now)? {
                Some((fields, mark)) => {
                    let theme = Theme { fields, mark, ..theme };
                    tx.update_theme(&theme).await?;
                    self.log(
                        tx,
                        command.user,
                        action!("theme.updated"),
                        (command.id.as_uuid(), theme.mark),
                    )
                    .await?;
                    Ok(theme)
                }
                None => Ok(theme),
            }
        })
    }

    /// Deletes the theme, its variants and what was made for them.
    #[instrument(skip_all, fields(user.id = %command.user, theme.id = %command.id))]
    pub async fn delete_theme(&self, command: Named<ThemeId>) -> Result<(), CatalogError> {
        unit!(self.store, CatalogError, |tx| {
            may_purge(tx, command.user).await?;
            let theme = find(tx, command.user, command.id).await?;
            theme.mark.check(command.expected)?;
            purge(tx, command.user, MadeFor::Theme(command.id)).await?;
            self.log(
                tx,
                command.user,
                action!("theme.deleted"),
                (command.id.as_uuid(), theme.mark),
            )
            .await?;
            Ok(())
        })
    }
}

pub(super) async fn lock(
    tx: &mut dyn Tx,
    user: UserId,
    id: ThemeId,
) -> Result<Theme, CatalogError> {
    may_change(tx, user).await?;
    find(tx, user, id).await
}

async fn find(tx: &mut dyn Tx, user: UserId, id: ThemeId) -> Result<Theme, CatalogError> {
    tx.lock_theme(user, id).await?.ok_or(CatalogError::ThemeNotFound)
}
