//! The server.

pub mod grpc;
pub mod status;
pub mod wire;
