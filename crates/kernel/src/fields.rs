//! Fields that callers set, and changes of some of them by name.

/// A set of fields that an update mask may name.
pub trait Fields: Clone + PartialEq {
    /// The names that a mask may have.
    const NAMES: &'static [&'static str];

    /// Takes over the named field from `other`. Other names change nothing.
    fn take(&mut self, other: &Self, name: &str);
}

/// A change of the fields that are named; the other values mean nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch<F> {
    pub values: F,
    pub names: Vec<&'static str>,
}

impl<F: Fields> Patch<F> {
    /// The fields once the change is made.
    pub fn apply(&self, present: &F) -> F {
        let mut fields = present.clone();
        for name in &self.names {
            fields.take(&self.values, name);
        }
        fields
    }
}

/// Declares a struct of fields together with their names.
#[macro_export]
macro_rules! fields {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $kind,)*
        }

        impl $crate::Fields for $name {
            const NAMES: &'static [&'static str] = &[$(stringify!($field),)*];

            fn take(&mut self, other: &Self, name: &str) {
                $(if name == stringify!($field) {
                    self.$field = other.$field.clone();
                })*
            }
        }
    };
}
