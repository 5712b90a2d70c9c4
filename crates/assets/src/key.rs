//! Where our store keeps the bytes of an asset: `u/<user>/<asset>/<name>`.
//!
//! The name is there for people who look into the store; the ids make the key unique, and let a
//! sweep tell whose bytes it has found.

use kernel::{AssetId, UserId};

use crate::{FileName, MediaType};

/// What every key begins with, so that other things may share the bucket.
pub const PREFIX: &str = "u/";

/// Of the name; the rest of the key has 78 characters.
const STEM_CHARS_MAX: usize = 64;

/// The key: of letters, digits, `-`, `_`, `.` and `/` only, whatever the name is made of.
pub fn storage_key(user: UserId, asset: AssetId, name: &FileName, media: MediaType) -> String {
    let stem = name.as_str().rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let kept = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let stem: String = stem.chars().take(STEM_CHARS_MAX).map(kept).collect();
    let stem = if stem.is_empty() { "file" } else { &stem };
    format!("{PREFIX}{user}/{asset}/{stem}.{}", media.extension())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_makes_a_key_of_plain_characters() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let (user, asset) = (id.parse().unwrap(), id.parse().unwrap());
        for (name, end) in [
            ("cat.PNG", "cat.png"),
            ("Übergröße 1/2.jpeg", "_bergr__e_1_2.png"),
            ("../../etc/passwd", "____.png"),
            (".hidden", "file.png"),
            ("no ending", "no_ending.png"),
        ] {
            let name: FileName = name.parse().unwrap();
            let key = storage_key(user, asset, &name, MediaType::Png);
            assert_eq!(key, format!("u/{id}/{id}/{end}"));
        }
        let long: FileName = "x".repeat(255).parse().unwrap();
        assert!(storage_key(user, asset, &long, MediaType::Png).len() <= 160);
    }
}
