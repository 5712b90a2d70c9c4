//! The one shape of a change: begin, do, finish, and again after a lost race.

/// Runs the body with a unit of work of `$area.store` as `&mut dyn Tx`, commits on `Ok`, rolls back
/// on `Err`, and starts over where it lost a race.
macro_rules! unit_of_work {
    ($area:ident, $error:ty, |$tx:ident| $body:block) => {
        ports::retry(|| async {
            let mut unit = $area.store.begin().await?;
            let outcome: Result<_, $error> = {
                let $tx: &mut dyn ports::Tx = &mut *unit;
                async { $body }.await
            };
            ports::finish(unit, outcome).await
        })
        .await
    };
}
pub(crate) use unit_of_work;
