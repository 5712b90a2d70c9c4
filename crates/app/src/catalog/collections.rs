//! Creating, changing and deleting collections, and putting characters in them.

use catalog::{
    Collection, CollectionFields, ENTRIES_MAX, Entry, Mark, PLACE_STEP, Rejection, decide,
};
use kernel::{CharacterId, CollectionId, UserId};
use ports::{COLLECTION_ENTRIES_PKEY, StoreError, Tx};
use tracing::instrument;
use users::action;

use super::{Catalog, CatalogError, Named, Update, may_change, require_assets, require_characters};
use crate::unit::unit;

/// Asks that a character gets an entry in a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddEntry {
    pub user: UserId,
    pub collection: CollectionId,
    pub character: CharacterId,
    /// Before the entry of this character; at the end if `None`.
    pub before: Option<CharacterId>,
}

impl Catalog {
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn create_collection(
        &self,
        user: UserId,
        fields: CollectionFields,
    ) -> Result<Collection, CatalogError> {
        let id = CollectionId::from_uuid(self.ids.uuid());
        let collection = Collection { user, id, fields, mark: Mark::first(self.clock.now()) };
        unit!(self.store, CatalogError, |tx| {
            may_change(tx, user).await?;
            require_assets(tx, user, collection.fields.cover).await?;
            tx.insert_collection(&collection).await?;
            self.log(tx, user, action!("collection.created"), (id.as_uuid(), collection.mark))
                .await?;
            Ok(())
        })?;
        Ok(collection)
    }

    #[instrument(skip_all, fields(user.id = %command.user, collection.id = %command.id))]
    pub async fn update_collection(
        &self,
        command: &Update<CollectionId, CollectionFields>,
    ) -> Result<Collection, CatalogError> {
        unit!(self.store, CatalogError, |tx| {
            let collection = lock(tx, command.user, command.id).await?;
            let (present, now) = ((&collection.fields, collection.mark), self.clock.now());
            match decide::update(present, &command.patch, command.expected, now)? {
                Some((fields, mark)) => {
                    let new = fields.cover.filter(|id| collection.fields.cover != Some(*id));
                    require_assets(tx, command.user, new).await?;
                    let collection = Collection { fields, mark, ..collection };
                    tx.update_collection(&collection).await?;
                    self.log(
                        tx,
                        command.user,
                        action!("collection.updated"),
                        (command.id.as_uuid(), collection.mark),
                    )
                    .await?;
                    Ok(collection)
                }
                None => Ok(collection),
            }
        })
    }

    /// Deletes the collection. Its characters stay.
    #[instrument(skip_all, fields(user.id = %command.user, collection.id = %command.id))]
    pub async fn delete_collection(
        &self,
        command: Named<CollectionId>,
    ) -> Result<(), CatalogError> {
        unit!(self.store, CatalogError, |tx| {
            let collection = lock(tx, command.user, command.id).await?;
            collection.mark.check(command.expected)?;
            tx.delete_collection(command.user, command.id).await?;
            self.log(
                tx,
                command.user,
                action!("collection.deleted"),
                (command.id.as_uuid(), collection.mark),
            )
            .await?;
            Ok(())
        })
    }

    #[instrument(skip_all, fields(user.id = %command.user, collection.id = %command.collection))]
    pub async fn add_to_collection(&self, command: AddEntry) -> Result<Entry, CatalogError> {
        let AddEntry { user, collection, character, before } = command;
        let added_at = self.clock.now();
        let outcome = unit!(self.store, CatalogError, |tx| {
            let mark = lock(tx, user, collection).await?.mark;
            require_characters(tx, user, &[character]).await?;
            let place = find_place(tx, user, collection, before).await?;
            let entry = Entry { character, place, added_at };
            tx.insert_entry(user, collection, &entry).await?;
            self.log(tx, user, action!("collection.character_added"), (collection.as_uuid(), mark))
                .await?;
            Ok(entry)
        });
        match outcome {
            Err(CatalogError::Store(StoreError::Conflict {
                constraint: COLLECTION_ENTRIES_PKEY,
            })) => Err(Rejection::AlreadyThere(character).into()),
            Ok(entry) => Ok(entry),
            Err(error) => Err(error),
        }
    }

    #[instrument(skip_all, fields(user.id = %user, collection.id = %collection))]
    pub async fn remove_from_collection(
        &self,
        user: UserId,
        collection: CollectionId,
        character: CharacterId,
    ) -> Result<(), CatalogError> {
        unit!(self.store, CatalogError, |tx| {
            let mark = lock(tx, user, collection).await?.mark;
            let removed = tx.delete_entry(user, collection, character).await?;
            if !removed {
                return Err(CatalogError::EntryNotFound);
            }
            self.log(
                tx,
                user,
                action!("collection.character_removed"),
                (collection.as_uuid(), mark),
            )
            .await
        })
    }
}

/// The place of a new entry, in a locked collection that has room for it.
async fn find_place(
    tx: &mut dyn Tx,
    user: UserId,
    collection: CollectionId,
    before: Option<CharacterId>,
) -> Result<i64, CatalogError> {
    let places = tx.find_places(user, collection, before).await?;
    let places = places.ok_or(CatalogError::EntryNotFound)?;
    decide::room(places.count, ENTRIES_MAX)?;
    if let Some(place) = decide::place(places) {
        return Ok(place);
    }
    tx.renumber_entries(user, collection, PLACE_STEP).await?;
    let places = tx.find_places(user, collection, before).await?;
    let place = places.and_then(decide::place);
    place.ok_or_else(|| {
        let what = "the order of a collection that was just numbered anew".to_owned();
        CatalogError::Store(StoreError::Corrupt { what, cause: None })
    })
}

async fn lock(tx: &mut dyn Tx, user: UserId, id: CollectionId) -> Result<Collection, CatalogError> {
    may_change(tx, user).await?;
    tx.lock_collection(user, id).await?.ok_or(CatalogError::CollectionNotFound)
}
