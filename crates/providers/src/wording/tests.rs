//! What models are told, and what is taken from them.

use generation::{ChatAsk, Class, Piece};

use super::answer::SEGMENTS_MAX;
use super::*;

fn segmentation(segments: Option<u32>) -> Ask {
    Ask::Segmentation(SegmentationAsk {
        prompt: "Plan it".to_owned(),
        concept: "A day of a cat".to_owned(),
        negative_prompt: Some("dogs".to_owned()),
        art_style: Some("anime".to_owned()),
        segments,
    })
}

fn concept() -> Ask {
    let web_info = Some("Cats sleep.".to_owned());
    Ask::Concept(ConceptAsk { prompt: "Cats".to_owned(), web_info })
}

fn summary() -> Ask {
    Ask::Summary(SummaryAsk { original: "Long.".to_owned(), instruction: "Shorter.".to_owned() })
}

#[test]
fn all_that_is_asked_is_told() {
    for (ask, parts, shape) in [
        (
            segmentation(Some(3)),
            &["Plan it", "day of a cat", "anime", "dogs", "exactly 3"][..],
            true,
        ),
        (concept(), &["Cats", "Cats sleep."], true),
        (summary(), &["Long.", "Shorter."], false),
    ] {
        let told = wording(&ask).unwrap();
        assert!(told.system.is_some());
        assert_eq!(told.shape.is_some(), shape);
        for part in parts {
            assert!(told.turns[0].text.contains(part), "{part}");
        }
    }
}

#[test]
fn a_chat_is_told_as_it_is() {
    let turns = vec![Turn { role: Role::User, text: "Hi".to_owned() }];
    let chat = ChatAsk { instructions: None, turns: turns.clone() };
    let told = wording(&Ask::Chat(chat)).unwrap();
    assert_eq!(told, Wording { system: None, turns, shape: None });
}

#[test]
fn answers_of_the_right_shape_are_read() {
    let text = "Here:\n```json\n{\"title\":\"A\\n cat\",\"concept\":\"c\\u0000\",\"tone\":\"t\",\
                \"goal\":\"g\",\"more\":1}\n```";
    let Ok(Piece::Concept(read_concept)) = read(&concept(), text) else { panic!("{text}") };
    assert_eq!((read_concept.title.as_str(), read_concept.concept.as_str()), ("A cat", "c"));
    let one = json!({"label": "1", "visual": "v", "narration": "n", "animation": "a"});
    let text = json!({"segments": [one, one]}).to_string();
    let Ok(Piece::Segments(segments)) = read(&segmentation(Some(2)), &text) else { panic!() };
    assert_eq!(segments.len(), 2);
    assert_eq!(read(&summary(), " Short. \n").unwrap(), Piece::Text("Short.".to_owned()));
}

#[test]
fn answers_of_another_shape_may_be_right_at_another_try() {
    let long = json!({"title": "t".repeat(201), "concept": "c", "tone": "t", "goal": "g"});
    let one = json!({"label": "1", "visual": "v", "narration": "n", "animation": "a"});
    let many = json!({"segments": vec![one.clone(); SEGMENTS_MAX + 1]});
    for (ask, text, what) in [
        (concept(), "no JSON".to_owned(), "no JSON"),
        (concept(), "{\"title\":\"A\",\"conc".to_owned(), "no JSON"),
        (concept(), json!({"title": "A"}).to_string(), "concept is missing"),
        (concept(), json!({"title": 5}).to_string(), "title is missing"),
        (concept(), long.to_string(), "longer than 200"),
        (segmentation(Some(3)), json!({"segments": [one]}).to_string(), "1 segments, and 3"),
        (segmentation(None), json!({"segments": []}).to_string(), "0 segments"),
        (segmentation(None), many.to_string(), "201 segments"),
        (segmentation(None), json!({"segments": [{"label": " "}]}).to_string(), "label is empty"),
        (summary(), " ".to_owned(), "empty"),
        (summary(), "x".repeat(100_001), "longer than 100000"),
    ] {
        let failure = read(&ask, &text).expect_err("it is refused");
        assert_eq!(failure.class, Class::ProviderFailed { retryable: true });
        assert!(failure.message.contains(what), "{}", failure.message);
    }
}
