//! The life of projects, their links, conversations and features.

use std::sync::Arc;

use app::{
    AppendTurn, Conversations, Features, Named, NewConversation, NewFeature, Projects,
    ProjectsError, SharedBy,
};
use kernel::{Change, Etag, LifeError, PageSize, Span, UserId};
use ports::{
    ActivityFilter, ActivityReads, Clock, ConversationFilter, FeatureFilter, ProjectFilter, Store,
    TurnFilter,
};
use projects::{
    ContentKind, FeatureFields, FeaturePatch, Project, ProjectFields, ProjectPatch, Tags, TurnKind,
};
use testkit::fixtures::{user, user_id};
use testkit::{FakeClock, FakeIds, FakeStore};

struct World {
    store: FakeStore,
    clock: Arc<FakeClock>,
    projects: Projects,
    conversations: Conversations,
    features: Features,
}

impl World {
    async fn new() -> Self {
        let store = FakeStore::new();
        let clock = Arc::new(FakeClock::new());
        let mut tx = store.begin().await.unwrap();
        for number in [1, 2] {
            tx.insert_user(&user(number, clock.now())).await.unwrap();
        }
        tx.commit().await.unwrap();
        let kept = Arc::new(store.clone());
        let ids = Arc::new(FakeIds::new());
        let projects =
            Projects::new(kept.clone(), kept.clone(), kept.clone(), clock.clone(), ids.clone());
        let conversations =
            Conversations::new(kept.clone(), kept.clone(), clock.clone(), ids.clone());
        let features = Features::new(kept.clone(), kept, clock.clone(), ids);
        Self { store, clock, projects, conversations, features }
    }

    async fn project(&self) -> Project {
        self.clock.advance(Span::from_secs(1));
        self.projects.create(ada(), &fields()).await.unwrap()
    }

    /// What is in Ada's log, oldest first.
    async fn log(&self) -> Vec<String> {
        let all = ActivityFilter::default();
        let page = self.store.list_activity(ada(), &all, PageSize::MAX, None).await.unwrap();
        page.items.iter().rev().map(|entry| entry.action.to_string()).collect()
    }
}

fn ada() -> UserId {
    user_id(1)
}

fn eve() -> UserId {
    user_id(2)
}

fn fields() -> ProjectFields {
    ProjectFields { name: "Comics".parse().unwrap(), description: None, public: false }
}

fn named<I>(id: I, expected: Option<Etag>) -> Named<I> {
    Named { user: ada(), id, expected }
}

fn talk(user: UserId, project: &Project) -> NewConversation {
    NewConversation { user, project: Some(project.id), title: None }
}

#[tokio::test]
async fn a_project_is_changed_deleted_restored_and_purged() {
    let world = World::new().await;
    let made = world.project().await;
    let patch = ProjectPatch { public: Some(true), ..ProjectPatch::default() };
    let changed =
        world.projects.update(named(made.id, Some(made.life.etag)), &patch).await.unwrap();
    assert!(changed.fields.public && changed.life.etag != made.life.etag);
    let again = world.projects.update(named(made.id, None), &patch).await.unwrap();
    assert_eq!(again, changed, "what changes nothing makes no revision");

    let stale = world.projects.delete(named(made.id, Some(made.life.etag))).await;
    let mismatch = ProjectsError::Life(LifeError::EtagMismatch {
        expected: made.life.etag,
        current: changed.life.etag,
    });
    assert_eq!(stale.unwrap_err().to_string(), mismatch.to_string());
    let early = world.projects.purge(named(made.id, None)).await;
    assert!(matches!(early, Err(ProjectsError::Life(LifeError::NotDeleted))), "{early:?}");

    let deleted = world.projects.delete(named(made.id, None)).await.unwrap();
    assert_eq!(world.projects.delete(named(made.id, None)).await.unwrap(), deleted);
    let patch = ProjectPatch { description: Change::Set("a".parse().unwrap()), ..patch };
    let refused = world.projects.update(named(made.id, None), &patch).await;
    assert!(matches!(refused, Err(ProjectsError::Life(LifeError::Deleted))), "{refused:?}");
    let filter = ProjectFilter::default();
    let page = world.projects.list(ada(), &filter, PageSize::MAX, None).await.unwrap();
    assert_eq!(page.items, []);

    let restored = world.projects.restore(named(made.id, None)).await.unwrap();
    assert_eq!(restored.life.deleted_at, None);
    world.projects.delete(named(made.id, None)).await.unwrap();
    world.projects.purge(named(made.id, None)).await.unwrap();
    let gone = world.projects.get(ada(), made.id).await;
    assert!(matches!(gone, Err(ProjectsError::ProjectNotFound)), "{gone:?}");
    assert_eq!(
        world.log().await,
        [
            "project.created",
            "project.updated",
            "project.deleted",
            "project.restored",
            "project.deleted",
            "project.purged",
        ]
    );
}

#[tokio::test]
async fn nothing_is_done_to_what_another_user_owns() {
    let world = World::new().await;
    let made = world.project().await;
    let link = world.projects.create_share_link(ada(), made.id, None).await.unwrap().link;
    let spoken = world.conversations.create(&talk(ada(), &made)).await.unwrap();
    let before = world.log().await;
    let hers = Named { user: eve(), id: made.id, expected: None };
    let patch = ProjectPatch { public: Some(true), ..ProjectPatch::default() };
    for refused in [
        world.projects.get(eve(), made.id).await.map(drop),
        world.projects.update(hers, &patch).await.map(drop),
        world.projects.delete(hers).await.map(drop),
        world.projects.restore(hers).await.map(drop),
        world.projects.purge(hers).await,
        world.projects.contents(eve(), made.id, PageSize::MAX, None).await.map(drop),
        world.projects.create_share_link(eve(), made.id, None).await.map(drop),
        world.projects.list_share_links(eve(), made.id, PageSize::MAX, None).await.map(drop),
        world.conversations.create(&talk(eve(), &made)).await.map(drop),
    ] {
        assert!(matches!(refused, Err(ProjectsError::ProjectNotFound)), "{refused:?}");
    }
    let refused = world.projects.revoke_share_link(eve(), link.id).await;
    assert!(matches!(refused, Err(ProjectsError::ShareLinkNotFound)), "{refused:?}");
    let refused = world.conversations.get(eve(), spoken.id).await;
    assert!(matches!(refused, Err(ProjectsError::ConversationNotFound)), "{refused:?}");
    let batch = world.projects.get_several(eve(), &[made.id]).await.unwrap();
    assert_eq!((batch.found, batch.missing), (vec![], vec![made.id]));
    assert_eq!(world.log().await, before);
}

#[tokio::test]
async fn a_link_shows_the_project_until_it_is_over() {
    let world = World::new().await;
    let made = world.project().await;
    let end = world.clock.now().saturating_add(Span::from_secs(60));
    let brief = world.projects.create_share_link(ada(), made.id, Some(end)).await.unwrap();
    let lasting = world.projects.create_share_link(ada(), made.id, None).await.unwrap();
    let seen = async |by: SharedBy| {
        let seen = world.projects.shared(&by, PageSize::MAX, None).await;
        match seen {
            Ok(shared) => Some(shared.project.id),
            Err(ProjectsError::ShareLinkNotFound) => None,
            Err(error) => panic!("{error:?}"),
        }
    };
    let by = |link: &app::CreatedShareLink| SharedBy::Token(link.token.clone());
    assert_eq!(seen(by(&brief)).await, Some(made.id));
    assert_eq!(seen(SharedBy::Public(made.id)).await, None);
    world.clock.set(end);
    assert_eq!((seen(by(&brief)).await, seen(by(&lasting)).await), (None, Some(made.id)));

    world.projects.delete(named(made.id, None)).await.unwrap();
    assert_eq!(seen(by(&lasting)).await, None);
    let refused = world.projects.create_share_link(ada(), made.id, None).await;
    assert!(matches!(refused, Err(ProjectsError::ProjectDeleted)), "{refused:?}");
    world.projects.restore(named(made.id, None)).await.unwrap();
    assert_eq!(seen(by(&lasting)).await, Some(made.id));

    let revoked = world.projects.revoke_share_link(ada(), lasting.link.id).await.unwrap();
    assert_eq!(seen(by(&lasting)).await, None);
    world.clock.advance(Span::from_secs(5));
    let again = world.projects.revoke_share_link(ada(), lasting.link.id).await.unwrap();
    assert_eq!(again, revoked, "a revocation keeps its time");

    let patch = ProjectPatch { public: Some(true), ..ProjectPatch::default() };
    world.projects.update(named(made.id, None), &patch).await.unwrap();
    assert_eq!(seen(SharedBy::Public(made.id)).await, Some(made.id));
    assert_eq!(world.projects.list_public(PageSize::MAX, None).await.unwrap().items.len(), 1);
}

#[tokio::test]
async fn turns_are_numbered_and_a_deleted_conversation_takes_none() {
    let world = World::new().await;
    let made = world.project().await;
    let spoken = world.conversations.create(&talk(ada(), &made)).await.unwrap();
    let say = |kind| AppendTurn {
        user: ada(),
        conversation: spoken.id,
        kind,
        input: "A cat?".parse().unwrap(),
        response: "A cat.".parse().unwrap(),
        metadata: None,
    };
    for (number, kind) in (1..).zip(TurnKind::ALL) {
        let turn = world.conversations.append(&say(kind)).await.unwrap();
        assert_eq!((turn.number, turn.kind), (number, kind));
    }
    let filter = TurnFilter { newest_first: true, ..TurnFilter::default() };
    let turns = world.conversations.turns(ada(), spoken.id, &filter, PageSize::MAX, None).await;
    let kinds: Vec<TurnKind> = turns.unwrap().items.iter().rev().map(|turn| turn.kind).collect();
    assert_eq!(kinds, TurnKind::ALL);
    let counts = world.projects.get(ada(), made.id).await.unwrap().counts;
    assert_eq!((counts[0].kind, counts[0].count), (ContentKind::Conversation, 1));

    let title = Some("Cats".parse().unwrap());
    world.conversations.rename(named(spoken.id, None), &title).await.unwrap();
    world.conversations.delete(named(spoken.id, None)).await.unwrap();
    let refused = world.conversations.append(&say(TurnKind::GeneralChat)).await;
    assert!(matches!(refused, Err(ProjectsError::Life(LifeError::Deleted))), "{refused:?}");
    let filter = ConversationFilter::default();
    let page = world.conversations.list(ada(), &filter, PageSize::MAX, None).await.unwrap();
    assert_eq!(page.items, []);
    let back = world.conversations.restore(named(spoken.id, None)).await.unwrap();
    assert_eq!((back.turns, back.title), (9, title));
    world.conversations.delete(named(spoken.id, None)).await.unwrap();
    world.conversations.purge(named(spoken.id, None)).await.unwrap();
    let gone = world.conversations.get(ada(), spoken.id).await;
    assert!(matches!(gone, Err(ProjectsError::ConversationNotFound)), "{gone:?}");
}

#[tokio::test]
async fn a_feature_is_alone_with_its_name_in_its_workspace() {
    let world = World::new().await;
    let asked = |workspace: &str, name: &str| NewFeature {
        user: ada(),
        workspace: workspace.parse().unwrap(),
        fields: FeatureFields {
            name: name.parse().unwrap(),
            description: None,
            tags: Tags::default(),
        },
    };
    let login = world.features.create(&asked("a", "Login")).await.unwrap();
    let taken = world.features.create(&asked("a", "login")).await;
    assert!(matches!(taken, Err(ProjectsError::FeatureNameTaken)), "{taken:?}");
    let other = world.features.create(&asked("a", "Logout")).await.unwrap();
    let patch = FeaturePatch { name: Some("LOGIN".parse().unwrap()), ..FeaturePatch::default() };
    let taken = world.features.update(named(other.id, None), &patch).await;
    assert!(matches!(taken, Err(ProjectsError::FeatureNameTaken)), "{taken:?}");
    let renamed = world.features.update(named(login.id, None), &patch).await.unwrap();
    assert_eq!(renamed.fields.name.as_str(), "LOGIN");

    world.features.delete(named(login.id, Some(renamed.life.etag))).await.unwrap();
    let gone = world.features.get(ada(), login.id).await;
    assert!(matches!(gone, Err(ProjectsError::FeatureNotFound)), "{gone:?}");
    let filter = FeatureFilter::default();
    let left = world.features.list(ada(), &filter, PageSize::MAX, None).await.unwrap();
    assert_eq!(left.items, [other]);
    assert_eq!(
        world.log().await,
        ["feature.created", "feature.created", "feature.updated", "feature.deleted"]
    );
}
