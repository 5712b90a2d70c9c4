//! What is told in the end: a table for people, one flat JSON object for programs.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Map, Value, json};

use crate::rounds::Measured;
use crate::sides::Side;
use crate::stats::median;

/// The medians of a side over all rounds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Figures {
    pub(crate) per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) batch: Option<f64>,
    pub(crate) client: f64,
    pub(crate) servers: f64,
    pub(crate) postgres: f64,
    pub(crate) others: f64,
    pub(crate) load: f64,
    pub(crate) errors: u64,
}

/// Which way a ratio is to be read, and from where on it is good.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Target {
    AtLeast(f64),
    AtMost(f64),
}

/// Everything that was measured.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) sides: BTreeMap<Side, Figures>,
    /// What there is to know about the run: versions, settings, what was not run.
    pub(crate) notes: BTreeMap<String, Value>,
}

impl Figures {
    pub(crate) fn of(side: Side, rounds: &[&Measured]) -> Self {
        let middle = |figure: &dyn Fn(&Measured) -> f64| {
            median(&rounds.iter().map(|one| figure(one)).collect::<Vec<_>>())
        };
        let batches: Vec<f64> = rounds.iter().filter_map(|one| one.batch).collect();
        Self {
            per_second: middle(&|one| one.sample.per_second() * side.per_call()),
            p50_ms: middle(&|one| one.sample.latency(50.0)),
            p99_ms: middle(&|one| one.sample.latency(99.0)),
            batch: (!batches.is_empty()).then(|| median(&batches)),
            client: middle(&|one| one.usage.client),
            servers: middle(&|one| one.usage.servers),
            postgres: middle(&|one| one.usage.postgres),
            others: middle(&|one| one.usage.others),
            load: middle(&|one| one.load),
            errors: rounds.iter().flat_map(|one| one.sample.errors.values()).sum(),
        }
    }
}

impl Report {
    /// The ratios that the ledger is held to, those whose sides were measured.
    fn ratios(&self) -> Vec<(&'static str, f64, Target)> {
        let figures = |sides: &[Side]| -> Option<Figures> {
            let measured = sides.iter().filter_map(|side| self.sides.get(side));
            measured.max_by(|a, b| a.per_second.total_cmp(&b.per_second)).cloned()
        };
        let rate = |sides: &[Side]| figures(sides).map(|best| best.per_second);
        let many = rate(&[Side::Many64, Side::Many256]);
        let empty = rate(&[Side::Empty64, Side::Empty256]);
        let hot = rate(&[Side::Hot64, Side::Hot256]);
        let textbook = rate(&[Side::TextbookMany]);
        let p50 = |side| figures(&[side]).map(|found| found.p50_ms);
        let half_peak = figures(&[Side::HalfPeak]).map(|found| found.p99_ms);
        [
            ("unary_many_vs_textbook", over(many, textbook), Target::AtLeast(3.0)),
            ("unary_many_vs_empty_rpc", over(many, empty), Target::AtLeast(0.5)),
            ("unary_hot_vs_textbook", over(hot, rate(&[Side::TextbookHot])), Target::AtLeast(25.0)),
            ("batch_vs_textbook", over(rate(&[Side::Batch]), textbook), Target::AtLeast(6.0)),
            (
                "big_journal_vs_small",
                over(rate(&[Side::Big]), rate(&[Side::Many256])),
                Target::AtLeast(0.9),
            ),
            ("half_peak_p99_ms", half_peak, Target::AtMost(10.0)),
            (
                "idle_vs_textbook",
                over(p50(Side::Idle), p50(Side::TextbookIdle)),
                Target::AtMost(2.0),
            ),
        ]
        .into_iter()
        .filter_map(|(name, value, target)| Some((name, value?, target)))
        .collect()
    }

    /// One object without objects in it.
    pub(crate) fn json(&self) -> Value {
        let mut flat = Map::new();
        for (name, value, _) in self.ratios() {
            flat.insert(name.to_owned(), json!(value));
        }
        for (side, figures) in &self.sides {
            let name = side.name();
            let Figures { per_second, p50_ms, p99_ms, batch, client, servers, .. } = figures;
            let Figures { postgres, others, load, errors, .. } = figures;
            for (what, value) in [
                ("per_s", json!(per_second)),
                ("p50_ms", json!(p50_ms)),
                ("p99_ms", json!(p99_ms)),
                ("batch_mean", json!(batch)),
                ("cpu_client", json!(client)),
                ("cpu_servers", json!(servers)),
                ("cpu_postgres", json!(postgres)),
                ("cpu_others", json!(others)),
                ("load_average", json!(load)),
                ("errors", json!(errors)),
            ] {
                flat.insert(format!("{name}_{what}"), value);
            }
        }
        flat.extend(self.notes.clone());
        Value::Object(flat)
    }

    /// The same for people.
    pub(crate) fn table(&self) -> String {
        let mut text = format!(
            "{:30} {:>9} {:>9} {:>9} {:>6}   {:>6} {:>6} {:>6} {:>6} {:>5}\n",
            "", "per s", "p50 ms", "p99 ms", "batch", "client", "server", "pg", "others", "load"
        );
        for (side, figures) in &self.sides {
            let Figures { per_second, p50_ms, p99_ms, batch, client, servers, .. } = figures;
            let Figures { postgres, others, load, errors, .. } = figures;
            let batch = batch.map_or_else(String::new, |batch| format!("{batch:.1}"));
            let errors = if *errors > 0 { format!("  {errors} ERRORS") } else { String::new() };
            // Writing to a String cannot fail.
            let _ = writeln!(
                text,
                "{:30} {per_second:>9.0} {p50_ms:>9.2} {p99_ms:>9.2} {batch:>6}   {client:>6.2} \
                 {servers:>6.2} {postgres:>6.2} {others:>6.2} {load:>5.1}{errors}",
                side.name()
            );
        }
        text.push('\n');
        for (name, value, target) in self.ratios() {
            let (good, target) = match target {
                Target::AtLeast(least) => (value >= least, format!("at least {least}")),
                Target::AtMost(most) => (value <= most, format!("at most {most}")),
            };
            let verdict = if good { "met" } else { "MISSED" };
            let _ = writeln!(text, "{name:30} {value:>9.2}   {target:14} {verdict}");
        }
        text.push('\n');
        for (name, value) in &self.notes {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let _ = writeln!(text, "{name}: {value}");
        }
        text
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.sides.values().any(|figures| figures.errors > 0)
    }
}

fn over(ours: Option<f64>, theirs: Option<f64>) -> Option<f64> {
    let (ours, theirs) = (ours?, theirs?);
    (theirs > 0.0).then(|| ours / theirs)
}

#[cfg(test)]
mod tests;
