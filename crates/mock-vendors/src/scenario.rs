//! The scenarios: what can be asked to go wrong, by a word in a prompt or by the script.
//!
//! A word stands in double square brackets, with an argument after a colon: `[[slow:2]]`. What a
//! scenario looks like on the wire is each vendor's affair.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// How large a huge output is, where the word names no number of MiB: above any honest picture.
const HUGE_MIB: u32 = 64;

/// What a word says in its name alone, and what it does.
macro_rules! scenarios {
    ($($(#[doc = $doc:literal])+ $variant:ident = $word:literal;)+) => {
        /// A scenario without an argument.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Plain { $($(#[doc = $doc])+ $variant,)+ }

        impl Plain {
            const WORDS: &[(&str, Self)] = &[$(($word, Self::$variant),)+];
        }
    };
}

scenarios! {
    /// All goes well: for a script that lets calls pass before a fault.
    Ok = "ok";
    /// The call is taken, and never answered.
    Hang = "hang";
    /// The prompt is refused for safety.
    Refuse = "refuse";
    /// The prompt is taken, the output withheld for safety.
    RefuseOutput = "refuse-output";
    /// Words about a picture instead of the picture.
    TextOnly = "text-only";
    /// A black picture and a flag.
    NsfwBlack = "nsfw-black";
    /// A rate limit that does not say how long.
    RateLimitBare = "rate-limit-bare";
    /// The day's quota, as a rate limit with a hint that misleads.
    RateLimitDay = "rate-limit-day";
    /// Too many calls at once, or a system that is busy.
    Busy = "busy";
    /// The key is refused, whatever it is.
    Auth = "auth";
    /// The work fails: an asynchronous one in its end state, a synchronous one at once with 500.
    Fail = "fail";
    /// Created, but answered with 500.
    Ambiguous = "ambiguous";
    /// Created, but the connection is closed instead of an answer.
    Cut = "cut";
    /// Created, but the answer ends in its middle.
    TruncateAnswer = "truncate-answer";
    /// The bytes of the output end in their middle.
    Truncate = "truncate";
    /// The length of the output is told too small, so that half of it looks like all of it.
    WrongLength = "wrong-length";
    /// The call is answered with a redirect to another host.
    Redirect = "redirect";
    /// The download is answered with a redirect to another host, where the output is.
    DownloadRedirect = "download-redirect";
    /// A state that nobody knows, for two polls.
    UnknownState = "unknown-state";
    /// From running back to queued, and then to the end.
    Backwards = "backwards";
    /// Running for ever.
    NeverDone = "never-done";
    /// Done, and nothing there.
    NoOutput = "no-output";
    /// The model is no more.
    Retired = "retired";
    /// The output is an HTML page, with 200.
    Html = "html";
    /// The output is announced as one type and is bytes of none.
    WrongMagic = "wrong-magic";
    /// The answer is no JSON, with 200.
    Garbage = "garbage";
    /// The answer is an error in an array of one.
    ArrayError = "array-error";
}

/// What is to happen to a call and to what it makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    Plain(Plain),
    /// A synchronous call takes this long; an asynchronous one runs for a poll a second of it.
    Slow(Duration),
    /// Rate limited until so many seconds after the first try.
    RateLimit(u32),
    /// No credit is left; with the status that one wants where a vendor knows several.
    Quota(Option<u16>),
    /// 503 before anything is done, for the first so many tries, or for all.
    Unavailable(Option<u32>),
    /// So many of so many outputs.
    Partial(u32, u32),
    /// The output is gone: 404 or 410.
    Gone(u16),
    /// The output has so many MiB.
    Huge(u32),
}

/// No scenario is called so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no scenario is called {0:?}")]
pub struct UnknownWord(pub String);

impl FromStr for Scenario {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let unknown = || UnknownWord(word.to_owned());
        let (name, argument) = match word.split_once(':') {
            Some((name, argument)) => (name, Some(argument)),
            None => (word, None),
        };
        if let Some((_, plain)) = Plain::WORDS.iter().find(|(known, _)| *known == word) {
            return Ok(Self::Plain(*plain));
        }
        let scenario = match (name, argument) {
            // Names that the notes on single vendors use for the same.
            ("prompt-blocked", None) => Self::Plain(Plain::Refuse),
            ("output-blocked" | "rai-filtered", None) => Self::Plain(Plain::RefuseOutput),
            ("429-minute", None) => Self::RateLimit(38),
            ("429-day", None) => Self::Plain(Plain::RateLimitDay),
            ("unknown-status", None) => Self::Plain(Plain::UnknownState),
            ("completed-without-uri", None) => Self::Plain(Plain::NoOutput),
            ("download-404", None) => Self::Gone(404),
            ("slow", seconds) => Self::Slow(seconds_of(seconds.unwrap_or("3")).ok_or(unknown())?),
            ("rate-limit", seconds) => Self::RateLimit(number(seconds, 3).ok_or(unknown())?),
            ("quota", None) => Self::Quota(None),
            ("quota", Some(_)) => Self::Quota(number(argument, 0)),
            ("unavailable", None) => Self::Unavailable(None),
            ("unavailable", Some(_)) => Self::Unavailable(number(argument, 1)),
            ("gone", status) => Self::Gone(number(status, 404).ok_or(unknown())?),
            ("huge", mib) => Self::Huge(number(mib, HUGE_MIB).ok_or(unknown())?),
            ("partial", Some(parts)) => {
                let (some, all) = parts.split_once('/').ok_or(unknown())?;
                let some = some.parse().map_err(|_| unknown())?;
                Self::Partial(some, all.parse().map_err(|_| unknown())?)
            }
            _ => return Err(unknown()),
        };
        let nothing = [Self::Quota(None), Self::Unavailable(None)].contains(&scenario);
        if argument.is_some() && nothing { Err(unknown()) } else { Ok(scenario) }
    }
}

fn number<N: FromStr>(argument: Option<&str>, otherwise: N) -> Option<N> {
    argument.map_or(Some(otherwise), |text| text.parse().ok())
}

fn seconds_of(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(text.parse().ok()?).ok()
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(plain) => {
                let word = Plain::WORDS.iter().find(|(_, known)| known == plain);
                f.write_str(word.map_or("", |(word, _)| word))
            }
            Self::Slow(time) => write!(f, "slow:{}", time.as_secs_f64()),
            Self::RateLimit(seconds) => write!(f, "rate-limit:{seconds}"),
            Self::Quota(None) => f.write_str("quota"),
            Self::Quota(Some(status)) => write!(f, "quota:{status}"),
            Self::Unavailable(None) => f.write_str("unavailable"),
            Self::Unavailable(Some(times)) => write!(f, "unavailable:{times}"),
            Self::Partial(some, all) => write!(f, "partial:{some}/{all}"),
            Self::Gone(status) => write!(f, "gone:{status}"),
            Self::Huge(mib) => write!(f, "huge:{mib}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_as_itself() {
        let with = ["slow:0.5", "rate-limit:7200", "quota", "quota:400", "unavailable:2"];
        let more = ["unavailable", "partial:3/4", "gone:410", "huge:8"];
        let plain = Plain::WORDS.iter().map(|(word, _)| *word);
        for word in plain.chain(with).chain(more) {
            assert_eq!(word.parse::<Scenario>().unwrap().to_string(), word);
        }
    }

    #[test]
    fn a_slip_is_no_word() {
        for word in ["refuze", "slow:fast", "partial:3", "quota:x", "ok:1", ""] {
            assert!(word.parse::<Scenario>().is_err(), "{word}");
        }
    }
}
