//! What each command comes to, in each state.

use kernel::Digest;

use super::*;
use crate::{MediaType, Size, Unreadable};

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

fn at(second: i64) -> Timestamp {
    Timestamp::from_micros(second * 1_000_000).expect("is in range")
}

fn content() -> Content {
    Content { media: MediaType::Png, bytes: 10, digest: Digest::from_bytes([7; 32]) }
}

fn found() -> Uploaded {
    Uploaded { content: content(), facts: Facts { size: Size::new(2, 3), duration_ms: None } }
}

fn create() -> Create {
    Create { user: ID.parse().unwrap(), name: "a.png".parse().unwrap(), metadata: None }
}

fn pending() -> Asset {
    announce(create(), content(), ID.parse().unwrap(), at(1))
}

fn whole() -> Asset {
    stored(create(), found(), ID.parse().unwrap(), at(1))
}

fn external() -> Asset {
    let command = Register {
        create: create(),
        provider: "vercel_blob".parse().unwrap(),
        url: "https://example.com/a".parse().unwrap(),
        path: None,
        content_type: Some("video/quicktime".parse().unwrap()),
        bytes: None,
    };
    register(command, ID.parse().unwrap(), at(1))
}

fn target(expected: Option<Etag>) -> Target {
    Target { user: ID.parse().unwrap(), asset: ID.parse().unwrap(), expected }
}

fn gone(asset: Asset) -> Asset {
    match delete(asset, &target(None), at(2)) {
        Ok(Edit::Changed(asset)) => asset,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_upload_ends_with_what_was_announced_and_nothing_else() {
    let Ok(Edit::Changed(asset)) = finalize(pending(), &found(), at(5)) else { panic!() };
    assert_eq!((asset.etag, asset.updated_at), (Etag::FIRST.next(), at(5)));
    assert_eq!(readable(&asset), Ok((asset_key(&asset), found())));
    assert_eq!(finalize(asset.clone(), &found(), at(9)), Ok(Edit::Unchanged(asset)));

    for (what, other) in [
        ("size", Content { bytes: 11, ..content() }),
        ("checksum", Content { digest: Digest::ZERO, ..content() }),
    ] {
        let refused = finalize(pending(), &Uploaded { content: other, ..found() }, at(5));
        assert!(
            matches!(refused, Err(Rejection::UploadDiffers { what: named, .. }) if named == what),
            "{refused:?}"
        );
    }
    assert_eq!(finalize(gone(pending()), &found(), at(5)), Err(Rejection::Deleted));
    assert_eq!(finalize(external(), &found(), at(5)), Err(Rejection::External));
}

fn asset_key(asset: &Asset) -> &str {
    match &asset.place {
        Place::Ours { key, .. } => key,
        Place::Elsewhere { .. } => panic!("{asset:?}"),
    }
}

#[test]
fn only_live_bytes_of_ours_can_be_read() {
    assert!(readable(&whole()).is_ok());
    assert_eq!(readable(&pending()), Err(Rejection::NotStored));
    assert_eq!(readable(&external()), Err(Rejection::External));
    assert_eq!(readable(&gone(whole())), Err(Rejection::Deleted));
}

#[test]
fn deleting_restoring_and_purging_follow_each_other() {
    let deleted = gone(whole());
    assert_eq!(deleted.deleted_at, Some(at(2)));
    assert_eq!(delete(deleted.clone(), &target(None), at(3)), Ok(Edit::Unchanged(deleted.clone())));
    assert_eq!(purge(&whole(), &target(None)), Err(Rejection::NotDeleted));
    assert_eq!(purge(&deleted, &target(None)), Ok(()));
    let Ok(Edit::Changed(back)) = restore(deleted, &target(None), at(4)) else { panic!() };
    assert_eq!((back.deleted_at, back.etag.revision()), (None, 3));
    assert_eq!(restore(back.clone(), &target(None), at(5)), Ok(Edit::Unchanged(back)));
}

#[test]
fn a_stale_etag_is_refused_by_every_change() {
    let stale = target(Etag::from_revision(9));
    let mismatch =
        Rejection::EtagMismatch { expected: Etag::from_revision(9).unwrap(), current: Etag::FIRST };
    let patch = AssetPatch::default();
    let change = Update { user: stale.user, asset: stale.asset, patch, expected: stale.expected };
    assert_eq!(update(whole(), &change, at(2)), Err(mismatch.clone()));
    assert_eq!(delete(whole(), &stale, at(2)), Err(mismatch.clone()));
    assert_eq!(restore(whole(), &stale, at(2)), Err(mismatch.clone()));
    assert_eq!(purge(&whole(), &stale), Err(mismatch));
}

#[test]
fn an_update_changes_what_it_names_and_nothing_where_nothing_differs() {
    let update_with = |patch| {
        let Target { user, asset, expected } = target(None);
        update(whole(), &Update { user, asset, patch, expected }, at(2))
    };
    assert_eq!(update_with(AssetPatch::default()), Ok(Edit::Unchanged(whole())));
    let name: FileName = "b.png".parse().unwrap();
    let Ok(Edit::Changed(renamed)) =
        update_with(AssetPatch { name: Some(name.clone()), ..AssetPatch::default() })
    else {
        panic!()
    };
    assert_eq!(renamed.name, name);
    assert_eq!(asset_key(&renamed), asset_key(&whole()), "bytes stay where they are");
}

#[test]
fn the_kind_is_that_of_the_content_type() {
    assert_eq!(whole().kind().as_str(), "image");
    assert_eq!(external().kind().as_str(), "video");
    let mut unknown = external();
    if let Place::Elsewhere { content_type, .. } = &mut unknown.place {
        *content_type = None;
    }
    assert_eq!(unknown.kind().as_str(), "document");
    assert_eq!(
        Rejection::Unreadable(Unreadable("ends too early")).to_string(),
        "the file ends too early"
    );
}
