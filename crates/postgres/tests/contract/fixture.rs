//! A store on a database of its own.

use std::ops::Deref;

use postgres::Postgres;
use testkit::TestDatabase;

pub(crate) struct OwnStore {
    store: Postgres,
    /// Dropped last: it looks whether the store left anything open.
    pub(crate) database: TestDatabase,
}

pub(crate) async fn fixture() -> OwnStore {
    let database = TestDatabase::new().await;
    OwnStore { store: database.postgres().await, database }
}

impl Deref for OwnStore {
    type Target = Postgres;

    fn deref(&self) -> &Postgres {
        &self.store
    }
}
