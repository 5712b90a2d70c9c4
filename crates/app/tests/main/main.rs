//! What the use cases do to data, told on the in-memory store.

mod access;
