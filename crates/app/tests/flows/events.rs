//! What is told to those who follow along: which kinds of events there are, and that what use cases
//! do is told in order, of whom and of what.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use app::{Profiles, Users};
use generation::JobState;
use kernel::{Change, Event, EventPosition, Timestamp};
use ledger::EntryKind;
use ports::{Clock, EventFilter, EventReads};
use testkit::fixtures::{identity, user};
use testkit::{FakeClock, FakeIds, FakeStore};
use users::UserPatch;
use users::decide::{Create, Delete, Update};

const DOCUMENT: &str = include_str!("../../../../docs/events.md");

/// What is logged and not told: of jobs those who follow along hear by their states.
const SILENT: [&str; 2] = ["job.created", "job.ended"];

/// The actions that the use cases name, tests left out.
fn actions(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            actions(&path, found);
        } else if !path.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).unwrap();
            let words = text.split("action!(\"").skip(1).filter_map(|rest| rest.split('"').next());
            found.extend(words.map(str::to_owned));
        }
    }
}

#[test]
fn the_document_lists_every_kind_of_event_and_no_other() {
    let mut kinds = BTreeSet::new();
    actions(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut kinds);
    assert!(kinds.len() > 40, "{kinds:?}");
    for silent in SILENT {
        assert!(kinds.remove(silent), "{silent}");
    }
    kinds.extend(EntryKind::ALL.map(EntryKind::event_kind));
    kinds.extend(JobState::ALL.iter().map(|state| format!("job.{}", state.public())));
    let table = DOCUMENT.lines().filter(|line| line.starts_with("| `"));
    let mut told = BTreeSet::new();
    for line in table {
        let mut words = line.split('`').skip(1).step_by(2);
        let subject = words.next().unwrap();
        let more = words.map(|word| format!("{subject}.{word}"));
        told.extend(more);
    }
    assert_eq!(told, kinds);
}

#[tokio::test]
async fn what_becomes_of_a_user_is_told_in_the_order_of_revisions_until_only_the_end_is_left() {
    let store = FakeStore::new();
    let (clock, ids) = (Arc::new(FakeClock::new()), Arc::new(FakeIds::new()));
    let shared = Arc::new(store.clone());
    let users = Users::new(shared.clone(), shared.clone(), clock.clone(), ids.clone());
    let profiles = Profiles::new(shared.clone(), shared.clone(), shared, clock.clone(), ids);
    let heard = async || -> Vec<Event> {
        let (filter, begin) = (EventFilter::default(), EventPosition::default());
        let heard = store.list_events_after(&filter, Timestamp::MIN, begin, 99).await.unwrap();
        heard.into_iter().map(|(_, event)| event).collect()
    };
    let told = |events: &[Event]| -> Vec<(String, i64)> {
        events.iter().map(|event| (event.kind.to_string(), event.revision)).collect()
    };

    let create = Create { identity: identity(1), fields: user(1, clock.now()).fields };
    let ada = users.create(&create).await.unwrap().user;
    let username = Change::Set("countess".parse().unwrap());
    let patch = UserPatch { username, ..UserPatch::default() };
    let ada = users.update(&Update { user: ada.id, patch, expected: None }).await.unwrap();
    profiles.count(ada.id, 2, 0).await.unwrap();
    let events = heard().await;
    let expected = [("user.created", 1), ("user.updated", 2), ("profile.engagement_counted", 1)];
    assert_eq!(told(&events), expected.map(|(kind, revision)| (kind.to_owned(), revision)));
    // Of what was logged with it nothing is told: that is for the user's own eyes.
    for event in &events {
        assert_eq!((event.user, event.subject, &event.details), (ada.id, *ada.id.as_uuid(), &None));
    }

    users.delete(&Delete { user: ada.id, expected: None }).await.unwrap();
    assert_eq!(told(&heard().await), [("user.deleted".to_owned(), 2)]);
}
