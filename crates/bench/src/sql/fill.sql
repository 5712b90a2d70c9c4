-- A long past for the users {first} to {last}: {entries} deductions of 0.01 each, with all rows
-- that a deduction leaves. The sums hold; the chain of hashes is not computed.
CREATE TEMPORARY TABLE past ON COMMIT DROP AS
SELECT a.user_id, a.available, a.version + deduction AS version, a.available - 0.01 * deduction AS after,
    date_trunc('month', now()) + deduction * interval '1 millisecond' AS at, l.id AS lot,
    (lpad(to_hex((extract(epoch FROM date_trunc('month', now())) * 1000)::bigint + deduction), 12, '0')
        || '70008' || lpad(to_hex(deduction), 15, '0'))::uuid AS id,
    'past-' || deduction AS request_id
FROM ledger_accounts a JOIN ledger_lots l USING (user_id)
    CROSS JOIN generate_series(1, {entries}) deduction
WHERE a.user_id BETWEEN ('00000000-0000-7000-8000-' || lpad(to_hex({first}), 12, '0'))::uuid
    AND ('00000000-0000-7000-8000-' || lpad(to_hex({last}), 12, '0'))::uuid
ORDER BY a.user_id, deduction;

INSERT INTO ledger_transactions (user_id, id, kind, status, amount, balance_after, edit_price,
    captured, refunded, allocations, created_at, processed_at)
SELECT user_id, id, 'deduction', 'completed', -0.01, after, false, 0.01, 0,
    jsonb_build_array(jsonb_build_array(lot::text, '0.01', '0.00')), at, at
FROM past;

INSERT INTO ledger_entries (user_id, version, at, transaction_id, kind, available_change,
    held_change, available_after, held_after, hash)
SELECT user_id, version, at, id, 'deducted', -0.01, 0, after, 0, sha256(uuid_send(id)) FROM past;

INSERT INTO ledger_requests (user_id, request_id, digest, transaction_id, status, available, held,
    version, created_at)
SELECT user_id, request_id, sha256(uuid_send(id)), id, 'completed', after, 0, version, at
FROM past;

UPDATE ledger_lots l SET remaining = remaining - 0.01 * {entries}
FROM (SELECT DISTINCT user_id, lot FROM past) p WHERE l.user_id = p.user_id AND l.id = p.lot;

UPDATE ledger_accounts a SET available = available - 0.01 * {entries},
    spent = spent + 0.01 * {entries}, version = version + {entries}
FROM (SELECT DISTINCT user_id FROM past) p WHERE a.user_id = p.user_id;
