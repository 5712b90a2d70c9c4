-- Every rule of the `users` crate stands here a second time: a CHECK that fires is a bug.

CREATE TABLE users (
    id uuid NOT NULL,
    email text,
    email_key text GENERATED ALWAYS AS (lower(email COLLATE "C")) STORED,
    username text,
    username_key text GENERATED ALWAYS AS (lower(username COLLATE "C")) STORED,
    display_name text,
    first_name text,
    last_name text,
    avatar_url text,
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,

    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_unique UNIQUE (email_key),
    CONSTRAINT users_username_unique UNIQUE (username_key),
    CONSTRAINT users_email_valid CHECK (
        email COLLATE "C" ~ '^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$'
        AND octet_length(email) <= 254
    ),
    CONSTRAINT users_username_valid CHECK (username COLLATE "C" ~ '^[A-Za-z0-9_]{3,30}$'),
    CONSTRAINT users_display_name_valid CHECK (
        char_length(display_name) <= 200
        AND btrim(display_name) <> ''
        AND display_name !~ '[\u0001-\u001f\u007f-\u009f]'
    ),
    CONSTRAINT users_first_name_valid CHECK (
        char_length(first_name) <= 100
        AND btrim(first_name) <> ''
        AND first_name !~ '[\u0001-\u001f\u007f-\u009f]'
    ),
    CONSTRAINT users_last_name_valid CHECK (
        char_length(last_name) <= 100
        AND btrim(last_name) <> ''
        AND last_name !~ '[\u0001-\u001f\u007f-\u009f]'
    ),
    CONSTRAINT users_avatar_url_valid CHECK (
        char_length(avatar_url) <= 2048
        AND avatar_url ~* '^https?://[^/?#]'
        AND avatar_url !~ '[\u0001-\u0020\u007f-\u009f]'
    ),
    CONSTRAINT users_revision_positive CHECK (revision >= 1),
    CONSTRAINT users_times_ordered CHECK (updated_at >= created_at)
);

COMMENT ON TABLE users IS
    'Who a product''s credits, projects and characters belong to.';
COMMENT ON COLUMN users.id IS 'UUIDv7, made by the service.';
COMMENT ON COLUMN users.email IS 'The address as written, if the product has one.';
COMMENT ON COLUMN users.email_key IS 'The address in lower case: unique among users.';
COMMENT ON COLUMN users.username IS 'The username as written, if the product has one.';
COMMENT ON COLUMN users.username_key IS 'The username in lower case: unique among users.';
COMMENT ON COLUMN users.display_name IS 'What to call the user.';
COMMENT ON COLUMN users.first_name IS 'The first name.';
COMMENT ON COLUMN users.last_name IS 'The last name.';
COMMENT ON COLUMN users.avatar_url IS 'An http or https address of a picture.';
COMMENT ON COLUMN users.revision IS 'Grows by one with each change; callers see it as an etag.';
COMMENT ON COLUMN users.created_at IS 'When the user was created.';
COMMENT ON COLUMN users.updated_at IS 'When the user was last changed.';

-- Lists of users, newest first.
CREATE INDEX users_newest ON users (created_at DESC, id DESC);

-- The one user-owned table whose key does not begin with user_id: it answers who has an identity.
CREATE TABLE user_identities (
    issuer text NOT NULL,
    subject text NOT NULL,
    user_id uuid NOT NULL,
    position integer NOT NULL,

    CONSTRAINT user_identities_pkey PRIMARY KEY (issuer, subject),
    CONSTRAINT user_identities_position_unique UNIQUE (user_id, position),
    CONSTRAINT user_identities_user_fkey
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_identities_issuer_valid CHECK (issuer COLLATE "C" ~ '^[!-~]{1,255}$'),
    CONSTRAINT user_identities_subject_valid CHECK (subject COLLATE "C" ~ '^[!-~]{1,255}$'),
    CONSTRAINT user_identities_position_valid CHECK (position >= 0)
);

COMMENT ON TABLE user_identities IS
    'How users sign in: a subject that an issuer vouches for belongs to one user.';
COMMENT ON COLUMN user_identities.issuer IS 'Who vouches, compared byte for byte.';
COMMENT ON COLUMN user_identities.subject IS 'The issuer''s own id of the user.';
COMMENT ON COLUMN user_identities.user_id IS 'The user.';
COMMENT ON COLUMN user_identities.position IS
    'The order among the user''s identities, oldest first.';
