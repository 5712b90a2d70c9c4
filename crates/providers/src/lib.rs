//! Providers of other houses: the port `Provider` on the HTTP interfaces of vendors, one module for
//! each, and what they share.
//!
//! A vendor is pure functions from what is asked to a request and from an answer to what it means,
//! and a few lines that send the one and read the other. Nothing here tries again, stores anything
//! or decides about money: `docs/providers.md` says who does.

mod account;
mod client;
mod config;
mod dialect;
mod elevenlabs;
mod failures;
mod fal;
mod gemini;
mod http;
mod key;
mod measures;
mod media;
mod openai;
mod pause;
mod pieces;
mod recraft;
mod replicate;
mod sources;
mod tavily;
#[cfg(test)]
mod testing;
mod wording;

pub use config::{Config, ConfigError, Edits, Surface, Vendor, World, build};
pub use key::Key;
