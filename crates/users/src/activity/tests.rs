//! The forms of what the log holds.

use super::*;

#[test]
fn actions_are_words_with_points_between() {
    let longest = "x".repeat(SLUG_BYTES_MAX);
    for text in ["login", "character.created", "a.b_2.c", &longest] {
        assert_eq!(text.parse::<Action>().map(|action| action.to_string()), Ok(text.to_owned()));
    }
    let too_long = "x".repeat(SLUG_BYTES_MAX + 1);
    for text in ["", ".", "a.", ".a", "a..b", "A", "2a", "a.2", "_a", "a-b", "a b", "é", &too_long]
    {
        assert_eq!(text.parse::<Action>(), Err(ActionError), "{text:?}");
    }
}

#[test]
fn an_action_is_under_its_first_words() {
    let action = |text: &str| text.parse::<Action>().unwrap();
    let created = action("character.theme.created");
    assert_eq!(created.kind(), action("character"));
    for of in ["character", "character.theme", "character.theme.created"] {
        assert!(created.is_under(&action(of)), "{of}");
    }
    for of in ["char", "character.the", "theme", "character.theme.created.twice"] {
        assert!(!created.is_under(&action(of)), "{of}");
    }
    assert_eq!(crate::action!("user.created"), action("user.created"));
}

#[test]
fn what_a_browser_calls_itself_is_kept_as_far_as_it_can_be() {
    let agent = |bytes: &[u8]| Agent::from_header(bytes).map(|agent| agent.as_str().to_owned());
    assert_eq!(agent(b"Mozilla/5.0 (X11)").as_deref(), Some("Mozilla/5.0 (X11)"));
    assert_eq!(agent(b"a\x07b\xff").as_deref(), Some("ab\u{fffd}"));
    assert_eq!(agent("é".repeat(600).as_bytes()), Some("é".repeat(AGENT_CHARS_MAX)));
    assert_eq!((agent(b""), agent(b" \x01 ")), (None, None));
}

#[test]
fn subjects_have_short_and_visible_ids() {
    assert!("x".repeat(SUBJECT_ID_BYTES_MAX).parse::<SubjectId>().is_ok());
    for text in ["", "a b", "é", &"x".repeat(SUBJECT_ID_BYTES_MAX + 1)] {
        assert_eq!(text.parse::<SubjectId>(), Err(SubjectIdError), "{text:?}");
    }
}
