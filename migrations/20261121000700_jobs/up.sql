-- Generation: the catalogue of models, jobs and their steps, who is served next, how fast providers
-- are asked, and what happened in the order of its commits. Every rule of the `generation` crate
-- that a row can show stands here a second time: a CHECK that fires is a bug.

CREATE TABLE models (
    name text NOT NULL,
    abilities text[] NOT NULL,
    state text NOT NULL,
    replacement text,
    shutdown text,
    images_max bigint,
    millis_max bigint,
    characters_max bigint,
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT models_pkey PRIMARY KEY (name),
    CONSTRAINT models_name_valid CHECK (is_line(name, 128)),
    CONSTRAINT models_abilities_known CHECK (
        abilities <@ ARRAY['text', 'research', 'image', 'edit', 'video', 'speech']
        AND cardinality(abilities) > 0
    ),
    CONSTRAINT models_state_known CHECK (state IN ('active', 'deprecated', 'retired')),
    CONSTRAINT models_replacement_valid CHECK (is_line(replacement, 128) AND replacement <> name),
    CONSTRAINT models_shutdown_valid CHECK (
        shutdown COLLATE "C" ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'
    ),
    CONSTRAINT models_images_max_valid CHECK (images_max BETWEEN 1 AND 4294967295),
    CONSTRAINT models_millis_max_valid CHECK (millis_max BETWEEN 1 AND 4294967295),
    CONSTRAINT models_characters_max_valid CHECK (characters_max BETWEEN 1 AND 4294967295),
    CONSTRAINT models_revision_positive CHECK (revision >= 1),
    CONSTRAINT models_updated_after_created CHECK (updated_at >= created_at)
);
COMMENT ON TABLE models IS 'What can be asked for, under the names that products use.';
COMMENT ON COLUMN models.name IS 'The logical name, such as imagen.';
COMMENT ON COLUMN models.abilities IS 'What it can do.';
COMMENT ON COLUMN models.state IS 'Whether it can be had.';
COMMENT ON COLUMN models.replacement IS 'What to take instead of one that goes or is gone.';
COMMENT ON COLUMN models.shutdown IS 'The day on which it goes, as YYYY-MM-DD.';
COMMENT ON COLUMN models.images_max IS 'Pictures at once.';
COMMENT ON COLUMN models.millis_max IS 'Of a video, in milliseconds.';
COMMENT ON COLUMN models.characters_max IS 'Of what is written.';
COMMENT ON COLUMN models.revision IS 'Grows by one with each change.';
COMMENT ON COLUMN models.created_at IS 'When it was added.';
COMMENT ON COLUMN models.updated_at IS 'When it was last changed.';

CREATE TABLE model_routes (
    model text NOT NULL,
    number integer NOT NULL,
    position integer NOT NULL,
    weight integer NOT NULL,
    provider text NOT NULL,
    wire_model text NOT NULL,
    CONSTRAINT model_routes_pkey PRIMARY KEY (model, number),
    CONSTRAINT model_routes_model_fkey
        FOREIGN KEY (model) REFERENCES models (name) ON DELETE CASCADE,
    CONSTRAINT model_routes_number_valid CHECK (number BETWEEN 1 AND 100),
    CONSTRAINT model_routes_position_valid CHECK (position BETWEEN 0 AND 65535),
    CONSTRAINT model_routes_weight_valid CHECK (weight BETWEEN 0 AND 65535),
    CONSTRAINT model_routes_provider_valid CHECK (is_line(provider, 64)),
    CONSTRAINT model_routes_wire_model_valid CHECK (is_line(wire_model, 128))
);
COMMENT ON TABLE model_routes IS 'Who has a model.';
COMMENT ON COLUMN model_routes.model IS 'The model.';
COMMENT ON COLUMN model_routes.number IS 'Tells the routes of a model apart.';
COMMENT ON COLUMN model_routes.position IS 'Lower ones are asked first.';
COMMENT ON COLUMN model_routes.weight IS 'How often it is first among those of its position.';
COMMENT ON COLUMN model_routes.provider IS 'The provider, as it is configured.';
COMMENT ON COLUMN model_routes.wire_model IS 'What the provider calls the model.';

CREATE TABLE jobs (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    request_id text NOT NULL,
    digest bytea NOT NULL,
    request jsonb NOT NULL,
    model text NOT NULL,
    project_id uuid,
    conversation_id uuid,
    metadata jsonb,
    resumes_job_id uuid,
    priority text NOT NULL,
    routes jsonb NOT NULL,
    provider text,
    operation_type text NOT NULL,
    price_id uuid NOT NULL,
    amount numeric(12, 2) NOT NULL,
    transaction_id uuid,
    hold text NOT NULL,
    captured numeric(12, 2) NOT NULL,
    quota_taken boolean NOT NULL,
    delivered integer NOT NULL,
    reason text,
    message text,
    progress integer NOT NULL,
    stuck boolean NOT NULL,
    due_at timestamptz NOT NULL,
    rank_at timestamptz NOT NULL,
    lease uuid,
    generation bigint NOT NULL,
    crashes integer NOT NULL,
    not_before timestamptz NOT NULL,
    deadline timestamptz NOT NULL,
    cancel_asked_at timestamptz,
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    started_at timestamptz,
    ended_at timestamptz,

    CONSTRAINT jobs_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT jobs_request_unique UNIQUE (user_id, request_id),
    CONSTRAINT jobs_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT jobs_project_fkey FOREIGN KEY (user_id, project_id)
        REFERENCES projects (user_id, id) ON DELETE SET NULL (project_id),
    CONSTRAINT jobs_conversation_fkey FOREIGN KEY (user_id, conversation_id)
        REFERENCES conversations (user_id, id) ON DELETE SET NULL (conversation_id),
    CONSTRAINT jobs_kind_known CHECK (kind IN (
        'chat', 'concept', 'research', 'summary', 'segmentation', 'image', 'image_edit', 'video',
        'voiceover', 'character', 'variant', 'scene'
    )),
    CONSTRAINT jobs_state_known CHECK (state IN (
        'queued', 'running', 'storing', 'succeeded', 'failed', 'refused', 'cancelled', 'expired'
    )),
    CONSTRAINT jobs_request_id_valid CHECK (request_id COLLATE "C" ~ '^[!-~]{1,128}$'),
    CONSTRAINT jobs_digest_sha256 CHECK (octet_length(digest) = 32),
    CONSTRAINT jobs_request_object CHECK (jsonb_typeof(request) = 'object'),
    CONSTRAINT jobs_model_valid CHECK (is_line(model, 128)),
    CONSTRAINT jobs_metadata_valid CHECK (is_json_object(metadata, 16384)),
    CONSTRAINT jobs_priority_known CHECK (priority IN ('interactive', 'normal', 'batch')),
    CONSTRAINT jobs_routes_array CHECK (jsonb_typeof(routes) = 'array'),
    CONSTRAINT jobs_provider_valid CHECK (is_line(provider, 64)),
    CONSTRAINT jobs_operation_type_valid CHECK (is_line(operation_type, 64)),
    CONSTRAINT jobs_hold_known
        CHECK (hold IN ('free', 'reserved', 'captured', 'released', 'written_off')),
    CONSTRAINT jobs_reason_known CHECK (reason IN (
        'provider_failed', 'invalid_argument', 'content_refused', 'rate_limited',
        'provider_unavailable', 'model_retired', 'output_lost', 'outcome_unknown',
        'deadline_exceeded', 'cancelled', 'source_gone', 'worker_crashed', 'operator'
    )),
    CONSTRAINT jobs_message_valid CHECK (is_prose(message, 4000)),
    CONSTRAINT jobs_progress_valid CHECK (progress BETWEEN 0 AND 100),
    CONSTRAINT jobs_counts_valid CHECK (delivered >= 0 AND generation >= 0 AND crashes >= 0),
    -- Every path to an end closes the hold, and nothing but an end does.
    CONSTRAINT jobs_hold_closed_at_end CHECK (
        hold = 'free'
        OR (hold = 'reserved') = (state IN ('queued', 'running', 'storing'))
    ),
    CONSTRAINT jobs_hold_named CHECK ((hold = 'free') = (transaction_id IS NULL)),
    CONSTRAINT jobs_captured_within_amount CHECK (
        captured BETWEEN 0 AND amount AND (hold = 'captured') = (captured > 0)
    ),
    CONSTRAINT jobs_success_delivers CHECK (state <> 'succeeded' OR delivered > 0),
    CONSTRAINT jobs_end_told CHECK (
        (ended_at IS NOT NULL) = (state NOT IN ('queued', 'running', 'storing'))
        AND (reason IS NOT NULL) = (state IN ('failed', 'refused', 'cancelled', 'expired'))
    ),
    CONSTRAINT jobs_end_lets_go CHECK (ended_at IS NULL OR (lease IS NULL AND NOT stuck)),
    CONSTRAINT jobs_revision_positive CHECK (revision >= 1),
    CONSTRAINT jobs_times_ordered CHECK (
        updated_at >= created_at AND deadline >= not_before AND ended_at >= created_at
    )
-- Room for new versions of rows that are updated several times, and vacuumed while they are few.
) WITH (
    fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000,
    autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 1
);
COMMENT ON TABLE jobs IS 'Paid operations: what was asked, how far it is, what it costs.';
COMMENT ON COLUMN jobs.user_id IS 'Whose job it is.';
COMMENT ON COLUMN jobs.id IS 'UUIDv7, made by the service.';
COMMENT ON COLUMN jobs.kind IS 'What is made.';
COMMENT ON COLUMN jobs.state IS 'Where it is. Queued, running and storing are the only ones left.';
COMMENT ON COLUMN jobs.request_id IS 'The caller''s own id of the call.';
COMMENT ON COLUMN jobs.digest IS 'SHA-256 of what was asked with it.';
COMMENT ON COLUMN jobs.request IS 'What was asked, with assets by their ids.';
COMMENT ON COLUMN jobs.model IS 'The model by its logical name.';
COMMENT ON COLUMN jobs.project_id IS 'The project that what is made belongs to.';
COMMENT ON COLUMN jobs.conversation_id IS 'The conversation that it is a turn of.';
COMMENT ON COLUMN jobs.metadata IS 'More, in the caller''s words.';
COMMENT ON COLUMN jobs.resumes_job_id IS 'The job that it goes on from. It may be gone by now.';
COMMENT ON COLUMN jobs.priority IS 'Who is first among the jobs of the user.';
COMMENT ON COLUMN jobs.routes IS 'Who is asked, in this order: [provider, model] each.';
COMMENT ON COLUMN jobs.provider IS 'Who is asked next, or is at it. None at the end.';
COMMENT ON COLUMN jobs.operation_type IS 'What it is sold as.';
COMMENT ON COLUMN jobs.price_id IS 'The version of the price that was quoted.';
COMMENT ON COLUMN jobs.amount IS 'The quote, which no later price changes.';
COMMENT ON COLUMN jobs.transaction_id IS 'The hold of the amount; none where it costs nothing.';
COMMENT ON COLUMN jobs.hold IS 'What became of the hold.';
COMMENT ON COLUMN jobs.captured IS 'What was charged in the end.';
COMMENT ON COLUMN jobs.quota_taken IS 'Whether it has a unit of the user''s day.';
COMMENT ON COLUMN jobs.delivered IS 'How many pieces are ours.';
COMMENT ON COLUMN jobs.reason IS 'Why it did not succeed.';
COMMENT ON COLUMN jobs.message IS 'The same, for people.';
COMMENT ON COLUMN jobs.progress IS 'How far it is, of a hundred.';
COMMENT ON COLUMN jobs.stuck IS 'Whether a person must decide, or the policy''s time.';
COMMENT ON COLUMN jobs.due_at IS
    'Nobody looks at it before. While somebody has it: the end of the lease.';
COMMENT ON COLUMN jobs.rank_at IS 'The order among the queued jobs of the user.';
COMMENT ON COLUMN jobs.lease IS 'The token of who has it.';
COMMENT ON COLUMN jobs.generation IS 'How often it was taken on.';
COMMENT ON COLUMN jobs.crashes IS 'How many in a row did not come back from it.';
COMMENT ON COLUMN jobs.not_before IS 'When it may begin.';
COMMENT ON COLUMN jobs.deadline IS 'When it is given up.';
COMMENT ON COLUMN jobs.cancel_asked_at IS 'When the user wanted it no more.';
COMMENT ON COLUMN jobs.revision IS 'Grows by one with each change; callers see it as an etag.';
COMMENT ON COLUMN jobs.created_at IS 'When it was accepted.';
COMMENT ON COLUMN jobs.updated_at IS 'When it last changed.';
COMMENT ON COLUMN jobs.started_at IS 'When somebody was first asked.';
COMMENT ON COLUMN jobs.ended_at IS 'When it ended.';
CREATE INDEX jobs_newest ON jobs (user_id, created_at DESC, id DESC);
CREATE INDEX jobs_of_project ON jobs (user_id, project_id, created_at DESC, id DESC)
    WHERE project_id IS NOT NULL;
CREATE INDEX jobs_of_conversation ON jobs (user_id, conversation_id)
    WHERE conversation_id IS NOT NULL;
CREATE INDEX jobs_queued ON jobs (user_id, rank_at, id) WHERE state = 'queued';
CREATE INDEX jobs_busy_of_user ON jobs (user_id)
    WHERE ended_at IS NULL AND NOT stuck
        AND (state IN ('running', 'storing') OR lease IS NOT NULL);
CREATE INDEX jobs_due ON jobs (due_at) WHERE state IN ('running', 'storing');
CREATE INDEX jobs_at_provider ON jobs (provider) WHERE state = 'running' AND NOT stuck;
CREATE INDEX jobs_stuck ON jobs (updated_at) WHERE stuck;

CREATE TABLE job_steps (
    user_id uuid NOT NULL,
    job_id uuid NOT NULL,
    number integer NOT NULL,
    part text NOT NULL,
    state text NOT NULL,
    submission text NOT NULL,
    route integer NOT NULL,
    attempts integer NOT NULL,
    submissions integer NOT NULL,
    misses integer NOT NULL,
    marker text,
    operation jsonb,
    asked integer NOT NULL,
    pieces jsonb NOT NULL,
    trouble_class text,
    trouble text,
    submitted_at timestamptz,
    quarantined_until timestamptz,
    carried boolean NOT NULL,
    CONSTRAINT job_steps_pkey PRIMARY KEY (user_id, job_id, number),
    CONSTRAINT job_steps_job_fkey FOREIGN KEY (user_id, job_id)
        REFERENCES jobs (user_id, id) ON DELETE CASCADE,
    CONSTRAINT job_steps_number_valid CHECK (number BETWEEN 1 AND 100),
    CONSTRAINT job_steps_part_known CHECK (part IN (
        'whole', 'front', 'front_left', 'left', 'back', 'right', 'front_right', 'final'
    )),
    CONSTRAINT job_steps_state_known CHECK (state IN ('open', 'stored', 'failed')),
    CONSTRAINT job_steps_submission_known CHECK (submission IN (
        'not_started', 'in_flight', 'accepted', 'provider_done', 'not_sent', 'rejected', 'ambiguous'
    )),
    CONSTRAINT job_steps_counts_valid CHECK (
        route >= 0 AND attempts >= 0 AND submissions >= 0 AND misses >= 0
        AND asked BETWEEN 1 AND 1000
    ),
    CONSTRAINT job_steps_marker_valid CHECK (is_line(marker, 64)),
    CONSTRAINT job_steps_marker_told CHECK (carried OR (marker IS NULL) = (submissions = 0)),
    CONSTRAINT job_steps_operation_valid CHECK (is_json_object(operation, 16384)),
    -- Whoever goes on without us can be asked, from the moment that we know of it.
    CONSTRAINT job_steps_accepted_known CHECK (submission <> 'accepted' OR operation IS NOT NULL),
    CONSTRAINT job_steps_unsent_unknown
        CHECK (operation IS NULL OR submission IN ('accepted', 'provider_done', 'ambiguous')),
    CONSTRAINT job_steps_pieces_array CHECK (jsonb_typeof(pieces) = 'array'),
    CONSTRAINT job_steps_stored_whole CHECK (state <> 'stored' OR jsonb_array_length(pieces) > 0),
    CONSTRAINT job_steps_trouble_valid
        CHECK (is_line(trouble_class, 64) AND is_prose(trouble, 4000)),
    CONSTRAINT job_steps_trouble_whole CHECK ((trouble_class IS NULL) = (trouble IS NULL))
) WITH (
    fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_cost_delay = 1
);
COMMENT ON TABLE job_steps IS 'The calls of providers that a job is made of.';
COMMENT ON COLUMN job_steps.user_id IS 'Whose job it is of.';
COMMENT ON COLUMN job_steps.job_id IS 'The job.';
COMMENT ON COLUMN job_steps.number IS 'The order, from 1.';
COMMENT ON COLUMN job_steps.part IS 'Which part of what the job makes.';
COMMENT ON COLUMN job_steps.state IS 'Whether it is over, and how.';
COMMENT ON COLUMN job_steps.submission IS 'What is known of asking the provider.';
COMMENT ON COLUMN job_steps.route IS 'The place in the job''s routes, from 0.';
COMMENT ON COLUMN job_steps.attempts IS 'How often the route was asked, as far as it counts.';
COMMENT ON COLUMN job_steps.submissions IS 'How often anybody was asked.';
COMMENT ON COLUMN job_steps.misses IS 'How often in a row nothing could be learnt or fetched.';
COMMENT ON COLUMN job_steps.marker IS 'What the provider was told to know the submission by.';
COMMENT ON COLUMN job_steps.operation IS 'What the provider knows it by, in its own words.';
COMMENT ON COLUMN job_steps.asked IS 'How many pieces were asked for.';
COMMENT ON COLUMN job_steps.pieces IS 'What has come: texts, addresses with the provider, assets.';
COMMENT ON COLUMN job_steps.trouble_class IS 'The class of what last went wrong.';
COMMENT ON COLUMN job_steps.trouble IS 'What last went wrong, in the provider''s words.';
COMMENT ON COLUMN job_steps.submitted_at IS 'When the provider was last asked.';
COMMENT ON COLUMN job_steps.quarantined_until IS 'How long an unknown outcome is waited for.';
COMMENT ON COLUMN job_steps.carried IS 'Whether an earlier job has made and paid for it.';

CREATE TABLE job_lanes (
    user_id uuid NOT NULL,
    due_at timestamptz NOT NULL,
    served_at timestamptz NOT NULL,
    CONSTRAINT job_lanes_pkey PRIMARY KEY (user_id),
    CONSTRAINT job_lanes_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) WITH (
    fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500,
    autovacuum_vacuum_cost_delay = 1
);
COMMENT ON TABLE job_lanes IS 'The users who wait for jobs to begin, and when each had a turn.';
COMMENT ON COLUMN job_lanes.user_id IS 'The user.';
COMMENT ON COLUMN job_lanes.due_at IS
    'Nobody looks before; infinity where nothing is queued, or as many run as may.';
COMMENT ON COLUMN job_lanes.served_at IS 'When a job of the user last began.';
CREATE INDEX job_lanes_next ON job_lanes (served_at) WHERE due_at < 'infinity';

CREATE TABLE provider_gauges (
    provider text NOT NULL,
    closed_until timestamptz,
    failures integer NOT NULL,
    minute timestamptz NOT NULL,
    starts bigint NOT NULL,
    CONSTRAINT provider_gauges_pkey PRIMARY KEY (provider),
    CONSTRAINT provider_gauges_provider_valid CHECK (is_line(provider, 64)),
    CONSTRAINT provider_gauges_counts_valid CHECK (failures >= 0 AND starts >= 0)
) WITH (fillfactor = 50);
COMMENT ON TABLE provider_gauges IS 'How fast each provider may be asked, for all processes.';
COMMENT ON COLUMN provider_gauges.provider IS 'The provider, as it is configured.';
COMMENT ON COLUMN provider_gauges.closed_until IS 'Nobody is sent there before.';
COMMENT ON COLUMN provider_gauges.failures IS 'Failures in a row that speak of the provider.';
COMMENT ON COLUMN provider_gauges.minute IS 'The minute that is counted.';
COMMENT ON COLUMN provider_gauges.starts IS 'Submissions in it.';

-- Read in the order of (xact, number), and only below the oldest transaction that is still open:
-- whatever commits later comes later, so no gap hides anything. No reference to the user: that one
-- was deleted is told when nobody is there any more.
CREATE TABLE events (
    user_id uuid NOT NULL,
    number bigint NOT NULL DEFAULT nextval('event_numbers'),
    xact bigint NOT NULL DEFAULT event_xact(),
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    revision bigint NOT NULL,
    details jsonb,
    at timestamptz NOT NULL,
    CONSTRAINT events_pkey PRIMARY KEY (user_id, xact, number),
    CONSTRAINT events_kind_valid CHECK (kind COLLATE "C" ~ '^[a-z][a-z0-9_.]{0,63}$'),
    CONSTRAINT events_revision_positive CHECK (revision >= 1),
    CONSTRAINT events_details_valid CHECK (is_json_object(details, 4096))
);
COMMENT ON TABLE events IS
    'What happened, in the order of its commits. Hints: rows are the truth. Of credits the journal '
    'tells.';
COMMENT ON COLUMN events.user_id IS 'Whose thing it happened to.';
COMMENT ON COLUMN events.number IS 'Counts what is ever told, in ledger_entries too.';
COMMENT ON COLUMN events.xact IS
    'The transaction that says so, or the last that had ended by then if that is later.';
COMMENT ON COLUMN events.kind IS 'What happened, such as job.succeeded.';
COMMENT ON COLUMN events.subject_id IS 'What it happened to.';
COMMENT ON COLUMN events.revision IS 'The revision of that.';
COMMENT ON COLUMN events.details IS 'More to tell.';
COMMENT ON COLUMN events.at IS 'When, by the clock of who says so.';
CREATE INDEX events_in_order ON events (xact, number);
CREATE INDEX events_oldest ON events (at);
