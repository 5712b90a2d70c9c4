//! The frame of a use case that changes something.

/// Runs a unit of work as `retry`, `begin` and `finish` of `ports` have it: `unit!(store, |tx|
/// self.do_in(tx, command))`, where `do_in` answers a `Result` of the use case's own error. A body
/// in place names that error: `unit!(store, Error, |tx| { … })`.
macro_rules! unit {
    ($store:expr, $error:ty, |$tx:ident| $body:block) => {
        crate::unit::unit!($store, |$tx| async {
            let outcome: Result<_, $error> = async { $body }.await;
            outcome
        })
    };
    ($store:expr, |$tx:ident| $work:expr) => {
        ports::retry(|| async {
            let mut begun = $store.begin().await?;
            let $tx: &mut dyn ports::Tx = &mut *begun;
            let outcome = $work.await;
            ports::finish(begun, outcome).await
        })
        .await
    };
}

/// Lets an area's error tell how the store failed: it has `Store` itself, and a refusal of its own
/// for each of these constraints.
macro_rules! from_store {
    ($error:ty, $($constraint:pat => $refusal:ident,)*) => {
        impl From<ports::StoreError> for $error {
            fn from(error: ports::StoreError) -> Self {
                use ports::StoreError;
                match error {
                    $(StoreError::Conflict { constraint: $constraint } => Self::$refusal,)*
                    StoreError::Conflict { .. }
                    | StoreError::Contention(_)
                    | StoreError::DeadlineExceeded
                    | StoreError::Unavailable(_)
                    | StoreError::CommitUnknown(_)
                    | StoreError::Corrupt { .. } => Self::Store(error),
                }
            }
        }
    };
}

/// Values of several ids in the order asked, and the ids of which there is nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch<T, I> {
    pub found: Vec<T>,
    pub missing: Vec<I>,
}

impl<T, I: Copy + PartialEq> Batch<T, I> {
    /// Sorts what was found, which may come in any order. An id that is asked twice counts once.
    pub(crate) fn of(asked: &[I], mut found: Vec<T>, id: impl Fn(&T) -> I) -> Self {
        let mut batch = Self { found: Vec::new(), missing: Vec::new() };
        for (index, wanted) in asked.iter().enumerate() {
            if asked[..index].contains(wanted) {
                continue;
            }
            match found.iter().position(|item| id(item) == *wanted) {
                Some(place) => batch.found.push(found.swap_remove(place)),
                None => batch.missing.push(*wanted),
            }
        }
        batch
    }
}

pub(crate) use {from_store, unit};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_in_the_order_asked_and_names_what_is_missing() {
        let batch = Batch::of(&[3, 9, 1, 3], vec![(1, 'a'), (3, 'c')], |item| item.0);
        assert_eq!(batch.found, [(3, 'c'), (1, 'a')]);
        assert_eq!(batch.missing, [9]);
    }
}
