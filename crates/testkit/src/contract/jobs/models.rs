//! The catalogue of models, and how fast all processes together ask a provider.

use std::sync::atomic::{AtomicU32, Ordering};

use generation::decide::start;
use generation::{Ability, Model, ModelLife, ModelState, ProviderLimits, ProviderName};
use kernel::Etag;
use ports::{JobQueue, ModelReads, Store};

use super::queue::{claim, take};
use super::{image, insert, moment, prepare, update};
use crate::fixtures::{job, model, user_id};

pub async fn a_model_is_stored_once_and_reads_back(store: &(impl Store + ModelReads)) {
    let mut defaults = generation::defaults(true, moment(1));
    let mut tx = store.begin().await.unwrap();
    for model in &defaults {
        assert!(tx.insert_model(model).await.unwrap());
    }
    let other = model("flux", &[Ability::Text], &["nobody"]);
    assert!(!tx.insert_model(&other).await.unwrap());
    tx.commit().await.unwrap();
    defaults.sort_by(|a, b| a.name.cmp(&b.name));
    assert_eq!(store.list_models().await.unwrap(), defaults);
    let retired = defaults.iter().find(|model| model.life.state == ModelState::Retired).unwrap();
    assert_eq!(store.find_model(&retired.name).await.unwrap().as_ref(), Some(retired));
    assert_eq!(store.find_model(&"nothing".parse().unwrap()).await.unwrap(), None);
}

pub async fn a_changed_model_reads_back_with_its_routes(store: &(impl Store + ModelReads)) {
    let before = model("flux", &[Ability::Image], &["fal", "replicate"]);
    let beside = model("imagen", &[Ability::Image], &["gemini"]);
    let mut tx = store.begin().await.unwrap();
    for model in [&beside, &before] {
        assert!(tx.insert_model(model).await.unwrap());
    }
    tx.commit().await.unwrap();

    let mut routes = model("flux", &[], &["studio", "openai", "fal"]).fields.routes;
    routes[0].position = u16::MAX;
    routes[1].weight = 0;
    let mut after = Model {
        life: ModelLife {
            state: ModelState::Deprecated,
            replacement: Some(beside.name.clone()),
            shutdown: Some("2026-12-31".parse().unwrap()),
        },
        etag: Etag::FIRST.next(),
        updated_at: moment(9),
        ..before.clone()
    };
    after.fields.abilities = vec![Ability::Text, Ability::Speech];
    after.fields.routes = routes;
    after.fields.images_max = Some(u32::MAX);
    after.fields.millis_max = Some(1);
    after.fields.characters_max = Some(2);
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.lock_models().await.unwrap(), [before.clone(), beside.clone()]);
    tx.update_model(&after).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.find_model(&after.name).await.unwrap().as_ref(), Some(&after));

    let mut bare = Model { life: ModelLife::default(), ..after.clone() };
    bare.life.state = ModelState::Retired;
    bare.fields = model("flux", &[Ability::Image], &[]).fields;
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.lock_models().await.unwrap(), [after, beside.clone()]);
    tx.update_model(&bare).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.list_models().await.unwrap(), [bare, beside]);
}

pub async fn whoever_changes_the_catalogue_does_so_alone(store: &(impl Store + ModelReads)) {
    let one = model("flux", &[Ability::Image], &["fal"]);
    let mut tx = store.begin().await.unwrap();
    assert!(tx.insert_model(&one).await.unwrap());
    tx.commit().await.unwrap();
    let counted = || async {
        let mut tx = store.begin().await.unwrap();
        let mut all = tx.lock_models().await.unwrap();
        let mut model = all.remove(0);
        model.etag = model.etag.next();
        tx.update_model(&model).await.unwrap();
        tx.commit().await.unwrap();
    };
    tokio::join!(counted(), counted(), counted(), counted());
    let found = store.find_model(&one.name).await.unwrap().unwrap();
    assert_eq!(found.etag.revision(), 5);
}

pub async fn a_provider_is_asked_no_faster_than_it_may_be_by_all_together(
    store: &(impl Store + JobQueue),
) {
    prepare(store).await;
    for number in 1..=3 {
        insert(store, &job(number, user_id(number), image(), moment(1))).await.unwrap();
    }
    let jobs = take(store, &claim(1, 2, 3)).await;
    let studio: ProviderName = "studio".parse().unwrap();
    // What is let pass is noted in the same step, as workers do it.
    let passed = AtomicU32::new(0);
    let ask = |limits: ProviderLimits, place: usize| {
        let (passed, jobs, studio) = (&passed, &jobs, &studio);
        async move {
            let mut tx = store.begin().await.unwrap();
            let gauge = tx.lock_gauge(studio, moment(3)).await.unwrap();
            let running = tx.count_at_provider(studio).await.unwrap();
            let (after, permit) = gauge.permit(limits, running, moment(3));
            tx.put_gauge(&after).await.unwrap();
            if permit.is_ok() {
                passed.fetch_add(1, Ordering::Relaxed);
                tx.update_job(&start(jobs[place].clone(), moment(3)).unwrap()).await.unwrap();
            }
            tx.commit().await.unwrap();
        }
    };
    let places = ProviderLimits { running_max: Some(2), starts_max: None };
    tokio::join!(ask(places, 0), ask(places, 1), ask(places, 2));
    assert_eq!(passed.swap(0, Ordering::Relaxed), 2, "two places");

    for job in &jobs {
        update(store, job).await;
    }
    let mut tx = store.begin().await.unwrap();
    let gauge = tx.lock_gauge(&studio, moment(3)).await.unwrap();
    tx.put_gauge(&generation::Gauge::new(gauge.provider, moment(3))).await.unwrap();
    tx.commit().await.unwrap();
    let minute = ProviderLimits { running_max: None, starts_max: Some(1) };
    tokio::join!(ask(minute, 0), ask(minute, 1), ask(minute, 2));
    assert_eq!(passed.swap(0, Ordering::Relaxed), 1, "one start in the minute");
}
