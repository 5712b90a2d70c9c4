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
