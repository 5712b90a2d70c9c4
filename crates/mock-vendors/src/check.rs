//! Requests against tables: each row names a field by its path, and what it may hold.
//!
//! `generationConfig.seed` is a field of an object, `contents[].parts` one of each item of a list.
//! What no row names is unknown. How a problem is told is each vendor's affair.

use std::collections::BTreeSet;

use serde_json::Value;

/// What a field may hold.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// So many characters at most.
    Text(usize),
    Int(i64, i64),
    Number(f64, f64),
    Bool,
    OneOf(&'static [&'static str]),
    /// So many items at least and at most.
    List(usize, usize),
    Object,
    /// A file of a form.
    File,
    Any,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    path: &'static str,
    required: bool,
    kind: Kind,
}

pub(crate) const fn need(path: &'static str, kind: Kind) -> Field {
    Field { path, required: true, kind }
}

pub(crate) const fn may(path: &'static str, kind: Kind) -> Field {
    Field { path, required: false, kind }
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Missing,
    Type,
    Value,
    TooLong,
    Unknown,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Problem {
    pub(crate) path: String,
    pub(crate) fault: Fault,
    pub(crate) what: String,
}

impl Problem {
    pub(crate) fn value(path: &str, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), fault: Fault::Value, what: what.into() }
    }

    /// The path as a list, for vendors that tell it so.
    pub(crate) fn location(&self) -> Vec<String> {
        self.path.replace("[", ".").replace("]", "").split('.').map(str::to_owned).collect()
    }
}

/// How strictly a body is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rules {
    /// Unknown fields are refused.
    Strict,
    /// Unknown fields are passed over, as models do with inputs that are not theirs.
    Open,
    /// Of a form: numbers and truth are written as text.
    Form,
}

/// All that is wrong with `body`.
pub(crate) fn check(body: &Value, table: &[Field], rules: Rules) -> Vec<Problem> {
    let mut problems = Vec::new();
    for field in table {
        let mut found = Vec::new();
        let segments: Vec<&str> = field.path.split('.').collect();
        visit(body, String::new(), &segments, &mut found);
        for (path, value) in found {
            match value {
                Some(value) if !value.is_null() => {
                    if let Some((fault, what)) = wrong(value, field.kind, rules) {
                        problems.push(Problem { path, fault, what });
                    }
                }
                Some(_) | None if field.required => {
                    let what = "Field required".to_owned();
                    problems.push(Problem { path, fault: Fault::Missing, what });
                }
                Some(_) | None => {}
            }
        }
    }
    if rules != Rules::Open {
        let known: BTreeSet<&str> = table.iter().map(|field| field.path).collect();
        unknown(body, "", "", &known, &mut problems);
    }
    problems
}

/// A count that is a number, or the text of one as in a form.
pub(crate) fn count(value: &Value, otherwise: u64) -> u64 {
    let written = value.as_str().and_then(|text| text.parse().ok());
    value.as_u64().or(written).unwrap_or(otherwise)
}

/// The items of a list, the one thing that stands for a list of one, or none.
pub(crate) fn listed(value: &Value) -> Vec<Value> {
    match value.as_array() {
        Some(list) => list.clone(),
        None if value.is_null() => Vec::new(),
        None => vec![value.clone()],
    }
}

// Every place that `path` names, with what is there.
fn visit<'v>(
    at: &'v Value,
    here: String,
    path: &[&str],
    found: &mut Vec<(String, Option<&'v Value>)>,
) {
    let Some((first, rest)) = path.split_first() else {
        found.push((here, Some(at)));
        return;
    };
    let (name, each) = match first.strip_suffix("[]") {
        Some(name) => (name, true),
        None => (*first, false),
    };
    let there = join(&here, name);
    match at.get(name) {
        // A missing parent is the affair of the parent's own row.
        None if rest.is_empty() && !each => found.push((there, None)),
        None => {}
        Some(value) if each => {
            for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                visit(item, format!("{there}[{index}]"), rest, found);
            }
        }
        Some(value) => visit(value, there, rest, found),
    }
}

fn unknown(at: &Value, here: &str, pattern: &str, known: &BTreeSet<&str>, out: &mut Vec<Problem>) {
    let Some(fields) = at.as_object() else { return };
    for (name, value) in fields {
        let path = join(here, name);
        let like = join(pattern, name);
        let inner = |prefix: &str| known.iter().any(|row| row.starts_with(prefix));
        let (items, parts) = (format!("{like}[]."), format!("{like}."));
        let mistyped = |what: &str| {
            let what = format!("Input should be a valid {what}");
            Problem { path: path.clone(), fault: Fault::Type, what }
        };
        let has_row = known.contains(like.as_str());
        if inner(&items) {
            if !has_row && !value.is_array() && !value.is_null() {
                out.push(mistyped("list"));
            }
            for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                unknown(item, &format!("{path}[{index}]"), &format!("{like}[]"), known, out);
            }
        } else if inner(&parts) {
            if !has_row && !value.is_object() && !value.is_null() {
                out.push(mistyped("object"));
            }
            unknown(value, &path, &like, known, out);
        } else if !has_row && !known.contains(format!("{like}[]").as_str()) {
            let what = format!("Unknown name \"{name}\"");
            out.push(Problem { path, fault: Fault::Unknown, what });
        }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn wrong(value: &Value, kind: Kind, rules: Rules) -> Option<(Fault, String)> {
    let written = value.as_str().filter(|_| rules == Rules::Form);
    let mistyped = |what: &str| Some((Fault::Type, format!("Input should be a valid {what}")));
    let outside = |low: &dyn std::fmt::Display, high: &dyn std::fmt::Display| {
        Some((Fault::Value, format!("Input should be between {low} and {high}")))
    };
    match kind {
        Kind::Any => None,
        Kind::Text(max) => match value.as_str() {
            None => mistyped("string"),
            Some("") => Some((Fault::Value, "Input should not be empty".to_owned())),
            Some(text) if text.chars().count() > max => {
                let count = text.chars().count();
                let what = format!("String should have at most {max} characters, not {count}");
                Some((Fault::TooLong, what))
            }
            Some(_) => None,
        },
        Kind::Int(low, high) => {
            match value.as_i64().or_else(|| written.and_then(|text| text.parse().ok())) {
                None => mistyped("integer"),
                Some(number) if number < low || number > high => outside(&low, &high),
                Some(_) => None,
            }
        }
        Kind::Number(low, high) => {
            match value.as_f64().or_else(|| written.and_then(|text| text.parse().ok())) {
                None => mistyped("number"),
                Some(number) if number < low || number > high => outside(&low, &high),
                Some(_) => None,
            }
        }
        Kind::Bool if value.is_boolean() || matches!(written, Some("true" | "false")) => None,
        Kind::Bool => mistyped("boolean"),
        Kind::OneOf(values) => match value.as_str() {
            None => mistyped("string"),
            Some(text) if values.contains(&text) => None,
            Some(text) => {
                let what = format!("Invalid value: '{text}'. Supported values: {values:?}");
                Some((Fault::Value, what))
            }
        },
        Kind::List(low, high) => match value.as_array() {
            None => mistyped("list"),
            Some(items) if items.len() < low || items.len() > high => outside(&low, &high),
            Some(_) => None,
        },
        Kind::Object if value.is_object() => None,
        Kind::Object => mistyped("object"),
        Kind::File if value.get("$file").is_some() => None,
        Kind::File => mistyped("file"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TABLE: &[Field] = &[
        need("prompt", Kind::Text(5)),
        may("n", Kind::Int(1, 4)),
        may("parts", Kind::List(1, 2)),
        need("parts[].name", Kind::Text(9)),
        may("config.mode", Kind::OneOf(&["a", "b"])),
    ];

    fn faults(body: &Value, rules: Rules) -> Vec<(String, Fault)> {
        let problems = check(body, TABLE, rules);
        problems.into_iter().map(|problem| (problem.path, problem.fault)).collect()
    }

    #[test]
    fn each_fault_is_told_with_its_path() {
        let body = json!({
            "prompt": "longer", "n": "2", "parts": [{"name": "x"}, {"nam": 1}],
            "config": {"mode": "c", "more": 1}, "other": 1
        });
        let expected = [
            ("prompt", Fault::TooLong),
            ("n", Fault::Type),
            ("parts[1].name", Fault::Missing),
            ("config.mode", Fault::Value),
            ("config.more", Fault::Unknown),
            ("other", Fault::Unknown),
            ("parts[1].nam", Fault::Unknown),
        ];
        let found = faults(&body, Rules::Strict);
        assert_eq!(found, expected.map(|(path, fault)| (path.to_owned(), fault)));
        assert_eq!(faults(&body, Rules::Open).len(), 4);
        assert_eq!(faults(&body, Rules::Form).len(), 6);
    }

    #[test]
    fn what_is_in_order_is_left_alone() {
        let body = json!({"prompt": "short", "n": 1, "parts": [{"name": "x"}], "config": null});
        assert!(faults(&body, Rules::Strict).is_empty());
        assert_eq!(faults(&json!({}), Rules::Strict), [("prompt".to_owned(), Fault::Missing)]);
    }
}
