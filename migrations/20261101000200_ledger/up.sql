-- The foreign keys of the ledger end at ledger_accounts. Its other tables have none: a check for
-- each row would cost more than the insert, and the account's row is locked and read by every unit
-- of work that writes to them. `atelier verify` shows that they agree.

CREATE TABLE ledger_accounts (
    user_id uuid CONSTRAINT ledger_accounts_pkey PRIMARY KEY
        CONSTRAINT ledger_accounts_user_id_fkey REFERENCES users (id),
    available numeric(12, 2) NOT NULL,
    held numeric(12, 2) NOT NULL,
    version bigint NOT NULL,
    earned numeric(12, 2) NOT NULL,
    spent numeric(12, 2) NOT NULL,
    forfeited numeric(12, 2) NOT NULL,
    head_hash bytea NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT ledger_accounts_available_not_negative CHECK (available >= 0),
    CONSTRAINT ledger_accounts_held_not_negative CHECK (held >= 0),
    CONSTRAINT ledger_accounts_version_not_negative CHECK (version >= 0),
    CONSTRAINT ledger_accounts_books_close
        CHECK (available + held + spent + forfeited = earned AND spent >= 0 AND forfeited >= 0),
    CONSTRAINT ledger_accounts_head_hash_sha256 CHECK (octet_length(head_hash) = 32)
-- Room on each page for new versions of its rows: every command updates one.
) WITH (fillfactor = 50);
COMMENT ON TABLE ledger_accounts IS 'The account of each user: the sum of its entries.';
COMMENT ON COLUMN ledger_accounts.user_id IS 'Whose account it is.';
COMMENT ON COLUMN ledger_accounts.available IS 'What can be spent now.';
COMMENT ON COLUMN ledger_accounts.held IS 'What open holds have set aside.';
COMMENT ON COLUMN ledger_accounts.version IS 'The number of the last entry.';
COMMENT ON COLUMN ledger_accounts.earned IS 'Everything that ever came in.';
COMMENT ON COLUMN ledger_accounts.spent IS 'Everything charged, less what was refunded.';
COMMENT ON COLUMN ledger_accounts.forfeited IS 'Everything expired or adjusted away.';
COMMENT ON COLUMN ledger_accounts.head_hash IS 'The hash of the last entry; zeros before the first.';
COMMENT ON COLUMN ledger_accounts.updated_at IS 'When the last entry took effect.';

CREATE TABLE ledger_lots (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    source text NOT NULL,
    amount numeric(12, 2) NOT NULL,
    remaining numeric(12, 2) NOT NULL,
    priority integer NOT NULL,
    effective_at timestamptz NOT NULL,
    expires_at timestamptz,
    opened_at timestamptz NOT NULL,
    state text NOT NULL,
    live boolean NOT NULL,
    due_at timestamptz,
    CONSTRAINT ledger_lots_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT ledger_lots_source_known
        CHECK (source IN ('signup', 'purchase', 'plan', 'promotion', 'adjustment', 'refund')),
    CONSTRAINT ledger_lots_state_known CHECK (state IN ('scheduled', 'open', 'expired')),
    CONSTRAINT ledger_lots_amount_positive CHECK (amount > 0),
    CONSTRAINT ledger_lots_remaining_within_amount CHECK (remaining BETWEEN 0 AND amount),
    CONSTRAINT ledger_lots_expires_after_start CHECK (expires_at > effective_at)
) WITH (fillfactor = 70);
COMMENT ON TABLE ledger_lots IS 'Credits that came in together, and what is left of them.';
COMMENT ON COLUMN ledger_lots.user_id IS 'Whose credits they are.';
COMMENT ON COLUMN ledger_lots.id IS 'The id of the transaction that opened the lot.';
COMMENT ON COLUMN ledger_lots.source IS 'Where they came from.';
COMMENT ON COLUMN ledger_lots.amount IS 'How many came in.';
COMMENT ON COLUMN ledger_lots.remaining IS 'What is neither spent, held nor expired.';
COMMENT ON COLUMN ledger_lots.priority IS 'Lots of a lower number burn first.';
COMMENT ON COLUMN ledger_lots.effective_at IS 'From when on they can be spent.';
COMMENT ON COLUMN ledger_lots.expires_at IS 'From when on they cannot any more, if they expire.';
COMMENT ON COLUMN ledger_lots.opened_at IS 'When they came in.';
COMMENT ON COLUMN ledger_lots.state IS
    'scheduled: not to be spent yet; open; expired. One that is used up stays open.';
COMMENT ON COLUMN ledger_lots.live IS
    'Whether decisions must read the lot. Beside remaining, so that paying from a lot updates no index.';
COMMENT ON COLUMN ledger_lots.due_at IS 'When the clock will next change a live lot.';
CREATE INDEX ledger_lots_live ON ledger_lots (user_id) WHERE live;
CREATE INDEX ledger_lots_due ON ledger_lots (due_at) WHERE live AND due_at IS NOT NULL;

CREATE TABLE ledger_transactions (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    status text NOT NULL,
    amount numeric(12, 2) NOT NULL,
    balance_after numeric(12, 2) NOT NULL,
    operation_type text,
    model text,
    operation_id text,
    edit_price boolean NOT NULL,
    project_id uuid,
    reference text,
    description text,
    metadata jsonb,
    parent_id uuid,
    hold_amount numeric(12, 2),
    hold_end text,
    over_capture text,
    late_capture text,
    lease_until timestamptz,
    captured numeric(12, 2) NOT NULL,
    refunded numeric(12, 2) NOT NULL,
    allocations jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    processed_at timestamptz,
    CONSTRAINT ledger_transactions_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT ledger_transactions_kind_known CHECK (
        kind IN ('deduction', 'refund', 'purchase', 'grant', 'expiration', 'adjustment')
    ),
    CONSTRAINT ledger_transactions_status_known
        CHECK (status IN ('pending', 'completed', 'failed', 'cancelled', 'refunded')),
    CONSTRAINT ledger_transactions_hold_whole CHECK (
        num_nulls(hold_amount, over_capture, late_capture, lease_until) IN (0, 4)
    ),
    CONSTRAINT ledger_transactions_hold_end_known
        CHECK (hold_end IN ('captured', 'captured_late', 'released', 'lapsed')),
    CONSTRAINT ledger_transactions_open_hold_pending
        CHECK (hold_amount IS NULL OR (status = 'pending') = (hold_end IS NULL)),
    CONSTRAINT ledger_transactions_refunded_within_captured
        CHECK (captured >= 0 AND refunded BETWEEN 0 AND captured)
) WITH (fillfactor = 90);
COMMENT ON TABLE ledger_transactions IS 'What callers see of each movement of credits.';
COMMENT ON COLUMN ledger_transactions.user_id IS 'Whose credits it moves.';
COMMENT ON COLUMN ledger_transactions.id IS
    'A UUIDv7 of created_at to the microsecond: the primary key is also the order of time.';
COMMENT ON COLUMN ledger_transactions.kind IS 'What it is: a hold is a pending deduction.';
COMMENT ON COLUMN ledger_transactions.status IS 'How far it is.';
COMMENT ON COLUMN ledger_transactions.amount IS 'Negative where credits leave.';
COMMENT ON COLUMN ledger_transactions.balance_after IS 'What was available after the last change.';
COMMENT ON COLUMN ledger_transactions.operation_type IS
    'What the credits are for, as the caller says.';
COMMENT ON COLUMN ledger_transactions.model IS 'Which model is paid for, as the caller says.';
COMMENT ON COLUMN ledger_transactions.operation_id IS 'The caller''s own id of the operation.';
COMMENT ON COLUMN ledger_transactions.edit_price IS 'Whether the price of an edit was taken.';
COMMENT ON COLUMN ledger_transactions.project_id IS
    'The project that it is for. No reference: it may be gone.';
COMMENT ON COLUMN ledger_transactions.reference IS 'The caller''s own words to find it by.';
COMMENT ON COLUMN ledger_transactions.description IS 'What people are told of it.';
COMMENT ON COLUMN ledger_transactions.metadata IS 'What the product keeps with it: a JSON object.';
COMMENT ON COLUMN ledger_transactions.parent_id IS 'The deduction that a refund is of.';
COMMENT ON COLUMN ledger_transactions.hold_amount IS 'What a hold has set aside.';
COMMENT ON COLUMN ledger_transactions.hold_end IS 'How the hold ended, if it has.';
COMMENT ON COLUMN ledger_transactions.over_capture IS 'What becomes of a capture of more than is held.';
COMMENT ON COLUMN ledger_transactions.late_capture IS 'What becomes of a capture after the lease.';
COMMENT ON COLUMN ledger_transactions.lease_until IS 'Until when the hold is kept.';
COMMENT ON COLUMN ledger_transactions.captured IS 'What was charged.';
COMMENT ON COLUMN ledger_transactions.refunded IS 'What of that was given back.';
COMMENT ON COLUMN ledger_transactions.allocations IS
    'Which lots paid: an array of [lot id, amount, returned], in burn order.';
COMMENT ON COLUMN ledger_transactions.created_at IS 'When it began.';
COMMENT ON COLUMN ledger_transactions.processed_at IS 'When the transaction left pending.';
CREATE INDEX ledger_transactions_open_of_user ON ledger_transactions (user_id, lease_until)
    WHERE status = 'pending' AND lease_until IS NOT NULL;
CREATE INDEX ledger_transactions_open_by_lease ON ledger_transactions (lease_until)
    WHERE status = 'pending' AND lease_until IS NOT NULL;
CREATE INDEX ledger_transactions_reference ON ledger_transactions (user_id, reference)
    WHERE reference IS NOT NULL;

CREATE TABLE ledger_requests (
    user_id uuid NOT NULL,
    request_id text NOT NULL,
    digest bytea NOT NULL,
    transaction_id uuid NOT NULL,
    status text NOT NULL,
    lease_until timestamptz,
    available numeric(12, 2) NOT NULL,
    held numeric(12, 2) NOT NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT ledger_requests_pkey PRIMARY KEY (user_id, request_id),
    CONSTRAINT ledger_requests_digest_sha256 CHECK (octet_length(digest) = 32)
);
COMMENT ON TABLE ledger_requests IS
    'Every request that was carried out, with what of its answer changes later.';
COMMENT ON COLUMN ledger_requests.user_id IS 'Whose account the request was on.';
COMMENT ON COLUMN ledger_requests.request_id IS
    'The caller''s own id of it: the same is the same request.';
COMMENT ON COLUMN ledger_requests.digest IS
    'SHA-256 of the payload: another one under the same id is refused.';
COMMENT ON COLUMN ledger_requests.transaction_id IS 'What came of it.';
COMMENT ON COLUMN ledger_requests.status IS 'The status that was answered.';
COMMENT ON COLUMN ledger_requests.lease_until IS 'The lease that was answered, of a hold.';
COMMENT ON COLUMN ledger_requests.available IS 'What was answered as available.';
COMMENT ON COLUMN ledger_requests.held IS 'What was answered as held.';
COMMENT ON COLUMN ledger_requests.version IS 'The version that was answered.';
COMMENT ON COLUMN ledger_requests.created_at IS 'When it was carried out.';

CREATE TABLE ledger_entries (
    user_id uuid NOT NULL,
    version bigint NOT NULL,
    at timestamptz NOT NULL,
    transaction_id uuid NOT NULL,
    kind text NOT NULL,
    available_change numeric(12, 2) NOT NULL,
    held_change numeric(12, 2) NOT NULL,
    available_after numeric(12, 2) NOT NULL,
    held_after numeric(12, 2) NOT NULL,
    hash bytea NOT NULL,
    xact bigint NOT NULL DEFAULT event_xact(),
    number bigint NOT NULL DEFAULT nextval('event_numbers'),
    -- `at` is in the key because the table is partitioned by it. That versions have no gap and no
    -- double is kept by the account's row, under whose lock they are counted.
    CONSTRAINT ledger_entries_pkey PRIMARY KEY (user_id, version, at)
) PARTITION BY RANGE (at);
COMMENT ON TABLE ledger_entries IS
    'The journal: one row for each change of an account, never changed and never deleted.';
COMMENT ON COLUMN ledger_entries.user_id IS 'Whose account it changes.';
COMMENT ON COLUMN ledger_entries.version IS 'The account''s version after it: 1, 2, 3, …';
COMMENT ON COLUMN ledger_entries.at IS 'When it took effect.';
COMMENT ON COLUMN ledger_entries.transaction_id IS 'The transaction that it is part of.';
COMMENT ON COLUMN ledger_entries.kind IS 'What happened.';
COMMENT ON COLUMN ledger_entries.available_change IS 'By how much what is available changes.';
COMMENT ON COLUMN ledger_entries.held_change IS 'By how much what is held changes.';
COMMENT ON COLUMN ledger_entries.available_after IS 'What is available after it.';
COMMENT ON COLUMN ledger_entries.held_after IS 'What is held after it.';
COMMENT ON COLUMN ledger_entries.hash IS 'SHA-256 over the entry and the hash before it.';
COMMENT ON COLUMN ledger_entries.xact IS
    'The transaction that wrote it, or the last that had ended by then if that is later.';
COMMENT ON COLUMN ledger_entries.number IS 'Where it stands among the events: see events.number.';
-- Events of credits are read from the journal itself, so that nothing is written twice.
CREATE INDEX ledger_entries_told ON ledger_entries (xact, number);

-- Catches what no month has been made for: imports of old books, and a server that was not told
-- to make the next month.
CREATE TABLE ledger_entries_other PARTITION OF ledger_entries DEFAULT;

-- Triggers on statements are not those of the partitions: each table has one of its own.
CREATE FUNCTION ledger_refuse_truncating() RETURNS trigger
LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: TRUNCATE refused'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_entries_append_only';
END
$body$;
CREATE TRIGGER ledger_entries_no_truncate BEFORE TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_truncating();
CREATE TRIGGER ledger_entries_no_truncate BEFORE TRUNCATE ON ledger_entries_other
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_truncating();

-- As its owner, for the role of the server makes no tables.
CREATE FUNCTION ledger_make_months(first date, months integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $body$
DECLARE
    start date;
    made integer := 0;
BEGIN
    -- One maker at a time: two that have both looked would each wait for the other's look to end.
    PERFORM pg_advisory_xact_lock(hashtextextended('ledger_make_months', 0));
    FOR step IN 0..months - 1 LOOP
        start := (date_trunc('month', first) + make_interval(months => step))::date;
        IF to_regclass('ledger_entries_' || to_char(start, 'YYYY_MM')) IS NULL
            AND NOT EXISTS (
                SELECT FROM ledger_entries_other
                WHERE at >= start::timestamp AT TIME ZONE 'UTC'
                    AND at < (start + interval '1 month') AT TIME ZONE 'UTC'
            )
        THEN
            EXECUTE format(
                'CREATE TABLE %I PARTITION OF ledger_entries FOR VALUES FROM (%L) TO (%L)',
                'ledger_entries_' || to_char(start, 'YYYY_MM'),
                start::timestamp AT TIME ZONE 'UTC',
                (start + interval '1 month') AT TIME ZONE 'UTC'
            );
            EXECUTE format(
                'CREATE TRIGGER ledger_entries_no_truncate BEFORE TRUNCATE ON %I '
                'FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_truncating()',
                'ledger_entries_' || to_char(start, 'YYYY_MM')
            );
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END
$body$;
COMMENT ON FUNCTION ledger_make_months IS
    'Makes the journal''s partitions of some months. Safe to repeat.';
REVOKE EXECUTE ON FUNCTION ledger_make_months FROM PUBLIC;

SELECT ledger_make_months(current_date, 3);

CREATE FUNCTION ledger_refuse_rewriting() RETURNS trigger
LANGUAGE plpgsql AS $body$
BEGIN
    -- The one way out is that of ledger_forget, which names the user whose journal ends.
    IF TG_OP = 'DELETE'
        AND current_setting('atelier.forgotten_user', true) = OLD.user_id::text
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the journal is append-only: % refused', TG_OP
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_entries_append_only';
END
$body$;
CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_rewriting();

CREATE TABLE ledger_tombstones (
    id uuid CONSTRAINT ledger_tombstones_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
    available numeric(12, 2) NOT NULL,
    held numeric(12, 2) NOT NULL,
    version bigint NOT NULL,
    earned numeric(12, 2) NOT NULL,
    spent numeric(12, 2) NOT NULL,
    forfeited numeric(12, 2) NOT NULL,
    head_hash bytea NOT NULL,
    forgotten_at timestamptz NOT NULL
);
COMMENT ON TABLE ledger_tombstones IS
    'The final totals of accounts whose users were deleted. Says nothing of who they were.';
COMMENT ON COLUMN ledger_tombstones.id IS 'Made here; nothing refers to it.';
COMMENT ON COLUMN ledger_tombstones.available IS 'What was available in the end.';
COMMENT ON COLUMN ledger_tombstones.held IS 'What was held in the end.';
COMMENT ON COLUMN ledger_tombstones.version IS 'How many entries there were.';
COMMENT ON COLUMN ledger_tombstones.earned IS 'Everything that ever came in.';
COMMENT ON COLUMN ledger_tombstones.spent IS 'Everything charged, less what was refunded.';
COMMENT ON COLUMN ledger_tombstones.forfeited IS 'Everything expired or adjusted away.';
COMMENT ON COLUMN ledger_tombstones.head_hash IS 'The hash of the last entry.';
COMMENT ON COLUMN ledger_tombstones.forgotten_at IS 'When the user was deleted.';

-- As its owner, for the role of the server may not delete entries.
CREATE FUNCTION ledger_forget(forgotten uuid, at timestamptz) RETURNS boolean
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
    DELETE FROM ledger_accounts WHERE user_id = forgotten;
    RETURN true;
END
$body$;
COMMENT ON FUNCTION ledger_forget IS
    'Deletes a user''s books and leaves a tombstone: the only path on which entries are deleted.';
REVOKE EXECUTE ON FUNCTION ledger_forget FROM PUBLIC;
