//! `/_mock`: the script, the calls, and forgetting. For tests in other processes.

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use crate::call::Rule;
use crate::reply::Reply;
use crate::scenario::{Scenario, UnknownWord};
use crate::vendor::{UnknownVendor, Vendor};
use crate::world::World;

pub(crate) const PREFIX: &str = "_mock";

/// Why a rule is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    #[error(transparent)]
    Vendor(#[from] UnknownVendor),
    #[error(transparent)]
    Word(#[from] UnknownWord),
}

pub(crate) fn accept(world: &World, rule: Rule) -> Result<(), RuleError> {
    rule.vendor.parse::<Vendor>()?;
    for word in rule.answer.split_whitespace() {
        word.parse::<Scenario>()?;
    }
    world.script(rule);
    Ok(())
}

/// Where each vendor is, and a key for it.
pub(crate) fn index(world: &World) -> Reply {
    let vendors = Vendor::ALL.map(|vendor| {
        let base = format!("{}{}", world.url(vendor), vendor.base_path());
        (vendor.name().to_owned(), json!({ "base_url": base, "key": vendor.key() }))
    });
    Reply::json(200, &Value::Object(vendors.into_iter().collect()))
}

pub(crate) fn answer(world: &World, method: &Method, path: &[String], body: &Bytes) -> Reply {
    match (method.as_str(), path.first().map(String::as_str)) {
        ("PUT", Some("script")) => script(world, body),
        ("GET", Some("calls")) => Reply::json(200, &json!({ "calls": world.calls() })),
        ("DELETE", None) => {
            world.reset();
            Reply::json(200, &json!({}))
        }
        _ => Reply::text(404, "PUT /_mock/script, GET /_mock/calls, DELETE /_mock\n"),
    }
}

fn script(world: &World, body: &Bytes) -> Reply {
    let refused = |why: &dyn std::fmt::Display| Reply::text(400, &format!("{why}\n"));
    match serde_json::from_slice::<Rule>(body) {
        Err(error) => refused(&error),
        Ok(rule) => match accept(world, rule) {
            Err(error) => refused(&error),
            Ok(()) => Reply::json(200, &json!({})),
        },
    }
}
