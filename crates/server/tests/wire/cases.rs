//! The cases that every row goes through, on one server.
//!
//! Refused calls share a world, for a refusal changes nothing: after each of them every table is
//! what it was.

use std::collections::{BTreeMap, BTreeSet};

use access::Scope;
use futures_util::future::join;
use proto::atelier::access::v1::IssueApiKeyRequest;
use proto::atelier::common::v1::Scope as WireScope;
use serde_json::{Value, json};
use server::methods::{Access, Methods};
use server::scopes::scope_to_proto;
use tokio_postgres::Client;
use tonic::Status;

use super::hostile;
use super::json::{get, set};
use super::row::{NOBODY, Row, Twice};
use super::world::{World, brief, method};
use crate::whole::calls::{reason, violations};
use crate::whole::wire::served::Served;

const DELETE_USER: &str = "users.v1.UserService/DeleteUser";
const SET_STATUS: &str = "users.v1.UserService/SetAccountStatus";

/// Calls that spend credits.
const SPENDING: &[&str] = &[
    "ledger.v1.LedgerService/Deduct",
    "ledger.v1.LedgerService/Reserve",
    "generation.v1.JobService/CreateJob",
    "generation.v1.JobService/RetryJob",
];

/// Fields that decide which others are read: wrong, they hide what is wrong elsewhere.
const DECIDING: &str = "update_mask";

/// Tables that change beside the calls.
const ASIDE: &[&str] = &["doomed_objects"];

/// A well-formed etag that nothing gets to in a test.
const STALE: &str = "r999999";

/// Runs every row. Fails at the first promise that is not kept, and names it.
pub(crate) async fn check(rows: Vec<Row>) {
    let served = Served::start().await;
    let keys = Keys::issue(&served).await;
    for row in rows {
        let stand = Stand { served: &served, keys: &keys, row };
        stand.refusals().await;
        stand.twice().await;
        stand.parents_gone().await;
        stand.barred().await;
    }
    served.end().await;
}

/// A key of every scope, and for each scope one that lacks it.
struct Keys {
    all: String,
    without: BTreeMap<Scope, String>,
}

impl Keys {
    async fn issue(served: &Served) -> Self {
        let without = |absent: Option<Scope>| {
            Scope::ALL.into_iter().filter(move |scope| Some(*scope) != absent).map(scope_to_proto)
        };
        let all = issue(served, without(None)).await;
        let mut lacking = BTreeMap::new();
        for scope in Scope::ALL {
            lacking.insert(scope, issue(served, without(Some(scope))).await);
        }
        Self { all, without: lacking }
    }
}

async fn issue(served: &Served, scopes: impl Iterator<Item = WireScope>) -> String {
    let request = IssueApiKeyRequest {
        name: "wire".to_owned(),
        scopes: scopes.map(Into::into).collect(),
        lifetime: None,
    };
    served.api.keys.clone().issue_api_key(request).await.unwrap().into_inner().secret
}

struct Stand<'a> {
    served: &'a Served,
    keys: &'a Keys,
    row: Row,
}

impl Stand<'_> {
    async fn world(&self) -> World<'_> {
        World::new(self.served, &self.keys.all, &self.row.steps).await
    }

    /// Everything that must be refused, and then the good request itself.
    async fn refusals(&self) {
        let Row { method: path, bad, missing, others, nobody, any, .. } = &self.row;
        let world = self.world().await;
        let good = world.fill(&self.row.good);
        let with = |changes: &[(&str, Value)]| {
            let mut request = good.clone();
            for (at, value) in changes {
                set(&mut request, at, value.clone());
            }
            request
        };
        let database = Snapshots::new(self.served).await;
        let before = database.take().await;
        let refused = async |key: Option<&str>, request: &Value| {
            let answer = world.call_as(key, path, request).await;
            let status = answer.expect_err(&format!("{path} takes {}", brief(request)));
            let now = database.take().await;
            assert_eq!(now, before, "{path} refused and yet changed: {}", brief(request));
            status
        };
        let all = Some(self.keys.all.as_str());

        expect(path, "CREDENTIAL_MISSING", &refused(None, &good).await);
        let lacking = Some(self.keys.without[&scope(path)].as_str());
        expect(path, "SCOPE_MISSING", &refused(lacking, &good).await);

        let mut all_bad = good.clone();
        let mut named = BTreeSet::new();
        let mut places: Vec<&str> = Vec::new();
        for field in bad {
            let status = refused(all, &with(&[(field.at, field.value.clone())])).await;
            expect(path, "INVALID_FIELDS", &status);
            assert_eq!(
                violations(&status),
                [field.named],
                "{path}: {} at {}",
                field.value,
                field.at
            );
            let within = |place: &&str| place.starts_with(field.at) || field.at.starts_with(*place);
            if field.at != DECIDING && !places.iter().any(within) {
                set(&mut all_bad, field.at, field.value.clone());
                named.insert(field.named.to_owned());
                places.push(field.at);
            }
        }
        if named.len() > 1 {
            let status = refused(all, &all_bad).await;
            expect(path, "INVALID_FIELDS", &status);
            let found: BTreeSet<_> = violations(&status).into_iter().collect();
            assert_eq!(found, named, "{path}: all at once");
        }
        for field in hostile::of(&method(path).input(), &good) {
            if any.contains(&field.at.as_str()) {
                continue;
            }
            let status = refused(all, &with(&[(&field.at, field.value)])).await;
            if field.at == "page_token" {
                expect(path, "INVALID_PAGE_TOKEN", &status);
                continue;
            }
            expect(path, "INVALID_FIELDS", &status);
            let found = violations(&status);
            assert!(found.iter().any(|named| field.at.starts_with(named)), "{path}: {found:?}");
        }

        for (at, expected) in missing {
            expect(path, expected, &refused(all, &with(&[(at, json!(NOBODY))])).await);
        }
        if let Some(expected) = others {
            let theirs = with(&[("user_id", json!(world.names["other"]))]);
            expect(path, expected, &refused(all, &theirs).await);
        }
        if let Some(expected) = nobody.filter(|_| get(&good, "user_id").is_some()) {
            expect(path, expected, &refused(all, &with(&[("user_id", json!(NOBODY))])).await);
        }
        if method(path).input().get_field_by_name("etag").is_some() {
            let status = refused(all, &with(&[("etag", json!(STALE))])).await;
            expect(path, "ETAG_MISMATCH", &status);
        }
        // No fields at all may be a good request. It is no bug either way.
        let empty = world.call(path, &json!({})).await;
        assert!(empty.is_ok() || reason(&empty.unwrap_err()) == "INVALID_FIELDS", "{path}: {{}}");
        let answer = world.call(path, &good).await;
        answer.unwrap_or_else(|status| panic!("{path} {good}: {status:?}"));
    }

    async fn twice(&self) {
        let path = self.row.method;
        let world = self.world().await;
        let good = world.fill(&self.row.good);
        let (one, other) = join(world.call(path, &good), world.call(path, &good)).await;
        match self.row.twice {
            Twice::Both => {
                one.unwrap_or_else(|status| panic!("{path} twice: {status:?}"));
                other.unwrap_or_else(|status| panic!("{path} twice: {status:?}"));
            }
            Twice::Replayed => {
                let replayed = [one, other].map(|answer| {
                    let answer = answer.unwrap_or_else(|status| panic!("{path} twice: {status:?}"));
                    get(&answer, "replayed").and_then(Value::as_bool)
                });
                assert!(replayed.contains(&Some(true)), "{path}: {replayed:?}");
                assert!(replayed.contains(&Some(false)), "{path}: {replayed:?}");
            }
            Twice::Once(expected) => {
                let refused = match (one, other) {
                    (Ok(_), Err(refused)) | (Err(refused), Ok(_)) => refused,
                    both => panic!("{path} twice: not once but {both:?}"),
                };
                expect(path, expected, &refused);
            }
        }
    }

    /// The account is suspended: its user changes and spends nothing.
    async fn barred(&self) {
        let path = self.row.method;
        if !is_barred(path) {
            return;
        }
        let world = self.world().await;
        let good = world.fill(&self.row.good);
        let status = json!({"user_id": good["user_id"], "status": "ACCOUNT_STATUS_SUSPENDED"});
        let set = world.call(SET_STATUS, &status).await;
        set.unwrap_or_else(|status| panic!("{path}: {status:?}"));
        expect(path, "ACCOUNT_SUSPENDED", &world.call(path, &good).await.expect_err(path));
    }

    /// The user is deleted, or what else the row knows that the thing hangs on.
    async fn parents_gone(&self) {
        let Row { method: path, good, nobody, after, .. } = &self.row;
        if let Some(expected) = nobody.filter(|_| get(good, "user_id").is_some()) {
            let world = self.world().await;
            let good = world.fill(good);
            let deleted = world.call(DELETE_USER, &json!({"user_id": good["user_id"]})).await;
            deleted.unwrap_or_else(|status| panic!("{path}: {status:?}"));
            let status = world.call(path, &good).await.expect_err(path);
            expect(path, expected, &status);
        }
        for (step, expected) in after {
            let mut world = self.world().await;
            let good = world.fill(good);
            world.take(*step).await;
            expect(path, expected, &world.call(path, &good).await.expect_err(path));
        }
    }
}

#[track_caller]
fn expect(path: &str, expected: &str, status: &Status) {
    assert_eq!(reason(status), expected, "{path}: {status:?}");
}

/// Whether the status of an account can bar its user from the method.
pub(crate) fn is_barred(path: &str) -> bool {
    let changes =
        [Scope::AssetsWrite, Scope::CatalogWrite, Scope::LibraryWrite, Scope::ProjectsWrite];
    SPENDING.contains(&path) || changes.contains(&scope(path))
}

/// The scope that a method asks for.
fn scope(path: &str) -> Scope {
    let methods = Methods::load().unwrap();
    let path = format!("/atelier.{path}");
    match methods.iter().find(|method| method.path == path).map(|method| method.access) {
        Some(Access::Scope(scope)) => scope,
        access => panic!("{path}: {access:?}"),
    }
}

/// Sees whether anything in the database has changed.
struct Snapshots {
    client: Client,
    query: String,
}

impl Snapshots {
    async fn new(served: &Served) -> Self {
        let client = served.database.client().await;
        let tables = "SELECT relname FROM pg_class \
             WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') \
             AND NOT relispartition AND relname <> ALL ($1) ORDER BY relname";
        let tables = client.query(tables, &[&ASIDE]).await.unwrap();
        let queries: Vec<String> = tables
            .iter()
            .map(|row| row.get::<_, &str>(0))
            .map(|name| {
                format!(
                    "SELECT '{name}', md5(coalesce(string_agg(t::text, ' ' ORDER BY t::text), '')) \
                     FROM {name} t"
                )
            })
            .collect();
        Self { client, query: queries.join(" UNION ALL ") }
    }

    /// Every table and a hash of what is in it.
    async fn take(&self) -> Vec<(String, String)> {
        let rows = self.client.query(&self.query, &[]).await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }
}
