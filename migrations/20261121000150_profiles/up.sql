-- The account, the preferences and the profile of a user. What is new in `users` has defaults, so
-- that servers of the release before go on.

-- The twin of kernel's `Labels`.
CREATE FUNCTION are_labels(labels text[], chars integer, most integer) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
    SELECT cardinality(labels) <= most
        AND NOT EXISTS (
            SELECT FROM unnest(labels) label
            WHERE label IS NULL OR NOT is_line(label, chars)
        )
$body$;
COMMENT ON FUNCTION are_labels IS
    'Whether there are few enough labels, none of them null and each a short line.';

ALTER TABLE users
    ADD COLUMN status text NOT NULL DEFAULT 'active',
    ADD COLUMN status_reason text,
    ADD COLUMN status_changed_at timestamptz,
    ADD COLUMN email_verified_at timestamptz,
    ADD COLUMN last_login_at timestamptz,
    ADD COLUMN language text NOT NULL DEFAULT 'en',
    ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC',
    ADD COLUMN notify_email boolean NOT NULL DEFAULT true,
    ADD COLUMN notify_push boolean NOT NULL DEFAULT false,
    ADD COLUMN visibility text NOT NULL DEFAULT 'private',
    ADD COLUMN gallery_showcase boolean NOT NULL DEFAULT false,
    ADD COLUMN content_filter text NOT NULL DEFAULT 'moderate',
    ADD CONSTRAINT users_status_known
        CHECK (status IN ('active', 'suspended', 'banned', 'deleted')),
    ADD CONSTRAINT users_status_reason_valid CHECK (is_line(status_reason, 500)),
    ADD CONSTRAINT users_email_verified_has_email
        CHECK (email_verified_at IS NULL OR email IS NOT NULL),
    ADD CONSTRAINT users_language_known CHECK (language IN ('en', 'zh', 'ja', 'ko')),
    ADD CONSTRAINT users_time_zone_valid CHECK (time_zone ~ '^[A-Za-z0-9_+/-]{1,64}$'),
    ADD CONSTRAINT users_visibility_known CHECK (visibility IN ('public', 'friends', 'private')),
    ADD CONSTRAINT users_content_filter_known
        CHECK (content_filter IN ('strict', 'moderate', 'relaxed'));

COMMENT ON COLUMN users.status IS 'Whether the user may use the product, and how far.';
COMMENT ON COLUMN users.status_reason IS 'Why the status was set, for operators.';
COMMENT ON COLUMN users.status_changed_at IS 'When the status was last set.';
COMMENT ON COLUMN users.email_verified_at IS 'When the present email address was verified.';
COMMENT ON COLUMN users.last_login_at IS 'When the user last signed in.';
COMMENT ON COLUMN users.language IS 'The language that the product speaks with the user.';
COMMENT ON COLUMN users.time_zone IS 'The user''s time zone by its IANA name.';
COMMENT ON COLUMN users.notify_email IS 'Whether the user wants email.';
COMMENT ON COLUMN users.notify_push IS 'Whether the user wants push messages.';
COMMENT ON COLUMN users.visibility IS 'Who may see the profile.';
COMMENT ON COLUMN users.gallery_showcase IS
    'Whether public characters may be shown in the gallery, if the profile is public too.';
COMMENT ON COLUMN users.content_filter IS 'How much the user wants to be spared.';

-- Lists of users of one status, newest first.
CREATE INDEX users_status_newest ON users (status, created_at DESC, id DESC);
-- Users whose address or name begins in some way.
CREATE INDEX users_email_prefix ON users (email_key COLLATE "C");
CREATE INDEX users_username_prefix ON users (username_key COLLATE "C");
-- Who has not been here for long.
CREATE INDEX users_last_login ON users (last_login_at);

CREATE TABLE user_profiles (
    user_id uuid NOT NULL,
    bio text,
    website_url text,
    social_links jsonb NOT NULL,
    profession text,
    company text,
    industry text,
    experience text,
    use_cases text[] NOT NULL,
    favourite_styles text[] NOT NULL,
    badges jsonb NOT NULL,
    likes bigint NOT NULL,
    downloads bigint NOT NULL,
    revision bigint NOT NULL,
    updated_at timestamptz NOT NULL,

    CONSTRAINT user_profiles_pkey PRIMARY KEY (user_id),
    CONSTRAINT user_profiles_user_fkey
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_profiles_bio_valid CHECK (is_prose(bio, 2000)),
    CONSTRAINT user_profiles_website_url_valid CHECK (
        char_length(website_url) <= 2048
        AND website_url ~* '^https?://[^/?#]'
        AND website_url !~ '[\u0001-\u0020\u007f-\u009f]'
    ),
    CONSTRAINT user_profiles_social_links_valid CHECK (jsonb_typeof(social_links) = 'object'),
    CONSTRAINT user_profiles_profession_valid CHECK (is_line(profession, 200)),
    CONSTRAINT user_profiles_company_valid CHECK (is_line(company, 200)),
    CONSTRAINT user_profiles_industry_valid CHECK (is_line(industry, 200)),
    CONSTRAINT user_profiles_experience_known
        CHECK (experience IN ('beginner', 'intermediate', 'advanced', 'professional')),
    CONSTRAINT user_profiles_use_cases_valid CHECK (are_labels(use_cases, 64, 32)),
    CONSTRAINT user_profiles_favourite_styles_valid
        CHECK (are_labels(favourite_styles, 64, 32)),
    CONSTRAINT user_profiles_badges_valid
        CHECK (jsonb_typeof(badges) = 'array' AND jsonb_array_length(badges) <= 100),
    CONSTRAINT user_profiles_counters_valid CHECK (likes >= 0 AND downloads >= 0),
    CONSTRAINT user_profiles_revision_positive CHECK (revision >= 1)
);

COMMENT ON TABLE user_profiles IS
    'What users tell about themselves, once they have told anything.';
COMMENT ON COLUMN user_profiles.user_id IS 'The user.';
COMMENT ON COLUMN user_profiles.bio IS 'What the user writes about themselves.';
COMMENT ON COLUMN user_profiles.website_url IS 'An http or https address.';
COMMENT ON COLUMN user_profiles.social_links IS 'The user''s name on each network.';
COMMENT ON COLUMN user_profiles.profession IS 'What the user does for a living.';
COMMENT ON COLUMN user_profiles.company IS 'Where the user works.';
COMMENT ON COLUMN user_profiles.industry IS 'The industry that the user works in.';
COMMENT ON COLUMN user_profiles.experience IS 'How experienced the user is at creating.';
COMMENT ON COLUMN user_profiles.use_cases IS 'What the user creates for.';
COMMENT ON COLUMN user_profiles.favourite_styles IS 'The styles that the user likes.';
COMMENT ON COLUMN user_profiles.badges IS
    'Awards in their order: objects of a kind and the microsecond since 1970.';
COMMENT ON COLUMN user_profiles.likes IS 'How often others liked the user''s work.';
COMMENT ON COLUMN user_profiles.downloads IS 'How often others downloaded the user''s work.';
COMMENT ON COLUMN user_profiles.revision IS
    'Grows by one with each change of the fields and badges; callers see it as an etag.';
COMMENT ON COLUMN user_profiles.updated_at IS 'When the fields or badges were last changed.';

CREATE INDEX user_profiles_profession ON user_profiles (profession);
CREATE INDEX user_profiles_industry ON user_profiles (industry);
