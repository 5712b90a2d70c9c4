//! The next turn of a conversation, made of what was said in it.

use super::keywords::phrases;
use super::sentences::{capital, cut, sentences};
use super::{idea, summarise};
use crate::paint::Chance;
use crate::paint::chance::seed_of;
use crate::words::words;

const STEPS: &[&str] = &[
    "Decide what {} must look like when it is done",
    "Collect three examples of {} that you like, and one that you do not",
    "Make the smallest version of {} that shows the idea",
    "Put {} before somebody who has not seen it, and listen",
    "Keep what worked of {}, and cut the rest",
];

/// Answers the last of `turns`; `true` marks those of the user.
pub fn answer(instructions: Option<&str>, turns: &[(bool, &str)], seed: u64) -> String {
    let last = turns.iter().rev().find(|(user, _)| *user).map_or("", |(_, text)| *text);
    let told: String = turns.iter().map(|(_, text)| *text).collect::<Vec<_>>().join("\n");
    let mut chance = Chance::new(seed_of(&["chat", instructions.unwrap_or_default(), &told], seed));
    let spoken = words(last);
    let has = |any: &[&str]| spoken.iter().any(|word| any.contains(&word.as_str()));
    let about = phrases(last, 3);
    let before = phrases(&told, 3);
    let subject = about.first().or(before.first()).cloned().unwrap_or_else(|| "this".to_owned());
    let body = if spoken.len() <= 3 && has(&["hello", "hi", "hey"]) {
        "Hello! Tell me what you would like to make, and I will help to plan it.".to_owned()
    } else if has(&["thanks", "thank"]) {
        format!("You are welcome. If {subject} should go further, say where.")
    } else if has(&["summary", "summarise", "summarize", "tldr"]) && sentences(last).len() > 2 {
        summarise(last, "short")
    } else if has(&["idea", "ideas", "brainstorm", "concept", "concepts", "suggest"]) {
        (0..3)
            .map(|at| {
                let idea = idea(last, None, seed + at);
                format!("{}. {} — {}", at + 1, idea.title, cut(&idea.concept, 220))
            })
            .collect::<Vec<_>>()
            .join("\n")
    } else if has(&["how", "steps", "plan", "start"]) {
        let steps = STEPS.iter().enumerate();
        let steps: Vec<String> = steps
            .map(|(at, step)| format!("{}. {}.", at + 1, step.replacen("{}", &subject, 1)))
            .collect();
        format!("A way to {subject}:\n{}", steps.join("\n"))
    } else {
        let link = before.iter().find(|phrase| **phrase != subject && turns.len() > 1);
        let open =
            chance.pick(&["What stands out is", "The heart of it seems to be", "I would build on"]);
        let mut text = format!("{open} {}.", about.first().unwrap_or(&subject));
        if about.len() > 1 {
            text.push_str(&format!(" It gains from {}.", about[1..].join(" and ")));
        }
        if let Some(link) = link {
            text.push_str(&format!(" It also goes back to what we said about {link}."));
        }
        let next = chance.pick(&[
            "Shall we turn it into a picture, or into a plan?",
            "Which part should we try first?",
            "Who is it for?",
        ]);
        format!("{text} {next}")
    };
    let manner = instructions.map(words).unwrap_or_default();
    if manner.iter().any(|word| ["brief", "short", "concise", "terse"].contains(&word.as_str())) {
        return sentences(&body).first().map_or(body.clone(), |first| capital(first));
    }
    body
}
