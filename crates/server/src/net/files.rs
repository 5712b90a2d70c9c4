//! The process's limit of open files, which every connection counts against.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

// Files that are not connections: the store's pool, logs, the admin listener, TLS files.
const RESERVE: u64 = 256;

/// Raises the soft limit of open files to the hard one, and returns how many connections fit.
///
/// Where the limit cannot be read or raised, what it is now counts.
pub fn raise_limit() -> usize {
    let (soft, hard) = match getrlimit(Resource::RLIMIT_NOFILE) {
        Ok(limits) => limits,
        Err(error) => {
            tracing::warn!(%error, "the limit of open files cannot be read");
            return usize::MAX;
        }
    };
    let mut limit = soft;
    if soft < hard {
        match setrlimit(Resource::RLIMIT_NOFILE, hard, hard) {
            Ok(()) => limit = hard,
            Err(error) => tracing::warn!(%error, soft, hard, "the limit of open files stays"),
        }
    }
    usize::try_from(limit.saturating_sub(RESERVE)).unwrap_or(usize::MAX).max(1)
}
