//! Collections and scenes in memory, in a unit of work.

use async_trait::async_trait;
use catalog::{Collection, Entry, Places, Scene, SceneImage};
use kernel::{AssetId, CharacterId, CollectionId, SceneId, UserId};
use ports::{COLLECTION_ENTRIES_PKEY, CollectionTx, SCENE_IMAGES_PKEY, SceneTx, StoreError};

use crate::fake::store::FakeTx;

#[async_trait]
impl CollectionTx for FakeTx {
    async fn lock_collection(
        &mut self,
        user: UserId,
        id: CollectionId,
    ) -> Result<Option<Collection>, StoreError> {
        Ok(self.state.catalog.collections.get(&(user, id)).cloned())
    }

    async fn insert_collection(&mut self, collection: &Collection) -> Result<(), StoreError> {
        self.update_collection(collection).await
    }

    async fn update_collection(&mut self, collection: &Collection) -> Result<(), StoreError> {
        let key = (collection.user, collection.id);
        self.state.catalog.collections.insert(key, collection.clone());
        Ok(())
    }

    async fn delete_collection(
        &mut self,
        user: UserId,
        id: CollectionId,
    ) -> Result<(), StoreError> {
        self.state.catalog.collections.remove(&(user, id));
        self.state.catalog.entries.retain(|(owner, at, _), _| (*owner, *at) != (user, id));
        Ok(())
    }

    async fn find_places(
        &mut self,
        user: UserId,
        id: CollectionId,
        before: Option<CharacterId>,
    ) -> Result<Option<Places>, StoreError> {
        let entries = self.state.catalog.entries_of(user, id);
        let at = match before {
            Some(character) => entries.iter().position(|entry| entry.character == character),
            None => Some(entries.len()),
        };
        let count = entries.len() as u64;
        Ok(at.map(|at| Places {
            count,
            after: at.checked_sub(1).map(|last| entries[last].place),
            before: entries.get(at).map(|entry| entry.place),
        }))
    }

    async fn renumber_entries(
        &mut self,
        user: UserId,
        id: CollectionId,
        step: i64,
    ) -> Result<(), StoreError> {
        for (number, entry) in (1..).zip(self.state.catalog.entries_of(user, id)) {
            let key = (user, id, entry.character);
            self.state.catalog.entries.insert(key, Entry { place: number * step, ..entry });
        }
        Ok(())
    }

    async fn insert_entry(
        &mut self,
        user: UserId,
        id: CollectionId,
        entry: &Entry,
    ) -> Result<(), StoreError> {
        let taken = self.state.catalog.entries.insert((user, id, entry.character), *entry);
        let conflict = StoreError::Conflict { constraint: COLLECTION_ENTRIES_PKEY };
        if taken.is_some() { Err(conflict) } else { Ok(()) }
    }

    async fn delete_entry(
        &mut self,
        user: UserId,
        id: CollectionId,
        character: CharacterId,
    ) -> Result<bool, StoreError> {
        Ok(self.state.catalog.entries.remove(&(user, id, character)).is_some())
    }
}

#[async_trait]
impl SceneTx for FakeTx {
    async fn lock_scene(&mut self, user: UserId, id: SceneId) -> Result<Option<Scene>, StoreError> {
        Ok(self.state.catalog.scenes.get(&(user, id)).cloned())
    }

    async fn insert_scene(&mut self, scene: &Scene) -> Result<(), StoreError> {
        self.state.catalog.scenes.insert((scene.user, scene.id), scene.clone());
        Ok(())
    }

    async fn update_scene(&mut self, scene: &Scene, _recast: bool) -> Result<(), StoreError> {
        let row = self.state.catalog.scenes.get_mut(&(scene.user, scene.id)).expect("is locked");
        let images = std::mem::take(&mut row.images);
        *row = Scene { images, ..scene.clone() };
        Ok(())
    }

    async fn delete_scene(&mut self, user: UserId, id: SceneId) -> Result<(), StoreError> {
        self.state.catalog.scenes.remove(&(user, id));
        Ok(())
    }

    async fn insert_scene_image(
        &mut self,
        user: UserId,
        id: SceneId,
        image: &SceneImage,
    ) -> Result<(), StoreError> {
        let scene = self.state.catalog.scenes.get_mut(&(user, id)).expect("it is locked");
        if scene.images.iter().any(|has| has.asset == image.asset) {
            return Err(StoreError::Conflict { constraint: SCENE_IMAGES_PKEY });
        }
        scene.images.push(*image);
        scene.images.sort_by_key(|image| (image.added_at, image.asset));
        Ok(())
    }

    async fn delete_scene_image(
        &mut self,
        user: UserId,
        id: SceneId,
        asset: AssetId,
    ) -> Result<bool, StoreError> {
        let scene = self.state.catalog.scenes.get_mut(&(user, id)).expect("it is locked");
        let before = scene.images.len();
        scene.images.retain(|image| image.asset != asset);
        Ok(scene.images.len() < before)
    }
}
