//! Which assets the catalogue in memory refers to.

use kernel::{AssetId, UserId};
use ports::MadeFor;

use super::Catalog;

impl Catalog {
    /// What was made for a thing.
    pub(crate) fn made_for(&self, user: UserId, by: MadeFor) -> Vec<AssetId> {
        let characters = self.characters.values().map(|shown| &shown.character);
        let characters = characters
            .filter(|character| character.user == user && by == MadeFor::Character(character.id));
        let variants = self.variants.values().filter(|variant| {
            let of = [
                MadeFor::Variant(variant.id),
                MadeFor::Theme(variant.theme),
                MadeFor::Character(variant.character),
            ];
            variant.user == user && of.contains(&by)
        });
        let scenes = self.scenes.values();
        let scenes = scenes.filter(|scene| scene.user == user && by == MadeFor::Scene(scene.id));
        let images = scenes.flat_map(|scene| scene.images.iter().map(|image| image.asset));
        characters
            .flat_map(|character| character.fields.made())
            .chain(variants.flat_map(|variant| variant.fields.made()))
            .chain(images)
            .collect()
    }

    /// All that a user's things refer to.
    pub(crate) fn assets_of(&self, user: UserId) -> Vec<AssetId> {
        let characters = self.characters.values().map(|shown| &shown.character);
        let characters = characters.filter(|character| character.user == user);
        let variants = self.variants.values().filter(|variant| variant.user == user);
        let collections = self.collections.values().filter(|set| set.user == user);
        let scenes = self.scenes.values().filter(|scene| scene.user == user);
        let images = scenes.flat_map(|scene| scene.images.iter().map(|image| image.asset));
        characters
            .flat_map(|character| character.fields.assets())
            .chain(variants.flat_map(|variant| variant.fields.made()))
            .chain(collections.filter_map(|set| set.fields.cover))
            .chain(images)
            .collect()
    }

    /// Refers to an asset no more.
    pub(crate) fn forget_asset(&mut self, user: UserId, id: AssetId) {
        let clear = |asset: &mut Option<AssetId>| *asset = asset.filter(|has| *has != id);
        let characters = self.characters.values_mut().map(|shown| &mut shown.character);
        for character in characters.filter(|character| character.user == user) {
            clear(&mut character.fields.image);
            clear(&mut character.fields.thumbnail);
            clear(&mut character.fields.reference);
        }
        for variant in self.variants.values_mut().filter(|variant| variant.user == user) {
            clear(&mut variant.fields.image);
            clear(&mut variant.fields.thumbnail);
        }
        for set in self.collections.values_mut().filter(|set| set.user == user) {
            clear(&mut set.fields.cover);
        }
        for scene in self.scenes.values_mut().filter(|scene| scene.user == user) {
            scene.images.retain(|image| image.asset != id);
        }
    }
}
