//! Lists that go by creation, newest first.

/// Orders a query of a table by creation, newest first, and narrows it to one row more than a page
/// after a position. The query is boxed.
macro_rules! newest_first {
    ($query:expr, $table:ident, $size:expr, $after:expr) => {{
        use diesel::prelude::{BoolExpressionMethods, ExpressionMethods, QueryDsl};
        // PageSize is at most 1,000.
        let one_more = i64::try_from($size.get()).unwrap_or(i64::MAX).saturating_add(1);
        let mut query = $query
            .order(($table::created_at.desc(), $table::id.desc()))
            .limit(one_more)
            .into_boxed();
        if let Some(kernel::Position { created_at, id }) = $after {
            let (at, id) = (crate::types::to_pg(created_at), *id.as_uuid());
            // The first condition alone is what the index can be entered by.
            query = query.filter($table::created_at.le(at)).filter(
                $table::created_at.lt(at).or($table::created_at.eq(at).and($table::id.lt(id))),
            );
        }
        query
    }};
}
pub(crate) use newest_first;
