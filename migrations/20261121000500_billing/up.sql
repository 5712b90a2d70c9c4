-- Every rule of the `billing` crate stands here a second time: a CHECK that fires is a bug.

CREATE TABLE operation_types (
    id text NOT NULL,
    description text,
    retired_at timestamptz,
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,

    CONSTRAINT operation_types_pkey PRIMARY KEY (id),
    CONSTRAINT operation_types_id_valid
        CHECK (id COLLATE "C" ~ '^[A-Za-z][A-Za-z0-9_.-]{0,63}$'),
    CONSTRAINT operation_types_description_valid CHECK (
        char_length(description) <= 1000
        AND btrim(description) <> ''
        AND description !~ '[\u0001-\u0009\u000b-\u001f\u007f-\u009f]'
    ),
    CONSTRAINT operation_types_revision_positive CHECK (revision >= 1)
);

COMMENT ON TABLE operation_types IS 'What is sold. Operators add rows at run time.';
COMMENT ON COLUMN operation_types.id IS 'The name in prices, transactions and usage.';
COMMENT ON COLUMN operation_types.description IS 'For people.';
COMMENT ON COLUMN operation_types.retired_at IS 'Since when nothing of it is quoted any more.';
COMMENT ON COLUMN operation_types.revision IS
    'Grows by one with each change; callers see it as an etag.';
COMMENT ON COLUMN operation_types.created_at IS 'When it was added.';
COMMENT ON COLUMN operation_types.updated_at IS 'When it was last changed.';

CREATE TABLE price_versions (
    id uuid NOT NULL,
    operation_type text NOT NULL,
    model text NOT NULL,
    edit boolean NOT NULL,
    number bigint NOT NULL,
    unit text,
    unit_price numeric(12, 2),
    minimum numeric(12, 2),
    covers_edit boolean NOT NULL,
    valid_from timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    author_key_id uuid,
    author_name text NOT NULL,
    reason text,

    CONSTRAINT price_versions_pkey PRIMARY KEY (id),
    CONSTRAINT price_versions_number_unique UNIQUE (operation_type, model, edit, number),
    CONSTRAINT price_versions_operation_type_fkey
        FOREIGN KEY (operation_type) REFERENCES operation_types (id),
    CONSTRAINT price_versions_model_valid CHECK (char_length(model) <= 128),
    CONSTRAINT price_versions_number_positive CHECK (number >= 1),
    CONSTRAINT price_versions_terms_whole CHECK (num_nulls(unit, unit_price, minimum) IN (0, 3)),
    CONSTRAINT price_versions_unit_known
        CHECK (unit IN ('job', 'image', 'second', 'thousand_characters')),
    CONSTRAINT price_versions_amounts_not_negative CHECK (unit_price >= 0 AND minimum >= 0),
    CONSTRAINT price_versions_edit_covers_no_edit CHECK (NOT (edit AND covers_edit)),
    CONSTRAINT price_versions_author_valid
        CHECK (char_length(author_name) BETWEEN 1 AND 200),
    CONSTRAINT price_versions_reason_valid CHECK (char_length(reason) BETWEEN 1 AND 1000)
);

COMMENT ON TABLE price_versions IS
    'What one unit costs from a moment on. Rows are added, never changed and never deleted.';
COMMENT ON COLUMN price_versions.id IS 'UUIDv7, made by the service.';
COMMENT ON COLUMN price_versions.operation_type IS 'What is sold.';
COMMENT ON COLUMN price_versions.model IS 'The logical model; empty for any.';
COMMENT ON COLUMN price_versions.edit IS 'Whether it is the price of an edit.';
COMMENT ON COLUMN price_versions.number IS
    'Counts the versions of operation type, model and edit: of two of one moment the later counts.';
COMMENT ON COLUMN price_versions.unit IS 'What is counted; null from where there is no price.';
COMMENT ON COLUMN price_versions.unit_price IS 'What one unit costs.';
COMMENT ON COLUMN price_versions.minimum IS 'The least that a total is.';
COMMENT ON COLUMN price_versions.covers_edit IS
    'Whether edits without a price of their own are sold at it.';
COMMENT ON COLUMN price_versions.valid_from IS 'From when on it is in force.';
COMMENT ON COLUMN price_versions.created_at IS 'When it was said.';
COMMENT ON COLUMN price_versions.author_key_id IS
    'The API key that said it; null for the defaults of a product.';
COMMENT ON COLUMN price_versions.author_name IS 'The name of the key at that time.';
COMMENT ON COLUMN price_versions.reason IS 'Why, in the operator''s words.';

-- The price in force: the first row of a key from a moment backwards.
CREATE INDEX price_versions_in_force
    ON price_versions (operation_type, model, edit, valid_from DESC, number DESC);

CREATE TABLE plans (
    id uuid NOT NULL,
    name text NOT NULL,
    description text,
    tier text NOT NULL,
    credits numeric(12, 2) NOT NULL,
    credits_interval text NOT NULL,
    currency text,
    price_monthly bigint,
    price_yearly bigint,
    features jsonb,
    daily_quota bigint,
    active boolean NOT NULL,
    sort_order integer NOT NULL,
    highlight boolean NOT NULL,
    badge text,
    cta_kind text,
    cta_label text,
    cta_url text,
    billing_source text,
    archived_at timestamptz,
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,

    CONSTRAINT plans_pkey PRIMARY KEY (id),
    CONSTRAINT plans_name_valid CHECK (char_length(name) BETWEEN 1 AND 200),
    CONSTRAINT plans_description_valid CHECK (char_length(description) BETWEEN 1 AND 5000),
    CONSTRAINT plans_tier_known CHECK (tier IN ('free', 'premium', 'pro', 'enterprise')),
    CONSTRAINT plans_credits_not_negative CHECK (credits >= 0),
    CONSTRAINT plans_credits_interval_known CHECK (credits_interval IN ('month', 'year')),
    CONSTRAINT plans_currency_valid CHECK (currency COLLATE "C" ~ '^[A-Z]{3}$'),
    CONSTRAINT plans_prices_not_negative CHECK (price_monthly >= 0 AND price_yearly >= 0),
    CONSTRAINT plans_features_object CHECK (jsonb_typeof(features) = 'object'),
    CONSTRAINT plans_daily_quota_not_negative CHECK (daily_quota BETWEEN 0 AND 4294967295),
    CONSTRAINT plans_badge_valid CHECK (char_length(badge) BETWEEN 1 AND 100),
    CONSTRAINT plans_cta_kind_valid CHECK (cta_kind COLLATE "C" ~ '^[a-z][a-z0-9_-]{0,31}$'),
    CONSTRAINT plans_cta_label_valid CHECK (char_length(cta_label) BETWEEN 1 AND 100),
    CONSTRAINT plans_cta_url_valid CHECK (char_length(cta_url) BETWEEN 1 AND 2048),
    CONSTRAINT plans_billing_source_valid
        CHECK (billing_source COLLATE "C" ~ '^[a-z][a-z0-9_-]{0,31}$'),
    CONSTRAINT plans_revision_positive CHECK (revision >= 1)
);

COMMENT ON TABLE plans IS 'What can be subscribed to. A small table that every server reads.';
COMMENT ON COLUMN plans.id IS 'UUIDv7, made by the service.';
COMMENT ON COLUMN plans.name IS 'What to call it.';
COMMENT ON COLUMN plans.description IS 'For people.';
COMMENT ON COLUMN plans.tier IS 'What it makes of its users.';
COMMENT ON COLUMN plans.credits IS 'What it gives each period.';
COMMENT ON COLUMN plans.credits_interval IS 'How long a period of the credits is.';
COMMENT ON COLUMN plans.currency IS 'Of the prices, in three letters.';
COMMENT ON COLUMN plans.price_monthly IS 'In minor units of the currency.';
COMMENT ON COLUMN plans.price_yearly IS 'In minor units of the currency.';
COMMENT ON COLUMN plans.features IS 'The product''s own details of the plan.';
COMMENT ON COLUMN plans.daily_quota IS 'Units a day; null for that of the tier.';
COMMENT ON COLUMN plans.active IS 'Whether it is offered.';
COMMENT ON COLUMN plans.sort_order IS 'Plans of lower numbers come first.';
COMMENT ON COLUMN plans.highlight IS 'Whether it stands out among the others.';
COMMENT ON COLUMN plans.badge IS 'A few words on it.';
COMMENT ON COLUMN plans.cta_kind IS 'What its button does, such as checkout.';
COMMENT ON COLUMN plans.cta_label IS 'What its button says.';
COMMENT ON COLUMN plans.cta_url IS 'Where its button leads.';
COMMENT ON COLUMN plans.billing_source IS 'Where it is billed.';
COMMENT ON COLUMN plans.archived_at IS 'Since when it is sold no more.';
COMMENT ON COLUMN plans.revision IS 'Grows by one with each change; callers see it as an etag.';
COMMENT ON COLUMN plans.created_at IS 'When it was made.';
COMMENT ON COLUMN plans.updated_at IS 'When it was last changed.';

CREATE INDEX plans_in_order ON plans (sort_order, id);

CREATE TABLE plan_external_ids (
    plan_id uuid NOT NULL,
    source text NOT NULL,
    external_id text NOT NULL,
    external_name text,

    CONSTRAINT plan_external_ids_pkey PRIMARY KEY (plan_id, source),
    CONSTRAINT plan_external_ids_external_unique UNIQUE (source, external_id),
    CONSTRAINT plan_external_ids_plan_fkey
        FOREIGN KEY (plan_id) REFERENCES plans (id) ON DELETE CASCADE,
    CONSTRAINT plan_external_ids_source_valid
        CHECK (source COLLATE "C" ~ '^[a-z][a-z0-9_-]{0,31}$'),
    CONSTRAINT plan_external_ids_id_valid CHECK (char_length(external_id) BETWEEN 1 AND 255),
    CONSTRAINT plan_external_ids_name_valid CHECK (char_length(external_name) BETWEEN 1 AND 200)
);

COMMENT ON TABLE plan_external_ids IS 'What other systems call a plan, one name each.';
COMMENT ON COLUMN plan_external_ids.plan_id IS 'The plan.';
COMMENT ON COLUMN plan_external_ids.source IS 'The other system.';
COMMENT ON COLUMN plan_external_ids.external_id IS 'Its id of the plan.';
COMMENT ON COLUMN plan_external_ids.external_name IS 'Its name of the plan.';

CREATE TABLE subscription_event_keys (
    source text NOT NULL,
    external_id text NOT NULL,
    event_id uuid NOT NULL,
    digest bytea NOT NULL,

    CONSTRAINT subscription_event_keys_pkey PRIMARY KEY (source, external_id),
    CONSTRAINT subscription_event_keys_source_valid
        CHECK (source COLLATE "C" ~ '^[a-z][a-z0-9_-]{0,31}$'),
    CONSTRAINT subscription_event_keys_external_id_valid
        CHECK (char_length(external_id) BETWEEN 1 AND 255),
    CONSTRAINT subscription_event_keys_digest_sha256 CHECK (octet_length(digest) = 32)
);

COMMENT ON TABLE subscription_event_keys IS
    'Which events were recorded, so that each is recorded once. Says nothing of whose they are, and '
    'so outlives the user: an event that is delivered again must not come back.';
COMMENT ON COLUMN subscription_event_keys.source IS 'Who told of the event.';
COMMENT ON COLUMN subscription_event_keys.external_id IS 'The source''s own id of the event.';
COMMENT ON COLUMN subscription_event_keys.event_id IS 'The event here.';
COMMENT ON COLUMN subscription_event_keys.digest IS 'Of what was told: the same again is a replay.';

CREATE TABLE subscription_events (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    source text NOT NULL,
    external_id text NOT NULL,
    kind text NOT NULL,
    plan_id uuid,
    occurred_at timestamptz NOT NULL,
    period_start timestamptz,
    period_end timestamptz,
    recorded_at timestamptz NOT NULL,
    payload text,

    CONSTRAINT subscription_events_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT subscription_events_user_fkey
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT subscription_events_plan_fkey FOREIGN KEY (plan_id) REFERENCES plans (id),
    CONSTRAINT subscription_events_kind_known CHECK (
        kind IN (
            'created', 'renewed', 'upgraded', 'downgraded', 'paused', 'resumed', 'cancelled',
            'ended', 'refunded', 'payment_failed'
        )
    ),
    CONSTRAINT subscription_events_plan_named
        CHECK (plan_id IS NOT NULL OR kind NOT IN ('created', 'upgraded', 'downgraded')),
    CONSTRAINT subscription_events_period_ordered CHECK (period_end > period_start),
    CONSTRAINT subscription_events_payload_bounded CHECK (octet_length(payload) <= 65536)
);

COMMENT ON TABLE subscription_events IS
    'What billing systems told of a user''s subscription. What it comes to is computed from these.';
COMMENT ON COLUMN subscription_events.user_id IS 'The user.';
COMMENT ON COLUMN subscription_events.id IS 'UUIDv7, made by the service.';
COMMENT ON COLUMN subscription_events.source IS 'Who told of it.';
COMMENT ON COLUMN subscription_events.external_id IS 'The source''s own id of the event.';
COMMENT ON COLUMN subscription_events.kind IS 'What happened.';
COMMENT ON COLUMN subscription_events.plan_id IS 'The plan, if the event names one.';
COMMENT ON COLUMN subscription_events.occurred_at IS 'When it happened, by the source.';
COMMENT ON COLUMN subscription_events.period_start IS 'The paid period, if the event tells of it.';
COMMENT ON COLUMN subscription_events.period_end IS 'The end of it.';
COMMENT ON COLUMN subscription_events.recorded_at IS 'When it was recorded here.';
COMMENT ON COLUMN subscription_events.payload IS 'What the source sent, as text.';

CREATE INDEX subscription_events_newest
    ON subscription_events (user_id, recorded_at DESC, id DESC);
CREATE INDEX subscription_events_plan ON subscription_events (plan_id);

CREATE TABLE pending_subscription_events (
    issuer text NOT NULL,
    subject text NOT NULL,
    id uuid NOT NULL,
    source text NOT NULL,
    external_id text NOT NULL,
    kind text NOT NULL,
    plan_id uuid,
    occurred_at timestamptz NOT NULL,
    period_start timestamptz,
    period_end timestamptz,
    recorded_at timestamptz NOT NULL,
    payload text,

    CONSTRAINT pending_subscription_events_pkey PRIMARY KEY (issuer, subject, id),
    CONSTRAINT pending_subscription_events_plan_fkey FOREIGN KEY (plan_id) REFERENCES plans (id),
    CONSTRAINT pending_subscription_events_issuer_valid
        CHECK (issuer COLLATE "C" ~ '^[!-~]{1,255}$'),
    CONSTRAINT pending_subscription_events_subject_valid
        CHECK (subject COLLATE "C" ~ '^[!-~]{1,255}$'),
    CONSTRAINT pending_subscription_events_payload_bounded CHECK (octet_length(payload) <= 65536)
);

COMMENT ON TABLE pending_subscription_events IS
    'Events of identities that no user has yet. They become the user''s in the step that creates it.';
COMMENT ON COLUMN pending_subscription_events.issuer IS 'As in user_identities.';
COMMENT ON COLUMN pending_subscription_events.subject IS 'As in user_identities.';
COMMENT ON COLUMN pending_subscription_events.id IS 'As in subscription_events.';
COMMENT ON COLUMN pending_subscription_events.source IS 'As in subscription_events.';
COMMENT ON COLUMN pending_subscription_events.external_id IS 'As in subscription_events.';
COMMENT ON COLUMN pending_subscription_events.kind IS 'As in subscription_events.';
COMMENT ON COLUMN pending_subscription_events.plan_id IS 'As in subscription_events.';
COMMENT ON COLUMN pending_subscription_events.occurred_at IS 'As in subscription_events.';
COMMENT ON COLUMN pending_subscription_events.period_start IS 'As in subscription_events.';
COMMENT ON COLUMN pending_subscription_events.period_end IS 'As in subscription_events.';
COMMENT ON COLUMN pending_subscription_events.recorded_at IS 'As in subscription_events.';
COMMENT ON COLUMN pending_subscription_events.payload IS 'As in subscription_events.';

CREATE INDEX pending_subscription_events_plan ON pending_subscription_events (plan_id);

CREATE TABLE allowances (
    user_id uuid NOT NULL,
    period_start timestamptz NOT NULL,
    period_end timestamptz NOT NULL,
    plan_id uuid,
    granted numeric(12, 2) NOT NULL,
    lots uuid[] NOT NULL,

    CONSTRAINT allowances_pkey PRIMARY KEY (user_id, period_start),
    CONSTRAINT allowances_user_fkey
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT allowances_plan_fkey FOREIGN KEY (plan_id) REFERENCES plans (id),
    CONSTRAINT allowances_period_ordered CHECK (period_end > period_start),
    CONSTRAINT allowances_granted_not_negative CHECK (granted >= 0)
);

COMMENT ON TABLE allowances IS
    'What was given for a period: the key is what keeps it from being given twice.';
COMMENT ON COLUMN allowances.user_id IS 'The user.';
COMMENT ON COLUMN allowances.period_start IS 'The beginning of the period.';
COMMENT ON COLUMN allowances.period_end IS 'The end of it, at which the credits expire.';
COMMENT ON COLUMN allowances.plan_id IS 'Whose credits they are; null for those of everyone.';
COMMENT ON COLUMN allowances.granted IS 'What was given so far, upgrades included.';
COMMENT ON COLUMN allowances.lots IS 'The ledger''s lots that it came in.';

CREATE INDEX allowances_plan ON allowances (plan_id);

CREATE TABLE quota_settings (
    user_id uuid NOT NULL,
    time_zone text NOT NULL,
    carried_start timestamptz,
    carried_end timestamptz,

    CONSTRAINT quota_settings_pkey PRIMARY KEY (user_id),
    CONSTRAINT quota_settings_user_fkey
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT quota_settings_time_zone_valid
        CHECK (time_zone COLLATE "C" ~ '^[A-Za-z0-9_+/-]{1,64}$'),
    CONSTRAINT quota_settings_carried_whole
        CHECK (num_nulls(carried_start, carried_end) IN (0, 2) AND carried_end > carried_start)
);

COMMENT ON TABLE quota_settings IS
    'Whose midnight begins the user''s day. Locked by whoever takes units.';
COMMENT ON COLUMN quota_settings.user_id IS 'The user.';
COMMENT ON COLUMN quota_settings.time_zone IS
    'The user''s time zone, by which the days count. Changes in the step that changes the user''s.';
COMMENT ON COLUMN quota_settings.carried_start IS
    'The beginning of the day that was running when the zone last changed.';
COMMENT ON COLUMN quota_settings.carried_end IS 'When that day would have ended without.';

CREATE TABLE quota_windows (
    user_id uuid NOT NULL,
    window_start timestamptz NOT NULL,
    used bigint NOT NULL,

    CONSTRAINT quota_windows_pkey PRIMARY KEY (user_id, window_start),
    CONSTRAINT quota_windows_user_fkey
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT quota_windows_used_valid CHECK (used BETWEEN 0 AND 4294967295)
) WITH (fillfactor = 70);

COMMENT ON TABLE quota_windows IS 'How many units were taken in each day that any were taken in.';
COMMENT ON COLUMN quota_windows.user_id IS 'The user.';
COMMENT ON COLUMN quota_windows.window_start IS 'When the day began.';
COMMENT ON COLUMN quota_windows.used IS 'Units taken and not given back.';

CREATE TABLE quota_takes (
    user_id uuid NOT NULL,
    request_id text NOT NULL,
    units bigint NOT NULL,
    window_start timestamptz NOT NULL,
    window_end timestamptz NOT NULL,
    taken_at timestamptz NOT NULL,
    given_back_at timestamptz,

    CONSTRAINT quota_takes_pkey PRIMARY KEY (user_id, request_id),
    CONSTRAINT quota_takes_user_fkey
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT quota_takes_request_id_valid CHECK (request_id COLLATE "C" ~ '^[!-~]{1,128}$'),
    CONSTRAINT quota_takes_units_valid CHECK (units BETWEEN 1 AND 4294967295),
    CONSTRAINT quota_takes_window_ordered CHECK (window_end > window_start)
);

COMMENT ON TABLE quota_takes IS 'Units that were taken, each once for its request.';
COMMENT ON COLUMN quota_takes.user_id IS 'The user.';
COMMENT ON COLUMN quota_takes.request_id IS 'The caller''s id.';
COMMENT ON COLUMN quota_takes.units IS 'How many.';
COMMENT ON COLUMN quota_takes.window_start IS 'The day that they count in, for good.';
COMMENT ON COLUMN quota_takes.window_end IS 'The end of that day as it was then.';
COMMENT ON COLUMN quota_takes.taken_at IS 'When they were taken.';
COMMENT ON COLUMN quota_takes.given_back_at IS 'When they were given back, if they were.';

CREATE TABLE usage_days (
    user_id uuid NOT NULL,
    day date NOT NULL,
    operation_type text NOT NULL,
    model text NOT NULL,
    project_id uuid NOT NULL,
    charges bigint NOT NULL,
    refunds bigint NOT NULL,
    charged numeric(14, 2) NOT NULL,
    refunded numeric(14, 2) NOT NULL,

    CONSTRAINT usage_days_pkey PRIMARY KEY (user_id, day, operation_type, model, project_id)
) WITH (fillfactor = 70);

COMMENT ON TABLE usage_days IS
    'The charges and refunds of each day in UTC, summed. Written with the transactions.';
COMMENT ON COLUMN usage_days.user_id IS 'The user.';
COMMENT ON COLUMN usage_days.day IS 'The day on which a charge or a refund began.';
COMMENT ON COLUMN usage_days.operation_type IS 'What for; empty where it was not said.';
COMMENT ON COLUMN usage_days.model IS 'By which model; empty where it was not said.';
COMMENT ON COLUMN usage_days.project_id IS 'In which project; nil where it was not said.';
COMMENT ON COLUMN usage_days.charges IS 'How many charges.';
COMMENT ON COLUMN usage_days.refunds IS 'How many refunds.';
COMMENT ON COLUMN usage_days.charged IS 'What the charges come to.';
COMMENT ON COLUMN usage_days.refunded IS 'What the refunds come to.';

INSERT INTO usage_days (user_id, day, operation_type, model, project_id, charges, refunds, charged,
    refunded)
SELECT user_id, (created_at AT TIME ZONE 'UTC')::date, coalesce(operation_type, ''),
    coalesce(model, ''), coalesce(project_id, '00000000-0000-0000-0000-000000000000'),
    count(*) FILTER (WHERE kind = 'deduction'), count(*) FILTER (WHERE kind = 'refund'),
    sum(captured), coalesce(sum(amount) FILTER (WHERE kind = 'refund'), 0)
FROM ledger_transactions
WHERE kind = 'refund'
    OR (kind = 'deduction' AND captured > 0 AND status IN ('completed', 'refunded'))
GROUP BY 1, 2, 3, 4, 5;

-- The sums go with the books. Not by a foreign key: a batch that adds a day's first row would lock
-- the user after the account, against the order of locks.
CREATE OR REPLACE FUNCTION ledger_forget(forgotten uuid, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $body$
BEGIN
    INSERT INTO ledger_tombstones
        (available, held, version, earned, spent, forfeited, head_hash, forgotten_at)
    SELECT available, held, version, earned, spent, forfeited, head_hash, at
    FROM ledger_accounts WHERE user_id = forgotten FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM set_config('atelier.forgotten_user', forgotten::text, true);
    DELETE FROM ledger_entries WHERE user_id = forgotten;
    PERFORM set_config('atelier.forgotten_user', '', true);
    DELETE FROM ledger_requests WHERE user_id = forgotten;
    DELETE FROM ledger_transactions WHERE user_id = forgotten;
    DELETE FROM ledger_lots WHERE user_id = forgotten;
    DELETE FROM usage_days WHERE user_id = forgotten;
    DELETE FROM ledger_accounts WHERE user_id = forgotten;
    RETURN true;
END
$body$;
