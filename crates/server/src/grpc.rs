//! The services, one file each. A handler parses, calls a use case and renders: five lines.
//!
//! No rule, no log line and no clock beyond page tokens lives here; layers do what all share.

mod users;

use tonic::{Response, Status};

pub use users::UserApi;

/// What a handler answers.
type Reply<T> = Result<Response<T>, Status>;
