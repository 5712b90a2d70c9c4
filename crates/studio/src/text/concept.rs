//! An idea of a video from a prompt: what it is called, what happens, how it sounds, what for.

use super::keywords::phrases;
use super::sentences::{capital, cut, sentences};
use crate::paint::Chance;
use crate::paint::chance::seed_of;
use crate::words::words;

/// An idea.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idea {
    pub title: String,
    pub concept: String,
    pub tone: String,
    pub goal: String,
}

const TITLES: &[&str] = &[
    "The Quiet Power of {}",
    "{}: What Nobody Tells You",
    "A Day Inside {}",
    "Why {} Matters Now",
    "{} in Ninety Seconds",
    "The First Light of {}",
    "Beyond {}",
    "Meet {}",
    "How {} Changed Everything",
    "Small Steps, Big {}",
];
const HOOKS: &[&str] = &[
    "We open on a single detail, so close that nobody can tell what it is",
    "We begin with a question that the viewer has asked before",
    "The first three seconds are silent, and then everything moves at once",
    "A hand enters the frame and puts the first piece in its place",
    "We start at the end, and wind back to how it came to be",
];
const TURNS: &[&str] = &[
    "Halfway through, what looked like a problem turns out to be the way",
    "In the middle the pace drops, and one honest moment carries the story",
    "Then the view widens, and the viewer sees how much there is to it",
    "A comparison, before and after, makes the point without a word",
];
const ENDS: &[&str] = &[
    "It closes on the opening image, changed by all we have seen",
    "The last shot leaves room for the viewer's own next step",
    "It ends with one line on a clear ground, easy to remember and to repeat",
];

fn tone(spoken: &[String], chance: &mut Chance) -> &'static str {
    let has = |any: &[&str]| spoken.iter().any(|word| any.contains(&word.as_str()));
    if has(&["funny", "comedy", "humor", "joke", "fun", "playful", "kids", "children"]) {
        "Playful and warm, with room for a laugh"
    } else if has(&["scary", "horror", "dark", "mystery", "thriller"]) {
        "Tense and mysterious, with long shadows"
    } else if has(&["explain", "science", "learn", "tutorial", "how", "education", "lesson"]) {
        "Clear and curious, one thought at a time"
    } else if has(&["product", "launch", "brand", "sale", "startup", "ad", "marketing"]) {
        "Confident and concrete, never loud"
    } else if has(&["sad", "loss", "memory", "love", "family"]) {
        "Tender and unhurried"
    } else {
        chance.pick::<&str>(&[
            "Calm and observant, with a sense of wonder",
            "Bright and hopeful, with an easy rhythm",
            "Cinematic and intimate",
            "Lively and direct",
        ])
    }
}

fn goal(spoken: &[String], subject: &str) -> String {
    let has = |any: &[&str]| spoken.iter().any(|word| any.contains(&word.as_str()));
    if has(&["product", "launch", "brand", "sale", "startup", "ad", "marketing", "shop"]) {
        format!("Make viewers want to try {subject} and remember its name")
    } else if has(&["explain", "science", "learn", "tutorial", "how", "education", "lesson"]) {
        format!("Leave viewers able to explain {subject} to a friend")
    } else {
        format!("Make viewers feel close to {subject} and share it")
    }
}

/// An idea from a prompt and what research found.
pub fn idea(prompt: &str, web_info: Option<&str>, seed: u64) -> Idea {
    let mut chance = Chance::new(seed_of(&["concept", prompt, web_info.unwrap_or_default()], seed));
    let spoken = words(prompt);
    let about = phrases(prompt, 4);
    let subject = about.first().cloned().unwrap_or_else(|| cut(prompt.trim(), 40));
    let titled = subject.split(' ').map(capital).collect::<Vec<_>>().join(" ");
    let title = chance.pick(TITLES).replacen("{}", &titled, 1);
    let mut concept =
        format!("{}: {}.", chance.pick(HOOKS), cut(prompt.trim().trim_end_matches('.'), 400));
    if about.len() > 1 {
        concept.push_str(&format!(
            " The story moves from {} to {}.",
            about[0],
            about[1..].join(", then ")
        ));
    }
    concept.push_str(&format!(" {}.", chance.pick(TURNS)));
    if let Some(info) = web_info
        && let Some(fact) = sentences(info).first()
    {
        concept.push_str(&format!(" It stands on what research found: {}", cut(fact, 300)));
        if !concept.ends_with(['.', '!', '?', '…']) {
            concept.push('.');
        }
    }
    concept.push_str(&format!(" {}.", chance.pick(ENDS)));
    Idea {
        title,
        concept,
        tone: tone(&spoken, &mut chance).to_owned(),
        goal: goal(&spoken, &subject),
    }
}
