//! A text made shorter by its own sentences: those that most others speak of.

use std::collections::BTreeSet;

use super::keywords::content_words;
use super::sentences::sentences;
use crate::words::{count, words};

/// Sentences that are weighed; the rest of a longer text only counts by its beginning.
const SENTENCES_MAX: usize = 400;
const ROUNDS: usize = 24;
const DAMPING: f32 = 0.85;

/// Makes `original` as short as `instruction` asks; a third of it if it does not say.
pub fn summarise(original: &str, instruction: &str) -> String {
    let mut all = sentences(original);
    all.truncate(SENTENCES_MAX);
    if all.len() < 2 {
        return original.trim().to_owned();
    }
    let ranks = ranks(&all, instruction);
    let limit = Limit::read(instruction, &all);
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|a, b| ranks[*b].total_cmp(&ranks[*a]).then(a.cmp(b)));
    let mut chosen = BTreeSet::new();
    let mut spent = 0;
    for at in order {
        let long = words(all[at]).len();
        let full =
            chosen.len() >= limit.sentences || !chosen.is_empty() && spent + long > limit.words;
        if !full {
            spent += long;
            chosen.insert(at);
        }
    }
    let kept: Vec<&str> = chosen.into_iter().map(|at| all[at]).collect();
    if words(instruction)
        .iter()
        .any(|word| ["bullet", "bullets", "points", "list"].contains(&word.as_str()))
    {
        return kept.iter().map(|sentence| format!("- {sentence}")).collect::<Vec<_>>().join("\n");
    }
    kept.join(" ")
}

struct Limit {
    sentences: usize,
    words: usize,
}

impl Limit {
    fn read(instruction: &str, all: &[&str]) -> Self {
        let spoken = words(instruction);
        let total: usize = all.iter().map(|sentence| words(sentence).len()).sum();
        let mut limit = Self { sentences: all.len().div_ceil(3), words: total };
        for pair in spoken.windows(2) {
            let number = pair[0].parse().ok().or_else(|| count(&pair[0]));
            match (number, pair[1].as_str()) {
                (Some(number), "sentence" | "sentences" | "bullet" | "bullets" | "points") => {
                    limit.sentences = number.max(1);
                }
                (Some(number), "words" | "word") => {
                    (limit.sentences, limit.words) = (all.len(), number.max(1));
                }
                _ => {}
            }
        }
        let has = |any: &[&str]| spoken.iter().any(|word| any.contains(&word.as_str()));
        if has(&["brief", "short", "shorter", "concise", "tldr"]) {
            limit.sentences = limit.sentences.min(all.len().div_ceil(5).max(1));
        } else if has(&["detailed", "long", "thorough"]) {
            limit.sentences = limit.sentences.max(all.len().div_ceil(2));
        }
        limit
    }
}

/// How much each sentence is spoken of by the others.
fn ranks(all: &[&str], instruction: &str) -> Vec<f32> {
    let bags: Vec<BTreeSet<String>> =
        all.iter().map(|sentence| content_words(sentence).into_iter().collect()).collect();
    let wanted: BTreeSet<String> = content_words(instruction).into_iter().collect();
    let alike = |a: usize, b: usize| {
        let shared = bags[a].intersection(&bags[b]).count() as f32;
        shared / (1.0 + (bags[a].len() as f32 + 1.0).ln() + (bags[b].len() as f32 + 1.0).ln())
    };
    let count = all.len();
    let links: Vec<Vec<f32>> = (0..count)
        .map(|a| (0..count).map(|b| if a == b { 0.0 } else { alike(a, b) }).collect())
        .collect();
    let out: Vec<f32> = links.iter().map(|row| row.iter().sum::<f32>().max(1e-6)).collect();
    let mut ranks = vec![1.0; count];
    for _ in 0..ROUNDS {
        ranks = (0..count)
            .map(|a| {
                let given: f32 = (0..count).map(|b| links[b][a] / out[b] * ranks[b]).sum();
                1.0 - DAMPING + DAMPING * given
            })
            .collect();
    }
    for (at, rank) in ranks.iter_mut().enumerate() {
        // What stands first usually says what follows, and what was asked about counts.
        *rank *= if at == 0 { 1.25 } else { 1.0 };
        *rank *= 1.0 + 0.6 * bags[at].intersection(&wanted).count() as f32;
    }
    ranks
}
