//! The lists and searches, each as the store answers it.

use std::hint::black_box;
use std::time::Instant;

use assets::Kind;
use catalog::{CharacterFilter, GenerationStatus, Style, Tags};
use kernel::{CharacterId, CollectionId, OutputKind, Page, PageSize, ProjectId, ThemeId, UserId};
use ports::{
    ActivityFilter, ActivityReads, AssetFilter, AssetReads, CharacterReads, CollectionReads,
    ConversationFilter, ConversationReads, FeatureFilter, FeatureReads, OutputFilter, OutputReads,
    ProjectFilter, ProjectReads, SceneReads, StoreError, ThemeReads,
};
use postgres::Postgres;
use uuid::Uuid;

/// A list, or a search in one.
pub(super) struct List {
    pub(super) name: &'static str,
    what: What,
}

enum What {
    Own(CharacterFilter),
    Gallery(CharacterFilter),
    Statistics,
    Themes,
    Shelves,
    Variants,
    Collections,
    Entries,
    Scenes,
    ScenesWith,
    Assets(AssetFilter),
    Projects(ProjectFilter),
    PublicProjects,
    ShareLinks,
    Contents,
    ContentCounts,
    Conversations(ConversationFilter),
    Features(FeatureFilter),
    Outputs(OutputFilter),
    OutputsOfProject,
    Activity(ActivityFilter),
}

/// The user of a number, from 0; the first has a tenth of everything.
fn user(number: u32) -> UserId {
    let base = 0x0190_0000_0000_7000_8000_0000_0000_0000_u128;
    UserId::from_uuid(Uuid::from_u128(base | u128::from(number)))
}

/// The id of the thing of a number, from 1, of any kind.
fn thing(number: u32) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_9000_0000_0000_0000_u128 | u128::from(number))
}

/// Whose the thing of a number is.
fn owner(number: u32) -> UserId {
    user(if number.is_multiple_of(10) { 0 } else { 1 + number % 9_999 })
}

fn filters() -> Vec<(&'static str, &'static str, CharacterFilter)> {
    let none = CharacterFilter::default;
    let tags = |tags: &[&str]| Tags::parse(tags).expect("are tags");
    let text =
        |text: &str| CharacterFilter { text: Some(text.parse().expect("has words")), ..none() };
    vec![
        ("characters", "gallery", none()),
        (
            "characters of a style",
            "gallery of a style",
            CharacterFilter { style: Some(Style::Anime), ..none() },
        ),
        (
            "characters of a status",
            "gallery of a status",
            CharacterFilter { status: Some(GenerationStatus::Failed), ..none() },
        ),
        (
            "characters showcased",
            "gallery showcased",
            CharacterFilter { showcased: Some(true), ..none() },
        ),
        (
            "characters of a common tag",
            "gallery of a common tag",
            CharacterFilter { tags_all: tags(&["t0"]), ..none() },
        ),
        (
            "characters of a rare tag",
            "gallery of a rare tag",
            CharacterFilter { tags_all: tags(&["v777"]), ..none() },
        ),
        (
            "characters of two tags",
            "gallery of two tags",
            CharacterFilter { tags_all: tags(&["t0", "u5"]), ..none() },
        ),
        (
            "characters of any of two tags",
            "gallery of any of two tags",
            CharacterFilter { tags_any: tags(&["u500", "v777"]), ..none() },
        ),
        ("characters by a common word", "gallery by a common word", text("k0000")),
        ("characters by a rare word", "gallery by a rare word", text("k1777")),
        ("characters by half a word", "gallery by half a word", text("k17")),
        ("characters by two words", "gallery by two words", text("hair k1777")),
        (
            "characters by tag, style and word",
            "gallery by tag, style and word",
            CharacterFilter { tags_any: tags(&["t1"]), style: Some(Style::Vintage), ..text("k00") },
        ),
    ]
}

impl List {
    pub(super) fn all() -> Vec<Self> {
        use What::*;
        let none = CharacterFilter::default;
        let outputs = OutputFilter::default;
        let mut all = Vec::new();
        for (own, gallery, filter) in filters() {
            all.push((own, Own(filter.clone())));
            all.push((gallery, Gallery(filter)));
        }
        all.extend([
            ("characters with deleted ones", Own(CharacterFilter { deleted: true, ..none() })),
            ("characters favourite", Own(CharacterFilter { favourite: Some(true), ..none() })),
            (
                "characters in the library",
                Own(CharacterFilter { in_library: Some(true), ..none() }),
            ),
            ("characters public", Own(CharacterFilter { public: Some(true), ..none() })),
            ("statistics", Statistics),
            ("themes", Themes),
            ("shelves", Shelves),
            ("variants", Variants),
            ("collections", Collections),
            ("entries of a collection", Entries),
            ("scenes", Scenes),
            ("scenes with a character", ScenesWith),
            ("assets", Assets(AssetFilter::default())),
            (
                "assets of a kind",
                Assets(AssetFilter { kinds: vec![Kind::Image], ..AssetFilter::default() }),
            ),
            (
                "assets of a provider",
                Assets(AssetFilter { provider: "gcs".parse().ok(), ..AssetFilter::default() }),
            ),
            ("projects", Projects(ProjectFilter::default())),
            (
                "projects public of a user",
                Projects(ProjectFilter { public: Some(true), ..ProjectFilter::default() }),
            ),
            ("projects public of all", PublicProjects),
            ("share links", ShareLinks),
            ("contents of a project", Contents),
            ("counts of a project", ContentCounts),
            ("conversations", Conversations(ConversationFilter::default())),
            ("features", Features(FeatureFilter::default())),
            (
                "features of a workspace",
                Features(FeatureFilter {
                    workspace: "workspace 3".parse().ok(),
                    ..FeatureFilter::default()
                }),
            ),
            ("outputs", Outputs(outputs())),
            (
                "outputs of a kind",
                Outputs(OutputFilter { kinds: vec![OutputKind::Image], ..outputs() }),
            ),
            ("outputs of a model", Outputs(OutputFilter { model: named("model 3"), ..outputs() })),
            (
                "outputs of a style",
                Outputs(OutputFilter { art_style: named("style 3"), ..outputs() }),
            ),
            ("outputs of a project", OutputsOfProject),
            ("activity", Activity(ActivityFilter::default())),
            (
                "activity of an action",
                Activity(ActivityFilter {
                    action: "asset.stored".parse().ok(),
                    ..ActivityFilter::default()
                }),
            ),
        ]);
        all.into_iter().map(|(name, what)| Self { name, what }).collect()
    }

    /// A page and the next one, of an owner by the number: the one with very much every fourth
    /// time. Adds how many microseconds each took.
    pub(super) async fn pages(
        &self,
        store: &Postgres,
        number: u32,
        times: &mut Vec<u32>,
    ) -> Result<(), StoreError> {
        let seed = 1 + number * 49;
        let of = if number.is_multiple_of(4) { user(0) } else { user(seed) };
        let (id, whose) = (thing(seed), owner(seed));
        // What is asked after a position, and what is not.
        macro_rules! paged {
            (|$after:ident| $page:expr) => {{
                let mut from = None;
                for _ in 0..2 {
                    let $after = from.take();
                    let began = Instant::now();
                    let page: Page<_, _> = black_box($page.await?);
                    times.push(micros(began));
                    from = page.next;
                    if from.is_none() {
                        break;
                    }
                }
            }};
        }
        let size = PageSize::DEFAULT;
        match &self.what {
            What::Own(filter) => paged!(|after| store.list_characters(of, filter, size, after)),
            What::Gallery(filter) => {
                paged!(|after| store.list_public_characters(filter, size, after));
            }
            What::Statistics => {
                let began = Instant::now();
                // Counting a hundred thousand takes its time, and is no page.
                black_box(store.count_catalog(user(seed)).await?);
                times.push(micros(began));
            }
            What::Themes => {
                let character = CharacterId::from_uuid(id);
                paged!(|after| store.list_themes(whose, character, size, after));
            }
            What::Shelves => {
                let character = CharacterId::from_uuid(id);
                paged!(|after| store.list_shelves(whose, character, 5, size, after));
            }
            What::Variants => {
                let theme = ThemeId::from_uuid(id);
                paged!(|after| store.list_variants(whose, theme, size, after));
            }
            What::Collections => paged!(|after| store.list_collections(of, size, after)),
            What::Entries => {
                let collection = CollectionId::from_uuid(id);
                paged!(|after| store.list_entries(whose, collection, size, after));
            }
            What::Scenes => paged!(|after| store.list_scenes(of, None, size, after)),
            What::ScenesWith => {
                let character = Some(CharacterId::from_uuid(id));
                paged!(|after| store.list_scenes(whose, character, size, after));
            }
            What::Assets(filter) => paged!(|after| store.list_assets(of, filter, size, after)),
            What::Projects(filter) => paged!(|after| store.list_projects(of, filter, size, after)),
            What::PublicProjects => paged!(|after| store.list_public_projects(size, after)),
            What::ShareLinks => {
                let project = ProjectId::from_uuid(id);
                paged!(|after| store.list_share_links(whose, project, size, after));
            }
            What::Contents => {
                let project = ProjectId::from_uuid(id);
                paged!(|after| store.list_contents(whose, project, size, after));
            }
            What::ContentCounts => {
                let began = Instant::now();
                black_box(store.count_contents(whose, ProjectId::from_uuid(id)).await?);
                times.push(micros(began));
            }
            What::Conversations(filter) => {
                paged!(|after| store.list_conversations(of, filter, size, after));
            }
            What::Features(filter) => paged!(|after| store.list_features(of, filter, size, after)),
            What::Outputs(filter) => paged!(|after| store.list_outputs(of, filter, size, after)),
            What::OutputsOfProject => {
                let project = Some(ProjectId::from_uuid(id));
                let filter = OutputFilter { project, ..OutputFilter::default() };
                paged!(|after| store.list_outputs(whose, &filter, size, after));
            }
            What::Activity(filter) => paged!(|after| store.list_activity(of, filter, size, after)),
        }
        Ok(())
    }
}

fn named(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn micros(began: Instant) -> u32 {
    u32::try_from(began.elapsed().as_micros()).unwrap_or(u32::MAX)
}
