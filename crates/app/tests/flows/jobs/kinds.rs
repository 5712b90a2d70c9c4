//! What each kind of job leaves behind: in the library, in the conversation, in the catalogue, on
//! the account.

use app::JobError;
use app::jobs::{NewJob, Retry};
use catalog::{Mark, Scene, SceneFields};
use generation::{Ask, CharacterRequest, HoldState, JobState, Part, Places, Request, SceneRequest};
use kernel::{OutputKind, PageSize, SceneId};
use library::Body;
use ports::{
    CharacterReads, Clock, ConversationReads, Ids, SceneReads, Store, ThemeReads, TurnFilter,
};
use testkit::fixtures::{
    character, character_id, conversation, image_request, project, project_id, requests, theme,
};

use super::{PICTURE, World, credits};

/// The request of each kind with what it names replaced by what is there.
async fn real(world: &World, request: Request) -> Request {
    let asset = picture(world).await;
    match request {
        Request::ImageEdit(mut edit) => {
            edit.sources = vec![asset];
            Request::ImageEdit(edit)
        }
        Request::Variant(mut variant) => {
            variant.source = asset;
            Request::Variant(variant)
        }
        Request::Scene(scene) => Request::Scene(SceneRequest { sources: vec![asset], ..scene }),
        Request::Character(character) => {
            Request::Character(CharacterRequest { reference: Some(asset), ..character })
        }
        Request::Video(mut video) => {
            for frame in &mut video.frames {
                (frame.asset, frame.output) = (asset, None);
            }
            Request::Video(video)
        }
        request @ (Request::Chat(_)
        | Request::Concept(_)
        | Request::Research(_)
        | Request::Summary(_)
        | Request::Segmentation(_)
        | Request::Image(_)
        | Request::Voiceover(_)) => request,
    }
}

/// A picture that the user has.
pub(super) async fn picture(world: &World) -> kernel::AssetId {
    let job = world.run(&world.images(1)).await;
    job.steps[0].asset().unwrap()
}

fn model(request: &Request) -> &'static str {
    match request {
        Request::Chat(_) | Request::Concept(_) | Request::Summary(_) | Request::Segmentation(_) => {
            "studio-text"
        }
        Request::Research(_) => "studio-research",
        Request::Image(_)
        | Request::ImageEdit(_)
        | Request::Character(_)
        | Request::Variant(_)
        | Request::Scene(_) => "studio-image",
        Request::Video(_) => "studio-video",
        Request::Voiceover(_) => "studio-speech",
    }
}

#[tokio::test]
async fn texts_are_made_at_once_and_kept_in_the_library() {
    let world = World::new().await;
    for (request, kind) in requests().into_iter().take(5).zip([
        None,
        Some(OutputKind::Concept),
        Some(OutputKind::Research),
        Some(OutputKind::Summary),
        Some(OutputKind::Segmentation),
    ]) {
        let job = world.run(&world.new_job(model(&request), request)).await;
        assert_eq!((job.state, job.money.hold), (JobState::Succeeded, HoldState::Captured));
        if let Some(kind) = kind {
            let outputs = world.outputs(kind).await;
            assert_eq!(outputs.len(), 1, "{kind:?}");
            assert_eq!(outputs[0].fields.job, Some(job.id));
            assert_eq!(outputs[0].fields.transaction, job.money.transaction);
        }
    }
    assert_eq!(world.balance().await, (credits("94.50"), credits("0")));
    assert_eq!(world.quota_used().await, 0, "texts take no unit");
}

#[tokio::test]
async fn a_picture_is_fetched_measured_stored_and_charged() {
    let world = World::new().await;
    let job = world.create(&world.images(2)).await;
    assert_eq!(world.balance().await, (credits("96"), credits("4")));
    assert_eq!(world.quota_used().await, 1);
    let job = world.finish(&world.worker(), &job).await;
    assert_eq!((job.state, job.progress), (JobState::Succeeded, 100));
    assert_eq!(world.balance().await, (credits("96"), credits("0")));
    let outputs = world.outputs(OutputKind::Image).await;
    assert_eq!(outputs.len(), 2);
    let Body::Image(image) = &outputs[0].fields.body else { panic!("{outputs:?}") };
    assert!(image.dimensions.is_some());
    assert_eq!(image.format.as_ref().unwrap().as_str(), "png");
    assert_eq!(image.size_bytes, u64::try_from(PICTURE.len()).ok());
    assert_eq!(world.media.keys().len(), 2);
    assert_eq!((world.studio.created(), world.studio.fetched()), (1, 2));
}

#[tokio::test]
async fn an_edit_is_told_the_picture_and_costs_the_price_of_an_edit() {
    let world = World::new().await;
    let request = requests().into_iter().find(Request::is_edit).unwrap();
    let request = real(&world, request).await;
    let before = world.balance().await.0;
    let job = world.run(&world.new_job("studio-image", request)).await;
    assert_eq!(job.state, JobState::Succeeded);
    assert_eq!(before.checked_sub(world.balance().await.0), Some(credits("2")), "two at one");
    let Ask::Image(ask) = &world.studio.calls()[1].ask else { panic!("it is of a picture") };
    assert_eq!(ask.references[0].bytes, PICTURE);
    assert_eq!(ask.references[0].media_type, "image/png");
}

#[tokio::test]
async fn a_video_of_the_wrong_kind_is_lost_and_costs_nothing() {
    let world = World::new().await;
    let request = requests().into_iter().find(|one| matches!(one, Request::Video(_))).unwrap();
    let request = real(&world, request).await;
    let before = world.balance().await.0;
    let job = world.run(&world.new_job("studio-video", request)).await;
    assert_eq!((job.state, job.money.hold), (JobState::Failed, HoldState::WrittenOff));
    assert_eq!(world.balance().await, (before, credits("0")));
}

#[tokio::test]
async fn a_character_is_drawn_from_six_sides_and_at_last() {
    let world = World::new().await;
    let character = character(world.user, 1, world.clock.now());
    let mut tx = world.store.begin().await.unwrap();
    tx.insert_character(&character, true).await.unwrap();
    tx.commit().await.unwrap();
    let mut request = requests().into_iter().find(|one| one.steps().len() > 1).unwrap();
    if let Request::Character(asked) = &mut request {
        (asked.character, asked.reference) = (Some(character.id), None);
    }
    let job = world.run(&world.new_job("studio-image", request)).await;
    assert_eq!(job.state, JobState::Succeeded);
    assert_eq!(world.studio.created(), 7);
    let calls = world.studio.calls();
    let pictures = |place: usize| {
        let Ask::Image(image) = &calls[place].ask else { panic!("{:?}", calls[place].ask) };
        image.references.len()
    };
    assert_eq!((pictures(0), pictures(1), pictures(6)), (0, 1, 1), "the first view leads");
    let outputs = world.outputs(OutputKind::Character).await;
    let Body::Character(body) = &outputs[0].fields.body else { panic!("{outputs:?}") };
    assert_eq!(body.views.as_slice().len(), 6);
    let last = job.steps.iter().find(|step| step.part == Part::Final).unwrap().asset();
    assert_eq!(body.final_image, last);
    let shown = world.store.find_character(world.user, character.id).await.unwrap().unwrap();
    assert_eq!(shown.fields.image, last);
    assert_eq!(shown.fields.status, catalog::GenerationStatus::Completed);
    assert_eq!(world.balance().await, (credits("85"), credits("0")));
}

#[tokio::test]
async fn a_character_that_fails_half_way_keeps_what_was_made_and_goes_on_from_there() {
    let world = World::new().await;
    let mut request = requests().into_iter().find(|one| one.steps().len() > 1).unwrap();
    if let Request::Character(asked) = &mut request {
        (asked.character, asked.reference) = (None, None);
    }
    let refused = generation::Failure::new(
        generation::Class::ProviderFailed { retryable: false },
        "it could not be drawn",
    );
    let usual = || {
        testkit::Scripted::Accepted(vec![Ok(generation::Polled::Made(
            testkit::FakeProvider::remote(1),
        ))])
    };
    let four = (0..4).map(|_| usual());
    world.studio.script(four.chain([testkit::Scripted::Failed(refused)]));
    let job = world.run(&world.new_job("studio-image", request)).await;
    assert_eq!((job.state, job.money.hold), (JobState::Failed, HoldState::Captured));
    assert_eq!(job.money.captured, credits("8.57"), "four of seven parts of fifteen");
    let outputs = world.outputs(OutputKind::Character).await;
    assert!(!outputs[0].fields.success);
    assert_eq!(world.quota_used().await, 1);

    let retry = Retry { user: world.user, id: job.id, request_id: "again".parse().unwrap() };
    let again = world.jobs.retry(&retry).await.unwrap().job;
    assert_eq!(again.money.amount, credits("6.43"));
    let again = world.finish(&world.worker(), &again).await;
    assert_eq!((again.state, again.resumes), (JobState::Succeeded, Some(job.id)));
    assert_eq!(world.studio.created(), 7, "the first four were not drawn again");
    assert_eq!(world.balance().await, (credits("85"), credits("0")));
    let replay = world.jobs.retry(&retry).await.unwrap();
    assert_eq!((replay.job.id, replay.replayed), (again.id, true));
}

#[tokio::test]
async fn a_chat_knows_what_was_said_and_adds_to_it() {
    let world = World::new().await;
    let now = world.clock.now();
    let (project, conversation) =
        (project(1, world.user, now), conversation(1, world.user, None, now));
    let mut tx = world.store.begin().await.unwrap();
    tx.insert_project(&project).await.unwrap();
    tx.insert_conversation(&conversation).await.unwrap();
    tx.commit().await.unwrap();
    let places = Places { project: Some(project_id(1)), conversation: Some(conversation.id) };
    let chat = requests().remove(0);
    for _ in 0..2 {
        let new = NewJob { places, ..world.new_job("studio-text", chat.clone()) };
        assert_eq!(world.run(&new).await.state, JobState::Succeeded);
    }
    let Ask::Chat(second) = &world.studio.calls()[1].ask else { panic!("it is a chat") };
    assert_eq!(second.turns.len(), 3, "what was asked, what was answered, what is asked now");
    let all = TurnFilter::default();
    let turns =
        world.store.list_turns(world.user, conversation.id, &all, PageSize::MAX, None).await;
    assert_eq!(turns.unwrap().items.len(), 2);
}

#[tokio::test]
async fn variants_and_scenes_get_their_pictures() {
    let world = World::new().await;
    let now = world.clock.now();
    let character = character(world.user, 1, now);
    let theme = theme(&character, 1, now);
    let scene = Scene {
        user: world.user,
        id: SceneId::from_uuid(world.ids.uuid()),
        fields: SceneFields {
            name: None,
            description: None,
            prompt: None,
            style: catalog::Style::Anime,
            cast: catalog::Cast::parse(vec![character_id(1)]).unwrap(),
        },
        images: Vec::new(),
        mark: Mark::first(now),
    };
    let mut tx = world.store.begin().await.unwrap();
    tx.insert_character(&character, true).await.unwrap();
    tx.insert_theme(&theme).await.unwrap();
    tx.insert_scene(&scene).await.unwrap();
    tx.commit().await.unwrap();
    for request in requests() {
        let request = real(&world, request).await;
        let request = if let Request::Variant(variant) = request {
            Request::Variant(generation::VariantRequest { theme: theme.id, ..variant })
        } else if let Request::Scene(asked) = request {
            Request::Scene(SceneRequest { scene: scene.id, ..asked })
        } else {
            continue;
        };
        let job = world.run(&world.new_job("studio-image", request)).await;
        assert_eq!((job.state, job.money.hold), (JobState::Succeeded, HoldState::Free));
    }
    let found = world.store.find_scene(world.user, scene.id).await.unwrap().unwrap();
    assert_eq!(found.images.len(), 2);
    let themes =
        world.store.list_themes(world.user, character.id, PageSize::MAX, None).await.unwrap();
    assert_eq!(themes.items.len(), 1);
    let mut tx = world.store.begin().await.unwrap();
    assert_eq!(tx.count_variants(world.user, theme.id).await.unwrap(), (1, 1));
    tx.rollback().await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_made_is_refused_before_anything_is_held() {
    let world = World::new().await;
    let of = |model: &str| NewJob { model: model.parse().unwrap(), ..world.images(1) };
    use generation::Rejection::{ModelLimit, ModelRetired, ModelUnable, ModelUnknown};
    assert!(matches!(world.refused(&of("nothing")).await, JobError::Rejected(ModelUnknown { .. })));
    let retired = world.refused(&of("dall-e-3")).await;
    let JobError::Rejected(ModelRetired { replacement, .. }) = retired else {
        panic!("{retired:?}")
    };
    assert_eq!(replacement.unwrap().as_str(), "gpt-image");
    assert!(matches!(
        world.refused(&of("studio-text")).await,
        JobError::Rejected(ModelUnable { .. })
    ));
    let nine = world.new_job("studio-image", Request::Image(image_request(9)));
    assert!(matches!(world.refused(&nine).await, JobError::Rejected(ModelLimit { .. })));
    let edit = requests().into_iter().find(Request::is_edit).unwrap();
    let edit = world.new_job("studio-image", edit);
    assert!(matches!(world.refused(&edit).await, JobError::SourceNotFound(_)));
    let lost = Places { project: Some(project_id(9)), ..Places::default() };
    let lost = NewJob { places: lost, ..world.images(1) };
    assert!(matches!(world.refused(&lost).await, JobError::ProjectNotFound));
    let stranger = NewJob { user: testkit::fixtures::user_id(9), ..world.images(1) };
    assert!(matches!(world.refused(&stranger).await, JobError::UserNotFound));
    assert_eq!(world.balance().await, (credits("100"), credits("0")));
    let quote = world.jobs.quote(&world.images(3)).await.unwrap();
    assert_eq!(quote.total, credits("6"));
    assert!(world.studio.calls().is_empty());
}

#[tokio::test]
async fn who_cannot_pay_gets_nothing_and_loses_nothing() {
    let world = World::new().await;
    for _ in 0..6 {
        world.create(&world.images(8)).await;
    }
    let refused = world.refused(&world.images(8)).await;
    let JobError::Ledger(ledger::Rejection::InsufficientCredits { required, available }) = refused
    else {
        panic!("{refused:?}")
    };
    assert_eq!((required, available), (credits("16"), credits("4")));
    assert_eq!(world.quota_used().await, 6, "the unit of the seventh was not taken");
}
