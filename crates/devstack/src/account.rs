//! The user that Postgres runs as, and folders which that user can reach.
//!
//! Only root drops to another user; everybody else runs Postgres as themselves.

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::unistd::{Uid, User};
use sha2::{Digest, Sha256};

/// Users that root drops to, the first that exists.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// Where root's clusters go when their own folder cannot be reached. `/var/tmp` comes second, for
/// it is swept on many machines.
const PLACES: [&str; 2] = ["/var/lib", "/var/tmp"];

/// The file that tells where a folder's cluster really is.
const POINTER: &str = "location";

/// Others may pass through such a folder, but not look around in it.
const PASSABLE: u32 = 0o711;

/// Whom to become before running Postgres; `None` inside means nobody else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Account(Option<(u32, u32)>);

impl Account {
    /// `Ok(None)` when this is root and the machine has no user to drop to.
    pub(crate) fn find() -> io::Result<Option<Self>> {
        if !Uid::effective().is_root() {
            return Ok(Some(Self(None)));
        }
        for name in UNPRIVILEGED {
            if let Some(user) = User::from_name(name)? {
                return Ok(Some(Self(Some((user.uid.as_raw(), user.gid.as_raw())))));
            }
        }
        Ok(None)
    }

    /// A command run as this user, deaf to the caller's Postgres variables and locale.
    pub(crate) fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(|name| name.starts_with("PG")) {
                command.env_remove(name);
            }
        }
        // With TZ set, initdb need not compare the machine's zone with every zone there is.
        command.env("LC_ALL", "C").env("TZ", "UTC").current_dir("/");
        if let Some((uid, gid)) = self.0 {
            command.uid(uid).gid(gid).env("HOME", "/");
        }
        command
    }

    pub(crate) fn own(self, path: &Path) -> io::Result<()> {
        match self.0 {
            Some((uid, gid)) => chown(path, Some(uid), Some(gid)),
            None => Ok(()),
        }
    }

    fn can_enter(self, folder: &Path) -> io::Result<bool> {
        let ended = self
            .command(Path::new("/bin/sh"))
            .args(["-c", ":"])
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        match ended {
            Ok(status) => Ok(status.success()),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Makes `folder` if need be and returns where its cluster belongs: mostly the folder itself.
    pub(crate) fn place(self, folder: &Path) -> io::Result<PathBuf> {
        self.place_under(folder, &PLACES.map(PathBuf::from))
    }

    fn place_under(self, folder: &Path, places: &[PathBuf]) -> io::Result<PathBuf> {
        make_folder(folder)?;
        let folder = folder.canonicalize()?;
        if self.0.is_none() {
            return Ok(folder);
        }
        let pointer = folder.join(POINTER);
        match fs::read_to_string(&pointer) {
            Ok(text) => {
                let place = PathBuf::from(text.trim_end());
                if !place.exists() {
                    tracing::warn!(place = %place.display(), "a cluster is gone from its place");
                }
                make_private_folder(&place)?;
                return Ok(place);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        if !self.can_enter(&folder)?
            && fs::metadata(&folder)?.uid() == Uid::effective().as_raw()
            && self.can_enter(folder.parent().unwrap_or(&folder))?
        {
            // Only the folder's own door is shut, and it is ours to open.
            fs::set_permissions(&folder, fs::Permissions::from_mode(PASSABLE))?;
        }
        if self.can_enter(&folder)? {
            return Ok(folder);
        }
        let hash = hex::encode(Sha256::digest(folder.as_os_str().as_encoded_bytes()));
        let mut refusal = io::Error::from(io::ErrorKind::PermissionDenied);
        for place in places {
            let place = place.join(format!("atelier-{}", &hash[..16]));
            match make_private_folder(&place) {
                Ok(()) => {
                    fs::write(&pointer, format!("{}\n", place.display()))?;
                    return Ok(place);
                }
                Err(error) => refusal = error,
            }
        }
        Err(refusal)
    }
}

/// Where a folder's cluster is, when it has been placed before.
pub(crate) fn placed(folder: &Path) -> PathBuf {
    match fs::read_to_string(folder.join(POINTER)) {
        Ok(text) => PathBuf::from(text.trim_end()),
        Err(_) => folder.to_path_buf(),
    }
}

fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent)?;
    }
    match fs::DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

// In a folder that everybody may write to, somebody else may have made ours first.
fn make_private_folder(folder: &Path) -> io::Result<()> {
    match fs::create_dir(folder) {
        // Not at the creation, where the umask would have its say.
        Ok(()) => return fs::set_permissions(folder, fs::Permissions::from_mode(PASSABLE)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    let found = fs::symlink_metadata(folder)?;
    if found.is_dir() && found.uid() == Uid::effective().as_raw() {
        return Ok(());
    }
    Err(io::ErrorKind::PermissionDenied.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("account-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn a_folder_behind_a_closed_door_gets_a_place_elsewhere_and_keeps_it() {
        let account = Account::find().unwrap().unwrap();
        if account.0.is_none() {
            return;
        }
        let scratch = scratch("closed");
        let home = scratch.join("home");
        make_folder(&home).unwrap();
        let data = home.join("data");
        let places = [scratch.join("missing"), scratch.clone()];

        let place = account.place_under(&data, &places).unwrap();
        assert_eq!(place.parent(), Some(scratch.as_path()));
        assert!(account.can_enter(&place).unwrap());

        fs::set_permissions(&home, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(account.place_under(&data, &places).unwrap(), place);
        fs::remove_dir_all(scratch).unwrap();
    }

    #[test]
    fn a_folder_that_can_be_reached_is_its_own_place_even_if_its_own_door_was_shut() {
        let account = Account::find().unwrap().unwrap();
        let scratch = scratch("open");
        let data = scratch.join("data");
        make_folder(&data).unwrap();
        assert_eq!(account.place(&data).unwrap(), data.canonicalize().unwrap());
        assert!(account.can_enter(&data).unwrap());
        fs::remove_dir_all(scratch).unwrap();
    }

    #[test]
    fn a_place_that_is_a_link_is_refused() {
        let scratch = scratch("link");
        std::os::unix::fs::symlink("/", scratch.join("link")).unwrap();
        assert!(make_private_folder(&scratch.join("link")).is_err());
        fs::remove_dir_all(scratch).unwrap();
    }
}
