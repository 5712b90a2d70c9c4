//! media-s3
