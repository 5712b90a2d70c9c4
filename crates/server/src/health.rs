//! Health: whether this server should be sent calls, for gRPC's health service, for `/readyz` and
//! for the shutdown. The parts that must work say so here.

use std::collections::BTreeMap;

use tokio::sync::watch;
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::{Health, HealthServer};
use tonic_health::server::HealthReporter;

use crate::layers::RECEIVE_BYTES_MAX;

/// What must work before calls are welcome. Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct Readiness(watch::Sender<State>);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct State {
    parts: BTreeMap<&'static str, Result<(), String>>,
    draining: bool,
}

impl Readiness {
    /// Not ready until each of `parts` has been set.
    pub fn new(parts: impl IntoIterator<Item = &'static str>) -> Self {
        let parts = parts.into_iter().map(|part| (part, Err("starting".to_owned()))).collect();
        Self(watch::Sender::new(State { parts, draining: false }))
    }

    /// Says whether `part` works, or why not. The reason is shown to operators.
    pub fn set(&self, part: &'static str, works: Result<(), String>) {
        self.0.send_if_modified(|state| {
            let changed = state.parts.get(part) != Some(&works);
            if changed {
                match &works {
                    Ok(()) => tracing::info!(part, "works"),
                    Err(why) => tracing::warn!(part, why, "does not work"),
                }
                state.parts.insert(part, works);
            }
            changed
        });
    }

    pub fn is_ready(&self) -> bool {
        self.0.borrow().is_ready()
    }

    /// What keeps the server from being ready; empty when it is.
    pub fn problems(&self) -> BTreeMap<&'static str, String> {
        self.0.borrow().problems()
    }

    pub(crate) fn begin_drain(&self) {
        self.0.send_modify(|state| state.draining = true);
    }
}

impl State {
    fn is_ready(&self) -> bool {
        !self.draining && self.parts.values().all(Result::is_ok)
    }

    fn problems(&self) -> BTreeMap<&'static str, String> {
        let broken = self.parts.iter().filter_map(|(part, works)| {
            let why = works.as_ref().err()?;
            Some((*part, why.clone()))
        });
        let mut problems: BTreeMap<_, _> = broken.collect();
        if self.draining {
            problems.insert("server", "shutting down".to_owned());
        }
        problems
    }
}

/// `grpc.health.v1.Health` for the server as a whole, named "", and for each of `services`. It
/// follows `readiness` for as long as the runtime lives.
pub(crate) async fn service(
    readiness: &Readiness,
    services: &[String],
) -> HealthServer<impl Health> {
    let (reporter, server) = tonic_health::server::health_reporter();
    let names: Vec<String> =
        std::iter::once(String::new()).chain(services.iter().cloned()).collect();
    let mut states = readiness.0.subscribe();
    // Before the first call: the library's own beginning is SERVING.
    let ready = states.borrow_and_update().is_ready();
    report(&reporter, &names, ready).await;
    tokio::spawn(async move {
        while states.changed().await.is_ok() {
            let ready = states.borrow_and_update().is_ready();
            report(&reporter, &names, ready).await;
        }
    });
    server.max_decoding_message_size(RECEIVE_BYTES_MAX)
}

async fn report(reporter: &HealthReporter, names: &[String], ready: bool) {
    let status = if ready { ServingStatus::Serving } else { ServingStatus::NotServing };
    for name in names {
        reporter.set_service_status(name, status).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_must_work() {
        let readiness = Readiness::new(["database", "media"]);
        assert_eq!(readiness.problems()["database"], "starting");
        readiness.set("database", Ok(()));
        assert!(!readiness.is_ready());
        readiness.set("media", Ok(()));
        assert!(readiness.is_ready() && readiness.problems().is_empty());
        readiness.set("media", Err("no answer".into()));
        assert_eq!(
            readiness.problems().into_iter().collect::<Vec<_>>(),
            [("media", "no answer".to_owned())]
        );
    }

    #[test]
    fn a_draining_server_is_not_ready() {
        let readiness = Readiness::new([]);
        assert!(readiness.is_ready());
        readiness.begin_drain();
        assert!(!readiness.is_ready());
        assert_eq!(readiness.problems()["server"], "shutting down");
    }
}
