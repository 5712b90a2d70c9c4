//! The server's log: opened for its processes, and read back for the reason of a failure.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// A log past this size is set aside at the next start, over the one set aside before.
const SIZE_MAX: u64 = 16 << 20;

/// How much of a failed start is read back.
const EXCERPT_MAX: u64 = 64 << 10;

/// The log of one run.
#[derive(Debug)]
pub(crate) struct Log {
    path: PathBuf,
    from: u64,
}

impl Log {
    pub(crate) fn open(path: &Path) -> io::Result<(Self, File)> {
        if fs::metadata(path).is_ok_and(|found| found.len() > SIZE_MAX) {
            fs::rename(path, path.with_extension("log.old"))?;
        }
        // It quotes statements, and with them what is in the database.
        let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
        let from = file.metadata()?.len();
        Ok((Self { path: path.into(), from }, file))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What this run has written so far.
    pub(crate) fn excerpt(&self) -> io::Result<String> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(self.from))?;
        let mut bytes = Vec::new();
        file.take(EXCERPT_MAX).read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// The last complaint in an excerpt, without the time before it.
pub(super) fn complaint(excerpt: &str) -> String {
    const MARKS: [&str; 4] = ["FATAL:", "PANIC:", "initdb: error:", "ERROR:"];
    excerpt
        .lines()
        .rev()
        .find_map(|line| {
            MARKS.iter().find_map(|mark| line.split_once(mark)).map(|(_, said)| said.trim().into())
        })
        .or_else(|| excerpt.lines().next_back().map(str::to_owned))
        .unwrap_or_else(|| "it said nothing".to_owned())
}

#[cfg(test)]
mod tests {
    use super::complaint;

    #[test]
    fn the_last_complaint_is_the_reason() {
        let log = "2026 [1] LOG:  could not bind\n2026 [1] FATAL:  no sockets\n2026 LOG:  down\n";
        assert_eq!(complaint(log), "no sockets");
        assert_eq!(complaint("sh: postgres: not found\n"), "sh: postgres: not found");
        assert_eq!(complaint(""), "it said nothing");
    }
}
