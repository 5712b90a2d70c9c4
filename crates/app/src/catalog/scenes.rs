//! Creating, changing and deleting scenes, and keeping the images that were made of them.

use catalog::{Mark, SCENE_IMAGES_MAX, Scene, SceneFields, SceneImage, decide};
use kernel::{AssetId, SceneId, UserId};
use ports::{MadeFor, Tx};
use tracing::instrument;
use users::action;

use super::{Catalog, CatalogError, Named, Update, may_change, require_assets, require_characters};
use crate::purge::purge;
use crate::standing::may_purge;
use crate::unit::unit;

impl Catalog {
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn create_scene(
        &self,
        user: UserId,
        fields: SceneFields,
    ) -> Result<Scene, CatalogError> {
        let id = SceneId::from_uuid(self.ids.uuid());
        let mark = Mark::first(self.clock.now());
        let scene = Scene { user, id, fields, images: Vec::new(), mark };
        unit!(self.store, CatalogError, |tx| {
            may_change(tx, user).await?;
            require_characters(tx, user, scene.fields.cast.as_slice()).await?;
            tx.insert_scene(&scene).await?;
            self.log(tx, user, action!("scene.created"), (id.as_uuid(), scene.mark)).await?;
            Ok(())
        })?;
        Ok(scene)
    }

    #[instrument(skip_all, fields(user.id = %command.user, scene.id = %command.id))]
    pub async fn update_scene(
        &self,
        command: &Update<SceneId, SceneFields>,
    ) -> Result<Scene, CatalogError> {
        unit!(self.store, CatalogError, |tx| {
            let scene = lock(tx, command.user, command.id).await?;
            let (present, now) = ((&scene.fields, scene.mark), self.clock.now());
            match decide::update(present, &command.patch, command.expected, now)? {
                Some((fields, mark)) => {
                    let recast = fields.cast != scene.fields.cast;
                    if recast {
                        // Those who are there already may be deleted by now, and may stay.
                        let old = scene.fields.cast.as_slice();
                        let cast = fields.cast.as_slice().iter();
                        let new: Vec<_> = cast.copied().filter(|id| !old.contains(id)).collect();
                        require_characters(tx, command.user, &new).await?;
                    }
                    let scene = Scene { fields, mark, ..scene };
                    tx.update_scene(&scene, recast).await?;
                    self.log(
                        tx,
                        command.user,
                        action!("scene.updated"),
                        (command.id.as_uuid(), scene.mark),
                    )
                    .await?;
                    Ok(scene)
                }
                None => Ok(scene),
            }
        })
    }

    /// Deletes the scene and the images that were made of it.
    #[instrument(skip_all, fields(user.id = %command.user, scene.id = %command.id))]
    pub async fn delete_scene(&self, command: Named<SceneId>) -> Result<(), CatalogError> {
        unit!(self.store, CatalogError, |tx| {
            may_purge(tx, command.user).await?;
            let scene = find(tx, command.user, command.id).await?;
            scene.mark.check(command.expected)?;
            purge(tx, command.user, MadeFor::Scene(command.id)).await?;
            self.log(
                tx,
                command.user,
                action!("scene.deleted"),
                (command.id.as_uuid(), scene.mark),
            )
            .await?;
            Ok(())
        })
    }

    /// Keeps an image that was made of the scene and answers the scene with it.
    #[instrument(skip_all, fields(user.id = %user, scene.id = %scene))]
    pub async fn add_scene_image(
        &self,
        user: UserId,
        scene: SceneId,
        asset: AssetId,
    ) -> Result<Scene, CatalogError> {
        let image = SceneImage { asset, added_at: self.clock.now() };
        unit!(self.store, CatalogError, |tx| {
            let mut scene = lock(tx, user, scene).await?;
            let count = u64::try_from(scene.images.len()).unwrap_or(u64::MAX);
            decide::room(count, SCENE_IMAGES_MAX)?;
            require_assets(tx, user, [asset]).await?;
            tx.insert_scene_image(user, scene.id, &image).await?;
            self.log(tx, user, action!("scene.image_added"), (scene.id.as_uuid(), scene.mark))
                .await?;
            scene.images.push(image);
            Ok(scene)
        })
    }

    /// Takes an image off the scene and answers the scene without it.
    #[instrument(skip_all, fields(user.id = %user, scene.id = %scene))]
    pub async fn remove_scene_image(
        &self,
        user: UserId,
        scene: SceneId,
        asset: AssetId,
    ) -> Result<Scene, CatalogError> {
        unit!(self.store, CatalogError, |tx| {
            let mut scene = lock(tx, user, scene).await?;
            if !tx.delete_scene_image(user, scene.id, asset).await? {
                return Err(CatalogError::SceneImageNotFound);
            }
            self.log(tx, user, action!("scene.image_removed"), (scene.id.as_uuid(), scene.mark))
                .await?;
            scene.images.retain(|image| image.asset != asset);
            Ok(scene)
        })
    }
}

async fn lock(tx: &mut dyn Tx, user: UserId, id: SceneId) -> Result<Scene, CatalogError> {
    may_change(tx, user).await?;
    find(tx, user, id).await
}

async fn find(tx: &mut dyn Tx, user: UserId, id: SceneId) -> Result<Scene, CatalogError> {
    tx.lock_scene(user, id).await?.ok_or(CatalogError::SceneNotFound)
}
