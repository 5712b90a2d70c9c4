//! What every media store keeps.

use std::time::Duration;

use ports::{MediaError, MediaKey, MediaObject, MediaStore};

/// Panics where `store`, which is empty, breaks the contract.
pub async fn holds(store: &dyn MediaStore) {
    store.check().await.expect("it answers");
    let key = |text: &str| text.parse::<MediaKey>().expect("a key");
    let (first, second) = (key("users/1/images/a.png"), key("users/1/images/b.png"));

    assert_eq!(store.head(&first).await.expect("answers"), None);
    assert_eq!(store.get(&first, 10).await.expect("answers"), None);
    store.delete(&first).await.expect("deleting nothing is no failure");

    store.put(&first, b"0123456789".to_vec(), "image/png").await.expect("stores");
    let object = MediaObject { bytes: 10, content_type: "image/png".to_owned() };
    assert_eq!(store.head(&first).await.expect("answers"), Some(object));
    assert_eq!(store.get(&first, 10).await.expect("answers"), Some(b"0123456789".to_vec()));
    assert!(matches!(store.get(&first, 9).await, Err(MediaError::TooLarge { limit: 9 })));

    store.put(&first, b"again".to_vec(), "image/webp").await.expect("stores over it");
    assert_eq!(store.get(&first, 10).await.expect("answers"), Some(b"again".to_vec()));
    store.put(&second, Vec::new(), "image/png").await.expect("stores nothing at all");
    assert_eq!(store.get(&second, 0).await.expect("answers"), Some(Vec::new()));

    let url = store.presign_get(&first, Duration::from_secs(60)).await.expect("presigns");
    assert!(url.contains("users/1/images/a.png"), "{url}");

    store.delete(&first).await.expect("deletes");
    assert_eq!(store.head(&first).await.expect("answers"), None);
    assert!(store.head(&second).await.expect("answers").is_some());
}
