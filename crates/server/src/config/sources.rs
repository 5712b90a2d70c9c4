//! What was said about the settings, as it was said.

use std::ffi::OsString;
use std::path::PathBuf;
use std::{fs, io};

// The one variable with our prefix that is no setting: it says where the settings are.
pub(super) const CONFIG_VARIABLE: &str = "ATELIER_CONFIG";

/// Everything that may set something. Has no `Debug`: secrets are among it.
#[derive(Default)]
pub struct Sources {
    pub file: Option<File>,
    /// All variables of the process: the ones that are ours are picked out.
    pub environment: Vec<(OsString, OsString)>,
    /// In the order of the command line: a later one wins.
    pub flags: Vec<Flag>,
    /// What the command fixes above all else: its name, and keys with values.
    pub fixed: Option<(&'static str, Vec<(&'static str, String)>)>,
}

/// A settings file, as far as it could be read.
pub struct File {
    pub path: PathBuf,
    pub text: io::Result<String>,
}

/// A setting on the command line.
#[derive(Clone)]
pub struct Flag {
    /// `--set`, or the flag that stands for one setting.
    pub name: String,
    pub key: String,
    pub value: String,
}

impl Sources {
    /// The process's environment, and the file that `file` or else `ATELIER_CONFIG` names.
    pub fn of_process(file: Option<PathBuf>, flags: Vec<Flag>) -> Self {
        let environment: Vec<_> = std::env::vars_os().collect();
        let named = environment.iter().find(|(name, _)| name == CONFIG_VARIABLE);
        let named = named.map(|(_, path)| PathBuf::from(path));
        let path = file.or(named).filter(|path| !path.as_os_str().is_empty());
        let file = path.map(|path| File { text: fs::read_to_string(&path), path });
        Self { file, environment, flags, fixed: None }
    }
}
