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
    DELETE FROM ledger_accounts WHERE user_id = forgotten;
    RETURN true;
END
$body$;
DROP TABLE usage_days;
DROP TABLE quota_takes;
DROP TABLE quota_windows;
DROP TABLE quota_settings;
DROP TABLE allowances;
DROP TABLE pending_subscription_events;
DROP TABLE subscription_events;
DROP TABLE subscription_event_keys;
DROP TABLE plan_external_ids;
DROP TABLE plans;
DROP TABLE price_versions;
DROP TABLE operation_types;
