use std::sync::LazyLock;

use kernel::Span;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

static ZONES: LazyLock<Vec<Zone>> = LazyLock::new(|| Zone::all().collect());

const HOUR: i64 = 3_600_000_000;

fn user() -> UserId {
    UserId::from_uuid(Uuid::from_u128(1))
}

fn at(hours: i64) -> Timestamp {
    // 2026-01-01 in UTC.
    Timestamp::from_micros(1_767_225_600_000_000 + hours * HOUR).unwrap()
}

fn quota(limit: Option<u32>, used: u32) -> Quota {
    let zone = Zone::utc();
    Quota { limit, used, window: zone.day(at(0)), zone }
}

#[test]
fn units_are_taken_up_to_the_limit() {
    assert_eq!(quota(Some(3), 2).taking(1), Ok(3));
    let exhausted = Rejection::QuotaExhausted { limit: 3, used: 2, resets_at: at(24) };
    assert_eq!(quota(Some(3), 2).taking(2), Err(exhausted.clone()));
    assert_eq!(quota(Some(3), 2).taking(u32::MAX), Err(exhausted));
    assert_eq!(quota(None, u32::MAX).taking(7), Ok(u32::MAX));
    // A tier that fell has no negative rest.
    assert_eq!(quota(Some(3), 20).remaining(), Some(0));
}

#[test]
fn a_day_runs_on_to_the_midnight_of_the_new_zone_that_is_not_before_its_end() {
    let zone = |name: &str| name.parse::<Zone>().unwrap();
    let utc = QuotaSettings::new(user(), Zone::utc());
    // At 23:00 in UTC it is 08:00 in Tokyo; its next midnight but one is 15:00 of the next day.
    let tokyo = utc.rezoned(zone("Asia/Tokyo"), at(23));
    assert_eq!(tokyo.window(at(23)), Window { start: at(0), end: at(39) });
    assert_eq!(tokyo.window(at(39)), Window { start: at(39), end: at(63) });
    // Honolulu's midnight is at 10:00 in UTC.
    let honolulu = tokyo.rezoned(zone("Pacific/Honolulu"), at(30));
    assert_eq!(honolulu.window(at(30)), Window { start: at(0), end: at(34) });
    // And back as if nothing had been.
    assert_eq!(honolulu.rezoned(Zone::utc(), at(31)).window(at(31)).start, at(24));
}

#[derive(Debug, Clone)]
enum Step {
    Wait(u32),
    /// To the very moment before the window ends, or to its end, as the worst cases are.
    WaitToTheEdge(bool),
    Move(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (1u32..200_000).prop_map(Step::Wait),
        any::<bool>().prop_map(Step::WaitToTheEdge),
        any::<usize>().prop_map(Step::Move),
        any::<usize>().prop_map(Step::Move),
    ];
    proptest::collection::vec(step, 1..60)
}

proptest! {
    /// The rule: at most one window begins in any 22 hours, whatever is done with the zone. 24 but
    /// for the days on which a clock is set forward: by one hour almost everywhere, by two at most.
    #[test]
    fn no_sequence_of_zones_mints_a_second_day(steps in steps(), start in 0i64..20_000) {
        let zones = &*ZONES;
        let mut now = at(start);
        let mut settings = QuotaSettings::new(user(), Zone::utc());
        let mut begun = vec![settings.window(now).start];
        for step in steps {
            match step {
                Step::Wait(seconds) => now = now.saturating_add(Span::from_secs(seconds)),
                Step::WaitToTheEdge(beyond) => {
                    let end = settings.window(now).end;
                    let before = end.saturating_sub(Span::from_micros(1).unwrap());
                    now = if beyond { end } else { before.max(now) };
                }
                Step::Move(zone) => {
                    settings = settings.rezoned(zones[zone % zones.len()].clone(), now);
                }
            }
            let window = settings.window(now);
            prop_assert!(window.contains(now), "{window:?} {now}");
            let last = *begun.last().unwrap();
            prop_assert!(window.start >= last, "a day began anew");
            if window.start > last {
                let apart = window.start.since(last).as_micros();
                prop_assert!(apart >= 22 * HOUR, "{last} {window:?}");
                begun.push(window.start);
            }
            prop_assert!(window.end.since(window.start).as_micros() <= 51 * HOUR, "{window:?}");
        }
    }
}
