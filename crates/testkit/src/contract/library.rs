//! What every store of outputs promises.

use kernel::{OutputKind, PageSize, Span, Timestamp};
use ledger::Action;
use library::{Body, ChargeState, Output, OutputPatch, Several};
use ports::{
    OUTPUTS_USER_FKEY, OutputFilter, OutputReads, ProjectReads, Store, StoreError, finish,
};

use super::ledger::{post, purchase, reserve};
use crate::fixtures::{
    bodies, insert_models, output, output_id, project, project_id, user, user_id,
};

/// Makes a test of each case: `library_contract!(fixture)`, as `contract_tests!` has it.
#[macro_export]
macro_rules! library_contract {
    ($fixture:ident) => {
        $crate::contract_tests! {
            $fixture,
            library,
            [
                every_body_reads_back_as_it_was_stored,
                an_output_belongs_to_a_user_who_is_there,
                another_users_output_is_not_found,
                an_update_stores_what_may_change_and_nothing_else,
                one_segmentation_of_a_project_is_selected,
                a_filter_leaves_out_the_other_outputs,
                outputs_are_listed_newest_first_by_pages,
                a_video_outlives_its_pictures,
                outputs_go_with_their_project_and_their_user,
                a_charge_is_what_the_ledger_says_at_the_moment,
            ]
        }
    };
}

fn moment(seconds: u32) -> Timestamp {
    let base = Timestamp::from_micros(1_767_225_600_123_456).expect("is in range");
    base.saturating_add(Span::from_secs(seconds))
}

async fn prepare(store: &impl Store) {
    let mut tx = store.begin().await.unwrap();
    for number in [1, 2] {
        tx.insert_user(&user(number, moment(0))).await.unwrap();
        tx.insert_project(&project(number, user_id(number), moment(0))).await.unwrap();
        insert_models(&mut *tx, user_id(number), moment(0)).await;
    }
    tx.commit().await.unwrap();
}

async fn insert(store: &impl Store, output: &Output) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    let outcome = tx.insert_output(output).await;
    finish(tx, outcome).await
}

async fn listed(store: &impl OutputReads, filter: &OutputFilter) -> Vec<Output> {
    store.list_outputs(user_id(1), filter, PageSize::MAX, None).await.unwrap().items
}

fn kind_of(kind: OutputKind) -> Body {
    bodies().into_iter().find(|body| body.kind() == kind).expect("there is one of each kind")
}

fn image(number: u64, seconds: u32) -> Output {
    output(number, user_id(1), Some(project_id(1)), kind_of(OutputKind::Image), moment(seconds))
}

pub async fn every_body_reads_back_as_it_was_stored(store: &(impl Store + OutputReads)) {
    prepare(store).await;
    let stored: Vec<Output> = (1..)
        .zip(bodies())
        .map(|(number, body)| {
            let at = moment(u32::try_from(number).unwrap());
            output(number, user_id(1), Some(project_id(1)), body, at)
        })
        .collect();
    for output in &stored {
        insert(store, output).await.unwrap();
        let found = store.find_outputs(user_id(1), &[output.id]).await.unwrap();
        assert_eq!(found, std::slice::from_ref(output));
    }
    let mut listed = listed(store, &OutputFilter::default()).await;
    listed.reverse();
    assert_eq!(listed, stored);
    let mut tx = store.begin().await.unwrap();
    for output in &stored {
        assert_eq!(tx.lock_output(user_id(1), output.id).await.unwrap().as_ref(), Some(output));
    }
    tx.rollback().await.unwrap();
}

pub async fn an_output_belongs_to_a_user_who_is_there(store: &(impl Store + OutputReads)) {
    prepare(store).await;
    let lost = Output {
        user: user_id(9),
        ..output(1, user_id(9), None, kind_of(OutputKind::Image), moment(1))
    };
    let outcome = insert(store, &lost).await;
    match outcome {
        Err(StoreError::Conflict { constraint }) => assert_eq!(constraint, OUTPUTS_USER_FKEY),
        Ok(()) | Err(_) => panic!("{outcome:?}"),
    }
}

pub async fn another_users_output_is_not_found(store: &(impl Store + OutputReads)) {
    prepare(store).await;
    insert(store, &image(1, 1)).await.unwrap();
    assert_eq!(store.find_outputs(user_id(2), &[output_id(1)]).await.unwrap(), []);
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.lock_output(user_id(2), output_id(1)).await.unwrap(), None);
    tx.rollback().await.unwrap();
}

pub async fn an_update_stores_what_may_change_and_nothing_else(store: &(impl Store + OutputReads)) {
    prepare(store).await;
    insert(store, &image(1, 1)).await.unwrap();
    insert(store, &image(2, 2)).await.unwrap();
    let patch = OutputPatch {
        project: kernel::Change::Clear,
        message: kernel::Change::Set("Better".parse().unwrap()),
        art_style: kernel::Change::Clear,
    };
    let before = image(1, 1);
    let life = before.life.delete(None, moment(9)).unwrap().unwrap();
    let changed = Output { fields: patch.apply(&before.fields), life, ..before };
    let mut tx = store.begin().await.unwrap();
    assert!(tx.lock_output(user_id(1), changed.id).await.unwrap().is_some());
    tx.update_output(&changed).await.unwrap();
    tx.commit().await.unwrap();
    let ids = [output_id(1), output_id(2)];
    let mut found = store.find_outputs(user_id(1), &ids).await.unwrap();
    found.sort_by_key(|output| output.id);
    assert_eq!(found, [changed, image(2, 2)]);
}

pub async fn one_segmentation_of_a_project_is_selected(store: &(impl Store + OutputReads)) {
    prepare(store).await;
    for number in [1, 2] {
        let body = kind_of(OutputKind::Segmentation);
        let plan = output(number, user_id(1), Some(project_id(1)), body, moment(1));
        insert(store, &plan).await.unwrap();
    }
    for (number, was) in [(1, None), (2, Some(output_id(1))), (1, Some(output_id(2)))] {
        let mut tx = store.begin().await.unwrap();
        tx.lock_project(user_id(1), project_id(1)).await.unwrap();
        let before = tx.deselect_output(user_id(1), project_id(1), moment(5)).await.unwrap();
        assert_eq!(before, was);
        let locked = tx.lock_output(user_id(1), output_id(number)).await.unwrap().unwrap();
        let selected = library::select(&locked, moment(5)).unwrap().unwrap();
        tx.update_output(&selected).await.unwrap();
        tx.commit().await.unwrap();
        let filter = OutputFilter { selected: Some(true), ..OutputFilter::default() };
        assert_eq!(listed(store, &filter).await, [selected]);
    }
}

pub async fn a_filter_leaves_out_the_other_outputs(store: &(impl Store + OutputReads)) {
    prepare(store).await;
    let mut model = image(2, 2);
    model.fields.model = Some("flux".parse().unwrap());
    let mut style = image(3, 3);
    style.fields.art_style = None;
    let mut failed = image(4, 4);
    failed.fields.success = false;
    let mut loose = image(5, 5);
    loose.fields.project = None;
    let mut gone = image(6, 6);
    gone.life = gone.life.delete(None, moment(7)).unwrap().unwrap();
    let talk = output(7, user_id(1), None, kind_of(OutputKind::Voiceover), moment(8));
    for output in [image(1, 1), model, style, failed, loose, gone, talk] {
        insert(store, &output).await.unwrap();
    }
    let numbers = async |filter: OutputFilter| {
        let found = listed(store, &filter).await;
        (1..=7).filter(|n| found.iter().any(|o| o.id == output_id(*n))).collect::<Vec<u64>>()
    };
    let all = OutputFilter::default;
    let text = |text: &str| Some(text.to_owned());
    for (filter, expected) in [
        (all(), &[1, 2, 3, 4, 5, 7][..]),
        (OutputFilter { show_deleted: true, ..all() }, &[1, 2, 3, 4, 5, 6, 7]),
        (OutputFilter { kinds: vec![OutputKind::Voiceover], ..all() }, &[7]),
        (OutputFilter { project: Some(project_id(1)), ..all() }, &[1, 2, 3, 4]),
        (OutputFilter { model: text("flux"), ..all() }, &[2]),
        (OutputFilter { art_style: text("ink"), ..all() }, &[1, 2, 4, 5, 7]),
        (OutputFilter { success: Some(false), ..all() }, &[4]),
        (OutputFilter { job: image(3, 3).fields.job, ..all() }, &[3]),
        (OutputFilter { from: Some(moment(3)), until: Some(moment(5)), ..all() }, &[3, 4]),
    ] {
        assert_eq!(numbers(filter.clone()).await, expected, "{filter:?}");
    }
}

pub async fn outputs_are_listed_newest_first_by_pages(store: &(impl Store + OutputReads)) {
    prepare(store).await;
    for (number, at) in [(3, 30), (1, 10), (5, 50), (2, 30), (4, 30)] {
        insert(store, &image(number, at)).await.unwrap();
    }
    let two = PageSize::parse(2).unwrap();
    let (mut after, mut pages) = (None, Vec::new());
    loop {
        let all = OutputFilter::default();
        let page = store.list_outputs(user_id(1), &all, two, after).await.unwrap();
        pages.push(page.items.iter().map(|output| output.id).collect::<Vec<_>>());
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let ids = |numbers: &[u64]| numbers.iter().map(|n| output_id(*n)).collect::<Vec<_>>();
    assert_eq!(pages, [ids(&[5, 4]), ids(&[3, 2]), ids(&[1])]);
}

pub async fn a_video_outlives_its_pictures(store: &(impl Store + OutputReads)) {
    prepare(store).await;
    insert(store, &image(1, 1)).await.unwrap();
    let Body::Video(mut video) = kind_of(OutputKind::Video) else { unreachable!("it is a video") };
    let mut sources = video.sources.into_vec();
    sources[1].image = Some(output_id(1));
    video.sources = Several::new(sources).unwrap();
    let made = output(2, user_id(1), None, Body::Video(video), moment(2));
    insert(store, &made).await.unwrap();
    let found = store.find_outputs(user_id(1), &[made.id]).await.unwrap();
    assert_eq!(found, std::slice::from_ref(&made));

    let mut tx = store.begin().await.unwrap();
    tx.lock_output(user_id(1), output_id(1)).await.unwrap();
    tx.purge_output(user_id(1), output_id(1)).await.unwrap();
    tx.commit().await.unwrap();
    let found = store.find_outputs(user_id(1), &[output_id(1), made.id]).await.unwrap();
    let [Output { fields, .. }] = found.as_slice() else { panic!("{found:?}") };
    let Body::Video(left) = &fields.body else { panic!("{fields:?}") };
    assert!(left.sources.as_slice().iter().all(|source| source.image.is_none()));
    assert_eq!(left.sources.as_slice().len(), 3);
}

pub async fn outputs_go_with_their_project_and_their_user(
    store: &(impl Store + OutputReads + ProjectReads),
) {
    prepare(store).await;
    insert(store, &image(1, 1)).await.unwrap();
    let loose = output(2, user_id(1), None, kind_of(OutputKind::Image), moment(2));
    insert(store, &loose).await.unwrap();
    let other = output(3, user_id(2), None, kind_of(OutputKind::Image), moment(2));
    insert(store, &other).await.unwrap();

    let mut tx = store.begin().await.unwrap();
    tx.lock_project(user_id(1), project_id(1)).await.unwrap();
    tx.purge_project(user_id(1), project_id(1)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.find_projects(user_id(1), &[project_id(1)]).await.unwrap(), []);
    assert_eq!(listed(store, &OutputFilter::default()).await, [loose]);

    let mut tx = store.begin().await.unwrap();
    tx.lock_user(user_id(1)).await.unwrap();
    tx.delete_user(user_id(1)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(listed(store, &OutputFilter::default()).await, []);
    assert_eq!(store.find_outputs(user_id(2), &[other.id]).await.unwrap(), [other]);
}

pub async fn a_charge_is_what_the_ledger_says_at_the_moment(store: &(impl Store + OutputReads)) {
    prepare(store).await;
    post(store, user_id(1), "funds", purchase("100.00"), 1).await;
    let hold = post(store, user_id(1), "hold", reserve("10.00", 60), 2).await.transaction.id;
    let left = post(store, user_id(1), "left", reserve("10.00", 60), 2).await.transaction.id;
    let charges = async |at: u32| {
        let mut found = store.list_charges(user_id(1), &[hold, left], moment(at)).await.unwrap();
        found.sort_by_key(|charge| charge.transaction != hold);
        let shown = found
            .iter()
            .map(|charge| (charge.state, charge.charged.to_string(), charge.refunded.to_string()));
        shown.collect::<Vec<_>>()
    };
    let is =
        |state, charged: &str, refunded: &str| (state, charged.to_owned(), refunded.to_owned());
    let open = is(ChargeState::Held, "0.00", "0.00");
    assert_eq!(charges(3).await, [open.clone(), open.clone()]);
    let amount = Some("7.50".parse().unwrap());
    post(store, user_id(1), "capture", Action::Capture { hold, amount }, 3).await;
    let charged = is(ChargeState::Charged, "7.50", "0.00");
    assert_eq!(charges(4).await, [charged.clone(), open]);
    let lapsed = is(ChargeState::Released, "0.00", "0.00");
    assert_eq!(charges(600).await, [charged, lapsed], "whether or not that is posted");
    let elsewhere = store.list_charges(user_id(2), &[hold], moment(3)).await.unwrap();
    assert_eq!(elsewhere, []);
}
