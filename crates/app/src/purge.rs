//! Deleting things for good, with the assets that were made for them.

use kernel::UserId;
use ports::{MadeFor, StoreError, Tx};

/// Deletes a thing of a locked user for good, and of the assets that were made for it those that
/// nothing else refers to: their bytes are doomed in the same unit of work.
pub(crate) async fn purge(tx: &mut dyn Tx, user: UserId, what: MadeFor) -> Result<(), StoreError> {
    let made = tx.find_made(user, what).await?;
    match what {
        MadeFor::Project(id) => tx.purge_project(user, id).await?,
        MadeFor::Output(id) => tx.purge_output(user, id).await?,
        MadeFor::Character(id) => tx.purge_character(user, id).await?,
        MadeFor::Theme(id) => tx.delete_theme(user, id).await?,
        MadeFor::Variant(id) => tx.delete_variant(user, id).await?,
        MadeFor::Scene(id) => tx.delete_scene(user, id).await?,
    }
    if made.is_empty() { Ok(()) } else { tx.delete_unused(user, &made).await }
}
