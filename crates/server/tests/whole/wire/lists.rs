//! Lists on the wire: pages that stay what they are while rows are added, and their tokens.

use proto::atelier::access::v1::ListApiKeysRequest;
use proto::atelier::ledger::v1::{ListLotsRequest, ListTransactionsRequest, TransactionKind};
use proto::atelier::users::v1::ListUsersRequest;
use tonic::{Code, Status};

use super::served::Served;
use crate::whole::calls::{Api, reason, violations};
use crate::whole::life::purchase;

async fn users(api: &Api, page_size: i32, token: &str) -> Result<(Vec<String>, String), Status> {
    let request =
        ListUsersRequest { page_size, page_token: token.to_owned(), ..Default::default() };
    let page = api.users.clone().list_users(request).await?.into_inner();
    Ok((page.users.into_iter().map(|user| user.id).collect(), page.next_page_token))
}

async fn purchases(
    api: &Api,
    user: &str,
    kinds: &[TransactionKind],
    token: &str,
) -> Result<(Vec<String>, String), Status> {
    let request = ListTransactionsRequest {
        user_id: user.to_owned(),
        page_size: 2,
        page_token: token.to_owned(),
        kinds: kinds.iter().map(|kind| *kind as i32).collect(),
        ..Default::default()
    };
    let page = api.ledger.clone().list_transactions(request).await?.into_inner();
    let ids = page.transactions.into_iter().map(|transaction| transaction.id).collect();
    Ok((ids, page.next_page_token))
}

#[tokio::test]
async fn pages_of_users_are_stable_while_users_come() {
    let served = Served::start().await;
    let mut there = Vec::new();
    for number in 0..7 {
        there.push(served.api.user(&format!("early-{number}")).await);
    }
    there.reverse();
    let (mut seen, mut token) = users(&served.api, 3, "").await.unwrap();
    let mut late = 0;
    while !token.is_empty() {
        late += 1;
        served.api.user(&format!("late-{late}")).await;
        let (page, next) = users(&served.api, 3, &token).await.unwrap();
        assert!(!page.is_empty() && page.len() <= 3);
        seen.extend(page);
        token = next;
    }
    assert_eq!(seen, there, "newest first, each once, and nobody who came later");
    assert_eq!(users(&served.api, 0, "").await.unwrap().0.len(), 7 + late);
    served.end().await;
}

#[tokio::test]
async fn pages_of_transactions_are_stable_while_credits_move() {
    let served = Served::start().await;
    let user = served.api.user("busy").await;
    for number in 0..5 {
        purchase(&served.api, &user, &format!("early-{number}"), "1.00").await;
    }
    let (mut seen, mut token) = purchases(&served.api, &user, &[], "").await.unwrap();
    while !token.is_empty() {
        purchase(&served.api, &user, &format!("late-{}", seen.len()), "1.00").await;
        let (page, next) = purchases(&served.api, &user, &[], &token).await.unwrap();
        seen.extend(page);
        token = next;
    }
    let mut sorted = seen.clone();
    sorted.sort_by(|a, b| b.cmp(a));
    sorted.dedup();
    assert_eq!((seen.len(), &seen), (5, &sorted), "ids sort as their times do");
    served.end().await;
}

#[tokio::test]
async fn a_token_is_good_for_its_own_list_and_filters_alone() {
    let served = Served::start().await;
    let (user, other) = (served.api.user("one").await, served.api.user("two").await);
    for who in [&user, &other] {
        for number in 0..3 {
            purchase(&served.api, who, &format!("order-{number}"), "1.00").await;
        }
    }
    let (_, of_users) = users(&served.api, 1, "").await.unwrap();
    let (_, of_purchases) = purchases(&served.api, &user, &[], "").await.unwrap();
    assert!(!of_users.is_empty() && !of_purchases.is_empty());

    let keys = ListApiKeysRequest { page_size: 1, page_token: of_users.clone() };
    let lots =
        ListLotsRequest { user_id: user.clone(), page_size: 1, page_token: of_purchases.clone() };
    let answers = [
        users(&served.api, 1, &of_purchases).await.map(drop),
        users(&served.api, 1, "not a token").await.map(drop),
        users(&served.api, 1, &of_users[1..]).await.map(drop),
        served.api.keys.clone().list_api_keys(keys).await.map(drop),
        served.api.ledger.clone().list_lots(lots).await.map(drop),
        purchases(&served.api, &other, &[], &of_purchases).await.map(drop),
        purchases(&served.api, &user, &[TransactionKind::Purchase], &of_purchases).await.map(drop),
    ];
    for answer in answers {
        let refused = answer.unwrap_err();
        assert_eq!(
            (refused.code(), reason(&refused).as_str()),
            (Code::InvalidArgument, "INVALID_PAGE_TOKEN")
        );
    }
    let negative = users(&served.api, -1, "").await.unwrap_err();
    assert_eq!(violations(&negative), ["page_size"]);
    users(&served.api, 5_000, "").await.unwrap();
    served.end().await;
}
