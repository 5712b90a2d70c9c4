//! What every store of profiles promises.

use kernel::Timestamp;
use ports::{ProfileReads, Store};
use users::{Badge, Experience, Interests, Profile, ProfileFields, SocialLinks};

use crate::fixtures::{user, user_id};

/// Makes a test of each case: `profiles_contract!(fixture)`, as `contract_tests!` has it.
#[macro_export]
macro_rules! profiles_contract {
    ($fixture:ident) => {
        $crate::contract_tests! {
            $fixture,
            profiles,
            [a_profile_is_stored_whole_and_goes_with_the_user]
        }
    };
}

pub async fn a_profile_is_stored_whole_and_goes_with_the_user(store: &(impl Store + ProfileReads)) {
    let at = Timestamp::from_micros(1_767_225_600_123_456).expect("is in range");
    let mut tx = store.begin().await.unwrap();
    tx.insert_user(&user(1, at)).await.unwrap();
    assert_eq!(tx.load_profile(user_id(1)).await.unwrap(), None);
    let empty = Profile::empty(user_id(1), at);
    tx.store_profile(&empty).await.unwrap();
    assert_eq!(tx.load_profile(user_id(1)).await.unwrap(), Some(empty.clone()));
    tx.commit().await.unwrap();

    let links = [("twitter".to_owned(), "@ada".to_owned())];
    let full = Profile {
        fields: ProfileFields {
            bio: Some("First\nprogrammer".parse().unwrap()),
            website_url: Some("https://example.com/ada".parse().unwrap()),
            social_links: SocialLinks::parse(links).unwrap(),
            profession: Some("Mathematician".parse().unwrap()),
            company: Some("Analytical Engines".parse().unwrap()),
            industry: Some("Computing".parse().unwrap()),
            experience: Some(Experience::Professional),
            use_cases: Interests::parse(["gaming", "writing"]).unwrap(),
            favourite_styles: Interests::parse(["anime"]).unwrap(),
        },
        badges: vec![Badge { kind: "early_adopter".parse().unwrap(), earned_at: at }],
        likes: 3,
        downloads: 5,
        etag: empty.etag.next(),
        updated_at: at.next(),
        ..empty
    };
    let mut tx = store.begin().await.unwrap();
    tx.lock_user(user_id(1)).await.unwrap();
    tx.store_profile(&full).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.find_profile(user_id(1)).await.unwrap(), Some(full));
    assert_eq!(store.find_profile(user_id(2)).await.unwrap(), None);

    let mut tx = store.begin().await.unwrap();
    tx.lock_user(user_id(1)).await.unwrap();
    tx.delete_user(user_id(1)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.find_profile(user_id(1)).await.unwrap(), None);
}
