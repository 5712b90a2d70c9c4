//! Compares the bytes in the store with the assets that there are, both ways.
//!
//! Young bytes are left alone whatever is known of them: somebody may be about to insert their
//! asset.

use std::collections::BTreeSet;

use kernel::{AssetId, Span, Timestamp, UserId};
use ports::{ListedObject, MediaKey};

use super::{AssetError, Assets};

/// How many objects or assets are looked at together.
const PAGE_MAX: u16 = 1_000;

/// How many keys a report names of each sort.
const NAMED_MAX: usize = 100;

/// How to sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sweeping {
    /// Bytes that are younger are left alone.
    pub grace: Span,
    /// Whether bytes without an asset are deleted, or only reported.
    pub remove: bool,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SweepReport {
    /// Objects in the store.
    pub objects: u64,
    /// Of them, old ones that belong to nothing, and what they take.
    pub orphans: u64,
    pub orphan_bytes: u64,
    /// Of those, how many were deleted.
    pub removed: u64,
    /// Objects that belong to nothing and are young.
    pub young: u64,
    /// Assets whose bytes are to be in the store.
    pub assets: u64,
    /// Of them, those whose bytes are not there.
    pub missing: u64,
    /// Some of the orphans' keys.
    pub orphan_keys: Vec<MediaKey>,
    /// Some of the missing ones.
    pub missing_keys: Vec<(UserId, AssetId, MediaKey)>,
}

impl SweepReport {
    /// Whether every byte has its asset and every asset its bytes.
    pub fn is_clean(&self) -> bool {
        self.orphans == self.removed && self.missing == 0
    }
}

impl Assets {
    /// Looks at every object and every asset once. What comes and goes meanwhile is looked at
    /// again before it is counted.
    pub async fn sweep(&self, how: Sweeping) -> Result<SweepReport, AssetError> {
        let mut report = SweepReport::default();
        self.sweep_objects(how, &mut report).await?;
        self.sweep_assets(&mut report).await?;
        Ok(report)
    }

    async fn sweep_objects(
        &self,
        how: Sweeping,
        report: &mut SweepReport,
    ) -> Result<(), AssetError> {
        let media = self.media()?;
        let old = self.clock.now().saturating_sub(how.grace);
        let mut after = None;
        loop {
            let page = media.list(::assets::PREFIX, after, PAGE_MAX).await?;
            report.objects += count(page.objects.len());
            let orphans = self.orphans(page.objects, old, report).await?;
            if how.remove && !orphans.is_empty() {
                media.delete_all(&orphans).await?;
                report.removed += count(orphans.len());
            }
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    /// The objects that belong to nothing and are old enough.
    async fn orphans(
        &self,
        objects: Vec<ListedObject>,
        old: Timestamp,
        report: &mut SweepReport,
    ) -> Result<Vec<MediaKey>, AssetError> {
        let keys: Vec<MediaKey> = objects.iter().map(|object| object.key.clone()).collect();
        // Asked after the listing: an asset that was inserted in between is known.
        let known = self.keeping.find_known(&keys).await?;
        let known: BTreeSet<MediaKey> = known.into_iter().collect();
        let mut orphans = Vec::new();
        for object in objects.into_iter().filter(|object| !known.contains(&object.key)) {
            if object.modified_at >= old {
                report.young += 1;
                continue;
            }
            report.orphans += 1;
            report.orphan_bytes += object.bytes;
            if report.orphan_keys.len() < NAMED_MAX {
                report.orphan_keys.push(object.key.clone());
            }
            orphans.push(object.key);
        }
        Ok(orphans)
    }

    async fn sweep_assets(&self, report: &mut SweepReport) -> Result<(), AssetError> {
        let media = self.media()?;
        let mut after = None;
        loop {
            let page = self.keeping.list_stored(after, PAGE_MAX.into()).await?;
            let Some((user, id, _)) = page.last() else { return Ok(()) };
            after = Some((*user, *id));
            report.assets += count(page.len());
            for (user, id, key) in page {
                if media.head(&key).await?.is_some() {
                    continue;
                }
                // It may have been purged since it was listed.
                if self.reads.find_asset(user, id).await?.is_none() {
                    continue;
                }
                report.missing += 1;
                if report.missing_keys.len() < NAMED_MAX {
                    report.missing_keys.push((user, id, key));
                }
            }
        }
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
