//! How much of everything a user has.

/// Totals of one user, counted at one moment. Deleted characters, and what hangs on them, count
/// for nothing until they are restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Statistics {
    pub characters: u64,
    pub public: u64,
    pub favourites: u64,
    pub in_library: u64,
    /// Showcased and public.
    pub featured: u64,
    pub deleted: u64,
    pub themes: u64,
    pub variants: u64,
    pub collections: u64,
    pub scenes: u64,
    /// Images of characters, variants and scenes.
    pub images: u64,
}
