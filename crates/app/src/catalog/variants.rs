//! Creating, changing and deleting variants.

use catalog::{Mark, VARIANTS_MAX, Variant, VariantFields, decide};
use kernel::{ThemeId, UserId, VariantId};
use ports::{MadeFor, Tx};
use tracing::instrument;
use users::action;

use super::{
    Catalog, CatalogError, Named, Update, may_change, require_assets, require_characters, themes,
};
use crate::purge::purge;
use crate::standing::may_purge;
use crate::unit::unit;

/// Asks for a variant in a theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVariant {
    pub user: UserId,
    pub theme: ThemeId,
    pub fields: VariantFields,
}

impl Catalog {
    #[instrument(skip_all, fields(user.id = %command.user, theme.id = %command.theme))]
    pub async fn create_variant(&self, command: &NewVariant) -> Result<Variant, CatalogError> {
        let id = VariantId::from_uuid(self.ids.uuid());
        let mark = Mark::first(self.clock.now());
        unit!(self.store, CatalogError, |tx| {
            let NewVariant { user, theme, fields } = command.clone();
            // The theme's lock makes counting, numbering and adding one step.
            let theme = themes::lock(tx, user, theme).await?;
            require_characters(tx, user, &[theme.character]).await?;
            require_assets(tx, user, fields.made()).await?;
            let (count, last) = tx.count_variants(user, theme.id).await?;
            decide::room(count, VARIANTS_MAX)?;
            let (character, theme, number) = (theme.character, theme.id, last.saturating_add(1));
            let variant = Variant { user, id, character, theme, number, fields, mark };
            tx.insert_variant(&variant).await?;
            self.log(tx, user, action!("variant.created"), (id.as_uuid(), variant.mark)).await?;
            Ok(variant)
        })
    }

    #[instrument(skip_all, fields(user.id = %command.user, variant.id = %command.id))]
    pub async fn update_variant(
        &self,
        command: &Update<VariantId, VariantFields>,
    ) -> Result<Variant, CatalogError> {
        unit!(self.store, CatalogError, |tx| {
            let variant = lock(tx, command.user, command.id).await?;
            let (present, now) = ((&variant.fields, variant.mark), self.clock.now());
            match decide::update(present, &command.patch, command.expected, now)? {
                Some((fields, mark)) => {
                    let old: Vec<_> = variant.fields.made().collect();
                    let new = fields.made().filter(|id| !old.contains(id));
                    require_assets(tx, command.user, new).await?;
                    let variant = Variant { fields, mark, ..variant };
                    tx.update_variant(&variant).await?;
                    self.log(
                        tx,
                        command.user,
                        action!("variant.updated"),
                        (command.id.as_uuid(), variant.mark),
                    )
                    .await?;
                    Ok(variant)
                }
                None => Ok(variant),
            }
        })
    }

    /// Deletes the variant and what was made for it.
    #[instrument(skip_all, fields(user.id = %command.user, variant.id = %command.id))]
    pub async fn delete_variant(&self, command: Named<VariantId>) -> Result<(), CatalogError> {
        unit!(self.store, CatalogError, |tx| {
            may_purge(tx, command.user).await?;
            let variant = find(tx, command.user, command.id).await?;
            variant.mark.check(command.expected)?;
            purge(tx, command.user, MadeFor::Variant(command.id)).await?;
            self.log(
                tx,
                command.user,
                action!("variant.deleted"),
                (command.id.as_uuid(), variant.mark),
            )
            .await?;
            Ok(())
        })
    }
}

async fn lock(tx: &mut dyn Tx, user: UserId, id: VariantId) -> Result<Variant, CatalogError> {
    may_change(tx, user).await?;
    find(tx, user, id).await
}

async fn find(tx: &mut dyn Tx, user: UserId, id: VariantId) -> Result<Variant, CatalogError> {
    tx.lock_variant(user, id).await?.ok_or(CatalogError::VariantNotFound)
}
