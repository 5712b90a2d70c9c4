//! The one place that tells the database's errors apart.

use std::error::Error;

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError};
use ports::StoreError;

/// Names the constraints that callers decide by. Any other one that fires is a bug, for a rule in
/// the domain should have refused first.
const CONSTRAINTS: &[&str] = &[
    "activities_user_fkey",
    "api_keys_pkey",
    "operation_types_pkey",
    "plan_external_ids_external_unique",
    "assets_user_fkey",
    "conversations_user_fkey",
    "features_name_unique",
    "features_user_fkey",
    "jobs_conversation_fkey",
    "jobs_project_fkey",
    "jobs_request_unique",
    "outputs_user_fkey",
    "projects_user_fkey",
    "collection_entries_pkey",
    "scene_images_pkey",
    "themes_name_unique",
    "user_identities_pkey",
    "users_email_unique",
    "users_pkey",
    "users_username_unique",
];

/// What an error of a statement means to a caller of the ports.
pub(crate) fn store_error(error: DieselError) -> StoreError {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the enum is non-exhaustive")]
    match error {
        DieselError::DatabaseError(kind, info) => database_error(kind, info),
        // Raised by diesel-async when the connection was lost before or during a BEGIN or ROLLBACK.
        DieselError::BrokenTransactionManager | DieselError::RollbackErrorOnCommit { .. } => {
            StoreError::Unavailable(Box::new(error))
        }
        other => StoreError::Corrupt {
            what: "the answer of the database".into(),
            cause: Some(Box::new(other)),
        },
    }
}

/// What an error of COMMIT means: a lost connection leaves the outcome open.
pub(crate) fn commit_error(error: DieselError) -> StoreError {
    match store_error(error) {
        StoreError::Unavailable(cause) => StoreError::CommitUnknown(cause),
        refused @ (StoreError::Conflict { .. }
        | StoreError::Contention(_)
        | StoreError::DeadlineExceeded
        | StoreError::CommitUnknown(_)
        | StoreError::Corrupt { .. }) => refused,
    }
}

fn database_error(
    kind: DatabaseErrorKind,
    info: Box<dyn DatabaseErrorInformation + Send + Sync>,
) -> StoreError {
    let cause = || Box::new(Refused::new(&*info));
    #[expect(clippy::wildcard_enum_match_arm, reason = "the enum is non-exhaustive")]
    match kind {
        DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::ForeignKeyViolation => {
            let fired = info.constraint_name().unwrap_or_default();
            match CONSTRAINTS.iter().find(|name| **name == fired) {
                Some(constraint) => StoreError::Conflict { constraint },
                None => corrupt(cause()),
            }
        }
        DatabaseErrorKind::SerializationFailure => StoreError::Contention(cause()),
        // A server that takes no writes is one that another has taken over from.
        DatabaseErrorKind::UnableToSendCommand
        | DatabaseErrorKind::ClosedConnection
        | DatabaseErrorKind::ReadOnlyTransaction => StoreError::Unavailable(cause()),
        DatabaseErrorKind::Unknown => unknown(&*info, cause()),
        _ => corrupt(cause()),
    }
}

// diesel-async does not hand on these SQLSTATEs, so the text has to do. Postgres words them in the
// language of `lc_messages`: `migrations/README.md` says to leave that at C or English.
fn unknown(info: &dyn DatabaseErrorInformation, cause: Box<Refused>) -> StoreError {
    let message = info.message();
    let says = |text: &str| message.contains(text);
    if says("statement timeout") {
        StoreError::DeadlineExceeded
    } else if says("deadlock detected") || says("lock timeout") || says("could not serialize") {
        StoreError::Contention(cause)
    } else if says("terminating connection")
        || says("due to user request")
        || says("No space left on device")
        || says("the database system is")
        || says("too many clients")
        || says("remaining connection slots")
    {
        StoreError::Unavailable(cause)
    } else {
        corrupt(cause)
    }
}

fn corrupt(cause: Box<Refused>) -> StoreError {
    StoreError::Corrupt { what: "a change that the rules allow".into(), cause: Some(cause) }
}

/// What the database said, without the values that it may quote in its details.
#[derive(Debug, thiserror::Error)]
#[error("{message} (table {table}, constraint {constraint})")]
struct Refused {
    message: String,
    table: String,
    constraint: String,
}

impl Refused {
    fn new(info: &(impl DatabaseErrorInformation + ?Sized)) -> Self {
        Self {
            message: info.message().to_owned(),
            table: info.table_name().unwrap_or("-").to_owned(),
            constraint: info.constraint_name().unwrap_or("-").to_owned(),
        }
    }
}

/// An error and its sources in one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
