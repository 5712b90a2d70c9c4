//! Places in JSON, written as the paths of violations are: `commands[0].deduct.amount`.

use serde_json::{Map, Value};

/// The names and indices of a path.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split(['.', '[']).map(|part| part.trim_end_matches(']'))
}

/// What is there.
pub(crate) fn get<'a>(json: &'a Value, path: &str) -> Option<&'a Value> {
    parts(path).try_fold(json, |place, part| match part.parse::<usize>() {
        Ok(index) => place.get(index),
        Err(_) => place.get(part),
    })
}

/// Puts a value there, and makes the objects that lead to it. Lists must be long enough, or lack
/// exactly the value.
pub(crate) fn set(json: &mut Value, path: &str, value: Value) {
    let mut place = json;
    for part in parts(path) {
        place = match part.parse::<usize>() {
            Ok(index) => {
                if place.is_null() {
                    *place = Value::Array(Vec::new());
                }
                let items = place.as_array_mut().expect("an index is one of a list");
                if index == items.len() {
                    items.push(Value::Null);
                }
                &mut items[index]
            }
            Err(_) => {
                if place.is_null() {
                    *place = Value::Object(Map::new());
                }
                let fields = place.as_object_mut().expect("a name is one of an object");
                fields.entry(part).or_insert(Value::Null)
            }
        };
    }
    *place = value;
}

/// Changes every text in it.
pub(crate) fn texts(json: &mut Value, change: &impl Fn(&str) -> String) {
    match json {
        Value::String(text) => *text = change(text),
        Value::Array(items) => items.iter_mut().for_each(|item| texts(item, change)),
        Value::Object(fields) => fields.values_mut().for_each(|field| texts(field, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
