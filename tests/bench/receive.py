"""Peer of receive: python's csv, hashlib and sqlite3 with the index made last. receive.py FILE DATABASE

Each row gets its key and digest and is stored in one durable transaction; the keys are unique by an index that is made
after the rows. No field is checked beyond its presence."""

import csv
import hashlib
import sqlite3
import sys


def field(value):
    data = value.encode()
    return len(data).to_bytes(4, "big") + data


def rows(path):
    prefix = field("payrun-key-1") + field("bench") + field("calypso")
    attempt = field("1")
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for number, row in enumerate(reader, 2):
            if not row["reference"] or not row["amount"] or not row["wallet_address"]:
                raise SystemExit(f"row {number} has an empty field")
            key = hashlib.sha256(prefix + field(row["reference"]) + attempt).digest()[:16]
            content = "\0".join((row["wallet_address"], row["amount"], row["currency"], row["description"]))
            digest = hashlib.sha256(content.encode()).digest()
            yield (number, row["reference"], row["channel"], row["wallet_address"], row["amount"], row["currency"],
                   row["description"], key, digest)


def main():
    database = sqlite3.connect(sys.argv[2], isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("BEGIN")
    database.execute("CREATE TABLE payouts (row INTEGER, reference TEXT, channel TEXT, destination TEXT, amount TEXT,"
                     " currency TEXT, description TEXT, key BLOB, digest BLOB)")
    database.executemany("INSERT INTO payouts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows(sys.argv[1]))
    database.execute("CREATE UNIQUE INDEX keys ON payouts (key)")
    database.execute("COMMIT")
    database.close()


main()
