//! Quotas.

use billing::{QuotaSettings, Take, Window};
use ports::{QuotaReads, Store};

use super::{moment, within};
use crate::fixtures::{user, user_id};

pub(super) fn take(request: &str) -> Take {
    Take {
        user: user_id(1),
        request: request.parse().unwrap(),
        units: 2,
        window: Window { start: moment(0), end: moment(86_400) },
        taken_at: moment(5),
        given_back_at: None,
    }
}

pub async fn a_quota_is_the_users_and_units_count_in_their_window(
    store: &(impl Store + QuotaReads),
) {
    let mut ada = user(1, moment(0));
    ada.preferences.time_zone = "Asia/Seoul".parse().unwrap();
    within(store, async |tx| tx.insert_user(&ada).await).await.unwrap();
    let fresh = QuotaSettings::new(user_id(1), "Asia/Seoul".parse().unwrap());
    assert_eq!(store.find_quota(user_id(1)).await.unwrap(), Some(fresh.clone()));
    assert_eq!(store.find_quota(user_id(2)).await.unwrap(), None);
    let moved = fresh.clone().rezoned("America/Sao_Paulo".parse().unwrap(), moment(1));
    within(store, async |tx| {
        assert_eq!(tx.lock_quota(user_id(2)).await?, None);
        assert_eq!(tx.lock_quota(user_id(1)).await?, Some(fresh));
        tx.update_quota(&moved).await?;
        assert_eq!(tx.find_take(user_id(1), &take("a").request).await?, None);
        tx.put_take(&take("a")).await?;
        tx.put_take(&take("b")).await?;
        tx.put_take(&Take { given_back_at: Some(moment(9)), ..take("b") }).await?;
        tx.put_used(user_id(1), moment(0), 2).await?;
        tx.put_used(user_id(1), moment(0), u32::MAX).await
    })
    .await
    .unwrap();
    within(store, async |tx| {
        assert_eq!(tx.lock_quota(user_id(1)).await?, Some(moved.clone()));
        assert_eq!(tx.find_take(user_id(1), &take("a").request).await?, Some(take("a")));
        let back = tx.find_take(user_id(1), &take("b").request).await?;
        assert_eq!(back.and_then(|take| take.given_back_at), Some(moment(9)));
        assert_eq!(tx.find_used(user_id(1), moment(0)).await?, u32::MAX);
        assert_eq!(tx.find_used(user_id(1), moment(1)).await?, 0);
        Ok(())
    })
    .await
    .unwrap();
    assert_eq!(store.find_quota(user_id(1)).await.unwrap(), Some(moved));
    assert_eq!(store.used(user_id(1), moment(0)).await.unwrap(), u32::MAX);
}
