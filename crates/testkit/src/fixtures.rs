//! Values that tests begin from.

mod activity;
mod api_keys;
mod assets;
mod catalog;
mod jobs;
mod library;
mod projects;
mod users;

pub use activity::{activity, activity_id};
pub use api_keys::{api_key, api_key_id, api_key_secret, pepper};
pub use assets::{asset_id, external_asset, insert_pictures, pending_asset, stored_asset};
pub use catalog::{
    character, character_id, collection, collection_id, scene, scene_id, theme, theme_id, variant,
    variant_id,
};
pub use jobs::{image_request, job, job_id, model, requests};
pub use library::{bodies, insert_models, output, output_id};
pub use projects::{conversation, feature, project, project_id, share_link, turn};
pub use users::{identity, user, user_id};
