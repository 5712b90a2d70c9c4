//! What the machine was doing meanwhile: processor time by process, and the load.
//!
//! From `/proc`, so that other systems show nothing rather than something wrong.

use std::fs;
use std::time::Instant;

use crate::failure::{Context, Failure};

/// Ticks a second in `/proc`: of every Linux that programs can see, whatever its own clock does.
const TICKS: f64 = 100.0;

/// Processor time so far, in seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Snapshot {
    at: Instant,
    all: f64,
    client: f64,
    servers: f64,
    postgres: f64,
}

/// How many processors each part kept busy.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Usage {
    /// This process and the programs that it ran to the end, such as pgbench.
    pub(crate) client: f64,
    pub(crate) servers: f64,
    pub(crate) postgres: f64,
    /// Everything else on the machine. Far from zero, figures are lower than they should be.
    pub(crate) others: f64,
}

/// How much memory a process has, in MiB.
pub(crate) fn resident_mib(pid: u32) -> Result<f64, Failure> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"));
    let status = status.context("the process has ended")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kib.map(|kib| kib / 1024.0).ok_or_else(|| Failure::new("the process tells no memory"))
}

impl Snapshot {
    pub(crate) fn take(servers: &[u32], postmaster: Option<i32>) -> Self {
        let servers: f64 =
            servers.iter().filter_map(|pid| Process::read(&pid.to_string())).map(|p| p.own).sum();
        let postmaster = postmaster.map(|pid| pid.to_string());
        let postgres: f64 = postmaster.map_or(0.0, |postmaster| {
            let processes = fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
            let processes = processes
                .filter_map(|entry| Process::read(&entry.file_name().to_string_lossy()))
                .filter(|process| process.parent == postmaster);
            let root = Process::read(&postmaster).map_or(0.0, |p| p.own + p.ended_children);
            root + processes.map(|process| process.own).sum::<f64>()
        });
        let client = Process::read("self").map_or(0.0, |p| p.own + p.ended_children);
        Self {
            at: Instant::now(),
            all: busy().unwrap_or(0.0) / TICKS,
            client: client / TICKS,
            servers: servers / TICKS,
            postgres: postgres / TICKS,
        }
    }

    pub(crate) fn until(&self, end: &Self) -> Usage {
        let seconds = end.at.duration_since(self.at).as_secs_f64().max(1e-9);
        let client = (end.client - self.client) / seconds;
        let servers = (end.servers - self.servers) / seconds;
        let postgres = (end.postgres - self.postgres) / seconds;
        let all = (end.all - self.all) / seconds;
        Usage { client, servers, postgres, others: (all - client - servers - postgres).max(0.0) }
    }
}

/// The load average of the last minute.
pub(crate) fn load_average() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().and_then(|first| first.parse().ok()).unwrap_or(0.0)
}

fn busy() -> Option<f64> {
    let text = fs::read_to_string("/proc/stat").ok()?;
    let numbers: Vec<f64> =
        text.lines().next()?.split_whitespace().skip(1).filter_map(|n| n.parse().ok()).collect();
    // user nice system idle iowait irq softirq: all but the two that wait.
    let waiting: f64 = numbers.get(3..5)?.iter().sum();
    Some(numbers.get(..7)?.iter().sum::<f64>() - waiting)
}

struct Process {
    parent: String,
    own: f64,
    ended_children: f64,
}

impl Process {
    fn read(pid: &str) -> Option<Self> {
        parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }
}

// The name in brackets may hold anything; what follows the last bracket is fields by spaces.
fn parse(stat: &str) -> Option<Process> {
    let (_, fields) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let time = |index: usize| fields.get(index)?.parse::<f64>().ok();
    Some(Process {
        parent: (*fields.get(1)?).to_owned(),
        own: time(11)? + time(12)?,
        ended_children: time(13)? + time(14)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_and_spaces_does_not_shift_the_fields() {
        let stat = "7 (a) b (c) S 42 7 7 0 -1 0 1 2 3 4 100 50 20 5 20 0 1 0 9 9 9";
        let process = parse(stat).unwrap();
        assert_eq!(process.parent, "42");
        assert_eq!((process.own, process.ended_children), (150.0, 25.0));
    }
}
