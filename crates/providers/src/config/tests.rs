//! Which accounts can be used.

use super::*;
use crate::testing::world;

fn config(vendor: Vendor) -> Config {
    Config::of(vendor, Some("secret".parse().unwrap()))
}

fn refusal(config: Config) -> Option<ConfigError> {
    build(config, world()).err()
}

#[test]
fn every_vendor_can_be_built_from_a_key() {
    for vendor in Vendor::ALL {
        assert_eq!(refusal(config(*vendor)), None, "{vendor}");
    }
}

#[test]
fn an_account_that_cannot_work_is_refused() {
    let vendor = Vendor::Replicate;
    assert_eq!(refusal(Config::of(vendor, None)), Some(ConfigError::NoKey { vendor }));
    for url in ["", "ftp://x", "https://me@x", "https://x/?key=1", "x"] {
        let config = Config { base_url: Some(url.to_owned()), ..config(vendor) };
        assert_eq!(refusal(config), Some(ConfigError::BaseUrl { vendor }), "{url:?}");
    }
    let deaf = Config { webhook: Some("http://x".to_owned()), ..config(vendor) };
    assert_eq!(refusal(deaf), Some(ConfigError::Webhook { vendor }));
    let ability = Ability::Text;
    let writing = Config { abilities: Some(vec![ability]), ..config(vendor) };
    assert_eq!(refusal(writing), Some(ConfigError::Ability { vendor, ability }));
}

#[test]
fn a_server_of_ones_own_needs_no_key() {
    let base_url = Some("http://127.0.0.1:8080/v1".to_owned());
    let local = Config { base_url, ..Config::of(Vendor::OpenAi, None) };
    assert_eq!(refusal(local), None);
}

#[test]
fn a_configuration_does_not_show_its_key() {
    assert!(!format!("{:?}", config(Vendor::Fal)).contains("secret"));
}
