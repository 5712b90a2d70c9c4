-- One deduction as textbooks have it: lock the account, decide, write, commit. The unique key of
-- the requests keeps it from happening twice.
\set number random(1, :users)
\set salt random(0, 1152921504606846975)
BEGIN;
SELECT user_id, available - :price AS after, held, version + 1 AS version, lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '70008' || lpad(to_hex(:salt::bigint), 15, '0') AS id FROM textbook.ledger_accounts WHERE user_id = ('00000000-0000-7000-8000-' || lpad(to_hex(:number::bigint), 12, '0'))::uuid FOR UPDATE \gset
UPDATE textbook.ledger_accounts SET available = :after, version = :version, spent = spent + :price, head_hash = sha256(head_hash), updated_at = now() WHERE user_id = :user_id;
UPDATE textbook.ledger_lots SET remaining = remaining - :price WHERE user_id = :user_id AND live RETURNING id \gset lot_
INSERT INTO textbook.ledger_transactions (user_id, id, kind, status, amount, balance_after, edit_price, captured, refunded, allocations, created_at, processed_at) VALUES (:user_id, :id::text::uuid, 'deduction', 'completed', -:price::numeric, :after, false, :price, 0, jsonb_build_array(jsonb_build_array(:lot_id::text, :price::text, '0.00')), now(), now());
INSERT INTO textbook.ledger_entries (user_id, version, at, transaction_id, kind, available_change, held_change, available_after, held_after, hash) VALUES (:user_id, :version, now(), :id::text::uuid, 'deducted', -:price::numeric, 0, :after, :held, sha256(convert_to(:id::text, 'UTF8')));
INSERT INTO textbook.ledger_requests (user_id, request_id, digest, transaction_id, status, available, held, version, created_at) VALUES (:user_id, :id::text, sha256(convert_to(:id::text, 'UTF8')), :id::text::uuid, 'completed', :after, :held, :version, now());
COMMIT;
