//! The catalogue of models as operators change it, and what becomes of jobs by it.

use app::{ModelFilter, Models, ModelsError, Reach};
use generation::{
    Ability, Class, Day, Failure, ModelFields, ModelLife, ModelName, ModelRejection, ModelRoute,
    ModelState, ModelWarning, Offered, Probe, Rejection, Route,
};
use kernel::{Patch, Timestamp};
use testkit::Scripted;

use super::*;

/// The models of a world, and the two providers as jobs know them.
fn models(world: &World) -> Models {
    let providers = [("studio", &world.studio), ("fal", &world.fal)];
    let limits = ProviderLimits { running_max: Some(3), starts_max: None };
    let providers = providers.into_iter().fold(Providers::default(), |all, (name, provider)| {
        all.with(name.parse().unwrap(), SetUp { provider: provider.clone(), limits })
    });
    let store = Arc::new(world.store.clone());
    Models::new(store.clone(), store, providers, world.clock.clone())
}

/// Pictures by these providers, each with its position and weight.
fn pictures(routes: &[(&str, u16, u16)]) -> ModelFields {
    let route = |(provider, position, weight): &(&str, u16, u16)| ModelRoute {
        position: *position,
        weight: *weight,
        route: Route { provider: provider.parse().unwrap(), model: "m".parse().unwrap() },
    };
    ModelFields {
        abilities: vec![Ability::Image],
        images_max: None,
        millis_max: None,
        characters_max: None,
        routes: routes.iter().map(route).collect(),
    }
}

fn named(name: &str) -> ModelName {
    name.parse().unwrap()
}

fn life(state: ModelState, replacement: Option<&str>, day: Option<Day>) -> ModelLife {
    ModelLife { state, replacement: replacement.map(named), shutdown: day }
}

async fn create(models: &Models, name: &str, routes: &[(&str, u16, u16)]) {
    models.create(&named(name), &pictures(routes), &ModelLife::default()).await.unwrap();
}

#[tokio::test]
async fn a_change_counts_for_the_next_job_and_not_for_those_that_were_accepted() {
    let world = World::new().await;
    let models = models(&world);
    create(&models, "mine", &[("studio", 1, 1)]).await;
    let new = || world.new_job("mine", Request::Image(image_request(1)));
    let before = world.create(&new()).await;
    let patch = Patch { values: pictures(&[("fal", 1, 1)]), names: vec!["routes"] };
    let changed = models.update(&named("mine"), &patch, None).await.unwrap();
    assert_eq!(changed.model.etag.revision(), 2);
    let after = world.create(&new()).await;
    let asked = |job: &Job| job.routes[0].provider.to_string();
    assert_eq!((asked(&before), asked(&after)), ("studio".to_owned(), "fal".to_owned()));
    let worker = world.worker();
    world.finish(&worker, &before).await;
    world.finish(&worker, &after).await;
    assert_eq!((world.studio.created(), world.fal.created()), (1, 1));
}

#[tokio::test]
async fn jobs_are_shared_out_by_weight() {
    let world = World::new().await;
    create(&models(&world), "mine", &[("studio", 1, 3), ("fal", 1, 1)]).await;
    let mut first = 0;
    for number in 0..40 {
        // Ids of tests go up in even steps, those of the world do not.
        if number % 2 == 0 {
            world.ids.nonce();
        }
        let job = world.create(&world.new_job("mine", Request::Image(image_request(1)))).await;
        assert_eq!(job.routes.len(), 2, "the other stands by");
        first += usize::from(job.routes[0].provider.as_str() == "studio");
    }
    assert!((25..=35).contains(&first), "{first}");
}

#[tokio::test]
async fn a_retired_model_is_refused_and_leads_to_one_that_can_be_had() {
    let world = World::new().await;
    let models = models(&world);
    for name in ["one", "two", "three"] {
        create(&models, name, &[("studio", 1, 1)]).await;
    }
    for (name, next) in [("one", "two"), ("two", "three")] {
        let retired = life(ModelState::Retired, Some(next), None);
        let set = models.set_life(&named(name), &retired, None).await.unwrap();
        assert_eq!(set.warnings, []);
    }
    let refused = world.refused(&world.new_job("one", Request::Image(image_request(1)))).await;
    let JobError::Rejected(why) = refused else { panic!("{refused:?}") };
    let replacement = Some(named("three"));
    assert_eq!(why, Rejection::ModelRetired { model: named("one"), replacement });
    let back = life(ModelState::Active, Some("two"), None);
    let refused = models.set_life(&named("three"), &back, None).await.unwrap_err();
    let ModelsError::Rejected(why) = refused else { panic!("{refused:?}") };
    assert_eq!(why, ModelRejection::ReplacementRetired { name: named("two") });
    // Whoever is to stand in and is retired without anybody after it is warned of.
    models.set_life(&named("three"), &life(ModelState::Retired, None, None), None).await.unwrap();
    let found = models.get(&named("one")).await.unwrap();
    assert_eq!(found.warnings, [ModelWarning::ReplacementGone]);
}

#[tokio::test]
async fn models_are_listed_by_name_and_by_filter() {
    let world = World::new().await;
    let models = models(&world);
    create(&models, "nobody-has-it", &[("openai", 1, 1)]).await;
    let size = PageSize::parse(2).unwrap();
    let (mut names, mut after) = (Vec::new(), None);
    loop {
        let page = models.list(&ModelFilter::default(), size, after).await.unwrap();
        names.extend(page.items.into_iter().map(|one| one.model.name));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert!(names.is_sorted() && names.len() > 20, "{names:?}");
    let filter = ModelFilter {
        states: vec![ModelState::Active],
        abilities: vec![Ability::Image, Ability::Edit],
    };
    let page = models.list(&filter, PageSize::MAX, None).await.unwrap();
    let names: Vec<&str> = page.items.iter().map(|one| one.model.name.as_str()).collect();
    assert_eq!(names, ["flux", "gpt-image", "imagen", "recraft", "studio-image"]);
    let found = models.get(&named("nobody-has-it")).await.unwrap();
    assert_eq!(found.warnings, [ModelWarning::Unavailable]);
    let missing = models.get(&named("nothing")).await;
    assert!(matches!(missing, Err(ModelsError::NotFound(_))));
}

#[tokio::test]
async fn a_used_up_quota_closes_a_provider_to_every_job_until_its_moment() {
    let world = World::new().await;
    let models = models(&world);
    create(&models, "mine", &[("fal", 1, 1), ("studio", 2, 1)]).await;
    let until = world.clock.now().saturating_add(seconds(36_000));
    let used_up = Class::QuotaExhausted { until: Some(until) };
    world.fal.script([Scripted::Failed(Failure::new(used_up, "the day is used up"))]);
    for _ in 0..3 {
        let job = world.run(&world.new_job("mine", Request::Image(image_request(1)))).await;
        assert_eq!(job.state, JobState::Succeeded);
    }
    assert_eq!((world.fal.calls().len(), world.studio.created()), (1, 3));
    let closed = models.probe(&["fal".parse().unwrap()]).await.unwrap();
    assert_eq!(closed[0].closed_until, Some(until));
    world.clock.set(until);
    let job = world.run(&world.new_job("mine", Request::Image(image_request(1)))).await;
    assert_eq!((job.state, world.fal.created()), (JobState::Succeeded, 1));
    assert_eq!(models.probe(&[]).await.unwrap()[0].closed_until, None);
}

#[tokio::test]
async fn providers_are_asked_for_nothing_and_held_against_the_catalogue() {
    let world = World::new().await;
    let models = models(&world);
    create(&models, "mine", &[("fal", 1, 1), ("studio", 2, 1)]).await;
    let offered =
        |model: &str| Offered { model: model.to_owned(), shutdown: None, abilities: None };
    world.studio.answer_probe(Ok(Probe::Listed(vec![offered("m"), offered("other")])));
    let refused = Failure::new(Class::AuthFailed, "the key is refused");
    world.fal.answer_probe(Err(refused));
    let probed = models.probe(&[]).await.unwrap();
    let [fal, studio] = probed.as_slice() else { panic!("{probed:?}") };
    assert_eq!((fal.provider.as_str(), fal.reach), ("fal", Reach::KeyRefused));
    assert_eq!(fal.message.as_deref(), Some("the key is refused"));
    assert!(fal.models.iter().any(|one| one.model == named("mine") && one.found.is_none()));
    assert_eq!((studio.provider.as_str(), studio.reach), ("studio", Reach::Ready));
    assert_eq!(studio.limits.running_max, Some(3));
    let found = |name: &str| {
        studio.models.iter().find(|one| one.model == named(name)).and_then(|one| one.found)
    };
    assert_eq!((found("mine"), found("studio-image")), (Some(true), Some(false)));
    for (answer, reach) in [
        (Ok(Probe::Reached), Reach::Answers),
        (Ok(Probe::Accepted), Reach::Ready),
        (Err(Failure::new(Class::RateLimited { retry_after: None }, "slow")), Reach::Ready),
        (Err(Failure::new(Class::Transient, "nobody there")), Reach::Unreachable),
    ] {
        world.fal.answer_probe(answer);
        assert_eq!(models.probe(&["fal".parse().unwrap()]).await.unwrap()[0].reach, reach);
    }
    let unknown = models.probe(&["openai".parse().unwrap()]).await;
    assert!(matches!(unknown, Err(ModelsError::ProviderNotFound(_))));
    assert_eq!((world.fal.created(), world.studio.created()), (0, 0));
}

#[tokio::test]
async fn models_that_end_are_told_of_once_a_day() {
    let world = World::new().await;
    let models = models(&world);
    let day = |days: u32| {
        let moment: Timestamp = world.clock.now().saturating_add(seconds(days * 86_400));
        Some(Day::of(moment))
    };
    assert_eq!(models.warn_of_ends().await.unwrap(), 0);
    create(&models, "soon", &[("studio", 1, 1)]).await;
    let ends = life(ModelState::Deprecated, Some("studio-image"), day(10));
    let set = models.set_life(&named("soon"), &ends, None).await.unwrap();
    assert_eq!(set.warnings, [ModelWarning::EndsSoon]);
    let quoted = |name: &str| world.new_job(name, Request::Image(image_request(1)));
    assert_eq!(world.jobs.quote(&quoted("soon")).await.unwrap().ends, day(10));
    assert_eq!(world.jobs.quote(&quoted("studio-image")).await.unwrap().ends, None);
    assert_eq!(models.warn_of_ends().await.unwrap(), 0, "it has told of this day");
    world.clock.advance(seconds(86_400));
    assert_eq!(models.warn_of_ends().await.unwrap(), 1);
    assert_eq!(models.warn_of_ends().await.unwrap(), 0);
    world.clock.advance(seconds(10 * 86_400));
    let found = models.get(&named("soon")).await.unwrap();
    assert_eq!(found.warnings, [ModelWarning::Ended]);
    assert_eq!(models.warn_of_ends().await.unwrap(), 1);
}
