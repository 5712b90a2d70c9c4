//! The server: settings, the command line, and the calls it answers. The `atelier` binary is its
//! only user.

pub mod admin;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
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
pub mod wiring;
