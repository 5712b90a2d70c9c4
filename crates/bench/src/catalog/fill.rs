//! What is in the database before the first page: 10,000 users and what they own.

use crate::cluster::Postgres;
use crate::failure::{Context, Failure};

pub(super) async fn fill(
    postgres: &Postgres,
    database: &str,
    characters: u32,
    many: u32,
) -> Result<(), Failure> {
    let client = postgres.connect(database).await?;
    let run = async |statements: &str| {
        client.batch_execute(statements).await.context("the database cannot be filled")
    };
    run(include_str!("../sql/owners.sql")).await?;
    // Built in the end, as one would for a bulk load.
    let indexes = "SELECT indexname::text, indexdef FROM pg_indexes \
                   WHERE tablename = 'characters' AND indexname <> 'characters_pkey'";
    let indexes = client.query(indexes, &[]).await.context("indexes unknown")?;
    for index in &indexes {
        run(&format!("DROP INDEX {}", index.get::<_, &str>(0))).await?;
    }
    let load = include_str!("../sql/characters.sql");
    run(&load.replace("{characters}", &characters.to_string())).await?;
    run("SET maintenance_work_mem = '256MB'").await?;
    for index in &indexes {
        run(index.get(1)).await?;
    }
    run("VACUUM ANALYZE characters").await?;
    let shelves = include_str!("../sql/shelves.sql");
    run(&shelves.replace("{many}", &many.to_string())).await?;
    run("VACUUM ANALYZE").await?;
    run("CHECKPOINT").await
}
