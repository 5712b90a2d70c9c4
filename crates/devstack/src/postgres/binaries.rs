//! Where the programs `postgres` and `initdb` are on this machine.
//!
//! Finding only: `fetch` brings them where there are none.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Error, Fetch, fetch};

/// The oldest PostgreSQL that the migrations are tested on.
pub(super) const OLDEST_MAJOR: u32 = 15;

/// Folders with one folder per version in them, and what follows the version.
const VERSIONED: [(&str, &str, &str); 5] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/opt/homebrew/opt", "postgresql@", "bin"),
    ("/usr/local/opt", "postgresql@", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// One installation of the server's programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    folder: PathBuf,
    major: u32,
}

/// How to come by [`Binaries`].
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// The bin folder, or its parent, when the user named one. Then no other is looked at.
    pub explicit: Option<PathBuf>,
    /// The version to prefer, from [`super::major_of`] of a cluster that exists already.
    pub major: Option<u32>,
    /// Whether and how to download when the machine has none.
    pub fetch: Option<Fetch>,
}

impl Binaries {
    /// The programs in `folder`, or in `folder/bin`.
    pub fn at(folder: &Path) -> Result<Self, Error> {
        [folder.join("bin"), folder.to_path_buf()]
            .iter()
            .find_map(|folder| inspect(folder))
            .ok_or_else(|| Error::NotBinaries { folder: folder.into(), oldest: OLDEST_MAJOR })
    }

    /// Looks on this machine only: PATH, `pg_config`, then where systems install each version.
    pub fn find() -> Result<Self, Error> {
        Self::locate(&Search::default())
    }

    /// Looks on this machine, then among what was fetched before, then fetches if allowed.
    /// The first of the preferred version wins, or else the first.
    pub fn locate(search: &Search) -> Result<Self, Error> {
        if let Some(folder) = &search.explicit {
            return Self::at(folder);
        }
        let kept = search.fetch.as_ref().and_then(Fetch::kept);
        let mut first = None;
        // One by one, for each costs a run of the program.
        for found in folders().filter_map(|folder| inspect(&folder)).chain(kept) {
            if search.major.is_none_or(|major| major == found.major) {
                return Ok(found);
            }
            first.get_or_insert(found);
        }
        match (first, &search.fetch) {
            // Another version cannot run the cluster that exists, but the one to fetch can.
            (_, Some(fetch)) if search.major == Some(fetch::MAJOR) => fetch.run(),
            (Some(found), _) => Ok(found),
            (None, Some(fetch)) => fetch.run(),
            (None, None) => Err(Error::NotFound { oldest: OLDEST_MAJOR }),
        }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The major version, such as 15.
    pub fn major(&self) -> u32 {
        self.major
    }

    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

fn folders() -> impl Iterator<Item = PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<_> = std::env::split_paths(&path).collect();
    let versioned = VERSIONED.into_iter().flat_map(|(parent, prefix, suffix)| {
        let mut versions = versions(Path::new(parent), prefix);
        versions.sort_by(|one, other| other.cmp(one));
        versions.into_iter().map(move |(_, folder)| folder.join(suffix))
    });
    on_path.into_iter().chain(std::iter::once_with(pg_config).flatten()).chain(versioned)
}

fn pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(text.trim_end())).filter(|folder| folder.is_absolute())
}

fn versions(parent: &Path, prefix: &str) -> Vec<(u32, PathBuf)> {
    let Ok(entries) = fs::read_dir(parent) else { return Vec::new() };
    entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name();
            let version = name.to_str()?.strip_prefix(prefix)?.parse().ok()?;
            Some((version, entry.path()))
        })
        .collect()
}

/// What is in exactly this folder, if it runs and is recent enough.
pub(super) fn inspect(folder: &Path) -> Option<Binaries> {
    // Where links lead, so that an installation has one name, which is absolute.
    let postgres = folder.join("postgres").canonicalize().ok()?;
    let folder = postgres.parent()?.to_path_buf();
    if !folder.join("initdb").is_file() {
        return None;
    }
    let major = version(&postgres)?;
    (major >= OLDEST_MAJOR).then_some(Binaries { folder, major })
}

// `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`, `postgres (PostgreSQL) 19beta1`
fn version(postgres: &Path) -> Option<u32> {
    let output = Command::new(postgres)
        .arg("--version")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let number = text.split("(PostgreSQL)").nth(1)?.trim_start();
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_installed_server_is_found_and_its_folder_can_be_named() {
        let found = Binaries::find().unwrap();
        assert!(found.major() >= OLDEST_MAJOR);
        assert_eq!(Binaries::at(found.folder()).unwrap(), found);
        let parent = found.folder().parent().unwrap();
        assert_eq!(Binaries::at(parent).unwrap(), found);
    }

    #[test]
    fn a_folder_named_in_vain_is_not_replaced_by_another() {
        let search = Search { explicit: Some("/nowhere".into()), ..Search::default() };
        assert!(matches!(Binaries::locate(&search), Err(Error::NotBinaries { .. })));
    }
}
