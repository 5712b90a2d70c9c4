//! Whom this server can ask.

use std::collections::BTreeMap;
use std::sync::Arc;

use generation::{ProviderLimits, ProviderName};
use ports::Provider;

/// A provider and how fast it may be asked.
#[derive(Clone)]
pub struct SetUp {
    pub provider: Arc<dyn Provider>,
    pub limits: ProviderLimits,
}

/// The providers that are set up, by the names that routes have.
#[derive(Clone, Default)]
pub struct Providers(BTreeMap<ProviderName, SetUp>);

impl Providers {
    #[must_use]
    pub fn with(mut self, name: ProviderName, set_up: SetUp) -> Self {
        self.0.insert(name, set_up);
        self
    }

    pub fn is_set_up(&self, name: &ProviderName) -> bool {
        self.0.contains_key(name)
    }

    /// By name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&ProviderName, &SetUp)> {
        self.0.iter()
    }

    pub(super) fn get(&self, name: &ProviderName) -> Option<&SetUp> {
        self.0.get(name)
    }
}
