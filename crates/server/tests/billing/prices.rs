//! Prices that change under those who ask for them.

use proto::atelier::billing::v1::{
    CreateOperationTypeRequest, ListOperationTypesRequest, ListPriceHistoryRequest,
    ListPricesRequest, OperationTypePatch, PriceKey, PriceTerms, PriceUnit, QuoteRequest,
    QuoteResponse, SetPriceRequest, UpdateOperationTypeRequest, WithdrawPriceRequest,
};
use tonic::{Code, Status};

use super::world::{DAY, Server, World};
use crate::whole::calls::{metadata, reason, violations};

fn key(model: Option<&str>, edit: bool) -> Option<PriceKey> {
    let model = model.map(str::to_owned);
    Some(PriceKey { operation_type: "POSTER".to_owned(), model, edit })
}

fn price(key: Option<PriceKey>, unit_price: &str) -> SetPriceRequest {
    let terms = PriceTerms {
        unit: PriceUnit::Image.into(),
        unit_price: unit_price.to_owned(),
        ..Default::default()
    };
    SetPriceRequest { key, terms: Some(terms), ..Default::default() }
}

impl Server {
    async fn poster(&self) {
        let request = CreateOperationTypeRequest { id: "POSTER".to_owned(), description: None };
        self.api.prices.clone().create_operation_type(request).await.unwrap();
    }

    async fn set(&self, request: SetPriceRequest) -> Result<String, Status> {
        let answer = self.api.prices.clone().set_price(request).await?.into_inner();
        Ok(answer.price.unwrap().id)
    }

    async fn quote(&self, model: Option<&str>, quantity: &str) -> Result<QuoteResponse, Status> {
        let request = QuoteRequest {
            operation_type: "POSTER".to_owned(),
            model: model.map(str::to_owned),
            edit: false,
            quantity: quantity.to_owned(),
        };
        Ok(self.api.prices.clone().quote(request).await?.into_inner())
    }
}

#[tokio::test]
async fn scenario_24_a_price_that_is_edited_or_mistyped_harms_nobody() {
    let world = World::new().await;
    let (first, second) = (world.server(&[]).await, world.server(&[]).await);
    let user = first.api.user("ada").await;
    first.poster().await;
    // Without a price it is refused before any work.
    let unpriced = second.quote(None, "1").await.unwrap_err();
    assert_eq!(
        (unpriced.code(), reason(&unpriced).as_str()),
        (Code::FailedPrecondition, "UNPRICED")
    );

    first.set(price(key(None, false), "2")).await.unwrap();
    first.app.ledger.execute(funds(&first, &user, "10")).await.unwrap();
    let quote = second.quote(None, "3").await.unwrap();
    assert_eq!(quote.total, "6.00");
    let hold = second.reserve(&user, "job", &quote.total).await;

    // Mistyped by a million: refused, and nothing is changed.
    let typo = first.set(price(key(None, false), "2000000")).await.unwrap_err();
    assert_eq!(reason(&typo), "PRICE_CHANGE_TOO_LARGE");
    assert_eq!(metadata(&typo, "old"), "2.00 per image");
    assert_eq!(metadata(&typo, "new"), "2000000.00 per image");
    assert_eq!(second.quote(None, "3").await.unwrap().total, "6.00");

    // Edited: effective at once on every server, and the stored quote holds.
    world.pass_secs(1);
    first.set(price(key(None, false), "5")).await.unwrap();
    assert_eq!(second.quote(None, "3").await.unwrap().total, "15.00");
    let charged = first.capture(&user, "settle", &hold.id).await;
    assert_eq!(charged.amount, "-6.00");
    assert_eq!(first.available(&user).await, "4.00");

    // Meant: confirmed, and every version says who, when and why.
    world.pass_secs(1);
    let meant = SetPriceRequest {
        confirm_large_change: true,
        reason: Some("sale".to_owned()),
        ..price(key(None, false), "0.10")
    };
    first.set(meant).await.unwrap();
    let request =
        ListPriceHistoryRequest { key: key(None, false), page_size: 2, ..Default::default() };
    let page = first.api.prices.clone().list_price_history(request).await.unwrap().into_inner();
    let told: Vec<_> = page
        .prices
        .iter()
        .map(|price| (price.terms.clone().unwrap().unit_price, price.author_name.as_str()))
        .collect();
    assert_eq!(told, [("0.10".to_owned(), "boss"), ("5.00".to_owned(), "boss")]);
    assert_eq!(page.prices[0].reason.as_deref(), Some("sale"));
    assert!(!page.next_page_token.is_empty() && !page.prices[0].author_key_id.is_empty());
    first.end().await;
    second.end().await;
}

fn funds(server: &Server, user: &str, amount: &str) -> ledger::Command {
    let action = ledger::Action::Purchase {
        amount: amount.parse().unwrap(),
        expires_at: None,
        operation: ledger::Operation::default(),
    };
    server.app.ledger.command(user.parse().unwrap(), "funds".parse().unwrap(), action)
}

#[tokio::test]
async fn a_price_may_be_set_ahead_of_a_model_and_withdrawn() {
    let world = World::new().await;
    let server = world.server(&[]).await;
    server.poster().await;
    server.set(price(key(None, false), "2")).await.unwrap();
    let ahead =
        SetPriceRequest { valid_from: world.in_secs(DAY), ..price(key(Some("flux"), false), "3") };
    server.set(ahead).await.unwrap();
    assert_eq!(server.quote(Some("flux"), "1").await.unwrap().total, "2.00");
    let request = ListPricesRequest { at_time: world.in_secs(DAY), ..Default::default() };
    let page = server.api.prices.clone().list_prices(request).await.unwrap().into_inner();
    assert_eq!(page.prices.len(), 2);
    world.pass_secs(DAY);
    assert_eq!(server.quote(Some("flux"), "1").await.unwrap().total, "3.00");

    let withdraw = WithdrawPriceRequest { key: key(Some("flux"), false), ..Default::default() };
    let gone = server.api.prices.clone().withdraw_price(withdraw).await.unwrap().into_inner();
    assert_eq!(gone.price.unwrap().terms, None);
    assert_eq!(reason(&server.quote(Some("flux"), "1").await.unwrap_err()), "UNPRICED");
    assert_eq!(server.quote(None, "1").await.unwrap().total, "2.00");
    server.end().await;
}

#[tokio::test]
async fn operation_types_are_added_described_and_retired_at_run_time() {
    let world = World::new().await;
    let server = world.server(&[]).await;
    server.poster().await;
    let mut prices = server.api.prices.clone();
    let again = CreateOperationTypeRequest { id: "POSTER".to_owned(), description: None };
    let taken = prices.create_operation_type(again).await.unwrap_err();
    assert_eq!(reason(&taken), "OPERATION_TYPE_TAKEN");
    server.set(price(key(None, false), "2")).await.unwrap();
    let retire = |retired, etag: &str| UpdateOperationTypeRequest {
        id: "POSTER".to_owned(),
        operation_type: Some(OperationTypePatch { description: None, retired }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["retired".to_owned()] }),
        etag: etag.to_owned(),
    };
    let retired = prices.update_operation_type(retire(true, "r1")).await.unwrap().into_inner();
    assert!(retired.operation_type.unwrap().retired);
    let refused = server.quote(None, "1").await.unwrap_err();
    assert_eq!(reason(&refused), "OPERATION_TYPE_RETIRED");
    let stale = prices.update_operation_type(retire(false, "r1")).await.unwrap_err();
    assert_eq!((stale.code(), reason(&stale).as_str()), (Code::Aborted, "ETAG_MISMATCH"));
    let listed = |show_retired| ListOperationTypesRequest { show_retired, ..Default::default() };
    let live = prices.list_operation_types(listed(false)).await.unwrap().into_inner();
    let all = prices.list_operation_types(listed(true)).await.unwrap().into_inner();
    assert_eq!((live.operation_types.len(), all.operation_types.len()), (0, 1));
    prices.update_operation_type(retire(false, "r2")).await.unwrap();
    assert_eq!(server.quote(None, "2").await.unwrap().total, "4.00");

    let half = server.quote(None, "1.5").await.unwrap_err();
    assert_eq!(violations(&half), ["quantity"]);
    let wrong = SetPriceRequest {
        key: Some(PriceKey { operation_type: "1".to_owned(), ..Default::default() }),
        terms: Some(PriceTerms { unit: 0, unit_price: "-1".to_owned(), ..Default::default() }),
        ..Default::default()
    };
    let wrong = prices.set_price(wrong).await.unwrap_err();
    assert_eq!(violations(&wrong), ["key.operation_type", "terms.unit", "terms.unit_price"]);
    server.end().await;
}

#[tokio::test]
async fn a_profile_makes_its_defaults_once_and_leaves_operators_word_alone() {
    let world = World::new().await;
    let pedro = [("product.profile", "pedro")];
    let first = world.server(&pedro).await;
    let user = first.api.user("ada").await;
    assert_eq!(first.available(&user).await, "100.00", "a setting of the profile");
    let chat = || QuoteRequest {
        operation_type: "AI_TEXT_CHAT".to_owned(),
        quantity: "1".to_owned(),
        edit: true,
        ..Default::default()
    };
    // They are made beside the calls, from the start on.
    let mut total = None;
    for _ in 0..1_000 {
        let answer = first.api.prices.clone().quote(chat()).await;
        if let Ok(answer) = answer {
            total = Some(answer.into_inner().total);
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!(total.as_deref(), Some("5.00"));
    let key = PriceKey { operation_type: "AI_TEXT_CHAT".to_owned(), ..Default::default() };
    let change = SetPriceRequest { key: Some(key), ..price(None, "7") };
    world.pass_secs(1);
    let refused = first.set(change.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "PRICE_CHANGE_TOO_LARGE", "another unit is another price");
    first.set(SetPriceRequest { confirm_large_change: true, ..change }).await.unwrap();
    first.end().await;

    let second = world.server(&pedro).await;
    app::billing::install(
        billing::profile::Profile::Pedro,
        &world.database.postgres().await,
        &*world.clock,
        &testkit::FakeIds::new(),
    )
    .await
    .unwrap();
    let normal = QuoteRequest { edit: false, ..chat() };
    let answer = second.api.prices.clone().quote(normal).await.unwrap().into_inner();
    assert_eq!(answer.total, "7.00");
    second.end().await;
}
