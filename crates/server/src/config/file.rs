//! The settings file: TOML, flattened into dotted keys with their lines.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Origin, Problem};

/// One value of the file. `text` is `None` where the value is of a form that no setting has.
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) text: Option<String>,
    pub(super) origin: Origin,
}

/// Reads the values, in no particular order.
pub(super) fn read(path: &Path, text: &str) -> Result<Vec<Entry>, Problem> {
    let table = DeTable::parse(text).map_err(|error| Problem {
        subject: "the settings file".to_owned(),
        origin: Some(origin(path, text, error.span().map_or(0, |span| span.start))),
        // The message alone: the error's Display quotes the line, which may hold a secret.
        what: format!("is not TOML: {}", error.message().trim()),
    })?;
    let mut entries = Vec::new();
    flatten(path, text, "", table.get_ref(), &mut entries);
    Ok(entries)
}

fn flatten(path: &Path, text: &str, prefix: &str, table: &DeTable<'_>, entries: &mut Vec<Entry>) {
    for (name, value) in table {
        let key = format!("{prefix}{}", name.get_ref());
        match value.get_ref() {
            DeValue::Table(inner) => flatten(path, text, &format!("{key}."), inner, entries),
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Boolean(_)
            | DeValue::Float(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_) => {
                let origin = origin(path, text, name.span().start);
                entries.push(Entry { key, text: scalar(value), origin });
            }
        }
    }
}

fn scalar(value: &Spanned<DeValue<'_>>) -> Option<String> {
    match value.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).ok().map(|n| n.to_string())
        }
        DeValue::Boolean(flag) => Some(flag.to_string()),
        DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

fn origin(path: &Path, text: &str, offset: usize) -> Origin {
    let before = text.as_bytes().iter().take(offset);
    let line = 1 + before.filter(|byte| **byte == b'\n').count();
    Origin::File { path: path.to_owned(), line }
}
