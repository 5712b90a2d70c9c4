//! Lays the layers over each other and collects everything that is wrong with them.

use billing::profile::Profile;

use super::file;
use super::problem::{Origin, Problem, Problems};
use super::rules;
use super::sources::{CONFIG_VARIABLE, File, Sources};
use super::table::{SETTINGS, Setting};

const PREFIX: &str = "ATELIER_";

/// The settings as they came out, right or wrong. Has no `Debug`: secrets are among them.
pub struct Loaded {
    /// In the order of the table.
    pub(super) values: Vec<Value>,
    pub(super) problems: Vec<Problem>,
}

/// One setting's value.
pub struct Value {
    /// As it is said: with a name in the place of the star, where the setting's key has one.
    pub(super) key: String,
    pub(super) setting: &'static Setting,
    /// `None` for an optional setting that is not set. Shown only unless the setting is secret.
    pub(super) text: Option<String>,
    pub(super) origin: Origin,
}

/// Reads all sources. What is wrong is kept for [`Loaded::check`] and the typed accessors.
pub fn load(sources: &Sources) -> Loaded {
    let fixed = SETTINGS.iter().filter(|setting| !setting.is_named());
    let values = fixed.map(|setting| Value {
        key: setting.key.to_owned(),
        setting,
        text: setting.default.map(str::to_owned),
        origin: Origin::Default,
    });
    let mut loaded = Loaded { values: values.collect(), problems: Vec::new() };
    loaded.lay_file(sources);
    loaded.lay_environment(sources);
    loaded.lay_flags(sources);
    loaded.lay_fixed(sources);
    loaded.lay_profile();
    let wrong: Vec<_> = loaded.values.iter().filter_map(Value::problem).collect();
    loaded.problems.extend(wrong);
    let broken = rules::broken(&loaded);
    loaded.problems.extend(broken);
    loaded
}

impl Loaded {
    /// Fails with all problems, and one for each key of `required` that is not set.
    pub(super) fn check(&self, required: &[&str]) -> Result<(), Problems> {
        let missing = self
            .values
            .iter()
            .filter(|value| value.text.is_none() && required.contains(&value.key.as_str()));
        let problems: Vec<_> =
            self.problems.iter().cloned().chain(missing.map(Value::missing)).collect();
        if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
    }

    /// What is wrong, whatever command the settings are for.
    pub fn problems(&self) -> Result<(), Problems> {
        self.check(&[])
    }

    pub(super) fn value(&self, key: &str) -> Option<&Value> {
        self.values.iter().find(|value| value.key == key)
    }

    /// The names that stand in keys of the concern, in order.
    pub(super) fn names(&self, concern: &str) -> Vec<String> {
        let named = self.values.iter().filter(|value| value.setting.is_named());
        let keys = named.filter_map(|value| value.key.strip_prefix(concern)?.strip_prefix('.'));
        let mut names: Vec<_> =
            keys.filter_map(|key| Some(key.split_once('.')?.0.to_owned())).collect();
        names.sort();
        names.dedup();
        names
    }

    fn lay_file(&mut self, sources: &Sources) {
        let Some(File { path, text }) = &sources.file else { return };
        let entries = match text {
            Ok(text) => file::read(path, text),
            Err(error) => Err(Problem {
                subject: path.display().to_string(),
                origin: None,
                what: format!("the settings file cannot be read: {error}"),
            }),
        };
        match entries {
            Err(problem) => self.problems.push(problem),
            Ok(entries) => {
                for file::Entry { key, text, origin } in entries {
                    match text {
                        Some(text) => self.set(&key, text, origin, str::to_owned),
                        None => self.problems.push(Problem {
                            subject: key,
                            origin: Some(origin),
                            what: "must be a text, a whole number, true or false".to_owned(),
                        }),
                    }
                }
            }
        }
    }

    fn lay_environment(&mut self, sources: &Sources) {
        for (name, value) in &sources.environment {
            let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX)) else {
                continue;
            };
            if name == CONFIG_VARIABLE {
                continue;
            }
            let origin = Origin::Environment { variable: name.to_owned() };
            match value.to_str() {
                Some(text) => {
                    // A variable in capitals names a key; any other case names none.
                    let said = key_of(name);
                    let key = said.as_deref().filter(|key| setting_of(key).is_some());
                    self.set(key.unwrap_or(name), text.to_owned(), origin, variable);
                }
                None => self.problems.push(Problem {
                    subject: name.to_owned(),
                    origin: None,
                    what: "must be UTF-8".to_owned(),
                }),
            }
        }
    }

    fn lay_flags(&mut self, sources: &Sources) {
        for flag in &sources.flags {
            let origin = Origin::Flag { name: flag.name.clone() };
            self.set(&flag.key, flag.value.clone(), origin, str::to_owned);
        }
    }

    fn lay_fixed(&mut self, sources: &Sources) {
        let Some((name, fixed)) = &sources.fixed else { return };
        for (key, text) in fixed {
            self.set(key, text.clone(), Origin::Command { name }, str::to_owned);
        }
    }

    // Last, for any layer may name the profile; and only under what no layer has said.
    fn lay_profile(&mut self) {
        let named = self.value("product.profile").and_then(|value| value.text.as_deref());
        let Some(profile) = named.and_then(|name| name.parse::<Profile>().ok()) else { return };
        for (key, text) in profile.settings() {
            let value = self.values.iter_mut().find(|value| value.key == *key);
            if let Some(value) = value.filter(|value| value.origin == Origin::Default) {
                value.text = Some((*text).to_owned());
                value.origin = Origin::Profile { name: profile.as_str() };
            }
        }
    }

    // `spell` writes a key the way this layer would, for the suggestion.
    fn set(&mut self, key: &str, text: String, origin: Origin, spell: fn(&str) -> String) {
        let known = self.values.iter().any(|value| value.key == key);
        if let Some(setting) = setting_of(key).filter(|_| !known) {
            let (key, origin) = (key.to_owned(), Origin::Default);
            self.values.push(Value { key, setting, text: None, origin });
        }
        match self.values.iter_mut().find(|value| value.key == key) {
            // Nothing said for a setting that may be absent takes back what a lower layer said.
            Some(value) if text.is_empty() && value.setting.default.is_none() => {
                (value.text, value.origin) = (None, origin);
            }
            Some(value) => (value.text, value.origin) = (Some(text), origin),
            None => {
                let known = SETTINGS.iter().map(|setting| spell(setting.key));
                let what = match nearest(key, known) {
                    Some(near) => format!("no such setting; did you mean {near}?"),
                    None => "no such setting; `atelier config show` lists them".to_owned(),
                };
                let origin = (origin.to_string() != key).then_some(origin);
                self.problems.push(Problem { subject: key.to_owned(), origin, what });
            }
        }
    }
}

impl Value {
    fn problem(&self) -> Option<Problem> {
        let text = self.text.as_deref().filter(|text| !self.setting.kind.accepts(text))?;
        let kind = self.setting.kind;
        let what = if self.setting.secret {
            format!("must be {kind}")
        } else {
            format!("must be {kind}, not {:?}", text.chars().take(80).collect::<String>())
        };
        Some(self.wrong(what))
    }

    fn missing(&self) -> Problem {
        let key = &self.key;
        let what = format!("must be set: {}, or {key} in the settings file", variable(key));
        Problem { subject: key.to_owned(), origin: None, what }
    }

    pub(super) fn wrong(&self, what: String) -> Problem {
        Problem { subject: self.key.clone(), origin: Some(self.origin.clone()), what }
    }
}

/// The variable that sets `key`: `ATELIER_DATABASE__URL` for `database.url`.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").to_uppercase())
}

/// The key that a variable in capitals sets.
fn key_of(variable: &str) -> Option<String> {
    let name = variable.strip_prefix(PREFIX)?;
    let capitals = !name.contains(|letter: char| letter.is_ascii_lowercase());
    capitals.then(|| name.to_lowercase().replace("__", "."))
}

/// The setting that a key is of.
fn setting_of(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.is(key))
}

fn nearest(word: &str, known: impl Iterator<Item = String>) -> Option<String> {
    // A third of the letters wrong is still a slip; more is another word.
    let reach = (word.chars().count() / 3).max(1);
    known
        .map(|candidate| (distance(word, &candidate), candidate))
        .filter(|(distance, _)| *distance <= reach)
        .min()
        .map(|(_, candidate)| candidate)
}

// How many letters to insert, drop or change (Levenshtein), one row of the table at a time.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (above, letter) in left.chars().enumerate() {
        let mut diagonal = above;
        let mut last = above + 1;
        for (cell, other) in row.iter_mut().skip(1).zip(&right) {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = *cell;
            last = changed.min(*cell + 1).min(last + 1);
            *cell = last;
        }
        if let Some(first) = row.first_mut() {
            *first = above + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}
