//! What every store of projects and links promises. Conversations are in `conversations`, features
//! in `features`.

mod conversations;
mod features;

use kernel::{OutputKind, PageSize, Span, Timestamp};
use ports::{
    CONVERSATIONS_USER_FKEY, ConversationReads, FEATURES_USER_FKEY, PROJECTS_USER_FKEY,
    ProjectFilter, ProjectReads, Store, StoreError, TurnFilter,
};
use projects::{ContentCount, ContentKind, Project, TurnKind};

pub use conversations::{
    conversations_are_listed_by_project, turns_keep_their_numbers_and_their_order,
    turns_of_several_at_once_have_no_gap,
};
pub use features::{
    a_feature_has_its_name_alone_in_its_workspace, features_are_found_by_workspace_name_and_tag,
};

use crate::fixtures::{
    bodies, conversation, feature, insert_models, output, project, project_id, share_link, turn,
    user, user_id,
};

/// Makes a test of each case: `projects_contract!(fixture)`, as `contract_tests!` has it.
#[macro_export]
macro_rules! projects_contract {
    ($fixture:ident) => {
        $crate::contract_tests! {
            $fixture,
            projects,
            [
                a_project_reads_back_and_is_its_owners_alone,
                projects_are_listed_as_they_are_asked_for,
                public_projects_are_everybodys,
                a_link_leads_to_its_project,
                contents_are_counted_and_listed_across_kinds,
                turns_keep_their_numbers_and_their_order,
                turns_of_several_at_once_have_no_gap,
                conversations_are_listed_by_project,
                a_purged_project_takes_what_is_in_it,
                a_feature_has_its_name_alone_in_its_workspace,
                features_are_found_by_workspace_name_and_tag,
                all_of_it_belongs_to_a_user_who_is_there,
            ]
        }
    };
}

fn moment(seconds: u32) -> Timestamp {
    let base = Timestamp::from_micros(1_767_225_600_123_456).expect("is in range");
    base.saturating_add(Span::from_secs(seconds))
}

/// Runs `$work` on an open unit of work `$tx` and commits it.
macro_rules! committed {
    ($store:expr, |$tx:ident| $work:expr) => {{
        let mut $tx = $store.begin().await.unwrap();
        $work;
        $tx.commit().await.unwrap();
    }};
}

use committed;

async fn prepare(store: &impl Store) {
    committed!(store, |tx| {
        for number in [1, 2] {
            tx.insert_user(&user(number, moment(0))).await.unwrap();
            tx.insert_project(&project(number, user_id(number), moment(1))).await.unwrap();
        }
    });
}

fn refused_by(outcome: Result<(), StoreError>, constraint: &str) {
    match outcome {
        Err(StoreError::Conflict { constraint: fired }) => assert_eq!(fired, constraint),
        Ok(()) | Err(_) => panic!("{constraint} did not refuse: {outcome:?}"),
    }
}

pub async fn a_project_reads_back_and_is_its_owners_alone(store: &(impl Store + ProjectReads)) {
    prepare(store).await;
    let before = project(1, user_id(1), moment(1));
    let ids = [project_id(1), project_id(2), project_id(3)];
    let found = store.find_projects(user_id(1), &ids).await.unwrap();
    assert_eq!(found, std::slice::from_ref(&before));

    let mut changed = before;
    changed.fields.description = None;
    changed.fields.public = true;
    changed.life = changed.life.delete(None, moment(5)).unwrap().unwrap();
    committed!(store, |tx| {
        assert_eq!(tx.lock_project(user_id(2), project_id(1)).await.unwrap(), None);
        assert!(tx.lock_project(user_id(1), project_id(1)).await.unwrap().is_some());
        tx.update_project(&changed).await.unwrap();
    });
    assert_eq!(store.find_projects(user_id(1), &ids).await.unwrap(), [changed]);
}

pub async fn projects_are_listed_as_they_are_asked_for(store: &(impl Store + ProjectReads)) {
    prepare(store).await;
    let mut public = project(3, user_id(1), moment(3));
    public.fields.public = true;
    let mut gone = project(4, user_id(1), moment(4));
    gone.life = gone.life.delete(None, moment(5)).unwrap().unwrap();
    committed!(store, |tx| {
        tx.insert_project(&public).await.unwrap();
        tx.insert_project(&gone).await.unwrap();
    });
    let first = project(1, user_id(1), moment(1));
    let all = ProjectFilter::default;
    for (filter, expected) in [
        (all(), vec![&public, &first]),
        (ProjectFilter { show_deleted: true, ..all() }, vec![&gone, &public, &first]),
        (ProjectFilter { public: Some(false), ..all() }, vec![&first]),
    ] {
        let page = store.list_projects(user_id(1), &filter, PageSize::MAX, None).await.unwrap();
        assert_eq!(page.items.iter().collect::<Vec<&Project>>(), expected, "{filter:?}");
    }
    let one = PageSize::parse(1).unwrap();
    let page = store.list_projects(user_id(1), &all(), one, None).await.unwrap();
    let rest = store.list_projects(user_id(1), &all(), one, page.next).await.unwrap();
    assert_eq!((page.items, rest.items, rest.next), (vec![public], vec![first], None));
}

pub async fn public_projects_are_everybodys(store: &(impl Store + ProjectReads)) {
    prepare(store).await;
    let mut shown: Vec<Project> = (3..=5)
        .map(|number: u32| {
            project(number.into(), user_id(u64::from(number % 2) + 1), moment(number))
        })
        .collect();
    for project in &mut shown {
        project.fields.public = true;
    }
    let mut gone = project(6, user_id(1), moment(6));
    gone.fields.public = true;
    gone.life = gone.life.delete(None, moment(7)).unwrap().unwrap();
    committed!(store, |tx| {
        for project in shown.iter().chain([&gone]) {
            tx.insert_project(project).await.unwrap();
        }
    });
    let two = PageSize::parse(2).unwrap();
    let first = store.list_public_projects(two, None).await.unwrap();
    let second = store.list_public_projects(two, first.next).await.unwrap();
    let listed: Vec<Project> = first.items.into_iter().chain(second.items).collect();
    shown.reverse();
    assert_eq!((listed, second.next), (shown.clone(), None));
    assert_eq!(store.find_public_project(shown[0].id).await.unwrap().as_ref(), Some(&shown[0]));
    for hidden in [gone.id, project_id(1), project_id(9)] {
        assert_eq!(store.find_public_project(hidden).await.unwrap(), None);
    }
}

pub async fn a_link_leads_to_its_project(store: &(impl Store + ProjectReads)) {
    prepare(store).await;
    let shown = project(1, user_id(1), moment(1));
    let (link, token) = share_link(7, &shown);
    let (mut other, other_token) = share_link(8, &shown);
    other.expires_at = None;
    committed!(store, |tx| {
        tx.insert_share_link(&link).await.unwrap();
        tx.insert_share_link(&other).await.unwrap();
    });
    let found = store.find_shared_project(&token.hash()).await.unwrap();
    assert_eq!(found, Some((link.clone(), shown.clone())));
    let revoked = other.revoke(moment(9)).unwrap();
    committed!(store, |tx| {
        assert_eq!(tx.lock_share_link(user_id(2), other.id).await.unwrap(), None);
        assert_eq!(tx.lock_share_link(user_id(1), other.id).await.unwrap().as_ref(), Some(&other));
        tx.end_share_link(&revoked).await.unwrap();
    });
    let found = store.find_shared_project(&other_token.hash()).await.unwrap();
    assert_eq!(found, Some((revoked.clone(), shown)));
    let links = async |number| {
        let size = PageSize::DEFAULT;
        store.list_share_links(user_id(number), project_id(1), size, None).await.unwrap().items
    };
    assert_eq!(links(1).await, [revoked, link]);
    assert_eq!(links(2).await, []);
    let unknown = projects::ShareToken::new([9; 32]).hash();
    assert_eq!(store.find_shared_project(&unknown).await.unwrap(), None);
}

pub async fn contents_are_counted_and_listed_across_kinds(store: &(impl Store + ProjectReads)) {
    prepare(store).await;
    let mut made = Vec::new();
    for (number, body) in (1_u32..).zip(bodies()) {
        made.push(output(number.into(), user_id(1), Some(project_id(1)), body, moment(number)));
    }
    let elsewhere = output(90, user_id(1), None, bodies().remove(0), moment(1));
    let mut gone = output(91, user_id(1), Some(project_id(1)), bodies().remove(0), moment(1));
    gone.life = gone.life.delete(None, moment(2)).unwrap().unwrap();
    let talk = conversation(1, user_id(1), Some(project_id(1)), moment(4));
    committed!(store, |tx| {
        insert_models(&mut *tx, user_id(1), moment(0)).await;
        for output in made.iter().chain([&elsewhere, &gone]) {
            tx.insert_output(output).await.unwrap();
        }
        tx.insert_conversation(&talk).await.unwrap();
    });
    let mut counts = store.count_contents(user_id(1), project_id(1)).await.unwrap();
    counts.sort_by_key(|count| count.kind);
    let count = |kind, count| ContentCount { kind, count };
    let mut expected = vec![count(ContentKind::Conversation, 1)];
    for kind in OutputKind::ALL {
        let of_kind = made.iter().filter(|output| output.fields.body.kind() == kind).count();
        expected.push(count(ContentKind::Output(kind), u64::try_from(of_kind).unwrap()));
    }
    assert_eq!(counts, expected);
    assert_eq!(store.count_contents(user_id(2), project_id(1)).await.unwrap(), []);

    let (mut after, mut listed) = (None, Vec::new());
    loop {
        let size = PageSize::parse(4).unwrap();
        let page = store.list_contents(user_id(1), project_id(1), size, after).await.unwrap();
        listed.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(listed.len(), made.len() + 1);
    assert!(listed.is_sorted_by(|one, next| one.position() > next.position()));
    assert!(listed.iter().any(|content| content.id == *talk.id.as_uuid()));
    let first = listed.last().unwrap();
    assert_eq!(first.kind, ContentKind::Output(made[0].fields.body.kind()));
}

pub async fn a_purged_project_takes_what_is_in_it(
    store: &(impl Store + ProjectReads + ConversationReads),
) {
    prepare(store).await;
    let inside = conversation(1, user_id(1), Some(project_id(1)), moment(1));
    let outside = conversation(2, user_id(1), None, moment(2));
    let (link, token) = share_link(1, &project(1, user_id(1), moment(1)));
    committed!(store, |tx| {
        for conversation in [&inside, &outside] {
            tx.insert_conversation(conversation).await.unwrap();
            tx.append_turn(&turn(1, TurnKind::GeneralChat, conversation)).await.unwrap();
        }
        tx.insert_share_link(&link).await.unwrap();
    });
    committed!(store, |tx| {
        tx.lock_project(user_id(1), project_id(1)).await.unwrap();
        tx.purge_project(user_id(1), project_id(1)).await.unwrap();
    });
    assert_eq!(store.find_shared_project(&token.hash()).await.unwrap(), None);
    assert_eq!(store.find_conversation(user_id(1), inside.id).await.unwrap(), None);
    committed!(store, |tx| tx.purge_conversation(user_id(1), outside.id).await.unwrap());
    for talk in [inside, outside] {
        let all = TurnFilter::default();
        let turns = store.list_turns(user_id(1), talk.id, &all, PageSize::MAX, None).await;
        assert_eq!(turns.unwrap().items, []);
    }
}

pub async fn all_of_it_belongs_to_a_user_who_is_there(store: &(impl Store + ProjectReads)) {
    let nobody = user_id(9);
    let mut tx = store.begin().await.unwrap();
    let outcome = tx.insert_project(&project(1, nobody, moment(1))).await;
    refused_by(ports::finish(tx, outcome).await, PROJECTS_USER_FKEY);
    let mut tx = store.begin().await.unwrap();
    let outcome = tx.insert_conversation(&conversation(1, nobody, None, moment(1))).await;
    refused_by(ports::finish(tx, outcome).await, CONVERSATIONS_USER_FKEY);
    let mut tx = store.begin().await.unwrap();
    let outcome = tx.insert_feature(&feature(1, nobody, "a", moment(1))).await;
    refused_by(ports::finish(tx, outcome).await, FEATURES_USER_FKEY);
}
