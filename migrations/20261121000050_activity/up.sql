-- The twins of kernel's `Line` and `Prose`, for the CHECKs of every area. In PL/pgSQL, for functions in
-- SQL are parsed and planned into their CHECK again at every statement that writes a row: that took a
-- fifth of the time of inserting a job.

CREATE FUNCTION is_line(value text, chars_max integer) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $body$
BEGIN
    RETURN char_length(value) <= chars_max
        AND btrim(value) <> ''
        AND value !~ '[\u0001-\u001f\u007f-\u009f]';
END
$body$;
COMMENT ON FUNCTION is_line IS 'Whether a text is not blank, short enough and of one line.';

CREATE FUNCTION is_prose(value text, chars_max integer) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $body$
BEGIN
    RETURN char_length(value) <= chars_max
        AND btrim(value, E' \t\r\n') <> ''
        AND value !~ '[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]';
END
$body$;
COMMENT ON FUNCTION is_prose IS
    'Whether a text is not blank, short enough, and free of control characters but tabs and line '
    'breaks.';

CREATE FUNCTION is_json_object(value jsonb, bytes_max integer) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $body$
BEGIN
    -- Postgres prints a space after each comma and colon, which the domain does not count, and
    -- every digit of a number: of 1e308, which the domain counts as it came, 309.
    RETURN jsonb_typeof(value) = 'object' AND octet_length(value::text) <= 64 * bytes_max;
END
$body$;
COMMENT ON FUNCTION is_json_object IS
    'Whether a value is an object of about that many bytes at most; the domain counts exactly.';

-- Every rule of `users::activity` stands here a second time: a CHECK that fires is a bug.

CREATE TABLE activities (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    -- By bytes, so that the actions under some words are one range of the index.
    action text COLLATE "C" NOT NULL,
    subject_kind text COLLATE "C",
    subject_id text COLLATE "C",
    details jsonb,
    actor_kind text NOT NULL,
    actor_id uuid,
    address text,
    agent text,
    request_id text,

    CONSTRAINT activities_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT activities_user_fkey
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT activities_action_valid CHECK (
        action ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$' AND octet_length(action) <= 64
    ),
    CONSTRAINT activities_subject_whole CHECK (num_nulls(subject_kind, subject_id) IN (0, 2)),
    CONSTRAINT activities_subject_kind_valid CHECK (
        subject_kind ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$'
        AND octet_length(subject_kind) <= 64
    ),
    CONSTRAINT activities_subject_id_valid CHECK (subject_id ~ '^[!-~]{1,128}$'),
    CONSTRAINT activities_details_valid CHECK (is_json_object(details, 4096)),
    CONSTRAINT activities_actor_known CHECK (
        (actor_kind IN ('api_key', 'end_user') AND actor_id IS NOT NULL)
        OR (actor_kind = 'system' AND actor_id IS NULL)
    ),
    CONSTRAINT activities_address_valid CHECK (address COLLATE "C" ~ '^[0-9a-f:.]{2,45}$'),
    CONSTRAINT activities_agent_valid CHECK (is_line(agent, 512)),
    CONSTRAINT activities_request_id_valid CHECK (request_id COLLATE "C" ~ '^[!-~]{1,128}$')
);

COMMENT ON TABLE activities IS
    'What was done to what a user owns. Never changed, and gone with the user, or when it is older '
    'than the operator keeps it.';
COMMENT ON COLUMN activities.user_id IS 'Whose log this is.';
COMMENT ON COLUMN activities.id IS 'UUIDv7, made by the service.';
COMMENT ON COLUMN activities.at IS 'When it was done.';
COMMENT ON COLUMN activities.action IS 'What was done, such as character.created.';
COMMENT ON COLUMN activities.subject_kind IS 'What kind of thing it was done to, if to any.';
COMMENT ON COLUMN activities.subject_id IS 'The id of that thing.';
COMMENT ON COLUMN activities.details IS 'More to tell: a JSON object.';
COMMENT ON COLUMN activities.actor_kind IS 'Who did it: api_key, end_user or system.';
COMMENT ON COLUMN activities.actor_id IS 'The id of the key or the user who did it.';
COMMENT ON COLUMN activities.address IS 'The IP address it was asked from.';
COMMENT ON COLUMN activities.agent IS 'The program it was asked with, as it calls itself.';
COMMENT ON COLUMN activities.request_id IS 'The id of the call in the server''s own log.';

CREATE INDEX activities_newest ON activities (user_id, at DESC, id DESC);
CREATE INDEX activities_by_action ON activities (user_id, action, at DESC, id DESC);
CREATE INDEX activities_by_subject
    ON activities (user_id, subject_kind, subject_id, at DESC, id DESC)
    WHERE subject_id IS NOT NULL;

-- What is to be pruned. Entries come in the order of time, so a page's range says enough.
CREATE INDEX activities_oldest ON activities USING brin (at);

CREATE FUNCTION activities_refuse_rewriting() RETURNS trigger
LANGUAGE plpgsql AS $body$
BEGIN
    -- The two ways out are a deletion of the user, whose row has gone by the time that the foreign
    -- key takes the log with it, and activities_prune.
    IF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT FROM users WHERE id = OLD.user_id)
            OR OLD.at < nullif(current_setting('atelier.pruned_before', true), '')::timestamptz
        THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'the activity log is append-only: % refused', TG_OP
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'activities_append_only';
END
$body$;
CREATE TRIGGER activities_append_only BEFORE UPDATE OR DELETE ON activities
    FOR EACH ROW EXECUTE FUNCTION activities_refuse_rewriting();
CREATE TRIGGER activities_no_truncate BEFORE TRUNCATE ON activities
    FOR EACH STATEMENT EXECUTE FUNCTION activities_refuse_rewriting();

-- As its owner, for the role of the server may not delete entries.
CREATE FUNCTION activities_prune(before timestamptz, rows_max integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $body$
DECLARE
    pruned integer;
BEGIN
    PERFORM set_config('atelier.pruned_before', before::text, true);
    DELETE FROM activities WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM activities WHERE at < before LIMIT rows_max FOR UPDATE SKIP LOCKED
    ));
    GET DIAGNOSTICS pruned = ROW_COUNT;
    PERFORM set_config('atelier.pruned_before', '', true);
    RETURN pruned;
END
$body$;
COMMENT ON FUNCTION activities_prune IS
    'Deletes some entries that are older than the operator keeps them, and answers how many.';
REVOKE EXECUTE ON FUNCTION activities_prune FROM PUBLIC;
