//! What is wrong with the settings, and where it was said.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Default,
    /// The default of the product's profile.
    Profile {
        name: &'static str,
    },
    File {
        path: PathBuf,
        line: usize,
    },
    Environment {
        variable: String,
    },
    Flag {
        name: String,
    },
    /// The command fixes it, as `dev` fixes the database that it starts.
    Command {
        name: &'static str,
    },
}

/// One thing that is wrong. Never holds a secret's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A setting's key, a variable's name, a file.
    pub subject: String,
    /// Absent where nothing was said, as for a setting that is missing.
    pub origin: Option<Origin>,
    /// What is wrong and what would be right.
    pub what: String,
}

/// Everything that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Profile { name } => write!(f, "default of the profile {name}"),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Environment { variable } => f.write_str(variable),
            Self::Flag { name } => f.write_str(name),
            Self::Command { name } => write!(f, "atelier {name}"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.origin {
            Some(origin) => write!(f, "{} ({origin}): {}", self.subject, self.what),
            None => write!(f, "{}: {}", self.subject, self.what),
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        write!(f, "{count} problem{} in the settings:", if count == 1 { "" } else { "s" })?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl Error for Problems {}
