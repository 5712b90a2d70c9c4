//! Statements in SQL whose plans the connection keeps.
//!
//! diesel's own `sql_query` is prepared anew at each use. Ours are constants, so that their text
//! can be the key of the connection's cache of prepared statements.

use std::marker::PhantomData;

use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Untyped};
use diesel::{QueryResult, query_dsl};

/// A statement with the values bound to its `$1`, `$2`, …, which MUST each stand once, in order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sql<Binds, Row = Untyped> {
    text: &'static str,
    binds: Binds,
    row: PhantomData<Row>,
}

/// The end of the list of binds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoBinds;

/// One more bind after the others.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bind<Others, Value, SqlType> {
    others: Others,
    value: Value,
    sql_type: PhantomData<SqlType>,
}

/// A statement whose result, if it has one, is read by the names of its columns.
pub(crate) const fn sql(text: &'static str) -> Sql<NoBinds> {
    Sql { text, binds: NoBinds, row: PhantomData }
}

/// A statement whose columns are those of `Row`, a tuple of SQL types, in order.
pub(crate) const fn rows<Row>(text: &'static str) -> Sql<NoBinds, Row> {
    Sql { text, binds: NoBinds, row: PhantomData }
}

impl<Binds, Row> Sql<Binds, Row> {
    pub(crate) fn bind<SqlType, Value>(
        self,
        value: Value,
    ) -> Sql<Bind<Binds, Value, SqlType>, Row> {
        let binds = Bind { others: self.binds, value, sql_type: PhantomData };
        Sql { text: self.text, binds, row: PhantomData }
    }
}

impl<Binds: Walk, Row> QueryFragment<Pg> for Sql<Binds, Row> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let rest = self.binds.walk(self.text, &mut out)?;
        out.push_sql(rest);
        Ok(())
    }
}

/// Writes the text up to and with its own placeholder, and returns what follows.
pub(crate) trait Walk {
    fn walk<'b>(
        &'b self,
        text: &'static str,
        out: &mut AstPass<'_, 'b, Pg>,
    ) -> QueryResult<&'static str>;
}

impl Walk for NoBinds {
    fn walk<'b>(
        &'b self,
        text: &'static str,
        _out: &mut AstPass<'_, 'b, Pg>,
    ) -> QueryResult<&'static str> {
        Ok(text)
    }
}

impl<Others, Value, SqlType> Walk for Bind<Others, Value, SqlType>
where
    Others: Walk,
    Value: ToSql<SqlType, Pg>,
    Pg: HasSqlType<SqlType>,
{
    fn walk<'b>(
        &'b self,
        text: &'static str,
        out: &mut AstPass<'_, 'b, Pg>,
    ) -> QueryResult<&'static str> {
        let text = self.others.walk(text, out)?;
        let (before, after) = text.split_once('$').ok_or_else(|| {
            diesel::result::Error::QueryBuilderError("more binds than placeholders".into())
        })?;
        out.push_sql(before);
        out.push_bind_param(&self.value)?;
        Ok(after.trim_start_matches(|c: char| c.is_ascii_digit()))
    }
}

impl<Binds, Row> QueryId for Sql<Binds, Row> {
    type QueryId = ();

    // Two statements may have the same types of binds: the text is the key, not the type.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Binds, Row> Query for Sql<Binds, Row> {
    type SqlType = Row;
}

impl<Binds, Row, Conn> query_dsl::RunQueryDsl<Conn> for Sql<Binds, Row> {}

#[cfg(test)]
mod tests {
    use diesel::debug_query;
    use diesel::sql_types::{BigInt, Text};

    use super::*;

    #[test]
    fn placeholders_are_numbered_and_the_statement_may_be_cached() {
        let query = sql("SELECT $1::bigint, $2 || 'x'").bind::<BigInt, _>(7).bind::<Text, _>("a");
        let text = debug_query::<Pg, _>(&query).to_string();
        assert_eq!(text, "SELECT $1::bigint, $2 || 'x' -- binds: [7, \"a\"]");
        assert!(query.is_safe_to_cache_prepared(&Pg).unwrap());
    }
}
