//! The scenarios of one call, and what they mean for each part of it.

use std::fmt;
use std::time::Duration;

use crate::scenario::{Plain, Scenario, UnknownWord};

/// Longer words are text of the prompt.
const WORD_MAX: usize = 32;

/// What is to happen to one call. Empty: all goes well.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    scenarios: Vec<Scenario>,
    /// The script wants it, which counts calls itself.
    pub(crate) scripted: bool,
}

impl Plan {
    pub(crate) fn scripted(scenarios: Vec<Scenario>) -> Self {
        Self { scenarios, scripted: true }
    }

    /// What the words in a body ask for. A word that means nothing here is a slip to be told of.
    pub(crate) fn of_words(body: &[u8]) -> Result<Self, UnknownWord> {
        let text = String::from_utf8_lossy(body);
        let mut scenarios = Vec::new();
        for after in text.split("[[").skip(1) {
            let Some((word, _)) = after.split_once("]]") else { continue };
            let looks =
                |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-:./".contains(c);
            // Lists of lists of numbers are JSON and no words.
            let worded = word.contains(|c: char| c.is_ascii_lowercase());
            if worded && word.len() <= WORD_MAX && word.chars().all(looks) {
                scenarios.push(word.parse()?);
            }
        }
        Ok(Self { scenarios, scripted: false })
    }

    pub(crate) fn has(&self, plain: Plain) -> bool {
        self.scenarios.contains(&Scenario::Plain(plain))
    }

    pub(crate) fn find<T>(&self, wanted: impl Fn(&Scenario) -> Option<T>) -> Option<T> {
        self.scenarios.iter().find_map(wanted)
    }

    pub(crate) fn slow(&self) -> Option<Duration> {
        self.find(|found| if let Scenario::Slow(time) = found { Some(*time) } else { None })
    }

    /// How many of `asked` outputs are made.
    pub(crate) fn outputs(&self, asked: u64) -> u64 {
        if self.has(Plain::NoOutput) {
            return 0;
        }
        let partial = |found: &Scenario| {
            let Scenario::Partial(some, all) = found else { return None };
            Some(asked * u64::from(*some) / u64::from((*all).max(1)))
        };
        self.find(partial).unwrap_or(asked)
    }

    /// How the words of the plan are told.
    pub(crate) fn words(&self) -> Vec<String> {
        self.scenarios.iter().map(ToString::to_string).collect()
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_text_and_lists_of_numbers_are_none() {
        let body = br#"{"prompt":"a cat [[slow:2]] at sea [[partial:3/4]]","bbox":[[0.1,0.2]]}"#;
        let plan = Plan::of_words(body).unwrap();
        assert_eq!(plan.to_string(), "slow:2 partial:3/4");
        assert_eq!((plan.outputs(4), plan.outputs(1)), (3, 0));
    }

    #[test]
    fn a_slip_in_a_word_is_told() {
        assert_eq!(Plan::of_words(b"[[refuze]]"), Err(UnknownWord("refuze".to_owned())));
        assert_eq!(Plan::of_words(b"[[Not a word]] [[1,2]]"), Ok(Plan::default()));
    }
}
