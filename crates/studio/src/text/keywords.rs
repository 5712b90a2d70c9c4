//! What a text is about: its words that carry meaning, and the phrases they make.

use std::collections::BTreeMap;

use crate::words::{singular, words};

const STOP: &str = "a about above after again all also am an and any are as at be because been \
    before being below between both but by can could did do does doing down during each few for \
    from further had has have having he her here hers him his how i if in into is it its itself \
    just let like make many may me might more most must my no nor not now of off on once only or \
    other our out over own please same she should so some such than that the their them then there \
    these they this those through to too under until up us very want was we were what when where \
    which while who whom why will with would write you your create give tell show video short \
    minute second about using use one get me need help explain describe new good great video's";

/// Whether a word says nothing by itself.
pub(super) fn is_stop(word: &str) -> bool {
    word.len() < 2 || STOP.split_whitespace().any(|stop| stop == word)
}

/// Words that carry meaning, each in the singular, in the order of the text.
pub(super) fn content_words(text: &str) -> Vec<String> {
    words(text).into_iter().filter(|word| !is_stop(word)).map(|word| singular(&word)).collect()
}

/// Up to `count` phrases that the text is most about, the most telling first.
pub(super) fn phrases(text: &str, count: usize) -> Vec<String> {
    let mut weights: BTreeMap<String, (f32, usize)> = BTreeMap::new();
    for (at, word) in content_words(text).into_iter().enumerate() {
        let entry = weights.entry(word).or_insert((0.0, at));
        entry.0 += 1.0;
    }
    let mut found: Vec<(f32, usize, String)> = Vec::new();
    for clause in text.split(['.', ',', ';', ':', '!', '?', '\n', '(', ')', '"']) {
        let mut run: Vec<String> = Vec::new();
        for word in words(clause).into_iter().chain([String::new()]) {
            if !is_stop(&word) && !word.is_empty() {
                run.push(word);
                continue;
            }
            if !run.is_empty() {
                run.truncate(3);
                let weight: f32 =
                    run.iter().filter_map(|word| weights.get(&singular(word))).map(|w| w.0).sum();
                let at =
                    run.first().and_then(|word| weights.get(&singular(word))).map_or(0, |w| w.1);
                found.push((weight, at, run.join(" ")));
                run.clear();
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut made: Vec<String> = Vec::new();
    for (_, _, phrase) in found {
        let known = made.iter().any(|one| one.contains(&phrase) || phrase.contains(one.as_str()));
        if !known && made.len() < count {
            made.push(phrase);
        }
    }
    made
}
