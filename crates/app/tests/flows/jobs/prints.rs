//! What is made of what a provider made: thumbnails, sprite sheets, and nothing of what is broken.

use app::jobs::SagaStep;
use catalog::{Character, VariantFields};
use generation::{
    Cancelled, Class, Delivered, Failure, HoldState, Job, JobState, MadeFile, Part, Piece, Request,
};
use kernel::{AssetId, OutputKind};
use library::{Body, CharacterBody, ImageBody};
use ports::{AssetReads, CharacterReads, Clock, Store, ThemeReads};
use testkit::fixtures::{character, requests, theme};
use testkit::{FakeDarkroom, Scripted};

use super::{PICTURE, World, credits, seconds};

async fn printing() -> World {
    World::seeing(PICTURE, FakeDarkroom::printing(PICTURE.to_vec())).await
}

fn thumbnail(job: &Job) -> Option<AssetId> {
    job.steps[0].pieces[0].thumbnail()
}

async fn images(world: &World) -> Vec<ImageBody> {
    let outputs = world.outputs(OutputKind::Image).await.into_iter();
    let image = |body| {
        let Body::Image(image) = body else { panic!("{body:?}") };
        image
    };
    outputs.map(|output| image(output.fields.body)).collect()
}

#[tokio::test]
async fn a_picture_has_a_thumbnail_of_its_own_in_the_library() {
    let world = printing().await;
    let job = world.run(&world.images(2)).await;
    assert_eq!(job.state, JobState::Succeeded);
    assert_eq!(world.media.keys().len(), 4, "two pictures and two thumbnails");
    for image in images(&world).await {
        let ids = [image.asset.unwrap(), image.thumbnail.unwrap()];
        let found = world.store.find_assets(world.user, &ids).await.unwrap();
        assert_eq!(found.len(), 2);
        assert!(found.iter().any(|asset| asset.name.as_str().contains("-thumbnail.")));
    }
}

#[tokio::test]
async fn a_worker_that_ends_in_between_leaves_one_thumbnail() {
    for step in [SagaStep::MadeNoted, SagaStep::BytesStored, SagaStep::Settled] {
        let world = printing().await;
        let job = world.create(&world.images(1)).await;
        let doomed = world.doomed(step, 0);
        for _ in 0..9 {
            world.clock.set(world.clock.now().max(world.get(&job).await.work.due_at));
            doomed.round().await;
        }
        let job = world.finish(&world.worker(), &job).await;
        assert_eq!((job.state, world.media.keys().len()), (JobState::Succeeded, 2), "{step:?}");
        assert_eq!(images(&world).await[0].thumbnail, thumbnail(&job));
    }
}

#[tokio::test]
async fn a_variant_and_a_character_show_the_thumbnails_of_their_pictures() {
    let world = printing().await;
    let source = world.run(&world.images(1)).await.steps[0].asset().unwrap();
    let now = world.clock.now();
    let mia = character(world.user, 1, now);
    let party = theme(&mia, 1, now);
    let mut tx = world.store.begin().await.unwrap();
    tx.insert_character(&mia, true).await.unwrap();
    tx.insert_theme(&party).await.unwrap();
    tx.commit().await.unwrap();
    let mut request =
        requests().into_iter().find(|one| matches!(one, Request::Variant(_))).unwrap();
    if let Request::Variant(asked) = &mut request {
        (asked.theme, asked.source) = (party.id, source);
    }
    let job = world.run(&world.new_job("studio-image", request)).await;
    let size = kernel::PageSize::MAX;
    let page = world.store.list_variants(world.user, party.id, size, None).await.unwrap();
    let VariantFields { image, thumbnail: small, .. } = &page.items[0].fields;
    assert_eq!((*image, *small), (job.steps[0].asset(), thumbnail(&job)));
    assert!(small.is_some());

    let (job, body) = drawn(&world, Some(mia.id)).await;
    let last = job.steps.iter().find(|step| step.part == Part::Final).unwrap();
    let shown: Character = world.store.find_character(world.user, mia.id).await.unwrap().unwrap();
    assert_eq!(shown.fields.thumbnail, last.pieces[0].thumbnail());
    assert_eq!((shown.fields.image, body.final_image), (last.asset(), last.asset()));
    assert!(shown.fields.thumbnail.is_some());
}

async fn drawn(world: &World, character: Option<kernel::CharacterId>) -> (Job, CharacterBody) {
    let mut request = requests().into_iter().find(|one| one.steps().len() > 1).unwrap();
    if let Request::Character(asked) = &mut request {
        (asked.character, asked.reference) = (character, None);
    }
    let job = world.run(&world.new_job("studio-image", request)).await;
    let outputs = world.outputs(OutputKind::Character).await;
    let Body::Character(body) = outputs[0].fields.body.clone() else { panic!("{outputs:?}") };
    (job, body)
}

#[tokio::test]
async fn a_character_has_a_sheet_of_its_six_views_and_no_file_that_nothing_shows() {
    let world = printing().await;
    let (job, body) = drawn(&world, None).await;
    assert_eq!(job.state, JobState::Succeeded);
    let sheet = body.sprite_sheet.unwrap();
    let found = world.store.find_assets(world.user, &[sheet]).await.unwrap();
    assert_eq!(found[0].name.as_str(), "sprite-sheet.png");
    assert_eq!(world.media.keys().len(), 8, "six views, the sheet, the last picture");
    assert_eq!(job.money.captured, credits("15"), "the sheet costs nothing");
}

#[tokio::test]
async fn a_character_that_is_drawn_on_has_a_sheet_and_one_of_four_views_has_none() {
    let world = printing().await;
    let failed = Failure::new(Class::ProviderFailed { retryable: false }, "it could not be drawn");
    let made = || Scripted::Made(vec![Piece::File(MadeFile::Bytes(PICTURE.to_vec()))]);
    world.studio.script((0..4).map(|_| made()).chain([Scripted::Failed(failed)]));
    let (job, body) = drawn(&world, None).await;
    assert_eq!((job.state, body.sprite_sheet), (JobState::Failed, None));
    let retry =
        app::jobs::Retry { user: world.user, id: job.id, request_id: "again".parse().unwrap() };
    let again = world.jobs.retry(&retry).await.unwrap().job;
    let again = world.finish(&world.worker(), &again).await;
    assert_eq!(again.state, JobState::Succeeded);
    let outputs = world.outputs(OutputKind::Character).await;
    let whole = outputs.iter().find(|output| output.fields.job == Some(again.id)).unwrap();
    let Body::Character(body) = &whole.fields.body else { panic!("{whole:?}") };
    assert!(body.sprite_sheet.is_some());
}

#[tokio::test]
async fn of_pictures_that_are_broken_none_is_charged() {
    let file = |bytes: &[u8]| Piece::File(MadeFile::Bytes(bytes.to_vec()));
    let broken = [&b"<html>no such picture</html>"[..], &PICTURE[..PICTURE.len() / 2], b""];
    let world = printing().await;
    world.studio.script([Scripted::Made(broken.map(file).to_vec())]);
    let job = world.run(&world.images(3)).await;
    assert_eq!((job.state, job.money.hold), (JobState::Failed, HoldState::WrittenOff));
    assert_eq!(job.ending.unwrap().reason, generation::Reason::OutputLost);
    assert_eq!(world.balance().await, (credits("100"), credits("0")));
    assert!(world.media.keys().is_empty() && images(&world).await.is_empty());

    // Two of three are there: two are charged.
    world.studio.script([Scripted::Made(vec![file(PICTURE), file(broken[1]), file(PICTURE)])]);
    let job = world.run(&world.images(3)).await;
    assert_eq!((job.state, job.money.captured), (JobState::Succeeded, credits("4")));
    assert_eq!(images(&world).await.len(), 2);
}

#[tokio::test]
async fn a_job_that_is_cancelled_after_its_views_keeps_their_sheet() {
    let world = printing().await;
    let mut request = requests().into_iter().find(|one| one.steps().len() > 1).unwrap();
    if let Request::Character(asked) = &mut request {
        (asked.character, asked.reference) = (None, None);
    }
    let job = world.create(&world.new_job("studio-image", request)).await;
    let worker = world.worker();
    while world.get(&job).await.tally().0 < 6 {
        world.clock.set(world.clock.now().max(world.get(&job).await.work.due_at));
        worker.round().await;
        world.clock.advance(seconds(1));
    }
    world.studio.answer_cancel(Cancelled::Stopped);
    world.jobs.cancel(world.user, job.id).await.unwrap();
    let job = world.finish(&worker, &job).await;
    assert_eq!(job.state, JobState::Cancelled);
    let outputs = world.outputs(OutputKind::Character).await;
    let Body::Character(body) = &outputs[0].fields.body else { panic!("{outputs:?}") };
    assert!(body.sprite_sheet.is_some() && body.final_image.is_none());
    let stored = |piece: &Delivered| piece.asset().is_some();
    assert_eq!(
        job.steps.iter().flat_map(|step| &step.pieces).filter(|piece| stored(piece)).count(),
        6
    );
}
