//! What every media store keeps.

use std::time::Duration;

use kernel::Digest;
use ports::{MediaError, MediaKey, MediaStore, UploadTerms};
use sha2::{Digest as _, Sha256};

/// Panics where `store`, which is empty, breaks the contract.
pub async fn holds(store: &dyn MediaStore) {
    store.check().await.expect("it answers");
    objects(store).await;
    copies_and_ranges(store).await;
    lists(store).await;
    presigns(store).await;
}

fn key(text: &str) -> MediaKey {
    text.parse().expect("a key")
}

async fn objects(store: &dyn MediaStore) {
    let (first, second) = (key("users/1/images/a.png"), key("users/1/images/b.png"));
    assert_eq!(store.head(&first).await.expect("answers"), None);
    assert_eq!(store.get(&first, 10).await.expect("answers"), None);
    store.delete(&first).await.expect("deleting nothing is no failure");

    store.put(&first, b"0123456789".to_vec(), "image/png").await.expect("stores");
    let object = store.head(&first).await.expect("answers").expect("is there");
    assert_eq!((object.bytes, object.content_type.as_str()), (10, "image/png"));
    let digest = Digest::from_bytes(Sha256::digest(b"0123456789").into());
    assert_eq!(object.digest, Some(digest));
    assert_eq!(store.get(&first, 10).await.expect("answers"), Some(b"0123456789".to_vec()));
    assert!(matches!(store.get(&first, 9).await, Err(MediaError::TooLarge { limit: 9 })));

    store.put(&first, b"again".to_vec(), "image/webp").await.expect("stores over it");
    assert_eq!(store.get(&first, 10).await.expect("answers"), Some(b"again".to_vec()));
    store.put(&second, Vec::new(), "image/png").await.expect("stores nothing at all");
    assert_eq!(store.get(&second, 0).await.expect("answers"), Some(Vec::new()));

    store.delete(&first).await.expect("deletes");
    assert_eq!(store.head(&first).await.expect("answers"), None);
    assert!(store.head(&second).await.expect("answers").is_some());
    store.delete(&second).await.expect("deletes");
}

async fn copies_and_ranges(store: &dyn MediaStore) {
    let (from, to) = (key("copies/a"), key("copies/b"));
    assert!(!store.copy(&from, &to).await.expect("answers"), "there is nothing to copy");
    assert_eq!(store.get_range(&from, 0, 1).await.expect("answers"), None);
    store.put(&from, b"0123456789".to_vec(), "image/png").await.expect("stores");
    assert!(store.copy(&from, &to).await.expect("copies"));
    store.delete(&from).await.expect("deletes");
    let object = store.head(&to).await.expect("answers").expect("is there");
    assert_eq!((object.bytes, object.content_type.as_str()), (10, "image/png"));
    for (offset, length, found) in
        [(0, 3, "012"), (4, 2, "45"), (8, 5, "89"), (9, 1, "9"), (10, 5, ""), (3, 0, "")]
    {
        let range = store.get_range(&to, offset, length).await.expect("answers");
        assert_eq!(range, Some(found.as_bytes().to_vec()), "{length} bytes at {offset}");
    }
    store.delete(&to).await.expect("deletes");
}

async fn lists(store: &dyn MediaStore) {
    let keys = ["l/a", "l/b/c", "l/b/d", "l/e"].map(key);
    let other = key("other");
    for key in keys.iter().chain([&other]) {
        store.put(key, vec![7; 3], "text/plain").await.expect("stores");
    }
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = store.list("l/", after, 3).await.expect("lists");
        assert!(page.objects.iter().all(|object| object.bytes == 3));
        seen.extend(page.objects.into_iter().map(|object| object.key));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, keys);

    store.delete_all(&keys[..3]).await.expect("deletes several");
    store.delete_all(&keys).await.expect("deleting what is gone is no failure");
    assert_eq!(store.list("l/", None, 10).await.expect("lists").objects, []);
    assert!(store.head(&other).await.expect("answers").is_some());
    store.delete(&other).await.expect("deletes");
}

async fn presigns(store: &dyn MediaStore) {
    let key = key("users/1/images/a.png");
    let valid = Duration::from_secs(60);
    let url = store.presign_get(&key, valid, None).await.expect("presigns");
    assert!(url.contains("users/1/images/a.png"), "{url}");
    let named = store.presign_get(&key, valid, Some("cat.png".to_owned())).await;
    assert!(named.expect("presigns").contains("cat.png"));
    let terms = UploadTerms { bytes: 10, content_type: "image/png", digest: Digest::ZERO };
    let put = store.presign_put(&key, terms, valid).await.expect("presigns");
    assert!(put.url.contains("users/1/images/a.png"), "{}", put.url);
    assert!(put.headers.contains(&("content-type".to_owned(), "image/png".to_owned())));
}
