use studio::text::{answer, idea, plan, research, summarise};

const ARTICLE: &str = "Bees carry pollen between flowers. Flowers need pollen to make seeds. \
    My neighbour has a blue bicycle. Without bees, many flowers would make no seeds at all. \
    Farmers plant flowers so that bees stay near their fields. The weather was fine on Monday.";

#[test]
fn a_summary_is_made_of_sentences_of_the_text() {
    for (instruction, most) in [("two sentences", 2), ("in 1 sentence", 1), ("", 2)] {
        let short = summarise(ARTICLE, instruction);
        let parts: Vec<&str> = short.split_inclusive('.').map(str::trim).collect();
        assert!(parts.len() <= most, "{instruction}: {short}");
        assert!(parts.iter().all(|part| ARTICLE.contains(part)), "{short}");
        assert!(!short.contains("bicycle"), "{short}");
    }
    let words = summarise(ARTICLE, "at most 12 words").split_whitespace().count();
    assert!((1..=12).contains(&words), "{words} words");
    assert!(summarise(ARTICLE, "3 bullet points").starts_with("- "));
}

#[test]
fn an_idea_speaks_of_its_prompt() {
    let made = idea("the secret life of mountain rivers", None, 1);
    assert!(made.title.to_lowercase().contains("secret life"), "{}", made.title);
    assert!(made.concept.contains("mountain rivers"));
    assert_eq!(made, idea("the secret life of mountain rivers", None, 1));
    assert_ne!(made.title, idea("the price of coffee", None, 1).title);
    let grounded = idea("rivers", Some("Rivers carry sand. They bend."), 1);
    assert!(grounded.concept.contains("Rivers carry sand."));
}

#[test]
fn research_cites_the_library_and_says_that_it_is_one() {
    let (said, sources) = research("how do bees find flowers?");
    assert!(said.contains("not the web") && said.contains("[1]"), "{said}");
    assert!(sources.iter().all(|source| source.url.starts_with("studio://library/")));
    assert_eq!(sources[0].title, "Bees and pollination");
    assert!(said.contains(&sources[0].excerpt));
    let (said, sources) = research("zxcvb qwerty");
    assert!(sources.is_empty() && said.contains("nothing"));
}

#[test]
fn a_plan_has_as_many_segments_as_asked_for() {
    for count in [1, 4, 9] {
        let made = plan("bees", ARTICLE, Some("watercolor"), Some(count), 1);
        assert_eq!(made.len(), count as usize);
        assert!(made.iter().all(|part| part.visual.ends_with("watercolor style")));
        assert!(
            made.iter().all(|part| (2..=30).contains(&part.seconds) && !part.narration.is_empty())
        );
    }
    let said: String =
        plan("bees", ARTICLE, None, Some(3), 1).into_iter().map(|part| part.narration).collect();
    assert!(said.contains("Bees carry pollen") && said.contains("Monday"));
}

#[test]
fn an_answer_depends_on_what_was_said() {
    let ask = |text: &str| answer(None, &[(true, text)], 0);
    assert!(ask("Give me ideas for a video about volcanoes").contains("1. "));
    assert!(ask("I am writing about ancient lighthouses").contains("ancient lighthouses"));
    assert_ne!(ask("I like boats"), ask("I like trains"));
    let turns = [
        (true, "My film is about a clockmaker"),
        (false, "Tell me more"),
        (true, "It needs an ending"),
    ];
    assert!(answer(None, &turns, 0).contains("ending"));
}
