"""Charges with credit-ledger as its README says: `decrement` with an idempotency key.

Its README names a schema.sql that none of its distributions has; these tables are what its code
and README say of it, row security included.
"""

import sys
import uuid

from credit_ledger import metering
from sqlalchemy import create_engine, text

SCHEMA = """
CREATE TABLE credit_balance (
    tenant_id uuid PRIMARY KEY,
    credits numeric(18, 4) NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE credit_ledger (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES credit_balance (tenant_id),
    delta numeric(18, 4) NOT NULL,
    reason text NOT NULL,
    idempotency_key text,
    balance_after numeric(18, 4) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (tenant_id, idempotency_key)
);
ALTER TABLE credit_balance ENABLE ROW LEVEL SECURITY;
ALTER TABLE credit_balance FORCE ROW LEVEL SECURITY;
ALTER TABLE credit_ledger ENABLE ROW LEVEL SECURITY;
ALTER TABLE credit_ledger FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON credit_balance
    USING (tenant_id = current_setting('app.current_tenant', true)::uuid);
CREATE POLICY tenant_isolation ON credit_ledger
    USING (tenant_id = current_setting('app.current_tenant', true)::uuid);
"""


def tenant(number):
    return str(uuid.UUID(int=number + 1))


def engine(url, size):
    url = url.replace("postgres://", "postgresql+psycopg://", 1)
    return create_engine(url, pool_size=size, max_overflow=0)


def prepare(url, threads):
    made = engine(url, threads)
    with made.begin() as connection:
        connection.execute(text(SCHEMA))

    def fund(number):
        key = f"topup-{number}"
        metering.grant(tenant(number), 1_000_000, idempotency_key=key, engine=made)

    return fund


def client(url, threads, users):
    made = engine(url, threads)
    tenants = [tenant(number) for number in range(users)]

    def charge(number, key):
        charged = metering.decrement(tenants[number], "0.01", idempotency_key=key, engine=made)
        return charged.ok and not charged.deduped

    return charge


if __name__ == "__main__":
    import drive

    sys.exit(drive.main(prepare, client))
