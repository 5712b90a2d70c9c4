//! The arrows between crates, as `docs/architecture.md` has them.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Pure values and decisions: each knows the kernel, and none another.
const DOMAINS: &[&str] = &[
    "access",
    "assets",
    "users",
    "projects",
    "library",
    "catalog",
    "ledger",
    "billing",
    "generation",
];

/// Stands for the kernel and all domains.
const EVERY_DOMAIN: &str = "*";

/// What every other crate of the workspace may depend on in the workspace. An edge that is missing
/// here is a decision to make, not a line to add in passing.
const ARROWS: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("ports", &[EVERY_DOMAIN]),
    ("app", &[EVERY_DOMAIN, "ports"]),
    ("postgres", &[EVERY_DOMAIN, "ports"]),
    ("media-s3", &["kernel", "ports"]),
    ("fetch", &["kernel", "ports"]),
    ("providers", &["kernel", "generation", "ports"]),
    ("studio", &["kernel", "generation", "ports"]),
    ("proto", &[]),
    ("devstack", &[]),
    ("mock-vendors", &[]),
    (
        "server",
        &[
            EVERY_DOMAIN,
            "ports",
            "app",
            "postgres",
            "media-s3",
            "fetch",
            "providers",
            "studio",
            "proto",
            "devstack",
            "mock-vendors",
        ],
    ),
    ("testkit", &[EVERY_DOMAIN, "ports", "postgres", "devstack"]),
    ("bench", &[EVERY_DOMAIN, "ports", "proto", "devstack", "postgres"]),
];

/// External crates that only some crates may name, tests included.
const WALLS: &[(&str, &[&str])] = &[
    ("diesel", &["postgres"]),
    ("diesel-async", &["postgres"]),
    ("aws-sdk-s3", &["media-s3", "devstack"]),
    ("tonic", &["proto", "server", "bench"]),
    ("prost", &["proto", "server", "bench"]),
    ("s3s", &["devstack"]),
    ("clap", &["server", "bench"]),
];

/// What a domain may not know of: where there is no clock, no decision can read one.
const NOT_IN_DOMAINS: &[&str] = &[
    "async-trait",
    "chrono",
    "diesel",
    "getrandom",
    "rand",
    "serde",
    "serde_json",
    "tokio",
    "tonic",
    "tracing",
];
/// Crates that ship: none of them may lean on what is for tests alone.
const FOR_TESTS: &[&str] = &["testkit", "bench"];

struct Dependency {
    name: String,
    for_tests: bool,
}

fn workspace() -> BTreeMap<String, Vec<Dependency>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo speaks JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let name = |value: &Value| value["name"].as_str().expect("a name").to_owned();
    packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().expect("dependencies");
            let dependencies = dependencies.iter().map(|dependency| Dependency {
                name: name(dependency),
                for_tests: dependency["kind"] == "dev",
            });
            (name(package), dependencies.collect())
        })
        .collect()
}

/// The arrows with everything that they stand for.
fn arrows() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let spelled = |to: &&'static str| match *to {
        EVERY_DOMAIN => DOMAINS.iter().copied().chain(["kernel"]).collect(),
        to => vec![to],
    };
    let others = ARROWS.iter().map(|(from, to)| (*from, to.iter().flat_map(spelled).collect()));
    let domains = DOMAINS.iter().map(|domain| (*domain, BTreeSet::from(["kernel"])));
    domains.chain(others).collect()
}

#[test]
fn crates_depend_only_where_the_arrows_allow() {
    let arrows = arrows();
    let workspace = workspace();
    let mut wrong = Vec::new();
    for (from, dependencies) in &workspace {
        let Some(allowed) = arrows.get(from.as_str()) else {
            wrong.push(format!("{from} is not in the table of arrows"));
            continue;
        };
        for dependency in dependencies {
            let to = dependency.name.as_str();
            let ours = workspace.contains_key(to);
            // Tests may use what is made for them; a contract suite runs where its adapter is.
            let for_tests = ["testkit", "devstack", "mock-vendors"];
            let tests_may = dependency.for_tests && for_tests.contains(&to);
            let itself = dependency.for_tests && allowed.contains(to);
            if ours && !allowed.contains(to) && !tests_may && !itself {
                wrong.push(format!("{from} -> {to}"));
            }
        }
    }
    assert!(wrong.is_empty(), "edges that the table does not have: {wrong:#?}");
}

#[test]
fn heavy_crates_stay_behind_their_walls() {
    let walls: BTreeMap<&str, &[&str]> = WALLS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (from, dependencies) in workspace() {
        for dependency in dependencies {
            if let Some(allowed) = walls.get(dependency.name.as_str())
                && !allowed.contains(&from.as_str())
            {
                wrong.push(format!("{from} -> {}", dependency.name));
            }
        }
    }
    assert!(wrong.is_empty(), "crates that reach through a wall: {wrong:#?}");
}

#[test]
fn domains_know_no_clock_no_io_and_no_wire() {
    let mut wrong = Vec::new();
    for (from, dependencies) in workspace() {
        let domain = from == "kernel" || DOMAINS.contains(&from.as_str());
        for dependency in dependencies.iter().filter(|found| domain && !found.for_tests) {
            if NOT_IN_DOMAINS.contains(&dependency.name.as_str()) {
                wrong.push(format!("{from} -> {}", dependency.name));
            }
        }
    }
    assert!(wrong.is_empty(), "domains that know too much: {wrong:#?}");
}

#[test]
fn what_is_for_tests_is_not_shipped() {
    for (from, dependencies) in workspace() {
        for dependency in dependencies.iter().filter(|found| !found.for_tests) {
            let leans = FOR_TESTS.contains(&dependency.name.as_str());
            assert!(!leans || FOR_TESTS.contains(&from.as_str()), "{from} -> {}", dependency.name);
        }
    }
}

/// Only the composition root names a concrete adapter; commands of operators work on them too.
#[test]
fn adapters_are_named_in_the_composition_root_alone() {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let mut wrong = Vec::new();
    let mut folders = vec![std::path::PathBuf::from(source)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("sources can be read") {
            let path = entry.expect("sources can be read").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("sources are text");
            let names = ["Postgres::", "S3MediaStore::", "WebFetcher::", "Studio::new"]
                .iter()
                .any(|name| text.contains(name));
            let root =
                path.ends_with("wiring.rs") || path.parent().is_some_and(|p| p.ends_with("wiring"));
            if names && !root {
                wrong.push(path);
            }
        }
    }
    assert!(wrong.is_empty(), "adapters are named in {wrong:?}");
}
