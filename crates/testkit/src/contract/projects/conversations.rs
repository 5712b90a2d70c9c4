//! Conversations and their turns.

use kernel::PageSize;
use ports::{ConversationFilter, ConversationReads, Store, TurnFilter};
use projects::TurnKind;

use super::{committed, moment, prepare};
use crate::fixtures::{conversation, project_id, turn, user_id};

pub async fn turns_keep_their_numbers_and_their_order(store: &(impl Store + ConversationReads)) {
    prepare(store).await;
    let talk = conversation(1, user_id(1), Some(project_id(1)), moment(1));
    let turns: Vec<_> =
        (1..).zip(TurnKind::ALL).map(|(number, kind)| turn(number, kind, &talk)).collect();
    committed!(store, |tx| {
        tx.insert_conversation(&talk).await.unwrap();
        for turn in &turns {
            tx.append_turn(turn).await.unwrap();
        }
    });
    let numbers = async |filter: TurnFilter, after| {
        let size = PageSize::parse(4).unwrap();
        let page = store.list_turns(user_id(1), talk.id, &filter, size, after).await.unwrap();
        (page.items.iter().map(|turn| turn.number).collect::<Vec<_>>(), page.next)
    };
    let newest = TurnFilter { newest_first: true, ..TurnFilter::default() };
    assert_eq!(numbers(TurnFilter::default(), None).await, (vec![1, 2, 3, 4], Some(4)));
    assert_eq!(numbers(TurnFilter::default(), Some(8)).await, (vec![9], None));
    assert_eq!(numbers(newest.clone(), None).await, (vec![9, 8, 7, 6], Some(6)));
    assert_eq!(numbers(newest, Some(3)).await, (vec![2, 1], None));
    let chat = TurnFilter { kind: Some(TurnKind::GeneralChat), ..TurnFilter::default() };
    assert_eq!(numbers(chat, None).await, (vec![9], None));
    let filter = TurnFilter::default();
    let all = store.list_turns(user_id(1), talk.id, &filter, PageSize::MAX, None).await;
    assert_eq!(all.unwrap().items, turns);
}

pub async fn turns_of_several_at_once_have_no_gap(store: &(impl Store + ConversationReads)) {
    prepare(store).await;
    let talk = conversation(1, user_id(1), None, moment(1));
    committed!(store, |tx| tx.insert_conversation(&talk).await.unwrap());
    let append = async || {
        let mut tx = store.begin().await.unwrap();
        let mut locked = tx.lock_conversation(user_id(1), talk.id).await.unwrap().unwrap();
        tokio::task::yield_now().await;
        locked.turns += 1;
        tx.update_conversation(&locked).await.unwrap();
        let turn = turn(locked.turns, TurnKind::GeneralChat, &locked);
        tx.append_turn(&turn).await.unwrap();
        tx.commit().await.unwrap();
    };
    tokio::join!(append(), append(), append(), append());
    let filter = TurnFilter::default();
    let turns = store.list_turns(user_id(1), talk.id, &filter, PageSize::MAX, None).await.unwrap();
    let numbers: Vec<u32> = turns.items.iter().map(|turn| turn.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
}

pub async fn conversations_are_listed_by_project(store: &(impl Store + ConversationReads)) {
    prepare(store).await;
    let inside = conversation(1, user_id(1), Some(project_id(1)), moment(1));
    let outside = conversation(2, user_id(1), None, moment(2));
    let mut gone = conversation(3, user_id(1), Some(project_id(1)), moment(3));
    committed!(store, |tx| {
        for conversation in [&inside, &outside, &gone] {
            tx.insert_conversation(conversation).await.unwrap();
        }
        assert!(tx.lock_conversation(user_id(2), gone.id).await.unwrap().is_none());
        assert!(tx.lock_conversation(user_id(1), gone.id).await.unwrap().is_some());
        gone.title = None;
        gone.turns = 3;
        gone.life = gone.life.delete(None, moment(4)).unwrap().unwrap();
        tx.update_conversation(&gone).await.unwrap();
    });
    let found = store.find_conversation(user_id(1), gone.id).await.unwrap();
    assert_eq!(found.as_ref(), Some(&gone));
    let project = Some(project_id(1));
    for (filter, expected) in [
        (ConversationFilter::default(), vec![outside, inside.clone()]),
        (ConversationFilter { project, show_deleted: false }, vec![inside.clone()]),
        (ConversationFilter { project, show_deleted: true }, vec![gone, inside]),
    ] {
        let page = store.list_conversations(user_id(1), &filter, PageSize::MAX, None).await;
        assert_eq!(page.unwrap().items, expected, "{filter:?}");
    }
}
