//! The life of outputs.

use std::sync::Arc;

use app::{Library, LibraryError, Named};
use kernel::{
    Change, LifeError, OutputId, OutputKind, PageSize, ProjectId, Span, TransactionId, UserId,
};
use library::{Body, Output, OutputFields, OutputPatch, Rejection};
use ports::{Clock, OutputFilter, OutputReads, Store};
use testkit::fixtures::{bodies, insert_models, output, project, project_id, user, user_id};
use testkit::{FakeClock, FakeIds, FakeStore};
use uuid::Uuid;

struct World {
    store: FakeStore,
    clock: Arc<FakeClock>,
    library: Library,
}

impl World {
    /// Two users; the first has the projects 1 and 2, the other 3.
    async fn new() -> Self {
        let store = FakeStore::new();
        let clock = Arc::new(FakeClock::new());
        let mut tx = store.begin().await.unwrap();
        for number in [1, 2] {
            tx.insert_user(&user(number, clock.now())).await.unwrap();
            insert_models(&mut *tx, user_id(number), clock.now()).await;
        }
        for (number, owner) in [(1, 1), (2, 1), (3, 2)] {
            tx.insert_project(&project(number, user_id(owner), clock.now())).await.unwrap();
        }
        tx.commit().await.unwrap();
        let kept = Arc::new(store.clone());
        let library = Library::new(kept.clone(), kept, clock.clone(), Arc::new(FakeIds::new()));
        Self { store, clock, library }
    }

    async fn make(&self, kind: OutputKind, project: Option<ProjectId>) -> Output {
        self.clock.advance(Span::from_secs(1));
        self.library.create(ada(), &fields(kind, project)).await.unwrap().output
    }

    async fn selected(&self) -> Vec<OutputId> {
        let filter = OutputFilter { selected: Some(true), ..OutputFilter::default() };
        let page = self.store.list_outputs(ada(), &filter, PageSize::MAX, None).await.unwrap();
        page.items.iter().map(|output| output.id).collect()
    }
}

fn ada() -> UserId {
    user_id(1)
}

fn fields(kind: OutputKind, project: Option<ProjectId>) -> OutputFields {
    let body = bodies().into_iter().find(|body| body.kind() == kind).unwrap();
    output(1, ada(), project, body, FakeClock::new().now()).fields
}

fn named(id: OutputId) -> Named<OutputId> {
    Named { user: ada(), id, expected: None }
}

#[tokio::test]
async fn an_output_of_each_kind_is_stored_and_reads_back() {
    let world = World::new().await;
    for kind in OutputKind::ALL {
        let made = world.make(kind, Some(project_id(1))).await;
        let read = world.library.get(ada(), made.id).await.unwrap();
        assert_eq!((read.output, read.charge), (made, None));
    }
    let filter = OutputFilter { kinds: vec![OutputKind::Image], ..OutputFilter::default() };
    let page = world.library.list(ada(), &filter, PageSize::MAX, None).await.unwrap();
    assert_eq!(page.items.len(), 1);
}

#[tokio::test]
async fn an_output_hangs_on_what_its_owner_has() {
    let world = World::new().await;
    let image = |project| fields(OutputKind::Image, Some(project));
    let refused = world.library.create(ada(), &image(project_id(3))).await;
    assert!(matches!(refused, Err(LibraryError::ProjectNotFound)), "{refused:?}");
    let unpaid = OutputFields {
        transaction: Some(TransactionId::from_uuid(Uuid::from_u128(7))),
        ..image(project_id(1))
    };
    let refused = world.library.create(ada(), &unpaid).await;
    assert!(matches!(refused, Err(LibraryError::TransactionNotFound)), "{refused:?}");
    let loose = fields(OutputKind::Image, None);
    let refused = world.library.create(user_id(9), &loose).await;
    assert!(matches!(refused, Err(LibraryError::UserNotFound)), "{refused:?}");

    let theirs = world.library.create(user_id(2), &loose).await.unwrap().output;
    let mut video = fields(OutputKind::Video, None);
    if let Body::Video(video) = &mut video.body {
        let mut sources = std::mem::take(&mut video.sources).into_vec();
        sources[0].image = Some(theirs.id);
        video.sources = library::Several::new(sources).unwrap();
    }
    let refused = world.library.create(ada(), &video).await;
    assert!(matches!(refused, Err(LibraryError::SourceNotFound)), "{refused:?}");
    let refused = world.library.delete(named(theirs.id)).await;
    assert!(matches!(refused, Err(LibraryError::OutputNotFound)), "{refused:?}");
    let batch = world.library.get_several(ada(), &[theirs.id]).await.unwrap();
    assert_eq!((batch.found, batch.missing), (vec![], vec![theirs.id]));
}

#[tokio::test]
async fn a_project_goes_by_one_segmentation() {
    let world = World::new().await;
    let first = world.make(OutputKind::Segmentation, Some(project_id(1))).await;
    let second = world.make(OutputKind::Segmentation, Some(project_id(1))).await;
    let elsewhere = world.make(OutputKind::Segmentation, Some(project_id(2))).await;
    world.library.select(named(elsewhere.id)).await.unwrap();
    world.library.select(named(first.id)).await.unwrap();
    assert_eq!(world.selected().await, [elsewhere.id, first.id]);
    let chosen = world.library.select(named(second.id)).await.unwrap().output;
    assert_eq!(world.selected().await, [elsewhere.id, second.id]);
    let again = world.library.select(named(second.id)).await.unwrap().output;
    assert_eq!(again, chosen, "selecting twice is selecting once");

    world.library.delete(named(second.id)).await.unwrap();
    assert_eq!(world.selected().await, [elsewhere.id]);
    let patch = OutputPatch { project: Change::Set(project_id(1)), ..OutputPatch::default() };
    let moved = world.library.update(named(elsewhere.id), &patch).await.unwrap().output;
    assert!(!moved.selected && moved.fields.project == Some(project_id(1)));
    assert_eq!(world.selected().await, []);

    let image = world.make(OutputKind::Image, Some(project_id(1))).await;
    let loose = world.make(OutputKind::Segmentation, None).await;
    for (id, why) in [
        (image.id, Rejection::NotASegmentation),
        (loose.id, Rejection::NotInAProject),
        (second.id, Rejection::Life(LifeError::Deleted)),
    ] {
        let refused = world.library.select(named(id)).await.unwrap_err();
        assert_eq!(refused.to_string(), why.to_string());
    }
}

#[tokio::test]
async fn an_output_is_deleted_restored_and_purged() {
    let world = World::new().await;
    let made = world.make(OutputKind::Image, None).await;
    let early = world.library.purge(named(made.id)).await;
    assert!(matches!(early, Err(LibraryError::Life(LifeError::NotDeleted))), "{early:?}");
    world.library.delete(named(made.id)).await.unwrap();
    let patch = OutputPatch { message: Change::Clear, ..OutputPatch::default() };
    let refused = world.library.update(named(made.id), &patch).await;
    assert!(matches!(refused, Err(LibraryError::Life(LifeError::Deleted))), "{refused:?}");
    let restored = world.library.restore(named(made.id)).await.unwrap().output;
    assert_eq!(restored.life.deleted_at, None);
    let changed = world.library.update(named(made.id), &patch).await.unwrap().output;
    assert_eq!(changed.fields.message, None);
    world.library.delete(named(made.id)).await.unwrap();
    world.library.purge(named(made.id)).await.unwrap();
    let gone = world.library.get(ada(), made.id).await;
    assert!(matches!(gone, Err(LibraryError::OutputNotFound)), "{gone:?}");
}
