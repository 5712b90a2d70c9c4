//! The way of every request: whose it is, what is asked, whether it is in order, what the plan
//! wants, the effect, and what is wrong with the answer.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use http::request::Parts;

use crate::admin;
use crate::call::Call;
use crate::media::{self, Media};
use crate::plan::Plan;
use crate::reply::{Cut, Reply};
use crate::request::{Request, decoded};
use crate::scenario::{Plain, Scenario};
use crate::turn::Turn;
use crate::vendor::{Operation, Refusal, Vendor};
use crate::world::World;

/// Headers that clients are judged by; those that carry keys are told by the key's fingerprint.
const HEADERS: [&str; 12] = [
    "accept",
    "cancel-after",
    "content-type",
    "prefer",
    "user-agent",
    "x-fal-no-retry",
    "x-fal-object-lifecycle-preference",
    "x-fal-queue-priority",
    "x-fal-request-timeout",
    "x-fal-store-io",
    "x-goog-user-project",
    "x-tavily-access-mode",
];

/// Answers one request. `Err` closes the connection.
pub(crate) async fn answer(world: &World, parts: Parts, body: Bytes) -> Result<Reply, Cut> {
    let path = parts.uri.path().to_owned();
    let mut segments: Vec<String> =
        path.split('/').skip(1).map(decoded).filter(|part| !part.is_empty()).collect();
    if segments.is_empty() {
        return Ok(admin::index(world));
    }
    let first = segments.remove(0);
    if first == admin::PREFIX {
        return Ok(admin::answer(world, &parts.method, &segments, &body));
    }
    let request = Request::new(parts, segments, &body);
    if first == "elsewhere" {
        return Ok(elsewhere(world, &request, path));
    }
    match first.parse::<Vendor>() {
        Ok(vendor) => Visit { world, vendor, request, path, body }.answer().await,
        Err(unknown) => Ok(Reply::text(404, &unknown.to_string())),
    }
}

// The host that redirects lead to: it has the outputs, and knows no key.
fn elsewhere(world: &World, request: &Request, path: String) -> Reply {
    let file = world.file(&request.segment(0));
    let mut call = call("elsewhere", "file", request, path);
    call.status = Some(if file.is_some() { 200 } else { 404 });
    world.came(call);
    match file {
        Some(file) => Reply::media(&file.media, &Plan::default()),
        None => Reply::text(404, "there is nothing here"),
    }
}

struct Visit<'w> {
    world: &'w World,
    vendor: Vendor,
    request: Request,
    path: String,
    body: Bytes,
}

impl Visit<'_> {
    async fn answer(self) -> Result<Reply, Cut> {
        let operation = self.operation();
        let name = operation.map_or("unknown", |operation| operation.name);
        let plan = self.world.plan(self.vendor, name, &self.body);
        let mut call = call(self.vendor.name(), name, &self.request, self.path.clone());
        call.scenarios = plan.as_ref().map(Plan::words).unwrap_or_default();
        let number = self.world.came(call);
        let plan = match plan {
            Ok(plan) => plan,
            Err(slip) => {
                self.world.learn(number, |call| call.status = Some(400));
                return Ok(Reply::text(400, &format!("mock-vendors: {slip}")));
            }
        };
        let reply = self.reply(operation, &plan, number).await?;
        let reply = if plan.has(Plain::ArrayError) && reply.status >= 400 {
            let list = format!("[{}]", String::from_utf8_lossy(&reply.body));
            Reply { body: Bytes::from(list), ..reply }
        } else {
            reply
        };
        self.world.learn(number, |call| call.status = Some(reply.status));
        Ok(reply)
    }

    // Outputs lie at the same place for all vendors who give their addresses away.
    fn operation(&self) -> Option<Operation> {
        match self.request.path.first().map(String::as_str) {
            Some("outputs") => Some(Operation::open("file")),
            _ => self.vendor.speaks().operation(&self.request),
        }
    }

    async fn reply(
        &self,
        operation: Option<Operation>,
        plan: &Plan,
        number: u64,
    ) -> Result<Reply, Cut> {
        let speaks = self.vendor.speaks();
        let refuse = |refusal: Refusal| {
            let shape = speaks.refuse(&refusal, operation);
            shape.unwrap_or_else(|| Reply::text(500, &format!("mock-vendors: {refusal:?}")))
        };
        let Some(operation) = operation else { return Ok(refuse(Refusal::NoRoute)) };
        let key = speaks.key(&self.request);
        if operation.keyed && !key.as_deref().is_some_and(|key| self.vendor.takes(key)) {
            return Ok(refuse(Refusal::Key { missing: key.is_none() }));
        }
        if operation.name == "file" && self.request.segment(0) == "outputs" {
            return Ok(file(self.world, &self.request.segment(1), plan));
        }
        let make = match speaks.prepare(operation, &self.request) {
            Ok(make) => make,
            Err(refusal) => return Ok(refuse(refusal)),
        };
        if let Some(refusal) = self.refusal(operation, plan)
            && let Some(reply) = speaks.refuse(&refusal, Some(operation))
        {
            return Ok(reply);
        }
        if plan.has(Plain::Redirect) {
            return Ok(Reply::redirect(307, &format!("{}/api", self.world.elsewhere())));
        }
        if let Some(time) = plan.slow()
            && !operation.job
        {
            tokio::time::sleep(time).await;
        }
        let owner = key.as_deref().map(Call::fingerprint).unwrap_or_default();
        let reply = {
            let (world, vendor) = (self.world, self.vendor);
            let mut turn = Turn { world, vendor, plan, owner, created: None };
            let reply = make(&mut turn);
            self.world.learn(number, |call| call.created = turn.created);
            reply
        };
        if plan.has(Plain::Hang) {
            std::future::pending::<()>().await;
        }
        if plan.has(Plain::Cut) {
            return Err(Cut);
        }
        if plan.has(Plain::Ambiguous) {
            return Ok(refuse(Refusal::Internal));
        }
        if plan.has(Plain::Garbage) {
            return Ok(Reply::bytes(
                200,
                "application/json",
                Bytes::from_static(b"{\"id\": 17, ]"),
            ));
        }
        Ok(if plan.has(Plain::TruncateAnswer) { reply.truncated() } else { reply })
    }

    // What the plan refuses before anything has happened.
    fn refusal(&self, operation: Operation, plan: &Plan) -> Option<Refusal> {
        let plain = [
            (Plain::Auth, Refusal::Key { missing: false }),
            (Plain::Retired, Refusal::Retired("this model".to_owned())),
            (Plain::RateLimitBare, Refusal::RateLimited { seconds: None }),
            (Plain::RateLimitDay, Refusal::RateLimitedDay),
            (Plain::Busy, Refusal::Busy),
            (Plain::Refuse, Refusal::Input),
            (Plain::ArrayError, Refusal::Unavailable),
        ];
        if let Some((_, refusal)) = plain.into_iter().find(|(word, _)| plan.has(*word)) {
            return Some(refusal);
        }
        if plan.has(Plain::Fail) && !operation.job {
            return Some(Refusal::Internal);
        }
        plan.find(|scenario| match scenario {
            Scenario::RateLimit(seconds) => self.waits(operation, plan, *seconds),
            Scenario::Quota(status) => Some(Refusal::Quota(*status)),
            Scenario::Unavailable(times) => self.unavailable(operation, plan, *times),
            Scenario::Plain(_) | Scenario::Slow(_) | Scenario::Partial(..) => None,
            Scenario::Gone(_) | Scenario::Huge(_) => None,
        })
    }

    fn waits(&self, operation: Operation, plan: &Plan, seconds: u32) -> Option<Refusal> {
        let whole = f64::from(seconds);
        if plan.scripted {
            return Some(Refusal::RateLimited { seconds: Some(whole) });
        }
        let (_, since) = self.world.seen(self.vendor, operation.name, &self.body);
        let left = Duration::from_secs(seconds.into()).checked_sub(since)?;
        let seconds = Some(left.as_secs_f64().min(whole));
        Some(Refusal::RateLimited { seconds })
    }

    fn unavailable(
        &self,
        operation: Operation,
        plan: &Plan,
        times: Option<u32>,
    ) -> Option<Refusal> {
        let Some(times) = times.filter(|_| !plan.scripted) else {
            return Some(Refusal::Unavailable);
        };
        let (tries, _) = self.world.seen(self.vendor, operation.name, &self.body);
        (tries <= times).then_some(Refusal::Unavailable)
    }
}

/// An output, with what was planned for it when it was made, or is now by the script.
pub(crate) fn file(world: &World, name: &str, scripted: &Plan) -> Reply {
    let Some(file) = world.file(name) else { return Reply::text(404, "no such file") };
    let plan = if scripted.scripted { scripted } else { &file.plan };
    let gone =
        plan.find(|found| if let Scenario::Gone(status) = found { Some(*status) } else { None });
    if let Some(status) = gone {
        return Reply::text(status, "this file is no more");
    }
    if plan.has(Plain::DownloadRedirect) {
        let name = name.split('.').next().unwrap_or_default();
        return Reply::redirect(302, &format!("{}/{name}", world.elsewhere()));
    }
    let media = if scripted.scripted { media::spoilt(file.media, plan) } else { file.media };
    Reply::media(&Media { ..media }, plan)
}

fn call(vendor: &str, operation: &str, request: &Request, path: String) -> Call {
    let headers = HEADERS
        .iter()
        .filter_map(|name| request.header(name).map(|value| ((*name).to_owned(), value)));
    Call {
        number: 0,
        vendor: vendor.to_owned(),
        operation: operation.to_owned(),
        method: request.method.to_string(),
        path,
        key: any_key(&request.headers, &request.query).map(|key| Call::fingerprint(&key)),
        headers: headers.collect(),
        body: request.told(),
        scenarios: Vec::new(),
        created: None,
        status: None,
    }
}

// Wherever it was sent: a key in the wrong header has been given away all the same.
fn any_key(headers: &HeaderMap, query: &BTreeMap<String, String>) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let bare = ["x-goog-api-key", "xi-api-key"].into_iter().find_map(text).map(str::to_owned);
    let scheme = || text("authorization")?.split_once(' ').map(|(_, key)| key.to_owned());
    bare.or_else(scheme).or_else(|| query.get("key").cloned())
}
