//! An answer from the built-in library, with the sentences it stands on. It is not the web, and
//! says so.

use std::collections::BTreeSet;

use super::corpus::PAGES;
use super::keywords::{content_words, phrases};
use super::sentences::sentences;

/// A source: an address within the studio, its title, and what was taken from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub url: String,
    pub title: String,
    pub excerpt: String,
}

const SOURCES_MAX: usize = 4;

/// Answers `prompt` from the library.
pub fn research(prompt: &str) -> (String, Vec<Finding>) {
    let wanted: BTreeSet<String> = content_words(prompt).into_iter().collect();
    let mut found: Vec<(usize, &str, Finding)> = Vec::new();
    for page in PAGES {
        let titled: BTreeSet<String> = content_words(page.title).into_iter().collect();
        let bonus = titled.intersection(&wanted).count() + usize::from(wanted.contains(page.name));
        let mut best: Vec<(usize, usize, &str)> = sentences(page.text)
            .into_iter()
            .enumerate()
            .map(|(at, sentence)| {
                let here: BTreeSet<String> = content_words(sentence).into_iter().collect();
                (here.intersection(&wanted).count() * 2, at, sentence)
            })
            .collect();
        let total: usize = best.iter().map(|(score, _, _)| score).sum::<usize>() + bonus * 3;
        if total == 0 {
            continue;
        }
        best.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        best.truncate(2);
        best.sort_by_key(|(_, at, _)| *at);
        let excerpt = best.iter().map(|(_, _, sentence)| *sentence).collect::<Vec<_>>().join(" ");
        let url = format!("studio://library/{}", page.name);
        found.push((total, page.name, Finding { url, title: page.title.to_owned(), excerpt }));
    }
    found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    found.truncate(SOURCES_MAX);
    let about = phrases(prompt, 1).pop().unwrap_or_else(|| prompt.trim().to_owned());
    let findings: Vec<Finding> = found.into_iter().map(|(_, _, finding)| finding).collect();
    if findings.is_empty() {
        let answer = format!(
            "The studio's built-in library has nothing about {about}. It is a small stand-in and \
             does not search the web."
        );
        return (answer, findings);
    }
    let cited: Vec<String> = findings
        .iter()
        .enumerate()
        .map(|(at, finding)| format!("{} [{}]", finding.excerpt, at + 1))
        .collect();
    let answer = format!(
        "About {about}, from the studio's built-in library (not the web):\n\n{}",
        cited.join("\n\n")
    );
    (answer, findings)
}
