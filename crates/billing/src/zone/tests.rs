//! The calendar against a model that steps from minute to minute and asks only what a clock on the
//! wall shows.

use kernel::Span;
use proptest::prelude::*;

use super::*;

const MINUTE: i64 = 60_000_000;

fn zone(name: &str) -> Zone {
    name.parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    let at: jiff::Timestamp = text.parse().unwrap();
    Timestamp::from_micros(at.as_microsecond()).unwrap()
}

/// What a calendar on the wall shows: days since 1970, from the offset to UTC alone.
fn wall_day(zone: &Zone, micros: i64) -> i64 {
    let at = jiff::Timestamp::from_microsecond(micros).unwrap();
    let offset = i64::from(zone.0.to_offset(at).seconds());
    (micros.div_euclid(1_000_000) + offset).div_euclid(86_400)
}

/// The moments at which the calendar shows a day that it never showed before.
fn new_days(zone: &Zone, from: i64, until: i64, step: i64) -> Vec<i64> {
    let mut shown = wall_day(zone, from);
    let mut found = Vec::new();
    let mut now = from;
    while now + step <= until {
        now += step;
        if wall_day(zone, now) > shown {
            // Step back in minutes to the very one.
            let mut first = now - step;
            while wall_day(zone, first) <= shown {
                first += MINUTE;
            }
            found.push(first);
            shown = wall_day(zone, first);
            now = first;
        }
    }
    found
}

fn begun(zone: &Zone, from: i64, until: i64) -> Vec<i64> {
    let mut found = Vec::new();
    let mut day = zone.day(Timestamp::from_micros(from).unwrap());
    while day.end.as_micros() <= until {
        found.push(day.end.as_micros());
        day = zone.day(day.end);
    }
    found
}

#[test]
fn the_days_of_every_zone_are_those_of_a_calendar_on_the_wall() {
    // A year with a leap day and all rules of the present, from the middle of a month.
    let (from, until) = (at("2023-12-15T06:00:00Z"), at("2025-01-15T06:00:00Z"));
    let (from, until) = (from.as_micros(), until.as_micros());
    let mut zones = 0;
    for zone in Zone::all() {
        // Half an hour is the shortest time for which any clock shows a day and takes it back.
        let naive = new_days(&zone, from, until, 30 * MINUTE);
        assert_eq!(begun(&zone, from, until), naive, "{zone}");
        zones += 1;
    }
    assert!(zones > 400, "{zones}");
}

#[test]
fn the_oddest_days_are_those_of_a_calendar_on_the_wall() {
    for (name, around) in [
        // Midnight itself is skipped, or comes twice.
        ("America/Sao_Paulo", "2018-11-04T03:00:00Z"),
        ("America/Sao_Paulo", "2019-02-17T02:00:00Z"),
        ("Asia/Beirut", "2024-03-30T22:00:00Z"),
        ("America/Havana", "2024-11-03T05:00:00Z"),
        // A minute of the next day is shown, then taken back.
        ("America/St_Johns", "2006-10-29T02:31:00Z"),
        ("America/St_Johns", "2007-03-11T03:31:00Z"),
        // A day is skipped, and one comes twice.
        ("Pacific/Apia", "2011-12-30T10:00:00Z"),
        ("Pacific/Kwajalein", "1993-08-21T12:00:00Z"),
        ("America/Juneau", "1983-10-30T12:00:00Z"),
        // Half an hour, and two.
        ("Australia/Lord_Howe", "2024-04-06T15:00:00Z"),
        ("Antarctica/Troll", "2024-03-31T01:00:00Z"),
        ("America/Toronto", "1919-03-31T04:30:00Z"),
    ] {
        let middle = at(around).as_micros();
        let days = 4 * 86_400_000_000;
        let (from, until) = (middle - days, middle + days);
        let naive = new_days(&zone(name), from, until, MINUTE);
        assert_eq!(begun(&zone(name), from, until), naive, "{name} {around}");
    }
}

#[test]
fn days_of_23_and_25_hours_are_that_long() {
    let hours = |text: &str| {
        let day = zone("Europe/Berlin").day(at(text));
        day.end.since(day.start).as_micros() / 3_600_000_000
    };
    assert_eq!(hours("2026-03-29T12:00:00Z"), 23);
    assert_eq!(hours("2026-10-25T12:00:00Z"), 25);
    assert_eq!(hours("2026-06-01T12:00:00Z"), 24);
}

#[test]
fn the_last_microsecond_is_of_the_day_before() {
    let zone = zone("Asia/Tokyo");
    let midnight = at("2026-05-01T15:00:00Z");
    let before = midnight.saturating_sub(Span::from_micros(1).unwrap());
    assert_eq!(zone.day(before).end, midnight);
    assert_eq!(zone.day(midnight).start, midnight);
    assert_eq!(zone.midnight_from(midnight), midnight);
    assert_eq!(zone.midnight_from(before), midnight);
}

#[test]
fn zones_have_one_name_and_others_are_refused() {
    assert_eq!("america/sao_paulo".parse::<Zone>().unwrap().name(), "America/Sao_Paulo");
    assert_eq!(Zone::utc().name().parse::<Zone>(), Ok(Zone::utc()));
    for text in ["", "Mars/Olympus", "UTC+3", "EST5EDT4,M3", "../etc/passwd", "Local"] {
        assert_eq!(text.parse::<Zone>(), Err(ZoneError), "{text:?}");
    }
}

#[test]
fn the_ends_of_time_have_a_day() {
    for name in ["UTC", "Pacific/Kiritimati", "Pacific/Niue"] {
        for at in [Timestamp::MIN, Timestamp::MAX] {
            let day = zone(name).day(at);
            assert!(day.start <= at && at <= day.end, "{name} {day:?}");
        }
    }
}

/// The month of a moment by counting months up, one by one, as on paper.
fn months_on_paper(anchor: Timestamp, length: i32, now: Timestamp) -> Window {
    let text = anchor.to_string();
    let number = |from: usize, to: usize| text[from..to].parse::<i32>().unwrap();
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let clock = text[10..].to_owned();
    let begins = |count: i32| {
        let months = month - 1 + count * length;
        let (year, month) = (year + months.div_euclid(12), months.rem_euclid(12) + 1);
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let last = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        at(&format!("{year:04}-{month:02}-{:02}{clock}", day.min(last)))
    };
    let mut count = 0;
    while begins(count + 1) <= now {
        count += 1;
    }
    Window { start: begins(count), end: begins(count + 1) }
}

#[test]
fn the_31st_comes_back_after_february() {
    let anchor = at("2027-12-31T10:00:00Z");
    for (now, start, end) in [
        ("2027-12-31T10:00:00Z", "2027-12-31T10:00:00Z", "2028-01-31T10:00:00Z"),
        ("2028-02-10T00:00:00Z", "2028-01-31T10:00:00Z", "2028-02-29T10:00:00Z"),
        ("2028-02-29T09:59:59Z", "2028-01-31T10:00:00Z", "2028-02-29T10:00:00Z"),
        ("2028-02-29T10:00:00Z", "2028-02-29T10:00:00Z", "2028-03-31T10:00:00Z"),
        ("2028-04-30T10:00:00Z", "2028-04-30T10:00:00Z", "2028-05-31T10:00:00Z"),
        ("2020-01-01T00:00:00Z", "2027-12-31T10:00:00Z", "2028-01-31T10:00:00Z"),
    ] {
        assert_eq!(months(anchor, 1, at(now)), Window { start: at(start), end: at(end) }, "{now}");
    }
}

proptest! {
    #[test]
    fn months_and_years_are_those_on_paper(
        anchor in 1_500_000_000i64..2_000_000_000,
        later in 0i64..900_000_000,
        year in any::<bool>(),
    ) {
        let anchor = Timestamp::from_micros(anchor * 1_000_000 + 123_456).unwrap();
        let now = anchor.saturating_add(Span::from_micros(later * 1_000_000).unwrap());
        let length = if year { 12 } else { 1 };
        let found = months(anchor, length, now);
        prop_assert_eq!(found, months_on_paper(anchor, length, now));
        prop_assert!(found.contains(now));
        prop_assert_eq!(months(anchor, length, found.end).start, found.end);
    }
}
