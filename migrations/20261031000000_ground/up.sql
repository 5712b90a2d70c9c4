CREATE TABLE schema_window (
    singleton boolean CONSTRAINT schema_window_pkey PRIMARY KEY DEFAULT true,
    build_min text NOT NULL,
    CONSTRAINT schema_window_singleton CHECK (singleton)
);
COMMENT ON TABLE schema_window IS
    'One row: which builds can still work with this schema. Contract migrations move it.';
COMMENT ON COLUMN schema_window.build_min IS
    'The newest migration that a build must know to be let in.';

INSERT INTO schema_window (build_min) VALUES ('20261031000000');
COMMENT ON COLUMN schema_window.singleton IS 'Always true: there is one row.';

-- Where events stand, in every table that they are read from: in the order of (xact, number), and
-- told only below the oldest transaction that is still open.
CREATE SEQUENCE event_numbers;
COMMENT ON SEQUENCE event_numbers IS
    'Counts what is ever told. Not cached: numbers of two connections are in the order of asking.';

-- An id of one's own is taken long before one may wait for a lock. So it alone would put what was
-- told after the wait before what was told by whoever was waited for.
CREATE FUNCTION event_xact() RETURNS bigint LANGUAGE sql VOLATILE AS $body$
    SELECT greatest(
        pg_current_xact_id()::text::bigint,
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1
    )
$body$;
COMMENT ON FUNCTION event_xact IS
    'The transaction at hand, or the last that has ended if that is later: what is told after a '
    'commit stands after what was told before it.';
