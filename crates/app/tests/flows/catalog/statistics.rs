//! Totals are equal to what exists, whatever was done before.

use catalog::{CharacterFilter, Statistics};
use kernel::{CharacterId, PageSize, UserId, VariantId};
use proptest::prelude::*;

use super::{World, fields, named, sample_variant, theme_of};

/// One thing that a user does, on one of few characters.
#[derive(Debug, Clone)]
enum Act {
    Create { public: bool, image: bool },
    Delete(usize),
    Restore(usize),
    Purge(usize),
    Vary(usize),
    DropVariant(usize),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        3 => (any::<bool>(), any::<bool>()).prop_map(|(public, image)| Act::Create { public, image }),
        2 => (0..6_usize).prop_map(Act::Delete),
        1 => (0..6_usize).prop_map(Act::Restore),
        1 => (0..6_usize).prop_map(Act::Purge),
        3 => (0..6_usize).prop_map(Act::Vary),
        1 => (0..6_usize).prop_map(Act::DropVariant),
    ];
    prop::collection::vec(act, 1..30)
}

struct Player {
    world: World,
    user: UserId,
    characters: Vec<CharacterId>,
    variants: Vec<VariantId>,
    themes: u64,
}

impl Player {
    // What is refused changes nothing, which the count afterwards shows as well.
    async fn act(&mut self, act: Act) {
        let (catalog, user) = (&self.world.catalog, self.user);
        match act {
            Act::Create { public, image } => {
                let mut fields = fields();
                fields.public = public;
                fields.image = fields.image.filter(|_| image);
                let made = catalog.create_character(user, fields).await.unwrap();
                self.characters.push(made.id);
            }
            Act::Delete(at) => {
                let Some(id) = self.characters.get(at) else { return };
                drop(catalog.delete_character(named(user, *id)).await);
            }
            Act::Restore(at) => {
                let Some(id) = self.characters.get(at) else { return };
                drop(catalog.restore_character(named(user, *id)).await);
            }
            Act::Purge(at) => {
                let Some(id) = self.characters.get(at) else { return };
                drop(catalog.purge_character(named(user, *id)).await);
            }
            Act::Vary(at) => {
                let Some(id) = self.characters.get(at) else { return };
                let Ok(character) = catalog.get_character(user, *id).await else { return };
                self.themes += 1;
                if let Ok(theme) = theme_of(&self.world, &character, self.themes).await {
                    let command = sample_variant(user, theme);
                    self.variants.push(catalog.create_variant(&command).await.unwrap().id);
                }
            }
            Act::DropVariant(at) => {
                let Some(id) = self.variants.get(at) else { return };
                drop(catalog.delete_variant(named(user, *id)).await);
            }
        }
    }

    /// Counts what the lists show.
    async fn counted(&self) -> Statistics {
        let (catalog, user) = (&self.world.catalog, self.user);
        let all = CharacterFilter { deleted: true, ..CharacterFilter::default() };
        let listed = catalog.list_characters(user, &all, PageSize::MAX, None).await.unwrap().items;
        let mut counted = Statistics::default();
        for character in listed {
            if character.is_deleted() {
                counted.deleted += 1;
                continue;
            }
            counted.characters += 1;
            counted.public += u64::from(character.fields.public);
            counted.images += u64::from(character.fields.image.is_some());
            let shelves = catalog.list_gallery(user, character.id, 10, PageSize::MAX, None).await;
            for shelf in shelves.unwrap().items {
                counted.themes += 1;
                counted.variants += shelf.variants;
                let with_image = shelf.newest.iter().filter(|one| one.fields.image.is_some());
                counted.images += with_image.count() as u64;
            }
        }
        counted
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn totals_are_equal_to_what_exists(acts in acts()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let world = World::new();
            let user = world.user(1).await;
            let mut player =
                Player { world, user, characters: vec![], variants: vec![], themes: 0 };
            for act in acts {
                player.act(act).await;
                let totals = player.world.catalog.statistics(user).await.unwrap();
                prop_assert_eq!(totals, player.counted().await);
            }
            Ok(())
        })?;
    }
}
