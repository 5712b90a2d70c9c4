//! The studio as a provider: texts, pictures and voices at once, videos as operations that are
//! asked about until they are done.
//!
//! Operations live in this process alone. What a restart loses is reported as a failure that may be
//! tried again, which is safe: the same order makes the same video, and costs nobody anything.

mod make;
mod script;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use generation::{
    Ability, Ask, Call, Cancelled, Class, Failure, Made, Offered, Operation, Polled, Probe,
    Recovered, RemoteFile, Started,
};
use kernel::{Json, Timestamp};
use ports::Provider;
use tokio::sync::Semaphore;

use crate::cancel::Work;
use crate::speech::Engine;
use script::Script;

/// Operations that are remembered: finished ones make room, the oldest first.
const OPERATIONS_MAX: usize = 64;
/// Texts of scripts whose failures are counted.
const COUNTED_MAX: usize = 256;
/// A frame takes some twentieth of a second: nobody needs to ask more often than this.
const AGAIN_AFTER: Duration = Duration::from_millis(400);

/// How the studio works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Whether requests may order failures in their metadata. For development alone.
    pub scripts: bool,
    /// Pieces of work at a time: one less than there are cores, so that the service stays awake.
    pub workers: usize,
    pub engine: Engine,
}

impl Default for Settings {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self { scripts: false, workers: cores.saturating_sub(1).max(1), engine: Engine::Any }
    }
}

/// The provider.
#[derive(Debug)]
pub struct Studio {
    settings: Settings,
    gate: Arc<Semaphore>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    operations: HashMap<String, Running>,
    /// In the order of their beginning.
    order: Vec<String>,
    /// How often scripts have failed as they ordered.
    failed: HashMap<String, u32>,
}

#[derive(Debug)]
struct Running {
    work: Work,
    ended: Option<Result<Made, Failure>>,
}

/// Stops the work when whoever waits for it has gone.
struct StopOnDrop(Work);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl Studio {
    pub fn new(settings: Settings) -> Self {
        let gate = Arc::new(Semaphore::new(settings.workers.max(1)));
        Self { settings, gate, state: Arc::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    fn script(&self, call: &Call) -> Result<Script, Failure> {
        if self.settings.scripts { Script::read(call) } else { Ok(Script::default()) }
    }

    /// The failure that a script orders, unless it has failed often enough.
    fn scripted(&self, call: &Call, script: &Script) -> Option<Failure> {
        let failure = script.failure()?;
        let Some(times) = script.times else { return Some(failure) };
        let text = call.metadata.as_ref().map(|text| text.as_str().to_owned()).unwrap_or_default();
        let mut state = self.state();
        if state.failed.len() >= COUNTED_MAX {
            state.failed.clear();
        }
        let failed = state.failed.entry(text).or_default();
        *failed += 1;
        (*failed <= times).then_some(failure)
    }

    /// Begins what is asked about later.
    fn accept(&self, call: &Call, script: Script) -> Result<Started, Failure> {
        let id = call.marker.as_str().to_owned();
        let work = Work::default();
        self.state().insert(id.clone(), work.clone());
        if !script.hang {
            let (state, gate, engine) =
                (self.state.clone(), self.gate.clone(), self.settings.engine);
            let (ask, key) = (call.ask.clone(), id.clone());
            tokio::spawn(async move {
                let made = run(gate, ask, engine, work).await.map(|made| script.spoil(made));
                if let Some(running) = lock(&state).operations.get_mut(&key) {
                    running.ended = Some(made);
                }
            });
        }
        operation(&id).map(Started::Accepted)
    }
}

impl State {
    fn insert(&mut self, id: String, work: Work) {
        while self.order.len() >= OPERATIONS_MAX {
            let ended = |id: &String| self.operations.get(id).is_none_or(|one| one.ended.is_some());
            let oldest = self.order.iter().position(ended).unwrap_or(0);
            let oldest = self.order.remove(oldest);
            if let Some(running) = self.operations.remove(&oldest) {
                running.work.cancel();
            }
        }
        self.order.retain(|known| *known != id);
        self.order.push(id.clone());
        self.operations.insert(id, Running { work, ended: None });
    }
}

/// The state stays whole whoever panics beside it: every change is one assignment.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn operation(id: &str) -> Result<Operation, Failure> {
    Json::of_texts(&[("id", id)])
        .map(Operation)
        .ok_or_else(|| Failure::new(Class::InvalidArgument, "marker is too long for an operation"))
}

fn id_of(operation: &Operation) -> Result<String, Failure> {
    serde_json::from_str::<serde_json::Value>(operation.0.as_str())
        .ok()
        .and_then(|value| value.get("id")?.as_str().map(str::to_owned))
        .ok_or_else(|| Failure::new(Class::InvalidArgument, "operation is none of the studio's"))
}

/// Makes something beside the runtime, when there is room.
async fn run(gate: Arc<Semaphore>, ask: Ask, engine: Engine, work: Work) -> Result<Made, Failure> {
    let broken =
        |what: &str| Failure::new(Class::ProviderFailed { retryable: true }, what.to_owned());
    let permit = gate.acquire_owned().await.map_err(|_| broken("the studio is closing"))?;
    let done = tokio::task::spawn_blocking(move || {
        // Held until the work has ended, even if nobody waits for it any more.
        let _permit = permit;
        make::make(&ask, engine, &work)
    });
    done.await.map_err(|_| broken("the studio's engine broke down"))?
}

#[async_trait]
impl Provider for Studio {
    async fn start(&self, call: &Call) -> Result<Started, Failure> {
        let script = self.script(call)?;
        if script.latency() > call.patience {
            tokio::time::sleep(call.patience).await;
            return Err(Failure::new(Class::Ambiguous, "no answer within the time"));
        }
        tokio::time::sleep(script.latency()).await;
        if let Some(failure) = self.scripted(call, &script) {
            return Err(failure);
        }
        if let Ask::Video(ask) = &call.ask {
            make::check_video(ask)?;
            return self.accept(call, script);
        }
        if script.accept || script.hang {
            return self.accept(call, script);
        }
        let work = Work::default();
        let _stop = StopOnDrop(work.clone());
        let ask = call.ask.clone();
        let made = run(self.gate.clone(), ask, self.settings.engine, work);
        match tokio::time::timeout(call.patience, made).await {
            Ok(made) => made.map(|made| Started::Made(script.spoil(made))),
            // Nothing is kept of it and it costs nothing, so it may be asked for again.
            Err(_) => Err(Failure::new(
                Class::ProviderFailed { retryable: true },
                "not done within the time",
            )),
        }
    }

    async fn poll(&self, operation: &Operation) -> Result<Polled, Failure> {
        let id = id_of(operation)?;
        let state = self.state();
        let Some(running) = state.operations.get(&id) else {
            return Err(Failure::new(
                Class::ProviderFailed { retryable: true },
                "the studio has been restarted since and must begin again",
            ));
        };
        match &running.ended {
            Some(ended) => ended.clone().map(Polled::Made),
            None => Ok(Polled::Running {
                percent: Some(running.work.percent()),
                again_after: Some(AGAIN_AFTER),
            }),
        }
    }

    async fn cancel(&self, operation: &Operation) -> Result<Cancelled, Failure> {
        let id = id_of(operation)?;
        let mut state = self.state();
        match state.operations.get_mut(&id) {
            None => Ok(Cancelled::Stopped),
            Some(running) if running.ended.is_some() => Ok(Cancelled::Ended),
            Some(running) => {
                running.work.cancel();
                Ok(Cancelled::Stopped)
            }
        }
    }

    async fn recover(&self, lost: &Call, _since: Timestamp) -> Result<Recovered, Failure> {
        let known = self.state().operations.contains_key(lost.marker.as_str());
        if known {
            operation(lost.marker.as_str()).map(Recovered::Found)
        } else {
            Ok(Recovered::Nothing)
        }
    }

    async fn fetch(&self, _file: &RemoteFile, _limit: u64) -> Result<Vec<u8>, Failure> {
        Err(Failure::new(Class::OutputLost, "the studio keeps no files"))
    }

    async fn probe(&self) -> Result<Probe, Failure> {
        let own = Ability::ALL.iter().filter(|ability| **ability != Ability::Edit);
        let offered = own.map(|ability| Offered {
            model: format!("studio-{ability}"),
            shutdown: None,
            abilities: Some(match ability {
                // Whoever draws changes what is drawn.
                Ability::Image | Ability::Edit => vec![Ability::Image, Ability::Edit],
                Ability::Text | Ability::Research | Ability::Video | Ability::Speech => {
                    vec![*ability]
                }
            }),
        });
        Ok(Probe::Listed(offered.collect()))
    }
}
