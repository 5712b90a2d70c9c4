-- The same tables, rows and indexes as ours, with one exception in the textbook's favour: its
-- journal is not partitioned.
CREATE SCHEMA textbook;
-- With the CHECKs as anybody would write them: what ours are in instead cannot be copied.
SELECT rules_apart(ruled::regclass)
FROM unnest(ARRAY['ledger_accounts', 'ledger_lots', 'ledger_transactions']) AS ruled;
CREATE TABLE textbook.ledger_accounts (LIKE public.ledger_accounts INCLUDING ALL);
CREATE TABLE textbook.ledger_lots (LIKE public.ledger_lots INCLUDING ALL);
CREATE TABLE textbook.ledger_transactions (LIKE public.ledger_transactions INCLUDING ALL);
CREATE TABLE textbook.ledger_entries (LIKE public.ledger_entries INCLUDING ALL);
CREATE TABLE textbook.ledger_requests (LIKE public.ledger_requests INCLUDING ALL);

SELECT rules_into_one(ruled::regclass)
FROM unnest(ARRAY['ledger_accounts', 'ledger_lots', 'ledger_transactions']) AS ruled;

-- LIKE leaves the fill factors behind.
DO $$
DECLARE
    ours record;
BEGIN
    FOR ours IN
        SELECT relname, array_to_string(reloptions, ', ') AS options FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND reloptions IS NOT NULL
            AND to_regclass('textbook.' || quote_ident(relname)) IS NOT NULL
    LOOP
        EXECUTE format('ALTER TABLE textbook.%I SET (%s)', ours.relname, ours.options);
    END LOOP;
END $$;

INSERT INTO textbook.ledger_accounts SELECT * FROM public.ledger_accounts;
INSERT INTO textbook.ledger_lots SELECT * FROM public.ledger_lots;
INSERT INTO textbook.ledger_transactions SELECT * FROM public.ledger_transactions;
INSERT INTO textbook.ledger_entries SELECT * FROM public.ledger_entries;
INSERT INTO textbook.ledger_requests SELECT * FROM public.ledger_requests;
