//! The protocol between the use cases on the ledger and their store.
