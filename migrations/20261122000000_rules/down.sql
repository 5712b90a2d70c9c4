SELECT rules_apart(ruled::regclass) FROM unnest(ARRAY[
    'ledger_accounts', 'ledger_lots', 'ledger_transactions', 'activities', 'assets', 'outputs',
    'output_images', 'jobs', 'job_steps'
]) AS ruled;
-- Read back from its text a BETWEEN is two comparisons among others: these stand as they were.
ALTER TABLE assets DROP CONSTRAINT assets_duration_valid, ADD CONSTRAINT assets_duration_valid CHECK (
    duration_ms IS NULL OR (duration_ms BETWEEN 0 AND 2592000000 AND kind IN ('video', 'audio'))
);
ALTER TABLE output_images DROP CONSTRAINT output_images_dimensions_valid,
    ADD CONSTRAINT output_images_dimensions_valid
    CHECK (width BETWEEN 1 AND 65535 AND height BETWEEN 1 AND 65535);
ALTER TABLE jobs DROP CONSTRAINT jobs_captured_within_amount,
    ADD CONSTRAINT jobs_captured_within_amount
    CHECK (captured BETWEEN 0 AND amount AND (hold = 'captured') = (captured > 0));
DROP FUNCTION rules_apart;
DROP FUNCTION rules_into_one;
