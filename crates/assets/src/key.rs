//! Where our store keeps the bytes of an asset: `a/<asset>.<extension>`.
//!
//! The key is part of every address of the bytes, and addresses are given to others too: so it says
//! neither whose they are nor what their owner calls them.

use kernel::AssetId;

use crate::MediaType;

/// What every key begins with, so that other things may share the bucket.
pub const PREFIX: &str = "a/";

/// The key of an asset's bytes.
pub fn storage_key(asset: AssetId, media: MediaType) -> String {
    format!("{PREFIX}{asset}.{}", media.extension())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_tells_nothing_but_which_asset_and_of_which_type() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let key = storage_key(id.parse().unwrap(), MediaType::Png);
        assert_eq!(key, format!("a/{id}.png"));
    }
}
