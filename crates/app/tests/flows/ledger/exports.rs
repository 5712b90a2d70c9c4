//! Journals on their way out.

use app::ledger::{BatchMode, Export};

use super::*;

async fn versions(export: &mut Export) -> Option<(u64, u64, usize)> {
    let entries = export.next().await.unwrap()?;
    let first = entries.first().unwrap().version;
    let last = entries.last().unwrap().version;
    assert_eq!(usize::try_from(last - first).unwrap(), entries.len() - 1, "without a gap");
    Some((first, last, entries.len()))
}

async fn spender(world: &World, charges: usize) -> UserId {
    let ada = world.rich(1, "100").await;
    let command = |number| {
        let request = format!("d{number}").parse().unwrap();
        world.ledger.command(ada, request, deduct("0.01"))
    };
    let commands: Vec<_> = (0..charges).map(command).collect();
    for some in commands.chunks(1_000) {
        world.ledger.execute_batch(some, BatchMode::AllOrNothing).await.unwrap();
    }
    ada
}

#[tokio::test]
async fn a_journal_comes_in_pages_and_ends() {
    let world = World::new();
    let ada = spender(&world, 1_199).await;
    let mut export = world.ledger.export(ada, 0).await.unwrap();
    assert_eq!(versions(&mut export).await, Some((1, 500, 500)));
    assert_eq!(versions(&mut export).await, Some((501, 1_000, 500)));
    // What is posted meanwhile is for the next export: this one has an end.
    world.run(ada, "late", deduct("1")).await;
    assert_eq!(versions(&mut export).await, Some((1_001, 1_200, 200)));
    assert_eq!(versions(&mut export).await, None);
    assert_eq!(versions(&mut export).await, None);

    let mut rest = world.ledger.export(ada, 1_200).await.unwrap();
    assert_eq!(versions(&mut rest).await, Some((1_201, 1_201, 1)));
    let mut beyond = world.ledger.export(ada, 9_999).await.unwrap();
    assert_eq!(versions(&mut beyond).await, None);
}

#[tokio::test]
async fn an_export_has_what_the_clock_has_brought_about() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    world.hold(ada, "h1", "4", 60).await;
    world.wait(61);
    let mut export = world.ledger.export(ada, 2).await.unwrap();
    let entries = export.next().await.unwrap().unwrap();
    assert_eq!(entries[0].kind, ledger::EntryKind::Lapsed);
}

#[tokio::test]
async fn an_export_that_is_cut_short_does_not_look_whole() {
    let world = World::new();
    let ada = spender(&world, 600).await;
    let mut export = world.ledger.export(ada, 0).await.unwrap();
    assert_eq!(versions(&mut export).await, Some((1, 500, 500)));
    let mut tx = world.store.begin().await.unwrap();
    assert!(tx.forget_account(ada, world.now()).await.unwrap());
    tx.delete_user(ada).await.unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(export.next().await, Err(LedgerError::UserNotFound)));
}
