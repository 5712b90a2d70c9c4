//! Layers, problems and secrets of the settings, and that the documents match the table.

use std::path::{Path, PathBuf};

use billing::profile::Profile;

use super::load::variable;
use super::table::{SETTINGS, Setting};
use super::*;

const PEPPER: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

fn file(text: &str) -> Option<File> {
    Some(File { path: "atelier.toml".into(), text: Ok(text.to_owned()) })
}

fn env(variables: &[(&str, &str)]) -> Vec<(std::ffi::OsString, std::ffi::OsString)> {
    variables.iter().map(|(name, value)| (name.into(), value.into())).collect()
}

fn flag(key: &str, value: &str) -> Flag {
    Flag { name: "--set".to_owned(), key: key.to_owned(), value: value.to_owned() }
}

fn flags(pairs: &[(&str, &str)]) -> Sources {
    let flags = pairs.iter().map(|(key, value)| flag(key, value)).collect();
    Sources { flags, ..Sources::default() }
}

fn problems(sources: &Sources) -> Vec<String> {
    match load(sources).problems() {
        Ok(()) => Vec::new(),
        Err(Problems(problems)) => problems.iter().map(Problem::to_string).collect(),
    }
}

fn sample(setting: &Setting) -> &'static str {
    if setting.secret && setting.key == "auth.pepper" {
        return PEPPER;
    }
    match (setting.key, setting.default) {
        (_, Some(default)) => default,
        ("server.admin_listen", None) => "127.0.0.1:9090",
        ("database.url", None) => "postgres://app:hunter2@db/atelier",
        ("imports.reachable", None) => "10.0.0.7:9000",
        ("s3.endpoint" | "s3.public_endpoint" | "telemetry.otlp_endpoint", None) => {
            "http://127.0.0.1:9000"
        }
        (
            "billing.daily_quota_free"
            | "billing.daily_quota_premium"
            | "billing.daily_quota_pro"
            | "billing.daily_quota_enterprise",
            None,
        ) => "3",
        ("providers.*.running_max" | "providers.*.starts_per_minute", None) => "3",
        ("providers.*.base_url" | "providers.*.webhook", None) => "https://example.com/hook",
        ("providers.*.vendor", None) => "openai",
        ("providers.*.key", None) => "hunter2",
        ("providers.*.abilities", None) => "image, edit",
        ("providers.*.surface", None) => "vertex",
        ("providers.*.edits", None) => "references",
        (_, None) => "sample",
    }
}

#[test]
fn a_later_layer_wins_and_says_where_the_value_is_from() {
    let text =
        "# head\n[limits]\nmessage_bytes = 2_000\nmax_in_flight = 0x10\nmax_connections = 3\n";
    let sources = Sources {
        file: file(text),
        environment: env(&[
            ("ATELIER_LIMITS__MAX_IN_FLIGHT", "20"),
            ("ATELIER_LIMITS__MAX_CONNECTIONS", "30"),
            ("ATELIER_CONFIG", "ignored here"),
            ("PATH", "/bin"),
        ]),
        flags: vec![flag("limits.max_connections", "299"), flag("limits.max_connections", "300")],
        fixed: Some(("dev", vec![("server.listen", "127.0.0.1:1".to_owned())])),
    };
    let loaded = load(&sources);
    assert_eq!(loaded.problems(), Ok(()));
    let at = |key: &str| {
        let value = loaded.value(key).unwrap();
        (value.text.clone().unwrap(), value.origin.to_string())
    };
    for (key, value, origin) in [
        ("limits.deadline_max_ms", "60000", "default"),
        ("limits.message_bytes", "2000", "atelier.toml:3"),
        ("limits.max_in_flight", "20", "ATELIER_LIMITS__MAX_IN_FLIGHT"),
        ("limits.max_connections", "300", "--set"),
        ("server.listen", "127.0.0.1:1", "atelier dev"),
    ] {
        assert_eq!(at(key), (value.to_owned(), origin.to_owned()), "{key}");
    }
}

#[test]
fn every_problem_is_reported_at_once_with_its_key_and_origin() {
    let sources = Sources {
        file: file("[server]\nlisten = \"nowhere\"\nlistn = 1\n[auth]\ncache_ms = 1.5\n"),
        environment: env(&[
            ("ATELIER_DATABASE_URL", "postgres://x"),
            ("ATELIER_ledger__shards", "3"),
            ("ATELIER_AUTH__PEPPER", "hunter2"),
        ]),
        flags: vec![flag("ledger.shards", "0"), flag("color", "blue")],
        fixed: None,
    };
    assert_eq!(
        problems(&sources),
        [
            "auth.cache_ms (atelier.toml:5): must be a text, a whole number, true or false",
            "server.listn (atelier.toml:3): no such setting; did you mean server.listen?",
            "ATELIER_DATABASE_URL: no such setting; did you mean ATELIER_DATABASE__URL?",
            "ATELIER_ledger__shards: no such setting; `atelier config show` lists them",
            "color (--set): no such setting; `atelier config show` lists them",
            "server.listen (atelier.toml:2): must be an IP address and port such as \
             127.0.0.1:7443, not \"nowhere\"",
            "auth.pepper (ATELIER_AUTH__PEPPER): must be at least 32 bytes in base64 or hex",
            "ledger.shards (--set): must be a whole number from 1 to 64, not \"0\"",
        ]
    );
}

#[test]
fn what_a_command_cannot_do_without_is_asked_for_by_name() {
    let error = load(&Sources::default()).config().unwrap_err().to_string();
    assert_eq!(
        error,
        "2 problems in the settings:\n  \
         database.url: must be set: ATELIER_DATABASE__URL, or database.url in the settings file\n  \
         auth.pepper: must be set: ATELIER_AUTH__PEPPER, or auth.pepper in the settings file"
    );
    let only_database = flags(&[("database.url", "postgres://db/a")]);
    assert!(load(&only_database).database().is_ok() && load(&only_database).access().is_err());
}

#[test]
fn settings_must_fit_each_other() {
    for (pairs, expected) in [
        (&[("server.listen", "0.0.0.0:7443")][..], 1),
        (&[("server.listen", "0.0.0.0:1"), ("server.insecure_plaintext", "true")], 0),
        (&[("server.listen", "[::]:1"), ("tls.cert", "c"), ("tls.key", "k")], 0),
        (&[("server.listen", "[::1]:7443")], 0),
        (&[("tls.cert", "c")], 1),
        (&[("tls.client_ca", "c")], 1),
        (&[("limits.deadline_default_ms", "70000")], 1),
        (&[("ledger.queue_max", "100")], 2),
        (&[("server.admin_listen", "127.0.0.1:7443")], 1),
        (&[("s3.bucket", "media")], 2),
        (&[("s3.endpoint", "http://s3")], 1),
        (&[("s3.public_endpoint", "http://s3")], 1),
        (&[("s3.bucket", "m"), ("s3.access_key", "a"), ("s3.secret_key", "s")], 0),
    ] {
        assert_eq!(problems(&flags(pairs)).len(), expected, "{pairs:?}");
    }
}

#[test]
fn a_profile_is_below_every_layer_and_says_so() {
    let loaded =
        load(&flags(&[("product.profile", "characters"), ("billing.daily_quota_pro", "7")]));
    assert_eq!(loaded.problems(), Ok(()));
    let told = |key: &str| {
        let value = loaded.value(key).unwrap();
        (value.text.clone().unwrap_or_default(), value.origin.to_string())
    };
    let profile = "default of the profile characters".to_owned();
    assert_eq!(told("billing.daily_quota_free"), ("3".to_owned(), profile));
    assert_eq!(told("billing.daily_quota_pro"), ("7".to_owned(), "--set".to_owned()));
    assert_eq!(told("billing.daily_quota_enterprise"), (String::new(), "default".to_owned()));
    for profile in Profile::ALL {
        let loaded = load(&flags(&[("product.profile", profile.as_str())]));
        assert_eq!(loaded.problems(), Ok(()), "{profile:?}");
        for (key, text) in profile.settings() {
            assert_eq!(loaded.value(key).unwrap().text.as_deref(), Some(*text));
        }
    }
}

#[test]
fn values_must_have_the_form_of_their_setting() {
    for (key, good, bad) in [
        ("server.listen", &["[::1]:0"][..], &["localhost:1", "1.2.3.4", ""][..]),
        ("server.insecure_plaintext", &["true", "false"], &["yes", "1", ""]),
        ("auth.cache_ms", &["0", "5000"], &["-1", "5001", "1s", "1.0", ""]),
        (
            "database.url",
            &["postgres://a", "postgresql://u:p@h:1/d?x=y"],
            &["mysql://a", "postgres://", "postgres:///d", "postgres://a b", "a"],
        ),
        ("telemetry.log_format", &["text", "json"], &["Json", "xml", ""]),
        ("telemetry.log_filter", &["info", "warn,app=debug"], &["app=loud", ""]),
        (
            "imports.reachable",
            &["10.0.0.7:9000", "10.0.0.7:9000, [::1]:80"],
            &["10.0.0.7", "store:9000", "10.0.0.7:9000,"],
        ),
        ("ledger.signup_credits", &["0", "12.50"], &["1.234", "-1", "1e3", ""]),
        (
            "auth.pepper",
            &[PEPPER, PEPPER.trim_end_matches('='), &"ab".repeat(32), &"_-".repeat(22)],
            &["x", &"ab".repeat(31), &PEPPER[..40], "AQEB AQEB"],
        ),
    ] {
        for text in good {
            assert_eq!(problems(&flags(&[(key, text)])), [""; 0], "{key} {text:?}");
        }
        for text in bad {
            assert_eq!(problems(&flags(&[(key, text)])).len(), 1, "{key} {text:?}");
        }
    }
}

#[test]
fn nothing_takes_back_what_an_earlier_layer_said() {
    let sources = Sources {
        file: file("server.admin_listen = \"127.0.0.1:9090\""),
        environment: env(&[("ATELIER_SERVER__ADMIN_LISTEN", "")]),
        ..Sources::default()
    };
    assert_eq!(load(&sources).server().unwrap().0.admin_listen, None);
}

#[test]
fn a_file_that_cannot_be_used_is_a_problem() {
    let unreadable = Sources {
        file: Some(File {
            path: PathBuf::from("gone.toml"),
            text: std::fs::read_to_string(Path::new("/nonexistent/gone.toml")),
        }),
        ..Sources::default()
    };
    assert!(problems(&unreadable)[0].starts_with("gone.toml: the settings file cannot be read"));
    let secret = "[auth]\npepper = \"hunter2\n";
    let broken = Sources { file: file(secret), ..Sources::default() };
    let problem = &problems(&broken)[0];
    assert!(problem.starts_with("the settings file (atelier.toml:2): is not TOML"), "{problem}");
    assert!(!problem.contains("hunter2"), "{problem}");
}

#[test]
fn every_setting_reaches_its_struct_and_secrets_reach_no_text() {
    let named = |setting: &Setting| setting.key.replace('*', "own");
    let pairs: Vec<_> = SETTINGS.iter().map(|one| (named(one), sample(one))).collect();
    let pairs: Vec<_> = pairs.iter().map(|(key, text)| (key.as_str(), *text)).collect();
    let sources = flags(&pairs);
    let loaded = load(&sources);
    let config = loaded.config().unwrap();
    assert!(config.tls.is_some() && config.s3.is_some());
    assert!(config.database.url.reveal().contains("hunter2"));
    for text in [format!("{config:?}"), text(&loaded), json(&loaded)] {
        assert!(!text.contains("hunter2") && !text.contains(PEPPER), "{text}");
    }
}

#[test]
fn providers_are_told_apart_by_name_and_need_little() {
    let sources = Sources {
        file: file(
            "[providers.local]\nvendor = \"openai\"\nbase_url = \"http://10.0.0.7:8080/v1\"\n",
        ),
        environment: env(&[
            ("ATELIER_PROVIDERS__GEMINI__KEY", "k1"),
            ("ATELIER_PROVIDERS__VERTEX__KEY", "k2"),
            ("ATELIER_PROVIDERS__GEMINI__RUNNING_MAX", "7"),
        ]),
        flags: vec![flag("database.url", "postgres://db/a"), flag("auth.pepper", PEPPER)],
        fixed: None,
    };
    let config = load(&sources).config().unwrap();
    let told: Vec<_> = config
        .providers
        .iter()
        .map(|one| (one.name.as_str(), &*one.vendor, &*one.surface, one.limits.running_max))
        .collect();
    assert_eq!(
        told,
        [
            ("gemini", "gemini", "developer", Some(7)),
            ("local", "openai", "developer", None),
            ("vertex", "gemini", "vertex", None),
        ]
    );
}

#[test]
fn a_provider_that_nobody_knows_is_a_problem_with_its_key() {
    let wrong = flags(&[
        ("providers.acme.voice", "Ada"),
        ("providers.fal.ability", "image"),
        ("providers.Fal.key", "k"),
    ]);
    assert_eq!(
        problems(&wrong),
        [
            "providers.fal.ability (--set): no such setting; did you mean providers.*.abilities?",
            "providers.Fal.key (--set): no such setting; did you mean providers.*.key?",
            "providers.acme.vendor: must be set: no vendor is called \"acme\"",
            "providers.acme.key: must be set, or providers.acme.base_url",
        ]
    );
}

#[test]
fn defaults_alone_are_right_and_keys_are_sorted_by_concern() {
    assert_eq!(problems(&Sources::default()), [""; 0]);
    let config = load(&flags(&[("database.url", "postgres://db/a"), ("auth.pepper", PEPPER)]));
    let config = config.config().unwrap();
    assert!(config.tls.is_none() && config.s3.is_none());
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:7443");
    let mut concerns: Vec<_> = SETTINGS.iter().filter_map(|s| s.key.split('.').next()).collect();
    concerns.dedup();
    let count = concerns.len();
    concerns.sort_unstable();
    concerns.dedup();
    assert_eq!(count, concerns.len(), "a concern's settings stand together");
}

#[test]
fn settings_are_shown_with_their_origin() {
    let loaded = load(&flags(&[("auth.pepper", PEPPER)]));
    let text = text(&loaded);
    let line = |key: &str| {
        let line = text.lines().find(|line| line.starts_with(key)).unwrap();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("auth.pepper"), "auth.pepper ******** --set");
    assert_eq!(line("database.url"), "database.url (not set) default");
    let json: serde_json::Value = serde_json::from_str(&json(&loaded)).unwrap();
    let pepper = json.as_array().unwrap().iter().find(|s| s["key"] == "auth.pepper").unwrap();
    assert_eq!(pepper["origin"]["flag"], "--set");
    assert_eq!((&pepper["value"], &pepper["set"]), (&"********".into(), &true.into()));
}

#[test]
fn variables_are_spelt_like_their_keys() {
    assert_eq!(variable("limits.max_in_flight"), "ATELIER_LIMITS__MAX_IN_FLIGHT");
}

#[test]
fn the_document_says_what_the_table_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/configuration.md");
    let written = std::fs::read_to_string(path).unwrap();
    assert!(written == markdown(), "run `atelier config docs > docs/configuration.md`");
}
