//! Real servers: Postgres from this machine, S3 through the SDK that the product uses.

// Always so here; said for clippy, which lets only such modules unwrap.
#[cfg(test)]
mod suite {
    mod cluster;
    mod killed;
    mod s3;
    mod shared;
    mod support;
}
