//! Which events can be asked for, and from where on.

use testkit::fixtures::{job_id, user_id};

use super::*;

const NOW: Timestamp = Timestamp::MIN;

fn subscribe(kinds: &[&str], token: &str) -> pb::SubscribeRequest {
    pb::SubscribeRequest {
        user_id: user_id(1).to_string(),
        kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        resume_token: token.to_owned(),
    }
}

fn refused(request: pb::SubscribeRequest) -> Vec<String> {
    let refusal = crate::status::Refusal::from(parse_subscribe(request, NOW).err().unwrap());
    refusal.violations.into_iter().map(|violation| violation.field).collect()
}

#[test]
fn kinds_are_words_with_points_between_them() {
    let asked = parse_subscribe(subscribe(&["job", "job.succeeded", "user_2.x"], ""), NOW);
    assert_eq!(asked.unwrap().filter.under, ["job", "job.succeeded", "user_2.x"]);
    let long = "x".repeat(65);
    let wrong = ["", "Job", "job.", ".job", "job..x", "job*", &long];
    let named: Vec<_> = (0..wrong.len()).map(|index| format!("kinds[{index}]")).collect();
    assert_eq!(refused(subscribe(&wrong, "")), named);
    assert_eq!(refused(subscribe(&["job"; 33], "")), ["kinds"]);
}

#[test]
fn whoever_has_listed_goes_on_by_following() {
    let list = pb::ListEventsRequest {
        user_id: user_id(1).to_string(),
        kinds: vec!["job".to_owned()],
        page_size: 7,
        resume_token: String::new(),
    };
    let (asked, size) = parse_list(list, NOW).unwrap();
    assert_eq!((asked.after, size.get()), (None, 7));
    let place = EventPosition { transaction: 7, number: u64::MAX };
    let event = Event {
        user: user_id(1),
        kind: "job.queued".parse().unwrap(),
        subject: job_id(1),
        revision: 3,
        details: None,
        at: NOW,
    };
    let listed = render_list(&asked, &[(place, event)], NOW);
    assert_eq!(listed.events[0].subject_type, "job");
    let followed = parse_subscribe(subscribe(&["job"], &listed.resume_token), NOW).unwrap();
    assert_eq!(followed.after, Some(place));
    let nothing = render_list(&asked, &[], NOW);
    let again = parse_subscribe(subscribe(&["job"], &nothing.resume_token), NOW).unwrap();
    assert_eq!(again.after, Some(EventPosition::default()));
    let other = subscribe(&["job", "user"], &listed.resume_token);
    assert_eq!(refused(other), ["resume_token"]);
}
