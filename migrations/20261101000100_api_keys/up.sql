-- Every rule of the `access` crate stands here a second time: a CHECK that fires is a bug.

CREATE TABLE api_keys (
    id uuid NOT NULL,
    name text NOT NULL,
    scopes text[] NOT NULL,
    hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,

    CONSTRAINT api_keys_pkey PRIMARY KEY (id),
    CONSTRAINT api_keys_name_valid CHECK (
        char_length(name) BETWEEN 1 AND 100
        AND name !~ '[\u0001-\u001f\u007f-\u009f]'
    ),
    -- Not which scopes there are: a newer server may know more of them than this step.
    CONSTRAINT api_keys_scopes_valid CHECK (
        cardinality(scopes) BETWEEN 1 AND 64
        AND array_ndims(scopes) = 1
        AND array_position(scopes, NULL) IS NULL
    ),
    CONSTRAINT api_keys_hash_valid CHECK (octet_length(hash) = 32),
    CONSTRAINT api_keys_ends_after_creation CHECK (
        expires_at >= created_at AND revoked_at >= created_at
    )
);

COMMENT ON TABLE api_keys IS
    'What the product''s other services call with. Keys that are over stay, for the record.';
COMMENT ON COLUMN api_keys.id IS 'UUIDv7, made by the service; it is part of the secret.';
COMMENT ON COLUMN api_keys.name IS 'What the key is for.';
COMMENT ON COLUMN api_keys.scopes IS 'What the key may be used for, such as users.read.';
COMMENT ON COLUMN api_keys.hash IS
    'HMAC-SHA256 of id and random bytes under the server''s pepper. The secret is not kept.';
COMMENT ON COLUMN api_keys.created_at IS 'When the key was issued.';
COMMENT ON COLUMN api_keys.expires_at IS 'From when on the key is refused, if it expires.';
COMMENT ON COLUMN api_keys.revoked_at IS 'When the key was revoked, if it was.';

-- Lists of keys, newest first.
CREATE INDEX api_keys_newest ON api_keys (created_at DESC, id DESC);
