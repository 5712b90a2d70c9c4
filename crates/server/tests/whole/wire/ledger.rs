//! The ledger on the wire.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use proto::atelier::ledger::v1::{
    DeductRequest, DeductResponse, GetTransactionRequest, PurchaseRequest, RefundRequest,
};
use tonic::{Code, Status};

use super::served::Served;
use super::users::NOBODY;
use crate::whole::calls::{Api, metadata, reason, violations};
use crate::whole::life::{available, purchase};

fn deduction(user_id: &str, request_id: &str, amount: &str) -> DeductRequest {
    DeductRequest {
        user_id: user_id.to_owned(),
        request_id: request_id.to_owned(),
        amount: amount.to_owned(),
        ..Default::default()
    }
}

async fn deduct(api: &Api, request: DeductRequest) -> Result<DeductResponse, Status> {
    api.ledger.clone().deduct(request).await.map(tonic::Response::into_inner)
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_deductions_of_one_request_id_act_once() {
    let served = Served::start().await;
    let user = served.api.user("eager").await;
    purchase(&served.api, &user, "order-1", "10.00").await;
    let calls = (0..20).map(|_| deduct(&served.api, deduction(&user, "image-1", "6.00")));
    let answers: Vec<_> = join_all(calls).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers.iter().filter(|answer| !answer.replayed).count(), 1);
    let ids: BTreeSet<_> =
        answers.iter().map(|answer| answer.transaction.as_ref().unwrap().id.clone()).collect();
    assert_eq!(ids.len(), 1, "one transaction");
    assert_eq!(available(&served.api, &user).await, "4.00");
    served.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deductions_at_once_spend_what_is_there_and_no_more() {
    let served = Served::start().await;
    let user = served.api.user("crowded").await;
    purchase(&served.api, &user, "order-1", "10.00").await;
    let ids: Vec<String> = (0..20).map(|number| format!("image-{number}")).collect();
    let calls = ids.iter().map(|id| deduct(&served.api, deduction(&user, id, "0.70")));
    let (done, refused): (Vec<_>, Vec<_>) =
        join_all(calls).await.into_iter().partition(Result::is_ok);
    assert_eq!((done.len(), refused.len()), (14, 6));
    for refused in refused {
        let status = refused.unwrap_err();
        assert_eq!(status.code(), Code::FailedPrecondition);
        assert_eq!(reason(&status), "INSUFFICIENT_CREDITS");
        assert_eq!(metadata(&status, "required"), "0.70");
        assert_eq!(metadata(&status, "available"), "0.20");
    }
    assert_eq!(available(&served.api, &user).await, "0.20");
    served.end().await;
}

#[tokio::test]
async fn every_field_of_a_deduction_that_is_wrong_is_named_at_once() {
    let served = Served::start().await;
    let refused = deduct(&served.api, deduction("me", "", "1.234")).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::InvalidArgument, "INVALID_FIELDS")
    );
    assert_eq!(violations(&refused), ["user_id", "request_id", "amount"]);
    for amount in ["", "0.00", "-1.00", "+1.00", "1e3", "1,50", "10000000000.00", "NaN", " 1.00"] {
        let refused = deduct(&served.api, deduction(NOBODY, "a", amount)).await.unwrap_err();
        assert_eq!(violations(&refused), ["amount"], "{amount:?}");
    }
    served.end().await;
}

#[tokio::test]
async fn who_and_what_is_not_there_is_not_found() {
    let served = Served::start().await;
    let mut ledger = served.api.ledger.clone();
    let refused = deduct(&served.api, deduction(NOBODY, "a", "1.00")).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::NotFound, "USER_NOT_FOUND"));

    let (user, other) = (served.api.user("one").await, served.api.user("other").await);
    purchase(&served.api, &other, "order-1", "10.00").await;
    let theirs = deduct(&served.api, deduction(&other, "image-1", "1.00")).await.unwrap();
    let theirs = theirs.transaction.unwrap().id;
    let answers = [
        ledger
            .get_transaction(GetTransactionRequest {
                user_id: user.clone(),
                transaction_id: theirs.clone(),
            })
            .await
            .map(drop),
        ledger
            .refund(RefundRequest {
                user_id: user,
                request_id: "refund-1".to_owned(),
                transaction_id: theirs,
                ..Default::default()
            })
            .await
            .map(drop),
    ];
    for answer in answers {
        let refused = answer.unwrap_err();
        assert_eq!(refused.code(), Code::NotFound);
        assert_eq!(reason(&refused), "TRANSACTION_NOT_FOUND", "another user's is nobody's");
    }
    served.end().await;
}

#[tokio::test]
async fn a_stale_version_and_a_reused_request_id_are_refused() {
    let served = Served::start().await;
    let user = served.api.user("careful").await;
    purchase(&served.api, &user, "order-1", "10.00").await;
    let on = |version, id: &str, amount: &str| DeductRequest {
        expected_version: Some(version),
        ..deduction(&user, id, amount)
    };
    let first = deduct(&served.api, on(1, "image-1", "1.00")).await.unwrap();
    assert_eq!(first.balance.as_ref().unwrap().version, 2);

    let stale = deduct(&served.api, on(1, "image-2", "1.00")).await.unwrap_err();
    assert_eq!((stale.code(), reason(&stale).as_str()), (Code::Aborted, "STALE_VERSION"));
    assert_eq!(
        (metadata(&stale, "expected"), metadata(&stale, "current")),
        ("1".into(), "2".into())
    );

    // The id comes before the version: the answer of the first call is still the answer.
    let again = deduct(&served.api, on(1, "image-1", "1.00")).await.unwrap();
    assert!(again.replayed);
    assert_eq!(again.transaction, first.transaction);
    let reused = deduct(&served.api, on(1, "image-1", "2.00")).await.unwrap_err();
    assert_eq!(
        (reused.code(), reason(&reused).as_str()),
        (Code::AlreadyExists, "REQUEST_ID_REUSED")
    );
    let other_kind = PurchaseRequest {
        user_id: user.clone(),
        request_id: "image-1".to_owned(),
        amount: "1.00".to_owned(),
        ..Default::default()
    };
    let reused = served.api.ledger.clone().purchase(other_kind).await.unwrap_err();
    assert_eq!(metadata(&reused, "request_id"), "image-1");
    assert_eq!(available(&served.api, &user).await, "9.00");
    served.end().await;
}
