"""Peer of submit: python3 with group commit. submit.py URL FILE DATABASE CONNECTIONS

One thread, one selector, keep-alive connections. Before a request leaves, its row is "sending" in a durable commit that
claims up to 512 rows; outcomes are committed together, at the latest 5 ms after the first. Prints payouts, accepted ones
and the ms that sending took; the file is read into the database before."""

import collections
import csv
import hashlib
import hmac
import json
import selectors
import socket
import sqlite3
import sys
import time
from urllib.parse import urlsplit

KEY = "sandbox-calypso"
SECRET = b"sandbox-calypso-secret"
ACCOUNT = "0x00000000000000000000000000000000000000aa"
CLAIM = 512
OUTCOMES_S = 0.005


def field(value):
    data = value.encode()
    return len(data).to_bytes(4, "big") + data


def derive(reference):
    text = hashlib.sha256(field("payrun-key-1") + field("bench") + field("calypso") + field(reference) +
                          field("1")).hexdigest()
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:32]}"


def load(path, database):
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE payouts (id INTEGER PRIMARY KEY, reference TEXT, destination TEXT, amount TEXT,"
                     " currency TEXT, description TEXT, key TEXT, state TEXT, provider_id TEXT)")
    with open(path, encoding="utf-8", newline="") as file:
        database.execute("BEGIN")
        database.executemany(
            "INSERT INTO payouts (reference, destination, amount, currency, description, key, state)"
            " VALUES (?, ?, ?, ?, ?, ?, 'ready')",
            ((row["reference"], row["wallet_address"], row["amount"], row["currency"], row["description"],
              derive(row["reference"])) for row in csv.DictReader(file)))
        database.execute("COMMIT")


class Sender:
    def __init__(self, url, database, connections):
        parts = urlsplit(url)
        self.address = (parts.hostname, parts.port)
        self.database = database
        self.selector = selectors.DefaultSelector()
        self.head = (f"POST {parts.path}/api/v1/payout/create HTTP/1.1\r\nHost: {parts.netloc}\r\nKey: {KEY}\r\n"
                     "Content-Type: application/json\r\n")
        self.claimed = collections.deque()
        self.outcomes = []
        self.last = 0
        self.open = 0
        self.sent = self.accepted = 0
        self.sockets = []
        for _ in range(connections):
            connection = socket.create_connection(self.address)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sockets.append(connection)

    def commit(self, claim):
        """Outcomes and the next claims share one durable commit."""
        execute = self.database.execute
        execute("BEGIN IMMEDIATE")
        self.database.executemany("UPDATE payouts SET state = ?, provider_id = ? WHERE id = ? AND state = 'sending'",
                                  self.outcomes)
        rows = []
        if claim:
            rows = execute("SELECT id, reference, destination, amount, currency, description, key FROM payouts"
                           " WHERE id > ? AND state = 'ready' ORDER BY id LIMIT ?", (self.last, CLAIM)).fetchall()
            self.database.executemany("UPDATE payouts SET state = 'sending' WHERE id = ?", ((row[0],) for row in rows))
        execute("COMMIT")
        self.outcomes.clear()
        if rows:
            self.last = rows[-1][0]
            self.claimed.extend(rows)

    def request(self, row):
        _, reference, destination, amount, currency, description, key = row
        body = (f'{{"account":"{ACCOUNT}","timestamp":{time.time_ns() // 1000000},"payload":'
                f'{{"depositAddress":"{destination}","amount":{amount},"currency":"{currency}",'
                f'"comment":{json.dumps(description, ensure_ascii=False)},"idempotencyKey":"{key}",'
                f'"externalId":{json.dumps(reference, ensure_ascii=False)}}}}}').encode()
        sign = hmac.digest(SECRET, body, "sha512").hex()
        return f"{self.head}Sign: {sign}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

    def send_next(self, connection):
        if not self.claimed:
            return False
        row = self.claimed.popleft()
        connection.sendall(self.request(row))
        self.selector.register(connection, selectors.EVENT_READ, [row, b""])
        self.open += 1
        self.sent += 1
        return True

    def take(self, key):
        """True when the answer is whole."""
        row, got = key.data
        got += key.fileobj.recv(65536)
        key.data[1] = got
        head, mark, body = got.partition(b"\r\n\r\n")
        if not mark:
            return False
        at = head.lower().find(b"content-length:")
        length = int(head[at + 15:].split(b"\r\n", 1)[0])
        if len(body) < length:
            return False
        answer = json.loads(body)
        accepted = head[9:12] == b"200" and answer["idempotencyKey"] == row[6]
        self.accepted += accepted
        self.outcomes.append(("accepted" if accepted else "unknown", answer.get("id"), row[0]))
        self.selector.unregister(key.fileobj)
        self.open -= 1
        return True

    def run(self):
        idle = list(self.sockets)
        oldest = None
        self.commit(True)
        while self.claimed or self.open:
            idle = [connection for connection in idle if not self.send_next(connection)]
            for key, _ in self.selector.select(OUTCOMES_S):
                if self.take(key):
                    oldest = oldest or time.monotonic()
                    if not self.send_next(key.fileobj):
                        idle.append(key.fileobj)
            if oldest and (not self.claimed or time.monotonic() - oldest >= OUTCOMES_S):
                self.commit(len(self.claimed) < CLAIM // 2)
                oldest = None


def main():
    url, path, name, connections = sys.argv[1:]
    database = sqlite3.connect(name, isolation_level=None)
    load(path, database)
    sender = Sender(url, database, int(connections))
    begin = time.monotonic()
    sender.run()
    print(sender.sent, sender.accepted, int((time.monotonic() - begin) * 1000))
    if sender.accepted != sender.sent:
        raise SystemExit("submit.py: not every payout was accepted")


main()
