//! Real servers: Postgres from this machine, S3 through the SDK that the product uses.

mod suite {
    mod cluster;
    mod killed;
    mod s3;
    mod shared;
    mod support;
}
