//! What a user prefers: language, time zone, notifications, privacy.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use jiff::tz::TimeZoneDatabase;

kernel::named_enums! {
    /// The language that the product speaks with the user.
    Language {
        #[default]
        English = "en",
        Chinese = "zh",
        Japanese = "ja",
        Korean = "ko",
    }

    /// Who may see the user's profile.
    Visibility {
        Public = "public",
        Friends = "friends",
        #[default]
        Private = "private",
    }

    /// How much the user wants to be spared.
    ContentFilter {
        Strict = "strict",
        #[default]
        Moderate = "moderate",
        Relaxed = "relaxed",
    }
}

/// A time zone by its name in the IANA database, such as `Europe/Berlin`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeZone(String);

/// The text names no time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the name of a time zone such as \"Europe/Berlin\" or \"UTC\"")]
pub struct TimeZoneError;

kernel::fields! {
    /// What a user prefers.
    Preferences {
        language: Language,
        time_zone: TimeZone,
        notify_email: bool,
        notify_push: bool,
        visibility: Visibility,
        /// Whether public characters may be shown in the gallery; the profile must be public too.
        gallery_showcase: bool,
        content_filter: ContentFilter,
    }
}

impl TimeZone {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Preferences {
    /// Whether public characters may be shown to others.
    pub fn wants_to_show(&self) -> bool {
        self.gallery_showcase && self.visibility == Visibility::Public
    }
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            language: Language::default(),
            time_zone: TimeZone("UTC".to_owned()),
            notify_email: true,
            notify_push: false,
            visibility: Visibility::default(),
            gallery_showcase: false,
            content_filter: ContentFilter::default(),
        }
    }
}

// The database that is compiled in: every server knows the same zones, whatever its machine has.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

impl FromStr for TimeZone {
    type Err = TimeZoneError;

    /// Names are known in any case of letters and kept as the database writes them.
    fn from_str(text: &str) -> Result<Self, TimeZoneError> {
        let zone = ZONES.get(text).map_err(|_unknown| TimeZoneError)?;
        zone.iana_name().map(|name| Self(name.to_owned())).ok_or(TimeZoneError)
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_those_of_the_database() {
        for (text, name) in [
            ("UTC", "UTC"),
            ("Europe/Berlin", "Europe/Berlin"),
            ("asia/tokyo", "Asia/Tokyo"),
            ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ] {
            assert_eq!(text.parse::<TimeZone>().map(|zone| zone.to_string()), Ok(name.into()));
        }
        for text in ["", "Mars/Olympus", "+02:00", "Europe/Berlin ", "../etc/passwd"] {
            assert_eq!(text.parse::<TimeZone>(), Err(TimeZoneError), "{text:?}");
        }
    }

    #[test]
    fn nothing_is_shown_unless_both_preferences_allow_it() {
        let shown = |visibility, gallery_showcase| {
            Preferences { visibility, gallery_showcase, ..Preferences::default() }.wants_to_show()
        };
        assert!(shown(Visibility::Public, true));
        assert!(!shown(Visibility::Public, false));
        assert!(!shown(Visibility::Friends, true));
        assert!(!Preferences::default().wants_to_show());
    }
}
