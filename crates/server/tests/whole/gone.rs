//! Deleting a user of ten thousand files leaves no row and no byte, though the server is killed in
//! the middle of it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use proto::atelier::users::v1::DeleteUserRequest;
use tokio_postgres::{Client, NoTls};

use super::stand::{Place, poll};

const FILES: usize = 10_000;

/// Some seconds of work, on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(120);

/// Assets of a user with thumbnails for every other, shown by as many characters.
const FILL: &str = "
    INSERT INTO assets (
        user_id, id, name, kind, provider, state, key, content_type, bytes, sha256, width, height,
        stored_at, revision, created_at, updated_at
    )
    SELECT $1::text::uuid, id, 'a.png', 'image', 'atelier', 'stored', 'a/' || id || '.png', 'image/png', 5,
        sha256('bytes'), 1, 1, now(), 1, now(), now()
    FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, $2)) AS ids";
const SHOW: &str = "
    INSERT INTO characters (
        user_id, id, prompt, image_asset_id, revision, created_at, updated_at, owner_shows
    )
    SELECT user_id, gen_random_uuid(), 'a robot', id, 1, now(), now(), false
    FROM assets WHERE user_id = $1::text::uuid";

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn count(client: &Client, table: &str) -> usize {
    let row = client.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await.unwrap();
    usize::try_from(row.get::<_, i64>(0)).unwrap()
}

fn objects(folder: &Path) -> usize {
    fs::read_dir(folder).map(Iterator::count).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_of_ten_thousand_files_goes_though_the_server_is_killed_meanwhile() {
    let place = Place::new();
    let mut dev = place.start().await;
    let client = connect(&dev.facts.database_url).await;
    let (rows, characters) = (count(&client, "assets").await, count(&client, "characters").await);
    let folder = place.data.join("s3/atelier/a");
    let laid = objects(&folder);
    let user = dev.api().user("collector").await;
    let files = i32::try_from(FILES).unwrap();
    client.execute(FILL, &[&user, &files]).await.unwrap();
    client.execute(SHOW, &[&user]).await.unwrap();
    fs::create_dir_all(&folder).unwrap();
    let keys = client
        .query("SELECT key FROM assets WHERE user_id = $1::text::uuid", &[&user])
        .await
        .unwrap();
    for key in keys {
        let name = key.get::<_, &str>(0).strip_prefix("a/").unwrap();
        fs::write(folder.join(name), b"bytes").unwrap();
    }

    let request = DeleteUserRequest { user_id: user, etag: String::new() };
    dev.api().users.clone().delete_user(request).await.unwrap();
    assert_eq!(count(&client, "assets").await, rows);
    assert_eq!(count(&client, "characters").await, characters);
    let begun = poll(PATIENCE, async || count(&client, "doomed_objects").await < FILES).await;
    assert!(begun, "nobody begins to delete the bytes");
    dev.process.kill();
    assert!(objects(&folder) > laid, "all bytes were gone before the kill");

    let dev = place.start().await;
    let client = connect(&dev.facts.database_url).await;
    // What the killed one had taken would be free again in five minutes.
    client.execute("UPDATE doomed_objects SET taken_until = NULL", &[]).await.unwrap();
    let gone = poll(PATIENCE, async || count(&client, "doomed_objects").await == 0).await;
    assert!(gone, "{} are still doomed", count(&client, "doomed_objects").await);
    assert_eq!(objects(&folder), laid);
    dev.stop().await;
}
