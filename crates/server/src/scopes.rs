//! Scopes on the wire and in the rules: the same list twice, held together by a test.

use access::Scope;
use proto::atelier::common::v1::Scope as Wire;

/// The scope that callers name. `None` for what no credential can hold.
pub fn scope_from_proto(scope: Wire) -> Option<Scope> {
    match scope {
        Wire::Unspecified | Wire::Public => None,
        Wire::UsersRead => Some(Scope::UsersRead),
        Wire::UsersWrite => Some(Scope::UsersWrite),
        Wire::LedgerRead => Some(Scope::LedgerRead),
        Wire::LedgerWrite => Some(Scope::LedgerWrite),
        Wire::LedgerAdmin => Some(Scope::LedgerAdmin),
        Wire::KeysAdmin => Some(Scope::KeysAdmin),
        Wire::BillingRead => Some(Scope::BillingRead),
        Wire::BillingWrite => Some(Scope::BillingWrite),
        Wire::BillingAdmin => Some(Scope::BillingAdmin),
        Wire::ActivityRead => Some(Scope::ActivityRead),
        Wire::ActivityWrite => Some(Scope::ActivityWrite),
        Wire::AssetsRead => Some(Scope::AssetsRead),
        Wire::AssetsWrite => Some(Scope::AssetsWrite),
        Wire::ProjectsRead => Some(Scope::ProjectsRead),
        Wire::ProjectsWrite => Some(Scope::ProjectsWrite),
        Wire::SharedRead => Some(Scope::SharedRead),
        Wire::LibraryRead => Some(Scope::LibraryRead),
        Wire::LibraryWrite => Some(Scope::LibraryWrite),
        Wire::UsersAdmin => Some(Scope::UsersAdmin),
        Wire::CatalogRead => Some(Scope::CatalogRead),
        Wire::CatalogWrite => Some(Scope::CatalogWrite),
        Wire::JobsRead => Some(Scope::JobsRead),
        Wire::JobsWrite => Some(Scope::JobsWrite),
        Wire::EventsRead => Some(Scope::EventsRead),
        Wire::JobsAdmin => Some(Scope::JobsAdmin),
        Wire::ModelsRead => Some(Scope::ModelsRead),
        Wire::ModelsAdmin => Some(Scope::ModelsAdmin),
    }
}

pub fn scope_to_proto(scope: Scope) -> Wire {
    match scope {
        Scope::UsersRead => Wire::UsersRead,
        Scope::UsersWrite => Wire::UsersWrite,
        Scope::LedgerRead => Wire::LedgerRead,
        Scope::LedgerWrite => Wire::LedgerWrite,
        Scope::LedgerAdmin => Wire::LedgerAdmin,
        Scope::KeysAdmin => Wire::KeysAdmin,
        Scope::BillingRead => Wire::BillingRead,
        Scope::BillingWrite => Wire::BillingWrite,
        Scope::BillingAdmin => Wire::BillingAdmin,
        Scope::ActivityRead => Wire::ActivityRead,
        Scope::ActivityWrite => Wire::ActivityWrite,
        Scope::AssetsRead => Wire::AssetsRead,
        Scope::AssetsWrite => Wire::AssetsWrite,
        Scope::ProjectsRead => Wire::ProjectsRead,
        Scope::ProjectsWrite => Wire::ProjectsWrite,
        Scope::SharedRead => Wire::SharedRead,
        Scope::LibraryRead => Wire::LibraryRead,
        Scope::LibraryWrite => Wire::LibraryWrite,
        Scope::UsersAdmin => Wire::UsersAdmin,
        Scope::CatalogRead => Wire::CatalogRead,
        Scope::CatalogWrite => Wire::CatalogWrite,
        Scope::JobsRead => Wire::JobsRead,
        Scope::JobsWrite => Wire::JobsWrite,
        Scope::EventsRead => Wire::EventsRead,
        Scope::JobsAdmin => Wire::JobsAdmin,
        Scope::ModelsRead => Wire::ModelsRead,
        Scope::ModelsAdmin => Wire::ModelsAdmin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_lists_are_the_same() {
        for scope in Scope::ALL {
            assert_eq!(scope_from_proto(scope_to_proto(scope)), Some(scope));
            let name = scope.as_str().replace('.', "_").to_uppercase();
            assert_eq!(scope_to_proto(scope).as_str_name(), format!("SCOPE_{name}"));
        }
        let named = (0..1000).filter_map(|number| Wire::try_from(number).ok());
        assert_eq!(named.filter_map(scope_from_proto).count(), Scope::ALL.len());
    }
}
