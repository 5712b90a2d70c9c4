//! Tokens that are refused, and pages that end early.

use kernel::{Position, Span, UserId};
use proptest::prelude::*;
use proto::atelier::users::v1 as pb;
use testkit::fixtures::user_id;

use super::*;
use crate::status::{ErrorReason, FieldViolation};
use crate::wire::fields::Fields;

const NOW: Timestamp = Timestamp::MIN;
const DAY: Span = Span::from_secs(24 * 60 * 60);

fn tokens() -> Tokens {
    Tokens::of("users.ListUsers", &pb::GetUserRequest { user_id: "a filter".to_owned() })
}

fn place() -> Position<UserId> {
    Position { created_at: Timestamp::MAX, id: user_id(7) }
}

fn open(text: &str, now: Timestamp) -> Result<Option<Position<UserId>>, PageTokenError> {
    tokens().open(text, now)
}

fn asked(page_size: i32, page_token: &str) -> Result<Asked<Position<UserId>>, Refusal> {
    Asked::parse(Fields::new(), page_size, page_token, tokens(), NOW)
}

#[test]
fn a_token_tells_where_the_next_page_starts() {
    let token = tokens().seal(&place(), NOW);
    assert_eq!(open(&token, NOW), Ok(Some(place())));
    assert_eq!(open("", NOW), Ok(None));
    assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)), "{token}");
}

#[test]
fn a_token_lives_three_days() {
    let token = tokens().seal(&place(), NOW);
    let end = NOW.saturating_add(DAY).saturating_add(DAY).saturating_add(DAY);
    assert_eq!(open(&token, end), Ok(Some(place())));
    assert_eq!(open(&token, end.next()), Err(PageTokenError));
    // Another server's clock may be ahead.
    let ahead = tokens().seal(&place(), NOW.saturating_add(DAY));
    assert_eq!(open(&ahead, NOW), Ok(Some(place())));
}

#[test]
fn a_token_of_another_list_or_other_filters_is_refused() {
    let filters = pb::GetUserRequest { user_id: "another filter".to_owned() };
    for other in [
        Tokens::of("users.ListUsers", &filters),
        Tokens::of("users.ListOthers", &pb::GetUserRequest { user_id: "a filter".to_owned() }),
    ] {
        assert_eq!(open(&other.seal(&place(), NOW), NOW), Err(PageTokenError));
    }
}

#[test]
fn texts_that_were_never_tokens_are_refused() {
    let long = "A".repeat(100_000);
    for text in ["x", "====", "AAAA", "ä", "a b", &long, &long[..64]] {
        assert_eq!(open(text, NOW), Err(PageTokenError), "{text}");
    }
}

#[test]
fn a_cursor_of_another_length_is_refused() {
    struct Short;
    impl Cursor for Short {
        fn encode(&self) -> Vec<u8> {
            vec![0; 23]
        }
        fn decode(_: &[u8]) -> Option<Self> {
            None
        }
    }
    assert_eq!(open(&tokens().seal(&Short, NOW), NOW), Err(PageTokenError));
}

#[test]
fn sizes_and_tokens_are_refused_each_in_its_way() {
    let negative = asked(-1, "x").unwrap_err();
    assert_eq!(negative.reason, ErrorReason::InvalidFields);
    assert_eq!(negative.violations, [FieldViolation::new("page_size", "must not be negative")]);
    assert_eq!(asked(0, "x").unwrap_err().reason, ErrorReason::InvalidPageToken);
    assert_eq!(asked(0, "").unwrap().size, PageSize::DEFAULT);
}

#[test]
fn a_page_ends_at_a_mebibyte_and_the_next_goes_on_behind_it() {
    // Three of these with their frames are a mebibyte, to the byte.
    let third = PAGE_BYTES_MAX / 3;
    let render = |number: u64| {
        let frame = 1 + 3 + 1 + 3;
        let spare = PAGE_BYTES_MAX - 3 * third;
        let len = third - frame + if number == 3 { spare } else { 0 };
        pb::GetUserRequest { user_id: "x".repeat(len) }
    };
    let position = |number: &u64| Position { created_at: NOW, id: user_id(*number) };
    let asked = asked(0, "").unwrap();
    let fill = |items: Vec<u64>, next| asked.fill(Page { items, next }, NOW, position, render);

    let (messages, token) = fill(vec![1, 2, 3], None);
    assert_eq!((messages.len(), token.as_str()), (3, ""));
    let (messages, token) = fill(vec![1, 2, 3, 4], None);
    assert_eq!((messages.len(), open(&token, NOW)), (3, Ok(Some(position(&3)))));
    let (messages, token) = fill(vec![3, 3, 1], Some(position(&9)));
    assert_eq!((messages.len(), open(&token, NOW)), (2, Ok(Some(position(&3)))));
    let (messages, token) = fill(vec![1], Some(position(&9)));
    assert_eq!((messages.len(), open(&token, NOW)), (1, Ok(Some(position(&9)))));
}

#[test]
fn an_item_larger_than_a_page_is_a_page() {
    let asked = asked(0, "").unwrap();
    let position = |number: &u64| Position { created_at: NOW, id: user_id(*number) };
    let render = |_| pb::GetUserRequest { user_id: "x".repeat(PAGE_BYTES_MAX + 1) };
    let (messages, token) =
        asked.fill(Page { items: vec![1, 2], next: None }, NOW, position, render);
    assert_eq!((messages.len(), open(&token, NOW)), (1, Ok(Some(position(&1)))));
}

proptest! {
    #[test]
    fn tokens_read_back(
        micros in Timestamp::MIN.as_micros()..=Timestamp::MAX.as_micros(), number in 0_u64..,
    ) {
        let created_at = Timestamp::from_micros(micros).unwrap();
        let place = Position { created_at, id: user_id(number) };
        prop_assert_eq!(open(&tokens().seal(&place, NOW), NOW), Ok(Some(place)));
    }

    #[test]
    fn a_token_that_was_touched_is_refused(index in 0_usize..66, to in "[A-Za-z0-9_-]") {
        let token = tokens().seal(&place(), NOW);
        let index = index % token.len();
        let mut touched = token.clone();
        touched.replace_range(index..=index, &to);
        prop_assume!(touched != token);
        prop_assert_eq!(open(&touched, NOW), Err(PageTokenError));
    }
}

#[test]
fn what_does_not_fit_into_one_answer_is_named_and_something_always_fits() {
    let large = PAGE_BYTES_MAX / 2 + 1;
    for (sizes, fit) in [(vec![10, 10], 2), (vec![large, large, 10], 1), (vec![3 * large, 10], 1)] {
        let count = sizes.len();
        let (messages, unread) =
            fitting(sizes, ToString::to_string, |size: usize| "x".repeat(size));
        assert_eq!((messages.len(), unread.len()), (fit, count - fit));
    }
}
