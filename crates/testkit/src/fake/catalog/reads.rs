//! Reads of the catalogue in memory, by looking at everything.

use async_trait::async_trait;
use catalog::{
    Character, CharacterFilter, Collection, Entry, Gallery, Scene, Shelf, Statistics, Theme,
    Variant,
};
use kernel::{
    CharacterId, CollectionId, Page, PageSize, Position, SceneId, ThemeId, UserId, VariantId,
};
use ports::{CharacterReads, CollectionReads, EntryPosition, SceneReads, StoreError, ThemeReads};

use super::Shown;
use crate::fake::store::FakeStore;

/// A page of things that go by creation, newest first.
fn page<T: Clone, I: Ord + Copy>(
    items: impl Iterator<Item = T>,
    size: PageSize,
    after: Option<Position<I>>,
    position: impl Fn(&T) -> Position<I>,
) -> Page<T, Position<I>> {
    let mut items: Vec<T> =
        items.filter(|item| after.is_none_or(|after| position(item) < after)).collect();
    items.sort_by_key(|item| std::cmp::Reverse(position(item)));
    Page::from_one_more(items, size, position)
}

fn matches(character: &Character, filter: &CharacterFilter) -> bool {
    let fields = &character.fields;
    let has = |tag: &str| fields.tags.contains(tag);
    let (name, description) = (fields.name.as_ref(), fields.description.as_ref());
    let text = format!(
        "{} {}",
        name.map_or("", |name| name.as_str()),
        description.map_or("", |description| description.as_str())
    );
    filter.tags_all.iter().all(has)
        && (filter.tags_any.is_empty() || filter.tags_any.iter().any(has))
        && filter.style.is_none_or(|style| style == fields.style)
        && filter.status.is_none_or(|status| status == fields.status)
        && filter.favourite.is_none_or(|asked| asked == fields.favourite)
        && filter.in_library.is_none_or(|asked| asked == fields.in_library)
        && filter.showcased.is_none_or(|asked| asked == fields.showcased)
        && filter.text.as_ref().is_none_or(|query| query.matches(&text))
}

#[async_trait]
impl CharacterReads for FakeStore {
    async fn find_character(
        &self,
        user: UserId,
        id: CharacterId,
    ) -> Result<Option<Character>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        Ok(state.catalog.characters.get(&(user, id)).map(|shown| shown.character.clone()))
    }

    async fn find_characters(
        &self,
        user: UserId,
        ids: &[CharacterId],
    ) -> Result<Vec<Character>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let of_user = state.catalog.characters.values().map(|shown| &shown.character);
        let found = of_user.filter(|one| one.user == user && ids.contains(&one.id));
        Ok(found.cloned().collect())
    }

    async fn list_characters(
        &self,
        user: UserId,
        filter: &CharacterFilter,
        size: PageSize,
        after: Option<Position<CharacterId>>,
    ) -> Result<Page<Character, Position<CharacterId>>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let listed =
            state.catalog.characters.values().map(|shown| &shown.character).filter(|one| {
                one.user == user
                    && (filter.deleted || !one.is_deleted())
                    && filter.public.is_none_or(|asked| asked == one.fields.public)
                    && matches(one, filter)
            });
        Ok(page(listed.cloned(), size, after, Character::position))
    }

    async fn list_public_characters(
        &self,
        filter: &CharacterFilter,
        size: PageSize,
        after: Option<Position<CharacterId>>,
    ) -> Result<Page<Gallery, Position<CharacterId>>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let listed =
            state.catalog.characters.values().filter(|Shown { character, owner_shows }| {
                character.fields.public
                    && *owner_shows
                    && !character.is_deleted()
                    && matches(character, filter)
            });
        let listed = listed.map(|Shown { character, .. }| Gallery {
            character: character.clone(),
            owner_name: state.users.display_name(character.user),
        });
        Ok(page(listed, size, after, |one| one.character.position()))
    }

    async fn count_catalog(&self, user: UserId) -> Result<Option<Statistics>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        if !state.users.exists(user) {
            return Ok(None);
        }
        let catalog = &state.catalog;
        let all = || catalog.characters.values().map(|one| &one.character);
        let all = || all().filter(|one| one.user == user);
        let live = || all().filter(|one| !one.is_deleted());
        let of_live = |id: CharacterId| live().any(|one| one.id == id);
        let variants =
            || catalog.variants.values().filter(|one| one.user == user && of_live(one.character));
        let scenes = || catalog.scenes.values().filter(|scene| scene.user == user);
        let themes = catalog.themes.values();
        let themes = themes.filter(|theme| theme.user == user && of_live(theme.character));
        let images = live().filter(|one| one.fields.image.is_some()).count()
            + variants().filter(|one| one.fields.image.is_some()).count()
            + scenes().map(|scene| scene.images.len()).sum::<usize>();
        Ok(Some(Statistics {
            characters: live().count() as u64,
            public: live().filter(|one| one.fields.public).count() as u64,
            favourites: live().filter(|one| one.fields.favourite).count() as u64,
            in_library: live().filter(|one| one.fields.in_library).count() as u64,
            featured: live().filter(|one| one.fields.public && one.fields.showcased).count() as u64,
            deleted: (all().count() - live().count()) as u64,
            themes: themes.count() as u64,
            variants: variants().count() as u64,
            collections: catalog.collections.keys().filter(|(owner, _)| *owner == user).count()
                as u64,
            scenes: scenes().count() as u64,
            images: images as u64,
        }))
    }
}

#[async_trait]
impl ThemeReads for FakeStore {
    async fn find_theme(&self, user: UserId, id: ThemeId) -> Result<Option<Theme>, StoreError> {
        self.check_up()?;
        Ok(self.state.lock().await.catalog.themes.get(&(user, id)).cloned())
    }

    async fn list_themes(
        &self,
        user: UserId,
        character: CharacterId,
        size: PageSize,
        after: Option<Position<ThemeId>>,
    ) -> Result<Page<Theme, Position<ThemeId>>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let listed = state.catalog.themes.values();
        let listed = listed.filter(|one| (one.user, one.character) == (user, character));
        Ok(page(listed.cloned(), size, after, Theme::position))
    }

    async fn list_shelves(
        &self,
        user: UserId,
        character: CharacterId,
        newest: u16,
        size: PageSize,
        after: Option<Position<ThemeId>>,
    ) -> Result<Page<Shelf, Position<ThemeId>>, StoreError> {
        let Page { items, next } = self.list_themes(user, character, size, after).await?;
        let state = self.state.lock().await;
        let shelf = |theme: Theme| {
            let of_it = state.catalog.variants.values();
            let of_it = of_it.filter(|one| (one.user, one.theme) == (user, theme.id));
            let mut variants: Vec<Variant> = of_it.cloned().collect();
            variants.sort_by_key(|one| std::cmp::Reverse(one.position()));
            let count = variants.len() as u64;
            variants.truncate(usize::from(newest));
            Shelf { theme, variants: count, newest: variants }
        };
        Ok(Page { items: items.into_iter().map(shelf).collect(), next })
    }

    async fn find_variant(
        &self,
        user: UserId,
        id: VariantId,
    ) -> Result<Option<Variant>, StoreError> {
        self.check_up()?;
        Ok(self.state.lock().await.catalog.variants.get(&(user, id)).cloned())
    }

    async fn list_variants(
        &self,
        user: UserId,
        theme: ThemeId,
        size: PageSize,
        after: Option<Position<VariantId>>,
    ) -> Result<Page<Variant, Position<VariantId>>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let listed = state.catalog.variants.values();
        let listed = listed.filter(|one| (one.user, one.theme) == (user, theme));
        Ok(page(listed.cloned(), size, after, Variant::position))
    }
}

#[async_trait]
impl CollectionReads for FakeStore {
    async fn find_collection(
        &self,
        user: UserId,
        id: CollectionId,
    ) -> Result<Option<Collection>, StoreError> {
        self.check_up()?;
        Ok(self.state.lock().await.catalog.collections.get(&(user, id)).cloned())
    }

    async fn list_collections(
        &self,
        user: UserId,
        size: PageSize,
        after: Option<Position<CollectionId>>,
    ) -> Result<Page<Collection, Position<CollectionId>>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let listed = state.catalog.collections.values().filter(|one| one.user == user);
        Ok(page(listed.cloned(), size, after, Collection::position))
    }

    async fn list_entries(
        &self,
        user: UserId,
        id: CollectionId,
        size: PageSize,
        after: Option<EntryPosition>,
    ) -> Result<Page<(Entry, Character), EntryPosition>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let entries = state.catalog.entries_of(user, id).into_iter();
        let entries = entries
            .filter(|entry| after.is_none_or(|EntryPosition(place)| entry.place > place))
            .filter_map(|entry| {
                let shown = state.catalog.characters.get(&(user, entry.character))?;
                (!shown.character.is_deleted()).then(|| (entry, shown.character.clone()))
            });
        Ok(Page::from_one_more(entries.collect(), size, |(entry, _)| EntryPosition(entry.place)))
    }
}

#[async_trait]
impl SceneReads for FakeStore {
    async fn find_scene(&self, user: UserId, id: SceneId) -> Result<Option<Scene>, StoreError> {
        self.check_up()?;
        Ok(self.state.lock().await.catalog.scenes.get(&(user, id)).cloned())
    }

    async fn list_scenes(
        &self,
        user: UserId,
        character: Option<CharacterId>,
        size: PageSize,
        after: Option<Position<SceneId>>,
    ) -> Result<Page<Scene, Position<SceneId>>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let listed = state.catalog.scenes.values().filter(|scene| {
            let cast = scene.fields.cast.as_slice();
            scene.user == user && character.is_none_or(|id| cast.contains(&id))
        });
        Ok(page(listed.cloned(), size, after, Scene::position))
    }
}
