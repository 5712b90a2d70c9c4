//! Settings as the adapters have them.

use std::sync::Arc;
use std::time::Duration;

use app::jobs::{Providers, SetUp};
use fetch::WebFetcher;
use generation::STUDIO;
use media_s3::S3MediaStore;
use ports::Clock;
use providers::{Surface, Vendor, World};
use studio::Studio;

use super::WiringError;
use crate::config::{Account, Config, Database, S3};

/// How long a file of a provider's may take to fetch: a film of minutes over a slow line.
const FILE_PATIENCE: Duration = Duration::from_secs(5 * 60);

/// The providers that are set up, and the studio.
pub(super) fn provider_set(
    config: &Config,
    clock: &Arc<dyn Clock>,
) -> Result<Providers, WiringError> {
    let rules = fetch::Rules { patience: FILE_PATIENCE, ..web_rules(config) };
    let world = World { clock: clock.clone(), fetcher: Arc::new(WebFetcher::new(rules)) };
    let settings =
        studio::Settings { scripts: config.studio.scripts, ..studio::Settings::default() };
    let built_in = SetUp {
        provider: Arc::new(Studio::new(settings)),
        limits: generation::ProviderLimits::default(),
    };
    let name = STUDIO.parse().expect("a word is a provider's name");
    let mut providers = Providers::default().with(name, built_in);
    for account in &config.providers {
        let provider = providers::build(account_of(account)?, world.clone())
            .map_err(|source| WiringError::Provider { name: account.name.to_string(), source })?;
        providers =
            providers.with(account.name.clone(), SetUp { provider, limits: account.limits });
    }
    Ok(providers)
}

fn account_of(account: &Account) -> Result<providers::Config, WiringError> {
    let bad_key = |_| WiringError::ProviderKey(account.name.to_string());
    let key = account.key.as_ref().map(|key| key.reveal().parse::<providers::Key>());
    let word = "the settings are of the adapters' words, as a test shows";
    let vendor: Vendor = account.vendor.parse().expect(word);
    Ok(providers::Config {
        base_url: account.base_url.clone(),
        abilities: account.abilities.clone(),
        surface: account.surface.parse::<Surface>().expect(word),
        interactions: account.interactions.clone(),
        edits: account.edits.parse().expect(word),
        voice: account.voice.clone(),
        webhook: account.webhook.clone(),
        ..providers::Config::of(vendor, key.transpose().map_err(bad_key)?)
    })
}

pub(super) fn web_rules(config: &Config) -> fetch::Rules {
    fetch::Rules { reachable: config.imports.reachable.clone(), ..fetch::Rules::default() }
}

pub(super) fn media_store(s3: S3) -> S3MediaStore {
    let S3 { endpoint, public_endpoint, region, bucket, access_key, secret_key, path_style } = s3;
    let secret_key = secret_key.reveal().to_owned();
    S3MediaStore::new(media_s3::Config {
        endpoint,
        public_endpoint,
        region,
        bucket,
        access_key,
        secret_key,
        path_style,
    })
}

/// The adapter's settings.
pub fn postgres_config(database: &Database) -> postgres::Config {
    let Database { url, pool_max, connect_timeout, slow_query, tls_ca } = database;
    postgres::Config {
        pool_max: *pool_max,
        connect_timeout: *connect_timeout,
        slow_query: *slow_query,
        tls_ca: tls_ca.clone(),
        ..postgres::Config::new(url.reveal())
    }
}

#[cfg(test)]
mod tests {
    use generation::Ability;
    use providers::Edits;

    use super::*;
    use crate::config::words;

    #[test]
    fn the_settings_have_the_adapters_words() {
        let adapters = [
            Vendor::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>(),
            Ability::ALL.iter().map(|one| one.as_str()).collect(),
            Surface::ALL.iter().map(|one| one.as_str()).collect(),
            Edits::ALL.iter().map(|one| one.as_str()).collect(),
        ];
        assert_eq!(adapters.as_slice(), words().map(<[_]>::to_vec));
    }
}
