//! Scopes: what a credential may be used for. The same list as `Scope` in
//! `proto/atelier/common/v1/scope.proto`; a test in `server` holds the two together.

use std::fmt;
use std::str::FromStr;

/// One permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    UsersRead,
    UsersWrite,
    LedgerRead,
    LedgerWrite,
    LedgerAdmin,
    KeysAdmin,
    ActivityRead,
    ActivityWrite,
    AssetsRead,
    AssetsWrite,
    BillingRead,
    BillingWrite,
    BillingAdmin,
    ProjectsRead,
    ProjectsWrite,
    SharedRead,
    LibraryRead,
    LibraryWrite,
    UsersAdmin,
    CatalogRead,
    CatalogWrite,
    JobsRead,
    JobsWrite,
    EventsRead,
    JobsAdmin,
    ModelsRead,
    ModelsAdmin,
}

/// The text names no scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of {}", Scopes::all())]
pub struct ScopeError;

/// A set of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scopes(u64);

impl Scope {
    pub const ALL: [Self; 27] = [
        Self::UsersRead,
        Self::UsersWrite,
        Self::LedgerRead,
        Self::LedgerWrite,
        Self::LedgerAdmin,
        Self::KeysAdmin,
        Self::ActivityRead,
        Self::ActivityWrite,
        Self::AssetsRead,
        Self::AssetsWrite,
        Self::BillingRead,
        Self::BillingWrite,
        Self::BillingAdmin,
        Self::ProjectsRead,
        Self::ProjectsWrite,
        Self::SharedRead,
        Self::LibraryRead,
        Self::LibraryWrite,
        Self::UsersAdmin,
        Self::CatalogRead,
        Self::CatalogWrite,
        Self::JobsRead,
        Self::JobsWrite,
        Self::EventsRead,
        Self::JobsAdmin,
        Self::ModelsRead,
        Self::ModelsAdmin,
    ];

    /// The name in commands, settings and storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UsersRead => "users.read",
            Self::UsersWrite => "users.write",
            Self::LedgerRead => "ledger.read",
            Self::LedgerWrite => "ledger.write",
            Self::LedgerAdmin => "ledger.admin",
            Self::KeysAdmin => "keys.admin",
            Self::ActivityRead => "activity.read",
            Self::ActivityWrite => "activity.write",
            Self::AssetsRead => "assets.read",
            Self::AssetsWrite => "assets.write",
            Self::BillingRead => "billing.read",
            Self::BillingWrite => "billing.write",
            Self::BillingAdmin => "billing.admin",
            Self::ProjectsRead => "projects.read",
            Self::ProjectsWrite => "projects.write",
            Self::SharedRead => "shared.read",
            Self::LibraryRead => "library.read",
            Self::LibraryWrite => "library.write",
            Self::UsersAdmin => "users.admin",
            Self::CatalogRead => "catalog.read",
            Self::CatalogWrite => "catalog.write",
            Self::JobsRead => "jobs.read",
            Self::JobsWrite => "jobs.write",
            Self::EventsRead => "events.read",
            Self::JobsAdmin => "jobs.admin",
            Self::ModelsRead => "models.read",
            Self::ModelsAdmin => "models.admin",
        }
    }

    const fn bit(self) -> u64 {
        1 << self as u64
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text).ok_or(ScopeError)
    }
}

impl Scopes {
    pub const NONE: Self = Self(0);

    pub fn all() -> Self {
        Scope::ALL.into_iter().collect()
    }

    pub const fn contains(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    pub const fn is_subset_of(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The scopes in the order of [`Scope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.contains(*scope))
    }
}

impl fmt::Display for Scopes {
    /// The names, with commas between them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.iter().enumerate() {
            write!(f, "{}{scope}", if index == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | scope.bit()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_reads_back_from_its_name() {
        for scope in Scope::ALL {
            assert_eq!(scope.as_str().parse(), Ok(scope));
        }
        assert_eq!("users".parse::<Scope>(), Err(ScopeError));
    }

    #[test]
    fn sets_know_their_members() {
        let set: Scopes = [Scope::UsersRead, Scope::KeysAdmin].into_iter().collect();
        assert!(set.contains(Scope::KeysAdmin) && !set.contains(Scope::LedgerAdmin));
        assert!(set.is_subset_of(Scopes::all()) && !Scopes::all().is_subset_of(set));
        assert_eq!(set.iter().collect::<Vec<_>>(), [Scope::UsersRead, Scope::KeysAdmin]);
        assert_eq!(set.to_string(), "users.read,keys.admin");
        assert_eq!(Scopes::NONE.to_string(), "");
    }
}
