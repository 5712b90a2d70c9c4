//! Assets on the fakes: what is stored, fetched, refused and cleared.

use std::sync::Arc;

use app::assets::{AssetParts, Import};
use app::{AssetError, Assets};
use assets::decide::{Create, Target};
use assets::{Content, MediaType, Place, Rejection, State};
use async_trait::async_trait;
use kernel::{Digest, Span, UserId};
use ports::{
    AssetReads, Clock, FetchError, Fetched, Fetcher, MediaError, MediaKey, MediaStore, Store,
    StoreError,
};
use sha2::{Digest as _, Sha256};
use testkit::fixtures::{asset_id, user, user_id};
use testkit::{FakeClock, FakeIds, FakeMediaStore, FakeStore};

const PICTURE: &[u8] = include_bytes!("../../../assets/tests/files/a.png");

/// A web with one picture in it, and a user who is deleted while it is fetched.
struct Web {
    store: FakeStore,
    fatal: bool,
}

#[async_trait]
impl Fetcher for Web {
    async fn fetch(&self, url: &str, _limit: u64) -> Result<Fetched, FetchError> {
        if self.fatal {
            delete_user(&self.store).await;
        }
        match url {
            "https://example.com/cat.png" => {
                Ok(Fetched { bytes: PICTURE.to_vec(), url: url.to_owned() })
            }
            "https://example.com/page" => {
                Ok(Fetched { bytes: b"<html>".to_vec(), url: url.to_owned() })
            }
            _ => Err(FetchError::Status(404)),
        }
    }
}

struct World {
    store: FakeStore,
    media: Arc<FakeMediaStore>,
    clock: Arc<FakeClock>,
    assets: Assets,
    user: UserId,
}

impl World {
    async fn new() -> Self {
        Self::with(false).await
    }

    async fn with(fatal: bool) -> Self {
        let (store, media) = (FakeStore::new(), Arc::new(FakeMediaStore::new()));
        let clock = Arc::new(FakeClock::new());
        let mut tx = store.begin().await.unwrap();
        tx.insert_user(&user(1, clock.now())).await.unwrap();
        tx.commit().await.unwrap();
        let assets = Assets::new(AssetParts {
            store: Arc::new(store.clone()),
            media: Some(media.clone()),
            fetcher: Arc::new(Web { store: store.clone(), fatal }),
            clock: clock.clone(),
            ids: Arc::new(FakeIds::new()),
        });
        Self { store, media, clock, assets, user: user_id(1) }
    }

    fn create(&self) -> Create {
        Create { user: self.user, name: "cat.png".parse().unwrap(), metadata: None }
    }

    fn target(&self, asset: kernel::AssetId) -> Target {
        Target { user: self.user, asset, expected: None }
    }

    async fn import(&self, url: &str) -> Result<assets::Asset, AssetError> {
        let url = url.parse().unwrap();
        self.assets.import(Import { user: self.user, url, name: None, metadata: None }).await
    }
}

async fn delete_user(store: &FakeStore) {
    let mut tx = store.begin().await.unwrap();
    tx.delete_user(user_id(1)).await.unwrap();
    tx.commit().await.unwrap();
}

fn content() -> Content {
    let digest = Digest::from_bytes(Sha256::digest(PICTURE).into());
    Content { media: MediaType::Png, bytes: PICTURE.len() as u64, digest }
}

fn key(asset: &assets::Asset) -> MediaKey {
    match &asset.place {
        Place::Ours { key, .. } => key.parse().unwrap(),
        Place::Elsewhere { .. } => panic!("{asset:?}"),
    }
}

fn rejection<T: std::fmt::Debug>(outcome: Result<T, AssetError>) -> Rejection {
    match outcome {
        Err(AssetError::Rejected(rejection)) => rejection,
        Ok(_) | Err(_) => panic!("{outcome:?}"),
    }
}

#[tokio::test]
async fn an_upload_is_checked_byte_by_byte_where_the_store_does_not_vouch_for_it() {
    let world = World::new().await;
    world.media.vouch(false);
    let announced = world.assets.announce(world.create(), content()).await.unwrap().asset;
    let finalize = async || world.assets.finalize(world.user, announced.id).await;
    assert_eq!(rejection(finalize().await), Rejection::UploadMissing);

    let mut other = PICTURE.to_vec();
    other.reverse();
    world.media.put(&key(&announced), other, "image/png").await.unwrap();
    let differs = rejection(finalize().await);
    assert!(matches!(differs, Rejection::UploadDiffers { what: "checksum", .. }), "{differs:?}");
    world.media.put(&key(&announced), PICTURE.to_vec(), "text/html").await.unwrap();
    let differs = rejection(finalize().await);
    assert!(matches!(differs, Rejection::UploadDiffers { what: "content type", .. }));

    world.media.put(&key(&announced), PICTURE.to_vec(), "image/png").await.unwrap();
    let asset = finalize().await.unwrap();
    let Place::Ours { state: State::Stored { facts, .. }, .. } = asset.place else { panic!() };
    assert_eq!(facts.size.map(|size| (size.width, size.height)), Some((17, 9)));
}

#[tokio::test]
async fn bytes_that_were_made_here_are_looked_at_like_any_others() {
    let world = World::new().await;
    let (create, id) = (world.create(), asset_id(1));
    let junk = world.assets.store_bytes(create.clone(), id, MediaType::Png, b"junk".to_vec()).await;
    assert!(matches!(rejection(junk), Rejection::Unreadable(_)));
    assert_eq!(world.media.keys(), []);

    let store = async || {
        world.assets.store_bytes(create.clone(), id, MediaType::Png, PICTURE.to_vec()).await
    };
    let asset = store().await.unwrap();
    assert_eq!(store().await.unwrap(), asset, "storing again changes nothing");
    assert_eq!(world.media.keys(), [key(&asset)]);
    assert_eq!(world.store.find_asset(world.user, id).await.unwrap(), None, "the caller inserts");
}

#[tokio::test]
async fn what_is_fetched_is_kept_if_it_is_a_file_and_its_user_is_there() {
    let world = World::new().await;
    let asset = world.import("https://example.com/cat.png").await.unwrap();
    assert_eq!(asset.name.as_str(), "cat.png");
    assert_eq!(world.media.keys(), [key(&asset)]);
    let page = world.import("https://example.com/page").await;
    assert!(matches!(page, Err(AssetError::Unsupported)), "{page:?}");
    let missing = world.import("https://example.com/dog.png").await;
    assert!(matches!(missing, Err(AssetError::Fetch(FetchError::Status(404)))), "{missing:?}");

    let world = World::with(true).await;
    let late = world.import("https://example.com/cat.png").await;
    assert!(matches!(late, Err(AssetError::UserNotFound)), "{late:?}");
    assert_eq!(world.media.keys(), [], "no byte stays of a user who left meanwhile");
}

#[tokio::test]
async fn bytes_go_when_their_asset_is_purged_and_the_store_is_there() {
    let world = World::new().await;
    let asset = world.import("https://example.com/cat.png").await.unwrap();
    let copy = world.assets.copy(world.user, asset.id, None).await.unwrap();
    let target = world.target(asset.id);
    assert_eq!(rejection(world.assets.purge(&target).await), Rejection::NotDeleted);
    world.assets.delete(&target).await.unwrap();
    assert_eq!(world.assets.clear_doomed().await.unwrap(), 0, "a deleted asset keeps its bytes");
    world.assets.purge(&target).await.unwrap();

    world.media.set_down(true);
    let down = world.assets.clear_doomed().await;
    assert!(matches!(down, Err(AssetError::Media(MediaError::Unavailable(_)))), "{down:?}");
    world.media.set_down(false);
    assert_eq!(world.assets.clear_doomed().await.unwrap(), 0, "another process may be at it");
    world.clock.advance(Span::from_secs(10 * 60));
    assert_eq!(world.assets.clear_doomed().await.unwrap(), 1);
    assert_eq!(world.media.keys(), [key(&copy)]);
}

#[tokio::test]
async fn an_upload_that_nobody_ends_is_forgotten_with_its_bytes() {
    let world = World::new().await;
    let announced = world.assets.announce(world.create(), content()).await.unwrap().asset;
    world.media.put(&key(&announced), PICTURE.to_vec(), "image/png").await.unwrap();
    world.clock.advance(Span::from_secs(90 * 60));
    assert_eq!(world.assets.drop_abandoned().await.unwrap(), 0, "it may just have begun late");
    world.clock.advance(Span::from_secs(60 * 60));
    assert_eq!(world.assets.drop_abandoned().await.unwrap(), 1);
    assert_eq!(world.assets.clear_doomed().await.unwrap(), 1);
    assert_eq!(world.media.keys(), []);
}

#[tokio::test]
async fn a_store_that_is_down_fails_the_call_and_nothing_is_half_done() {
    let world = World::new().await;
    world.media.set_down(true);
    let down = world.import("https://example.com/cat.png").await;
    assert!(matches!(down, Err(AssetError::Media(MediaError::Unavailable(_)))), "{down:?}");
    world.media.set_down(false);
    world.store.set_down(true);
    let down = world.assets.announce(world.create(), content()).await;
    assert!(matches!(down, Err(AssetError::Store(StoreError::Unavailable(_)))), "{down:?}");
}
