//! A provider that does as a test says, and remembers what it was asked.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use generation::{
    Ask, Call, Cancelled, Class, Concept, Failure, Made, MadeFile, Operation, Piece, Polled, Probe,
    Recovered, RemoteFile, Segment, Source, Started,
};
use kernel::{Json, Timestamp};
use ports::Provider;

/// How a submission goes.
#[derive(Debug, Clone)]
pub enum Scripted {
    /// It is made at once.
    Made(Vec<Piece>),
    /// It is taken on, and goes on through these answers; the last one stays.
    Accepted(Vec<Result<Polled, Failure>>),
    Failed(Failure),
    /// The answer is lost; whether anything came of it, only the provider knows.
    Lost {
        made: bool,
    },
}

/// A provider in memory. Without a script it takes pictures, videos and voices on and makes them by
/// the second question, and answers with texts at once.
#[derive(Debug)]
pub struct FakeProvider {
    file: Vec<u8>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    script: VecDeque<Scripted>,
    calls: Vec<Call>,
    operations: BTreeMap<String, VecDeque<Result<Polled, Failure>>>,
    /// The operation of a submission; none of one that was made at once.
    by_marker: BTreeMap<String, Option<String>>,
    created: usize,
    cancelled: usize,
    fetched: usize,
    fetch_failures: VecDeque<Failure>,
    cannot_recover: bool,
    cancel: Option<Cancelled>,
    probe: Option<Result<Probe, Failure>>,
}

impl FakeProvider {
    /// Makes this file whenever it is asked for one.
    pub fn making(file: Vec<u8>) -> Self {
        Self { file, state: Mutex::default() }
    }

    /// The next submissions go so, each in its way.
    pub fn script(&self, next: impl IntoIterator<Item = Scripted>) {
        self.state().script.extend(next);
    }

    /// The next fetches fail, each in its way.
    pub fn fail_fetches(&self, next: impl IntoIterator<Item = Failure>) {
        self.state().fetch_failures.extend(next);
    }

    /// Whether it can find a submission by its marker, as it can by default.
    pub fn recovers(&self, can: bool) {
        self.state().cannot_recover = !can;
    }

    /// What it answers when it is asked to stop.
    pub fn answer_cancel(&self, how: Cancelled) {
        self.state().cancel = Some(how);
    }

    /// What it says that is asked for nothing.
    pub fn answer_probe(&self, answer: Result<Probe, Failure>) {
        self.state().probe = Some(answer);
    }

    /// The submissions that reached it, in order.
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    /// How often it has made something, or begun to.
    pub fn created(&self) -> usize {
        self.state().created
    }

    pub fn cancelled(&self) -> usize {
        self.state().cancelled
    }

    pub fn fetched(&self) -> usize {
        self.state().fetched
    }

    /// So many files that it keeps.
    pub fn remote(count: u32) -> Made {
        let piece = |number| {
            let url = format!("https://provider.example/{number}");
            Piece::File(MadeFile::Remote(RemoteFile { url }))
        };
        Made { pieces: (0..count).map(piece).collect(), note: None, cost: None }
    }

    fn usual(ask: &Ask) -> Scripted {
        let text = |text: &str| text.to_owned();
        match ask {
            Ask::Chat(chat) => {
                let last = chat.turns.last().map_or_else(String::new, |turn| turn.text.clone());
                Scripted::Made(vec![Piece::Text(format!("You said: {last}"))])
            }
            Ask::Summary(_) => Scripted::Made(vec![Piece::Text(text("In short"))]),
            Ask::Concept(_) => Scripted::Made(vec![Piece::Concept(Concept {
                title: text("Title"),
                concept: text("Concept"),
                tone: text("Warm"),
                goal: text("Joy"),
            })]),
            Ask::Research(_) => Scripted::Made(vec![Piece::Research {
                answer: text("Answer"),
                sources: vec![Source {
                    url: text("https://example.com"),
                    title: Some(text("Title")),
                    excerpt: None,
                }],
            }]),
            Ask::Segmentation(_) => Scripted::Made(vec![Piece::Segments(vec![Segment {
                label: text("1"),
                visual: text("A sea"),
                narration: text("Hello"),
                animation: text("Waves"),
            }])]),
            Ask::Image(_) | Ask::Video(_) | Ask::Speech(_) => Scripted::Accepted(vec![
                Ok(Polled::Running { percent: Some(50), again_after: Some(Duration::ZERO) }),
                Ok(Polled::Made(Self::remote(ask.count()))),
            ]),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn begin(&mut self, call: &Call, answers: Vec<Result<Polled, Failure>>) -> Operation {
        self.created += 1;
        let id = format!("op-{}", self.created);
        self.operations.insert(id.clone(), answers.into());
        self.by_marker.insert(call.marker.to_string(), Some(id.clone()));
        operation(&id)
    }
}

fn operation(id: &str) -> Operation {
    Operation(Json::of_texts(&[("id", id)]).expect("is short"))
}

#[async_trait]
impl Provider for FakeProvider {
    async fn start(&self, call: &Call) -> Result<Started, Failure> {
        let mut state = self.state();
        state.calls.push(call.clone());
        let next = state.script.pop_front().unwrap_or_else(|| Self::usual(&call.ask));
        match next {
            Scripted::Made(pieces) => {
                state.created += 1;
                state.by_marker.insert(call.marker.to_string(), None);
                Ok(Started::Made(Made { pieces, note: None, cost: None }))
            }
            Scripted::Accepted(answers) => Ok(Started::Accepted(state.begin(call, answers))),
            Scripted::Failed(failure) => Err(failure),
            Scripted::Lost { made } => {
                if made {
                    let answers = vec![Ok(Polled::Made(Self::remote(call.ask.count())))];
                    state.begin(call, answers);
                }
                Err(Failure::new(Class::Ambiguous, "the answer was lost"))
            }
        }
    }

    async fn poll(&self, operation: &Operation) -> Result<Polled, Failure> {
        let mut state = self.state();
        let text = operation.0.as_str();
        let found = state.operations.iter_mut().find(|(id, _)| text.contains(&format!("\"{id}\"")));
        let Some((_, answers)) = found else {
            return Err(Failure::new(Class::Transient, "there is no such operation"));
        };
        let next = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
        next.unwrap_or(Ok(Polled::Running { percent: None, again_after: None }))
    }

    async fn cancel(&self, _operation: &Operation) -> Result<Cancelled, Failure> {
        let mut state = self.state();
        state.cancelled += 1;
        Ok(state.cancel.unwrap_or(Cancelled::Stopped))
    }

    async fn recover(&self, lost: &Call, _since: Timestamp) -> Result<Recovered, Failure> {
        let state = self.state();
        if state.cannot_recover {
            return Ok(Recovered::Unknown);
        }
        Ok(match state.by_marker.get(lost.marker.as_str()) {
            Some(Some(id)) => Recovered::Found(operation(id)),
            // It was made, and what was made is kept by nobody.
            Some(None) => Recovered::Unknown,
            None => Recovered::Nothing,
        })
    }

    async fn fetch(&self, _file: &RemoteFile, limit: u64) -> Result<Vec<u8>, Failure> {
        let mut state = self.state();
        state.fetched += 1;
        if let Some(failure) = state.fetch_failures.pop_front() {
            return Err(failure);
        }
        let fits = u64::try_from(self.file.len()).is_ok_and(|length| length <= limit);
        if fits { Ok(self.file.clone()) } else { Err(Failure::new(Class::OutputLost, "too large")) }
    }

    async fn probe(&self) -> Result<Probe, Failure> {
        self.state().probe.clone().unwrap_or(Ok(Probe::Accepted))
    }
}
