//! What the use cases do to the store, on the fake. One binary, for linking is what tests cost
//! most.

mod flows {
    mod access;
    mod ledger;
    mod users;
}
