use std::collections::BTreeMap;

use super::*;
use crate::load::Sample;
use crate::machine::Usage;

fn figures(per_second: f64, p50_ms: f64) -> Figures {
    Figures { per_second, p50_ms, p99_ms: 2.0 * p50_ms, ..Figures::default() }
}

fn report() -> Report {
    let sides = [
        (Side::TextbookMany, figures(1_000.0, 4.0)),
        (Side::TextbookHot, figures(100.0, 40.0)),
        (Side::TextbookIdle, figures(500.0, 2.0)),
        (Side::Empty64, figures(8_000.0, 1.0)),
        (Side::Many64, figures(2_000.0, 8.0)),
        (Side::Many256, figures(4_000.0, 16.0)),
        (Side::Big, figures(3_800.0, 16.0)),
        (Side::Hot64, figures(3_000.0, 8.0)),
        (Side::Batch, figures(5_000.0, 8.0)),
        (Side::Idle, figures(333.0, 3.0)),
        (Side::HalfPeak, figures(2_000.0, 6.0)),
    ];
    let notes = BTreeMap::from([("postgres".to_owned(), json!("15"))]);
    Report { sides: sides.into(), notes }
}

#[test]
fn ratios_are_of_our_best_to_theirs() {
    let json = report().json();
    for (name, value) in [
        ("unary_many_vs_textbook", 4.0),
        ("unary_many_vs_empty_rpc", 0.5),
        ("unary_hot_vs_textbook", 30.0),
        ("batch_vs_textbook", 5.0),
        ("big_journal_vs_small", 0.95),
        ("half_peak_p99_ms", 12.0),
        ("idle_vs_textbook", 1.5),
    ] {
        assert_eq!(json[name], json!(value), "{name}");
    }
}

#[test]
fn the_object_is_flat_and_has_each_sides_raw_figures() {
    let json = report().json();
    let object = json.as_object().unwrap();
    assert!(object.values().all(|value| !value.is_object() && !value.is_array()));
    assert_eq!(json["textbook_many_per_s"], json!(1_000.0));
    assert_eq!(json["unary_many_256_p99_ms"], json!(32.0));
    assert_eq!(json["postgres"], json!("15"));
}

#[test]
fn a_ratio_without_its_sides_is_left_out() {
    let mut report = report();
    report.sides.remove(&Side::Big);
    assert!(report.json().get("big_journal_vs_small").is_none());
    assert!(!report.table().contains("big_journal_vs_small"));
}

#[test]
fn the_table_says_which_targets_were_missed() {
    let table = report().table();
    let verdict = |name: &str| {
        let line = table.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().last().unwrap().to_owned()
    };
    assert_eq!(verdict("unary_many_vs_textbook"), "met");
    assert_eq!(verdict("batch_vs_textbook"), "MISSED");
    assert_eq!(verdict("half_peak_p99_ms"), "MISSED");
}

#[test]
fn a_side_is_the_median_of_its_rounds_and_the_sum_of_its_errors() {
    let round = |done, error: Option<u64>| Measured {
        side: Side::Batch,
        sample: Sample {
            done,
            seconds: 1.0,
            latencies: vec![1_000, 2_000],
            errors: error.map(|count| ("no".to_owned(), count)).into_iter().collect(),
            ..Sample::default()
        },
        usage: Usage::default(),
        batch: None,
        load: 1.0,
    };
    let rounds = [round(10, None), round(90, Some(2)), round(20, Some(1))];
    let figures = Figures::of(Side::Batch, &rounds.iter().collect::<Vec<_>>());
    assert_eq!(figures.per_second, 20.0 * 500.0);
    assert_eq!((figures.p50_ms, figures.p99_ms), (1.0, 2.0));
    assert_eq!(figures.errors, 3);
    let report = Report { sides: [(Side::Batch, figures)].into(), ..Report::default() };
    assert!(report.has_errors() && report.table().contains("3 ERRORS"));
}
