//! No RPC is without its row, and no row without its RPC.

use std::collections::BTreeSet;

use super::world::POOL;
use super::{
    access, accounts, activity, assets, billing, catalog, jobs, ledger, library, models, projects,
    users,
};

#[test]
fn every_rpc_of_every_service_has_one_row() {
    let rows = [
        access::rows(),
        accounts::rows(),
        activity::rows(),
        assets::rows(),
        billing::rows(),
        catalog::rows(),
        jobs::rows(),
        ledger::rows(),
        library::rows(),
        models::rows(),
        projects::rows(),
        users::rows(),
    ];
    let rows: Vec<&str> = rows.iter().flatten().map(|row| row.method).collect();
    let unique: BTreeSet<String> = rows.iter().map(|path| format!("atelier.{path}")).collect();
    assert_eq!(unique.len(), rows.len(), "an RPC has two rows: {rows:?}");
    let served: BTreeSet<String> = POOL
        .services()
        .flat_map(|service| service.methods().collect::<Vec<_>>())
        .map(|method| format!("{}/{}", method.parent_service().full_name(), method.name()))
        .collect();
    let without: Vec<_> = served.difference(&unique).collect();
    let beyond: Vec<_> = unique.difference(&served).collect();
    assert!(without.is_empty() && beyond.is_empty(), "no row: {without:?}; no RPC: {beyond:?}");
}
