//! Making a cluster, all or nothing: `initdb` into a folder beside, then one rename.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::guardian::{Leash, guard};
use super::log::{Log, complaint};
use super::process::{end, wait_until};
use super::{Binaries, Error, SUPERUSER};
use crate::account::Account;

/// Inside Postgres' data folder, so that both appear at once and move together.
const PASSWORD_FILE: &str = "atelier.password";

/// Folders of cluster creations that were cut short begin so.
const UNFINISHED: &str = "cluster.new-";

/// `initdb` takes a second; a slow disk with sync may take a minute.
const PATIENCE: Duration = Duration::from_secs(120);

/// An `initdb` whose caller was killed goes on for a moment, and writes while we delete.
const CLEANING: Duration = Duration::from_secs(5);

/// Makes the cluster `pgdata` with a random password for the superuser.
pub(super) fn create(
    binaries: &Binaries,
    account: Account,
    pgdata: &Path,
    log: &Path,
    sync: bool,
) -> Result<(), Error> {
    let place = pgdata.parent().unwrap_or(pgdata);
    clean(place)?;
    let work = place.join(format!("{UNFINISHED}{}", std::process::id()));
    fs::DirBuilder::new().mode(0o700).create(&work).map_err(Error::io("create", &work))?;
    account.own(&work).map_err(Error::io("hand over", &work))?;
    let made = fill(binaries, account, &work, log, sync).and_then(|made| {
        fs::rename(&made, pgdata).map_err(Error::io("move the new cluster to", pgdata))
    });
    let cleaned = clean(place);
    made.and(cleaned)
}

fn fill(
    binaries: &Binaries,
    account: Account,
    work: &Path,
    log: &Path,
    sync: bool,
) -> Result<PathBuf, Error> {
    let password_file = work.join(PASSWORD_FILE);
    let password = random(16).map(hex::encode).map_err(Error::io("read", "/dev/urandom"))?;
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&password_file)
        .and_then(|mut file| file.write_all(password.as_bytes()))
        .and_then(|()| account.own(&password_file))
        .map_err(Error::io("write", &password_file))?;

    let made = work.join("cluster");
    let mut arguments: Vec<OsString> = vec!["-D".into(), made.clone().into()];
    arguments.push("--pwfile".into());
    arguments.push(password_file.clone().into());
    // The C locale orders text the same on every machine and needs no locale of the system.
    arguments.extend(
        ["-U", SUPERUSER, "--auth-local=trust", "--auth-host=scram-sha-256"].map(Into::into),
    );
    arguments.extend(["--encoding=UTF8", "--locale=C", "--no-instructions"].map(Into::into));
    if !sync {
        arguments.push("--no-sync".into());
    }

    let (log, file) = Log::open(log).map_err(Error::io("open", log))?;
    let initdb = binaries.program("initdb");
    let mut run = guard(account, &Leash::Pipe, &initdb, &arguments, file)
        .map_err(Error::io("run", &initdb))?;
    let mut status = None;
    let ended = wait_until(PATIENCE, || {
        status = run.child.try_wait().transpose();
        status.is_some()
    });
    if !ended {
        end(run.pid, &made)?;
    }
    match status {
        Some(Ok(status)) if status.success() => {}
        Some(Ok(_)) | None => {
            let reason = complaint(&log.excerpt().map_err(Error::io("read", log.path()))?);
            return Err(Error::Initdb { reason, log: log.path().into() });
        }
        Some(Err(error)) => return Err(Error::io("wait for", &initdb)(error)),
    }
    fs::rename(&password_file, made.join(PASSWORD_FILE))
        .map_err(Error::io("move", &password_file))?;
    Ok(made)
}

fn clean(place: &Path) -> Result<(), Error> {
    for entry in fs::read_dir(place).map_err(Error::io("list", place))? {
        let entry = entry.map_err(Error::io("list", place))?;
        if !entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            continue;
        }
        let mut removed = Ok(());
        wait_until(CLEANING, || {
            removed = remove(&entry.path());
            removed.is_ok()
        });
        removed.map_err(Error::io("remove", entry.path()))?;
    }
    Ok(())
}

pub(super) fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

pub(super) fn password(pgdata: &Path) -> Result<String, Error> {
    let path = pgdata.join(PASSWORD_FILE);
    fs::read_to_string(&path).map_err(Error::io("read the password in", path))
}

pub(crate) fn random(length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes)
}
