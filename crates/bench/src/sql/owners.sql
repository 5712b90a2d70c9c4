-- 10,000 users, and a function that deals rows out to them: one in ten to the first.
INSERT INTO users (id, revision, created_at, updated_at, display_name)
SELECT ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, now(), now(), 'User ' || n
FROM generate_series(0, 9999) n;

CREATE FUNCTION bench_rows(rows bigint)
RETURNS TABLE (number bigint, user_id uuid, id uuid, moment timestamptz) LANGUAGE sql AS $$
    SELECT n,
        ('01900000-0000-7000-8000-'
            || lpad(to_hex(CASE WHEN n % 10 = 0 THEN 0 ELSE 1 + n % 9999 END), 12, '0'))::uuid,
        ('01900000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid,
        timestamptz '2026-01-01' + n * interval '20 seconds'
    FROM generate_series(1, rows) n
$$;
