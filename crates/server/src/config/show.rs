//! The settings in force, with their origins and without their secrets.

use std::fmt::Write;

use serde_json::json;

use super::load::{Loaded, Value};
use super::problem::Origin;
use super::secret::MASK;

/// One line per setting: key, value, origin.
pub fn text(loaded: &Loaded) -> String {
    let lines: Vec<_> = loaded.values.iter().map(|value| (value, shown(value))).collect();
    let key_width = lines.iter().map(|(value, _)| value.key.len()).max().unwrap_or(0);
    let width = lines.iter().map(|(_, shown)| shown.chars().count()).max().unwrap_or(0);
    lines.iter().fold(String::new(), |mut text, (value, shown)| {
        let (key, origin) = (&value.key, &value.origin);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{key:key_width$}  {shown:width$}  {origin}");
        text
    })
}

/// An array of objects with `key`, `value` (null if not set, stars if secret), `set`, `secret` and
/// `origin`.
pub fn json(loaded: &Loaded) -> String {
    let settings: Vec<_> = loaded.values.iter().map(object).collect();
    format!("{:#}\n", serde_json::Value::Array(settings))
}

fn object(value: &Value) -> serde_json::Value {
    json!({
        "key": value.key,
        "value": visible(value),
        "set": value.text.is_some(),
        "secret": value.setting.secret,
        "origin": match &value.origin {
            Origin::Default => json!({"kind": "default"}),
            Origin::Profile { name } => json!({"kind": "profile", "profile": name}),
            Origin::File { path, line } => {
                json!({"kind": "file", "path": path.display().to_string(), "line": line})
            }
            Origin::Environment { variable } => {
                json!({"kind": "environment", "variable": variable})
            }
            Origin::Flag { name } => json!({"kind": "flag", "flag": name}),
            Origin::Command { name } => json!({"kind": "command", "command": name}),
        },
    })
}

fn shown(value: &Value) -> String {
    visible(value).unwrap_or("(not set)").to_owned()
}

fn visible(value: &Value) -> Option<&str> {
    value.text.as_deref().map(|text| if value.setting.secret { MASK } else { text })
}
