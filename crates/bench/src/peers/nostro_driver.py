"""Charges with hf-nostro as its README says: one Ledger, `debit` with an idempotency key."""

import sys

from nostro import Ledger
from psycopg_pool import ConnectionPool

SCALE = 6


def prepare(url, threads):
    from nostro.migrate import migrate

    migrate(dsn=url, scale=SCALE)
    pool = ConnectionPool(url, min_size=threads, max_size=threads, open=True)
    ledger = Ledger(pool=pool, scale=SCALE)

    def fund(number):
        account = ledger.accounts.get_or_create("bench", f"user-{number}")
        ledger.credit(
            account,
            ledger.amount("1000000.00"),
            category="topup",
            idempotency_key=f"topup-{number}",
        )

    return fund


def client(url, threads, users):
    pool = ConnectionPool(url, min_size=threads, max_size=threads, open=True)
    ledger = Ledger(pool=pool, scale=SCALE)
    # Account ids are looked up once and kept: the cheapest of the three forms that it names.
    accounts = [ledger.accounts.get("bench", f"user-{number}").id for number in range(users)]
    price = ledger.amount("0.01")

    def charge(number, key):
        entry = ledger.debit(accounts[number], price, category="bench", idempotency_key=key)
        return not entry.replayed

    return charge


if __name__ == "__main__":
    import drive

    sys.exit(drive.main(prepare, client))
