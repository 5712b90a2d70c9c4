//! The server.

pub mod admin;
pub mod grpc;
pub mod health;
pub mod layers;
pub mod methods;
pub mod net;
pub mod reflection;
pub mod scopes;
pub mod serve;
pub mod status;
pub mod telemetry;
pub mod wire;
