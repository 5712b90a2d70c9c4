//! The generated messages and services of `proto/`, and their descriptors. Nothing by hand.
#![allow(
    clippy::all,
    clippy::allow_attributes_without_reason,
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    reason = "generated code"
)]

include!(concat!(env!("OUT_DIR"), "/services.rs"));

/// Every file of `proto/` as an encoded `FileDescriptorSet`, our own options included.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
