//! The server over real sockets. One binary, for linking is what tests cost most.

mod net {
    mod calls;
    mod client;
    mod connections;
    mod overload;
    mod probe;
    mod public;
    mod shutdown;
    mod stand;
    mod telling;
    mod tls;
    mod web;
}
