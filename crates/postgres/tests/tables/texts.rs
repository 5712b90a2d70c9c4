//! The functions that the CHECKs of every area are made of agree with the domain.

use kernel::{Line, Prose};

use crate::contract::fixture::fixture;

#[tokio::test]
async fn lines_and_prose_are_the_same_to_the_database() {
    let store = fixture().await;
    let client = store.database.client().await;
    let ask = client.prepare("SELECT is_line($1, 7), is_prose($1, 7)").await.unwrap();
    let mut samples: Vec<String> =
        ["", " ", "  \t", "\n", "\r\n", "a\nb", "a\tb", "1234567", "12345678", "ünïcöd", "李小龍"]
            .map(str::to_owned)
            .into();
    samples.extend((1..=0xa0).filter_map(char::from_u32).map(|c| format!("a{c}b")));
    for text in samples {
        let row = client.query_one(&ask, &[&text]).await.unwrap();
        assert_eq!(row.get::<_, bool>(0), text.parse::<Line<7>>().is_ok(), "line {text:?}");
        assert_eq!(row.get::<_, bool>(1), text.parse::<Prose<7>>().is_ok(), "prose {text:?}");
    }
}
