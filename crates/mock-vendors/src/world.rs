//! What the mock remembers: calls, the script, jobs, outputs, and which prompts it has seen.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::call::{Call, Rule};
use crate::media::Media;
use crate::plan::Plan;
use crate::scenario::{Plain, Scenario, UnknownWord};
use crate::vendor::Vendor;

/// Where a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Queued,
    Running,
    /// A state of which the vendor's documents say nothing.
    Unknown,
    Done,
}

impl Step {
    /// What each poll sees, one after the other; the last for ever.
    pub(crate) fn all(plan: &Plan) -> VecDeque<Self> {
        let polls = plan.slow().map_or(1, |time| time.as_secs_f64().ceil() as usize);
        let mut steps = VecDeque::from(vec![Self::Running; polls]);
        if plan.has(Plain::Backwards) {
            steps.extend([Self::Queued, Self::Running]);
        }
        if plan.has(Plain::UnknownState) {
            steps.extend([Self::Unknown, Self::Unknown]);
        }
        if !plan.has(Plain::NeverDone) {
            steps.push_back(Self::Done);
        }
        steps
    }
}

/// Work that goes on after the answer. It moves by a step with each poll, and not with time.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) id: String,
    pub(crate) vendor: Vendor,
    pub(crate) owner: String,
    pub(crate) plan: Plan,
    pub(crate) steps: VecDeque<Step>,
    pub(crate) now: Step,
    pub(crate) created: jiff::Timestamp,
    pub(crate) cancelled: bool,
    pub(crate) request: Value,
    pub(crate) output: Value,
}

impl Job {
    pub(crate) fn step(&mut self) {
        if !self.cancelled
            && let Some(next) = self.steps.pop_front()
        {
            self.now = next;
        }
    }

    /// Without effect on what is done.
    pub(crate) fn cancel(&mut self) {
        self.cancelled |= self.now != Step::Done;
    }

    pub(crate) fn finish(&mut self) {
        self.steps.clear();
        self.now = Step::Done;
    }
}

/// An output that can be fetched.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) media: Media,
    pub(crate) plan: Plan,
    pub(crate) vendor: Vendor,
}

#[derive(Debug, Default)]
struct Memory {
    serial: u64,
    calls: Vec<Call>,
    script: Vec<Rule>,
    jobs: HashMap<String, Job>,
    order: Vec<String>,
    files: HashMap<String, File>,
    seen: HashMap<u64, Seen>,
}

// When a prompt came first, and how often.
#[derive(Debug, Clone, Copy)]
struct Seen {
    first: Instant,
    times: u32,
}

#[derive(Debug)]
pub(crate) struct World {
    /// `http://` and the listening address.
    base: String,
    memory: Mutex<Memory>,
}

impl World {
    pub(crate) fn new(base: String) -> Self {
        Self { base, memory: Mutex::default() }
    }

    pub(crate) fn url(&self, vendor: Vendor) -> String {
        format!("{}/{vendor}", self.base)
    }

    /// The same server by a name that clients must take for another host.
    pub(crate) fn elsewhere(&self) -> String {
        format!("{}/elsewhere", self.base.replace("127.0.0.1", "localhost"))
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A name that nothing else has, also after a reset.
    pub(crate) fn serial(&self) -> String {
        let mut memory = self.memory();
        memory.serial += 1;
        format!("{:08x}{:04x}", self.base.len() + 0x6d6f_636b, memory.serial)
    }

    pub(crate) fn reset(&self) {
        let mut memory = self.memory();
        *memory = Memory { serial: memory.serial, ..Memory::default() };
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.memory().calls.clone()
    }

    /// Takes down a call that has come, and yields its number.
    pub(crate) fn came(&self, mut call: Call) -> u64 {
        let mut memory = self.memory();
        call.number = memory.calls.last().map_or(1, |last| last.number + 1);
        let number = call.number;
        memory.calls.push(call);
        number
    }

    /// Adds to what is known of a call.
    pub(crate) fn learn(&self, number: u64, what: impl FnOnce(&mut Call)) {
        if let Some(call) = self.memory().calls.iter_mut().find(|call| call.number == number) {
            what(call);
        }
    }

    pub(crate) fn script(&self, rule: Rule) {
        self.memory().script.push(rule);
    }

    /// What the script wants of this call, which uses it up; else what the words in it want.
    pub(crate) fn plan(
        &self,
        vendor: Vendor,
        operation: &str,
        body: &[u8],
    ) -> Result<Plan, UnknownWord> {
        let mut memory = self.memory();
        let fits = |rule: &Rule| {
            let operation = rule.operation.as_deref().is_none_or(|name| name == operation);
            rule.vendor == vendor.name() && operation && rule.times > 0
        };
        let Some(rule) = memory.script.iter_mut().find(|rule| fits(rule)) else {
            return Plan::of_words(body);
        };
        rule.times -= 1;
        let words = rule.answer.split_whitespace().map(str::parse);
        let scenarios: Result<Vec<Scenario>, _> = words.collect();
        memory.script.retain(|rule| rule.times > 0);
        scenarios.map(Plan::scripted)
    }

    /// How often this very call has come, with this one, and how long ago the first one.
    pub(crate) fn seen(&self, vendor: Vendor, operation: &str, body: &[u8]) -> (u32, Duration) {
        let mut hasher = DefaultHasher::new();
        (vendor, operation, body).hash(&mut hasher);
        let mut memory = self.memory();
        let first = Seen { first: Instant::now(), times: 0 };
        let seen = memory.seen.entry(hasher.finish()).or_insert(first);
        seen.times += 1;
        (seen.times, seen.first.elapsed())
    }

    pub(crate) fn keep(&self, name: String, file: File) {
        self.memory().files.insert(name, file);
    }

    pub(crate) fn file(&self, name: &str) -> Option<File> {
        // Some vendors write the type after the name.
        let name = name.split('.').next().unwrap_or_default();
        self.memory().files.get(name).cloned()
    }

    pub(crate) fn start(&self, job: Job) {
        let mut memory = self.memory();
        memory.order.push(job.id.clone());
        memory.jobs.insert(job.id.clone(), job);
    }

    /// The job as `change` left it.
    pub(crate) fn job(
        &self,
        vendor: Vendor,
        owner: &str,
        id: &str,
        change: impl FnOnce(&mut Job),
    ) -> Option<Job> {
        let mut memory = self.memory();
        let job = memory.jobs.get_mut(id)?;
        if job.vendor != vendor || job.owner != owner {
            return None;
        }
        change(job);
        Some(job.clone())
    }

    pub(crate) fn forget(&self, id: &str) {
        self.memory().jobs.remove(id);
    }

    /// Newest first.
    pub(crate) fn jobs(&self, vendor: Vendor, owner: &str) -> Vec<Job> {
        let memory = self.memory();
        let ids = memory.order.iter().rev();
        let jobs = ids.filter_map(|id| memory.jobs.get(id));
        jobs.filter(|job| job.vendor == vendor && job.owner == owner).cloned().collect()
    }
}
