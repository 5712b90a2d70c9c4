//! One suite for each port, run on the fake and on the real adapter.
