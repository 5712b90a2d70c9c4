//! The services of `atelier.catalog.v1`, one file each, on one set of use cases.

mod characters;
mod collections;
mod scenes;
mod themes;
mod variants;

use std::sync::Arc;

use app::{Assets, Catalog};
use ports::Clock;

/// Answers every service of the catalogue.
#[derive(Clone)]
pub struct CatalogApi {
    catalog: Arc<Catalog>,
    assets: Arc<Assets>,
    clock: Arc<dyn Clock>,
}

impl CatalogApi {
    pub fn new(catalog: Arc<Catalog>, assets: Arc<Assets>, clock: Arc<dyn Clock>) -> Self {
        Self { catalog, assets, clock }
    }
}
