//! What goes wrong in the fake when a test asks for it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::UserId;
use ports::StoreError;

/// How a commit fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommitFault {
    /// A race is lost: nothing is done.
    Contention,
    /// The connection breaks before the answer; it was done.
    LostAnswer,
    /// The connection breaks before the commit arrives; nothing is done.
    LostCommit,
}

/// How writing what was decided for a user fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteFault {
    /// The store refuses what the rules allow.
    Refuse,
    /// The adapter has a bug.
    Panic,
}

/// Shared by every handle on one fake.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults(Arc<Mutex<Asked>>);

#[derive(Debug, Default)]
struct Asked {
    down: bool,
    begun: u64,
    commits: VecDeque<CommitFault>,
    cut: Option<(usize, CommitFault)>,
    writes: BTreeMap<UserId, WriteFault>,
}

impl Faults {
    pub(crate) fn set_down(&self, down: bool) {
        self.asked().down = down;
    }

    pub(crate) fn add_commits(&self, faults: impl IntoIterator<Item = CommitFault>) {
        self.asked().commits.extend(faults);
    }

    /// Lets so many commits pass before one fails.
    pub(crate) fn cut_commit(&self, after: usize, fault: CommitFault) {
        self.asked().cut = Some((after, fault));
    }

    pub(crate) fn set_write(&self, user: UserId, fault: Option<WriteFault>) {
        match fault {
            Some(fault) => self.asked().writes.insert(user, fault),
            None => self.asked().writes.remove(&user),
        };
    }

    pub(crate) fn begun(&self) -> u64 {
        self.asked().begun
    }

    pub(crate) fn count_begin(&self) {
        self.asked().begun += 1;
    }

    pub(crate) fn check_up(&self) -> Result<(), StoreError> {
        if self.asked().down {
            Err(StoreError::Unavailable("the fake is down".into()))
        } else {
            Ok(())
        }
    }

    pub(crate) fn next_commit(&self) -> Option<CommitFault> {
        let mut asked = self.asked();
        match asked.cut {
            Some((0, fault)) => {
                asked.cut = None;
                return Some(fault);
            }
            Some((left, fault)) => asked.cut = Some((left - 1, fault)),
            None => {}
        }
        asked.commits.pop_front()
    }

    pub(crate) fn check_write(
        &self,
        users: impl Iterator<Item = UserId>,
    ) -> Result<(), StoreError> {
        for user in users {
            let fault = self.asked().writes.get(&user).copied();
            match fault {
                None => {}
                Some(WriteFault::Refuse) => {
                    let what = format!("what is written of {user}");
                    return Err(StoreError::Corrupt { what, cause: None });
                }
                Some(WriteFault::Panic) => panic!("the fake was asked to panic for {user}"),
            }
        }
        Ok(())
    }

    fn asked(&self) -> MutexGuard<'_, Asked> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
