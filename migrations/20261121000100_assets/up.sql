-- Every rule of the `assets` crate stands here a second time: a CHECK that fires is a bug.

CREATE TABLE assets (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    provider text NOT NULL,
    state text NOT NULL,
    key text,
    url text,
    path text,
    content_type text,
    bytes bigint,
    sha256 bytea,
    width integer,
    height integer,
    duration_ms bigint,
    metadata jsonb,
    upload_until timestamptz,
    stored_at timestamptz,
    deleted_at timestamptz,
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,

    CONSTRAINT assets_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT assets_user_fkey
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT assets_key_unique UNIQUE (key),
    CONSTRAINT assets_name_valid CHECK (
        char_length(name) <= 255
        AND btrim(name) <> ''
        AND name !~ '[\u0001-\u001f\u007f-\u009f]'
    ),
    CONSTRAINT assets_kind_known CHECK (kind IN ('image', 'video', 'audio', 'document')),
    CONSTRAINT assets_provider_valid CHECK (provider COLLATE "C" ~ '^[a-z0-9_.-]{1,64}$'),
    CONSTRAINT assets_state_known CHECK (state IN ('pending', 'stored', 'external')),
    -- Bytes are ours and all is known of them, or another's and only the address is.
    CONSTRAINT assets_state_whole CHECK (
        CASE state
            WHEN 'pending' THEN
                provider = 'atelier' AND num_nulls(key, content_type, bytes, sha256, upload_until) = 0
                AND num_nonnulls(url, path, stored_at, width, height, duration_ms) = 0
            WHEN 'stored' THEN
                provider = 'atelier' AND num_nulls(key, content_type, bytes, sha256, stored_at) = 0
                AND num_nonnulls(url, path, upload_until) = 0
            ELSE
                provider <> 'atelier' AND url IS NOT NULL
                AND num_nonnulls(
                    key, sha256, upload_until, stored_at, width, height, duration_ms
                ) = 0
        END
    ),
    CONSTRAINT assets_key_valid CHECK (
        key COLLATE "C" ~ '^a/[0-9a-f-]{36}\.[a-z0-9]{1,8}$' AND starts_with(key, 'a/' || id || '.')
    ),
    CONSTRAINT assets_url_valid CHECK (
        char_length(url) <= 2048
        AND url ~ '^https?://[^/?#@]+([/?#]|$)'
        AND url !~ '[\u0001-\u0020\u007f-\u009f]'
    ),
    CONSTRAINT assets_path_valid CHECK (
        char_length(path) <= 1024
        AND btrim(path) <> ''
        AND path !~ '[\u0001-\u001f\u007f-\u009f]'
    ),
    CONSTRAINT assets_content_type_valid CHECK (
        content_type COLLATE "C" ~ '^[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+$'
        AND octet_length(content_type) <= 127
    ),
    CONSTRAINT assets_bytes_valid CHECK (bytes >= 0 AND (bytes > 0 OR state = 'external')),
    CONSTRAINT assets_sha256_valid CHECK (octet_length(sha256) = 32),
    CONSTRAINT assets_size_valid CHECK (
        num_nulls(width, height) <> 1 AND width BETWEEN 1 AND 65535 AND height BETWEEN 1 AND 65535
    ),
    CONSTRAINT assets_size_seen CHECK (
        state <> 'stored' OR (kind IN ('image', 'video')) = (width IS NOT NULL)
    ),
    CONSTRAINT assets_duration_valid CHECK (
        duration_ms IS NULL
        OR (duration_ms BETWEEN 0 AND 2592000000 AND kind IN ('video', 'audio'))
    ),
    CONSTRAINT assets_metadata_valid CHECK (jsonb_typeof(metadata) = 'object'),
    CONSTRAINT assets_revision_positive CHECK (revision >= 1),
    CONSTRAINT assets_times_ordered CHECK (updated_at >= created_at)
);

COMMENT ON TABLE assets IS 'The files of users: what they are and where their bytes are.';
COMMENT ON COLUMN assets.user_id IS 'Whose file it is.';
COMMENT ON COLUMN assets.id IS 'UUIDv7, made by the service.';
COMMENT ON COLUMN assets.name IS 'What people call it.';
COMMENT ON COLUMN assets.kind IS 'What it is to people, by its content type.';
COMMENT ON COLUMN assets.provider IS 'Who keeps the bytes: atelier, or another.';
COMMENT ON COLUMN assets.state IS
    'pending: announced, to be uploaded; stored: there and checked; external: with another.';
COMMENT ON COLUMN assets.key IS 'Where our store keeps the bytes. Never an address.';
COMMENT ON COLUMN assets.url IS 'Where another provider keeps the bytes.';
COMMENT ON COLUMN assets.path IS 'What another provider calls the place.';
COMMENT ON COLUMN assets.content_type IS 'The type, checked for ours, as told for others.';
COMMENT ON COLUMN assets.bytes IS 'The length, checked for ours, as told for others.';
COMMENT ON COLUMN assets.sha256 IS 'SHA-256 of our bytes, announced and then checked.';
COMMENT ON COLUMN assets.width IS 'Pixels across, read from the bytes.';
COMMENT ON COLUMN assets.height IS 'Pixels down, read from the bytes.';
COMMENT ON COLUMN assets.duration_ms IS 'How long it lasts, read from the bytes.';
COMMENT ON COLUMN assets.metadata IS 'Whatever the product keeps with it.';
COMMENT ON COLUMN assets.upload_until IS 'When the upload must be finalized.';
COMMENT ON COLUMN assets.stored_at IS 'When the bytes were checked.';
COMMENT ON COLUMN assets.deleted_at IS 'When it was deleted. The bytes stay until it is purged.';
COMMENT ON COLUMN assets.revision IS 'Grows by one with each change; callers see it as an etag.';
COMMENT ON COLUMN assets.created_at IS 'When it was announced or made.';
COMMENT ON COLUMN assets.updated_at IS 'When it was last changed.';

-- Lists of a user's assets, newest first: all, of a kind, of a provider.
CREATE INDEX assets_newest ON assets (user_id, created_at DESC, id DESC);
CREATE INDEX assets_newest_of_kind ON assets (user_id, kind, created_at DESC, id DESC);
CREATE INDEX assets_newest_of_provider ON assets (user_id, provider, created_at DESC, id DESC);
-- Uploads that nobody finalized.
CREATE INDEX assets_abandoned ON assets (upload_until) WHERE state = 'pending';

-- The one table without a user: it outlives its users, and names nobody.
CREATE TABLE doomed_objects (
    key text NOT NULL,
    doomed_at timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    taken_until timestamptz,

    CONSTRAINT doomed_objects_pkey PRIMARY KEY (key),
    CONSTRAINT doomed_objects_attempts_valid CHECK (attempts >= 0)
);

COMMENT ON TABLE doomed_objects IS
    'Bytes in our store that nothing refers to any more, until they are gone.';
COMMENT ON COLUMN doomed_objects.key IS 'Where our store keeps the bytes.';
COMMENT ON COLUMN doomed_objects.doomed_at IS 'Since when nothing refers to them.';
COMMENT ON COLUMN doomed_objects.attempts IS 'How often somebody has set out to delete them.';
COMMENT ON COLUMN doomed_objects.taken_until IS 'Until when somebody is about to delete them, or somebody may still upload them.';

CREATE INDEX doomed_objects_oldest ON doomed_objects (doomed_at);

-- Whatever removes rows of assets, a purge or the cascade of a user's deletion, dooms their bytes
-- in the same transaction: there is no moment at which neither table knows of them.
CREATE FUNCTION assets_doom() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- What may still be uploaded is deleted when it no longer may.
    INSERT INTO doomed_objects (key, taken_until)
        SELECT key, upload_until FROM gone WHERE key IS NOT NULL ORDER BY key
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION assets_doom IS 'Dooms the bytes of assets that were removed.';

CREATE TRIGGER assets_doom AFTER DELETE ON assets
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION assets_doom();
