//! One round: fresh copies of the books, servers on them, and each side in its turn.

use std::time::Duration;

use crate::books::{self, SEED, USERS};
use crate::calls::{Call, Callers, Users};
use crate::cluster::Postgres;
use crate::failure::Failure;
use crate::load::{self, Sample};
use crate::machine::{Snapshot, Usage, load_average};
use crate::peers::Peers;
use crate::server::{Batches, Program, Server};
use crate::sides::{CLIENTS, Method, Side, Where};
use crate::textbook;

/// The database of a round.
const ROUND: &str = "bench_round";

/// What is the same in all rounds.
pub(crate) struct Stage {
    pub(crate) postgres: Postgres,
    pub(crate) program: Program,
    pub(crate) api_key: String,
    /// The database with a long past and a key for it, if there is one.
    pub(crate) big: Option<(String, String)>,
    pub(crate) peers: Peers,
    /// The log filter of the usual server.
    pub(crate) log: String,
    pub(crate) time: Duration,
    pub(crate) warm_up: Duration,
    /// Unlike that of any other run on the same data.
    pub(crate) run: String,
}

/// What one side came to in one round.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) side: Side,
    pub(crate) sample: Sample,
    pub(crate) usage: Usage,
    /// Commands in a batch, on average, where there were any.
    pub(crate) batch: Option<f64>,
    pub(crate) load: f64,
}

/// The servers of a round, by what is special about them.
struct Servers {
    usual: Option<Server>,
    second: Option<Server>,
    quiet: Option<Server>,
    big: Option<Server>,
}

impl Stage {
    /// Measures each side once. Fails if the journal has not grown by exactly what was answered.
    pub(crate) async fn round(
        &self,
        number: usize,
        sides: &[Side],
    ) -> Result<Vec<Measured>, Failure> {
        self.postgres.copy(SEED, ROUND).await?;
        let places: Vec<Where> = sides.iter().filter_map(|side| place(*side)).collect();
        let servers = self.servers(&places).await?;
        let before = self.entries(&servers).await?;
        let mut answered = self.warm_up(number, sides, &servers).await?;
        let mut measured: Vec<Measured> = Vec::new();
        for side in sides {
            let peak = measured.iter().filter(|one| is_peak(one.side));
            let peak = peak.map(|one| one.sample.per_second()).fold(0.0, f64::max);
            let Some(one) = self.side(number, *side, peak, &servers).await? else { continue };
            eprintln!(
                "  {:30} {:>9.0}/s   p50 {:>8.2} ms   p99 {:>8.2} ms   others {:.1} processors",
                side.name(),
                one.sample.per_second() * side.per_call(),
                one.sample.latency(50.0),
                one.sample.latency(99.0),
                one.usage.others,
            );
            answered += one.sample.entries;
            measured.push(one);
        }
        let grown = self.entries(&servers).await? - before;
        if grown != answered && measured.iter().all(|one| one.sample.errors.is_empty()) {
            let what = format!("{answered} entries were answered for, but the journal has {grown}");
            return Err(Failure::new(what));
        }
        Ok(measured)
    }

    async fn servers(&self, places: &[Where]) -> Result<Servers, Failure> {
        let two = places.contains(&Where::Two);
        let usual = two || places.contains(&Where::Usual);
        let quiet = places.contains(&Where::QuietLog);
        let big = self.big.as_ref().filter(|_| places.contains(&Where::BigJournal));
        let big = big.map(|(name, _)| self.postgres.url(name));
        let url = |wanted: bool| wanted.then(|| self.postgres.url(ROUND));
        Ok(Servers {
            usual: self.start("usual", url(usual), &self.log).await?,
            second: self.start("second", url(two), &self.log).await?,
            quiet: self.start("quiet", url(quiet), "warn").await?,
            big: self.start("big", big, &self.log).await?,
        })
    }

    async fn start(
        &self,
        name: &str,
        url: Option<String>,
        log: &str,
    ) -> Result<Option<Server>, Failure> {
        match url {
            Some(url) => self.program.start(name, &url, log).await.map(Some),
            None => Ok(None),
        }
    }

    async fn entries(&self, servers: &Servers) -> Result<u64, Failure> {
        let mut sum = books::entries(&self.postgres, ROUND).await?;
        if let (Some((name, _)), true) = (&self.big, servers.big.is_some()) {
            sum += books::entries(&self.postgres, name).await?;
        }
        Ok(sum)
    }

    /// Fills caches, connections and plans on every path that will be measured.
    async fn warm_up(
        &self,
        number: usize,
        sides: &[Side],
        servers: &Servers,
    ) -> Result<u64, Failure> {
        let (everyone, time) = (Users(USERS), self.warm_up);
        let methods: Vec<Method> = sides.iter().map(|side| side.method()).collect();
        if methods.iter().any(|method| matches!(method, Method::Textbook { .. })) {
            let folder = &self.program.folder;
            textbook::run(&self.postgres, folder, ROUND, CLIENTS, everyone, time).await?;
        }
        let mut answered = 0;
        for place in [Where::Usual, Where::Two, Where::QuietLog, Where::BigJournal] {
            let Some(chosen) = servers.at(place) else { continue };
            let callers = self.callers(place, &chosen, &format!("warm-{number}-{place:?}")).await?;
            let sample = load::closed(&callers, Call::Deduct, everyone, 128, time).await?;
            answered += sample.entries;
        }
        Ok(answered)
    }

    async fn side(
        &self,
        number: usize,
        side: Side,
        peak: f64,
        servers: &Servers,
    ) -> Result<Option<Measured>, Failure> {
        let place = place(side).unwrap_or(Where::Usual);
        let chosen = servers.at(place).unwrap_or_default();
        let pids: Vec<u32> = chosen.iter().map(|server| server.pid).collect();
        let run = format!("{number}-{}", side.name());
        let folder = &self.program.folder;
        let batches_before = batches(&chosen).await?;
        let before = Snapshot::take(&pids, self.postgres.pid());
        let sample = match side.method() {
            Method::Textbook { clients, users } => {
                textbook::run(&self.postgres, folder, ROUND, clients, users, self.time).await?
            }
            Method::Closed { call, users, in_flight, .. } => {
                if chosen.is_empty() {
                    return Ok(None);
                }
                let callers = self.callers(place, &chosen, &run).await?;
                load::closed(&callers, call, users, in_flight, self.time).await?
            }
            Method::HalfPeak if peak > 0.0 => {
                let callers = self.callers(place, &chosen, &run).await?;
                load::open(&callers, Call::Deduct, Users(USERS), peak / 2.0, self.time).await?
            }
            Method::HalfPeak => return Ok(None),
            Method::Peer { peer, .. } if self.peers.not_run.contains_key(&peer) => return Ok(None),
            Method::Peer { peer, users } => {
                let run = format!("{}-{run}", self.run);
                self.peers.run(&self.postgres, peer, users, self.time, &run).await?
            }
        };
        let usage = before.until(&Snapshot::take(&pids, self.postgres.pid()));
        let after = batches(&chosen).await?;
        let count = after.count - batches_before.count;
        let batch = (count > 0.0).then(|| (after.commands - batches_before.commands) / count);
        Ok(Some(Measured { side, sample, usage, batch, load: load_average() }))
    }

    async fn callers(
        &self,
        place: Where,
        servers: &[&Server],
        name: &str,
    ) -> Result<Callers, Failure> {
        let addresses: Vec<_> = servers.iter().map(|server| server.address).collect();
        let key = match (&self.big, place) {
            (Some((_, key)), Where::BigJournal) => key,
            _ => &self.api_key,
        };
        Callers::connect(&addresses, key, &format!("{}-{name}", self.run)).await
    }
}

impl Servers {
    /// The servers of a place, if they run.
    fn at(&self, place: Where) -> Option<Vec<&Server>> {
        let wanted = match place {
            Where::Usual => vec![&self.usual],
            Where::QuietLog => vec![&self.quiet],
            Where::BigJournal => vec![&self.big],
            Where::Two => vec![&self.usual, &self.second],
        };
        wanted.into_iter().map(Option::as_ref).collect()
    }
}

fn place(side: Side) -> Option<Where> {
    match side.method() {
        Method::Closed { place, .. } => Some(place),
        Method::HalfPeak => Some(Where::Usual),
        Method::Textbook { .. } | Method::Peer { .. } => None,
    }
}

/// Whether a side shows how fast one usual server can be.
fn is_peak(side: Side) -> bool {
    matches!(side, Side::Many64 | Side::Many256)
}

async fn batches(servers: &[&Server]) -> Result<Batches, Failure> {
    let mut sum = Batches::default();
    for server in servers {
        let Batches { count, commands } = server.batches().await?;
        sum.count += count;
        sum.commands += commands;
    }
    Ok(sum)
}
