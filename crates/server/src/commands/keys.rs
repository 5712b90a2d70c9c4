//! `atelier keys`: API keys for the operator, who works on the database itself and so needs no key.

use std::fmt::Write;

use access::decide::{Issue, Rotate};
use access::{ApiKey, ApiKeySecret, KeyName, KeyState, Lifetime, Overlap, Scope, Scopes};
use app::access::{ApiKeys, Issued, RotatedApiKey};
use clap::Subcommand;
use kernel::{ApiKeyId, PageSize, Span, Timestamp};
use ports::Clock;
use serde_json::json;

use super::config::Format;
use super::{Failure, print};
use crate::clock::SystemClock;
use crate::config::Loaded;
use crate::wiring;

#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Issues a key and prints its secret, which is not shown again
    Issue {
        /// What the key is for, such as the name of the calling service
        #[arg(long)]
        name: KeyName,
        /// A scope such as users.read; may be repeated
        #[arg(long = "scope", value_name = "SCOPE", required_unless_present = "all_scopes")]
        scopes: Vec<Scope>,
        /// Every scope there is
        #[arg(long, conflicts_with = "scopes")]
        all_scopes: bool,
        /// How long the key is good, such as 90d; for ever if not given
        #[arg(long, value_name = "SPAN", value_parser = lifetime)]
        expires_in: Option<Lifetime>,
    },
    /// Lists all keys, newest first
    List {
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Issues a successor, prints its secret, and lets the old key end after a while
    Rotate {
        id: ApiKeyId,
        /// How long the old key stays good, such as 0s, 90m or 7d; at most 30d
        #[arg(long, value_name = "SPAN", value_parser = overlap, default_value = "24h")]
        overlap: Overlap,
        /// How long the new key is good, such as 90d; for ever if not given
        #[arg(long, value_name = "SPAN", value_parser = lifetime)]
        expires_in: Option<Lifetime>,
    },
    /// Ends a key; servers refuse it within seconds
    Revoke { id: ApiKeyId },
}

/// Works on the configured database with the configured pepper, as one who has all scopes.
pub async fn run(command: Keys, loaded: Loaded) -> Result<(), Failure> {
    let (database, auth) = loaded.access()?;
    let keys = wiring::api_keys(&database, auth).await;
    let keys = keys.map_err(|error| {
        let what = "no key was touched (Postgres must run at database.url, \
                    and `atelier migrate up` must have been run)";
        Failure::because(what, &error)
    })?;
    match command {
        Keys::Issue { name, scopes, all_scopes, expires_in: lifetime } => {
            let scopes = if all_scopes { Scopes::all() } else { scopes.into_iter().collect() };
            issue(&keys, Issue { name, scopes, lifetime }).await
        }
        Keys::List { format } => list(&keys, format).await,
        Keys::Rotate { id, overlap, expires_in: lifetime } => {
            rotate(&keys, id, Rotate { overlap, lifetime }).await
        }
        Keys::Revoke { id } => revoke(&keys, id).await,
    }
}

async fn issue(keys: &ApiKeys, command: Issue) -> Result<(), Failure> {
    let Issued { key, secret } = keys
        .issue(Scopes::all(), &command)
        .await
        .map_err(|error| Failure::because("the key was not issued", &error))?;
    show_secret(&key, &secret)
}

async fn rotate(keys: &ApiKeys, id: ApiKeyId, command: Rotate) -> Result<(), Failure> {
    let RotatedApiKey { key, secret, replaced } = keys
        .rotate(Scopes::all(), id, command)
        .await
        .map_err(|error| Failure::because("the key was not rotated", &error))?;
    eprintln!("{} ends {}", replaced.id, or_never(replaced.expires_at));
    show_secret(&key, &secret)
}

async fn revoke(keys: &ApiKeys, id: ApiKeyId) -> Result<(), Failure> {
    let key = keys
        .revoke(id)
        .await
        .map_err(|error| Failure::because("the key was not revoked", &error))?;
    print(&format!("{} ({}) is revoked since {}\n", key.id, key.name, or_never(key.revoked_at)))
}

async fn list(keys: &ApiKeys, format: Format) -> Result<(), Failure> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = keys
            .list(PageSize::MAX, after)
            .await
            .map_err(|error| Failure::because("the keys cannot be read", &error))?;
        all.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let now = SystemClock.now();
    match format {
        Format::Text => print(&text(&all, now)),
        Format::Json => print(&json(&all, now)),
    }
}

// The secret alone on standard output, so that a script can take it from there.
fn show_secret(key: &ApiKey, secret: &ApiKeySecret) -> Result<(), Failure> {
    eprintln!("{} ({}) ends {}", key.id, key.name, or_never(key.expires_at));
    eprintln!("may: {}", key.scopes);
    eprintln!("Keep the secret: it is not shown again.");
    print(&format!("{}\n", secret.reveal()))
}

fn text(keys: &[ApiKey], now: Timestamp) -> String {
    keys.iter().fold(String::new(), |mut text, key| {
        let ApiKey { id, name, scopes, created_at, expires_at, .. } = key;
        let (state, end) = (state(key, now), or_never(*expires_at));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{id}  {state:7}  {created_at}  {end:27}  {name}  {}", scopes);
        text
    })
}

fn json(keys: &[ApiKey], now: Timestamp) -> String {
    let keys = keys.iter().map(|key| {
        let moment = |at: Option<Timestamp>| at.map(|at| at.to_string());
        json!({
            "id": key.id.to_string(),
            "name": key.name.as_str(),
            "scopes": key.scopes.iter().map(Scope::as_str).collect::<Vec<_>>(),
            "state": state(key, now),
            "create_time": key.created_at.to_string(),
            "expire_time": moment(key.expires_at),
            "revoke_time": moment(key.revoked_at),
        })
    });
    format!("{:#}\n", serde_json::Value::Array(keys.collect()))
}

fn state(key: &ApiKey, now: Timestamp) -> &'static str {
    match key.state(now) {
        KeyState::Active => "active",
        KeyState::Expired => "expired",
        KeyState::Revoked => "revoked",
    }
}

fn or_never(at: Option<Timestamp>) -> String {
    at.map_or("never".to_owned(), |at| at.to_string())
}

fn lifetime(text: &str) -> Result<Lifetime, String> {
    Lifetime::from_span(span(text)?).map_err(|error| error.to_string())
}

fn overlap(text: &str) -> Result<Overlap, String> {
    Overlap::from_span(span(text)?).map_err(|error| error.to_string())
}

fn span(text: &str) -> Result<Span, String> {
    let malformed = || "must be a whole number with s, m, h or d, such as 90d".to_owned();
    let (last, _) = text.char_indices().next_back().ok_or_else(malformed)?;
    let (number, unit) = text.split_at(last);
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(malformed()),
    };
    let number: u32 = number.parse().map_err(|_| malformed())?;
    number.checked_mul(seconds).map(Span::from_secs).ok_or_else(malformed)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use testkit::fixtures::{api_key, pepper};
    use testkit::{FakeClock, FakeIds, FakeStore};

    use super::*;

    #[test]
    fn spans_are_a_number_and_a_unit() {
        for (text, seconds) in
            [("0s", 0), ("45s", 45), ("90m", 5_400), ("24h", 86_400), ("7d", 604_800)]
        {
            assert_eq!(span(text), Ok(Span::from_secs(seconds)), "{text}");
        }
        for text in ["", "d", "7", "-1d", "1.5h", "1w", "7 d", "7é", "99999999d"] {
            assert!(span(text).is_err(), "{text}");
        }
        assert!(lifetime("0s").is_err() && lifetime("1s").is_ok() && overlap("31d").is_err());
    }

    #[test]
    fn a_list_tells_which_keys_are_good() {
        let at = |seconds| Timestamp::MIN.saturating_add(Span::from_secs(seconds));
        let active = api_key(1, at(0));
        let expired = ApiKey { expires_at: Some(at(5)), ..api_key(2, at(0)) };
        let revoked = ApiKey { revoked_at: Some(at(5)), ..api_key(3, at(0)) };
        let keys = [active, expired, revoked];
        let text = text(&keys, at(5));
        for (line, state) in text.lines().zip(["active", "expired", "revoked"]) {
            assert!(line.contains(state) && line.contains("users.read,keys.admin"), "{line}");
        }
        let json: serde_json::Value = serde_json::from_str(&json(&keys, at(5))).unwrap();
        let states: Vec<_> = json.as_array().unwrap().iter().map(|key| &key["state"]).collect();
        assert_eq!(states, ["active", "expired", "revoked"]);
        assert_eq!(json[0]["expire_time"], serde_json::Value::Null);
    }

    #[tokio::test]
    async fn an_operator_issues_rotates_and_revokes() {
        let store = Arc::new(FakeStore::new());
        let (clock, ids) = (Arc::new(FakeClock::new()), Arc::new(FakeIds::new()));
        let keys = ApiKeys::new(store.clone(), store, clock, ids, pepper());
        let command = Issue { name: "web".parse().unwrap(), scopes: Scopes::all(), lifetime: None };
        issue(&keys, command).await.unwrap();
        let id = keys.list(PageSize::MAX, None).await.unwrap().items[0].id;
        rotate(&keys, id, Rotate { overlap: Overlap::DEFAULT, lifetime: None }).await.unwrap();
        revoke(&keys, id).await.unwrap();
        let failure = rotate(&keys, id, Rotate { overlap: Overlap::DEFAULT, lifetime: None }).await;
        assert_eq!(
            failure.unwrap_err().to_string(),
            "the key was not rotated: the key is not active"
        );
        let stranger = revoke(&keys, "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap());
        assert_eq!(
            stranger.await.unwrap_err().to_string(),
            "the key was not revoked: there is no such API key"
        );
        list(&keys, Format::Text).await.unwrap();
    }
}
