"""The count of the money: what the sandbox's ledger has against what the journal says, from outside payrun."""
import glob
import json
import os
from decimal import Decimal

from world import (ACCEPTED, CANCELED, FAILED, HELD, PAID, READY, RETURNED, SECRETS, SENDING, STATES, UNKNOWN, key_of)

DEAD = {"failed", "canceled", "cancelled", "returned", "reversed", "rejected"}
NEWEST_ATTEMPT = 12
PRIVATE = ("account_number", "iban", "wallet_address", "beneficiary_name", "email")
MASKED = ("account_number", "iban", "wallet_address")


def alive(payout):
    return payout["state"].lower() not in DEAD


def amount_of(row):
    try:
        return Decimal(row["amount"])
    except ArithmeticError:
        return None  # a row with an error


def number_of(attempt):
    return Decimal(attempt["minor"]).scaleb(-attempt["decimals"])


class Audit:
    def __init__(self, world):
        self.world, self.violate = world, world.violate
        self.ledger, self.attempts = world.ledger(), world.attempts()
        for payout in self.ledger:
            if payout["provider"] == "circle" and world.returned(payout):
                payout["state"] = "returned"
        self.by_key = {attempt["key"]: attempt for attempt in self.attempts}
        self.paid = {payout["key"]: payout for payout in self.ledger}
        self.names = {}  # key -> (reference, attempt), as the harness derives it
        providers = {"circle": ("circle", "circle-wire", "circle-legacy"), "mollie": ("mollie",),
                     "pontis": ("pontis",), "calypso": ("calypso",)}
        for reference, rows in world.versions.items():
            for provider, channels in providers.items():
                if any(row["channel"] in channels for row in rows):
                    for attempt in range(1, NEWEST_ATTEMPT + 1):
                        self.names[key_of(world.namespace, provider, reference, attempt)] = reference, attempt
        self.suspected = "\n".join(r["line"] for r in world.rows(
            "SELECT line FROM events WHERE line LIKE '%PAID_TWICE_SUSPECTED%'"))

    def run(self):
        self.no_payout_twice()
        if not self.world.behind:
            self.no_payout_lost()
            self.journal_is_true()
        self.people_were_asked()
        self.limits_hold()
        self.sums_balance()
        self.verified()
        self.nothing_leaks()

    def describe(self, reference):
        return "; ".join("%s attempt of %s row %d: %s id %s" % (
            a["channel"], a["batch_name"], a["row"], STATES[a["state"]], a["provider_id"])
            for a in self.attempts if a["reference"] == reference)

    def no_payout_twice(self):
        living = {}
        for payout in self.ledger:
            if payout["key"] not in self.names:
                self.violate("the ledger has a payout of a key that belongs to no reference: %s" % payout)
            elif alive(payout):
                living.setdefault(self.names[payout["key"]][0], []).append(payout)
        for reference, payouts in living.items():
            if len(payouts) > 1:
                self.world.doubles += 1
                said = " (PAID_TWICE_SUSPECTED stands in the journal)" if self.suspected else ""
                self.violate("PAID TWICE: %s: %s; journal: %s%s" % (
                    reference, payouts, self.describe(reference), said))

    def no_payout_lost(self):
        for payout in self.ledger:
            attempt = self.by_key.get(payout["key"])
            name = self.names.get(payout["key"])
            if attempt is None:
                self.violate("LOST: the ledger's %s is not in the journal: %s; journal: %s" % (
                    name, payout, self.describe(name[0]) if name else ""))
                continue
            # Submitted again after a restore and not sent yet: where nothing can be looked up, its key will tell.
            again = self.world.restored and attempt["state"] in (HELD, READY) and attempt["sends"] == 0 and \
                attempt["provider"] in ("circle", "pontis")
            if attempt["state"] in (FAILED, CANCELED, RETURNED, HELD, READY) and alive(payout) and not again:
                self.violate("LOST: %s is %s in the journal (%s %s) and alive in the ledger: %s" % (
                    name, STATES[attempt["state"]], attempt["provider_code"], attempt["reason"], payout))

    def journal_is_true(self):
        for attempt in self.attempts:
            payout = self.paid.get(attempt["key"])
            shown = "%s (%s, %s)" % (attempt["reference"], attempt["channel"], STATES[attempt["state"]])
            if attempt["key"] not in self.names:
                self.violate("the key of %s is not the contract's" % shown)
            if attempt["state"] in (ACCEPTED, PAID) and payout is None:
                self.violate("INVENTED: %s id %s is not in the ledger" % (shown, attempt["provider_id"]))
            if payout is None:
                continue
            if attempt["state"] in (ACCEPTED, PAID, RETURNED) and attempt["provider_id"] != payout["id"]:
                self.violate("%s: id %s, in the ledger %s" % (shown, attempt["provider_id"], payout["id"]))
            if attempt["provider"] != payout["provider"] or attempt["currency"] != payout["currency"] or \
                    number_of(attempt) != Decimal(payout["amount"]):
                self.violate("%s: %s %s, in the ledger %s" % (shown, number_of(attempt), attempt["currency"], payout))
            if attempt["payload"] or attempt["channel"] not in ("circle-wire", "circle-legacy"):
                self.destination(attempt, payout, shown)

    def destination(self, attempt, payout, shown):
        """Of one of the rows that were ever submitted under the reference with this amount."""
        rows = [row for row in self.world.versions.get(attempt["reference"], [])
                if amount_of(row) == number_of(attempt)]
        if attempt["channel"] in ("circle-wire", "circle-legacy"):
            wanted = [json.loads(attempt["payload"])["destination"]["id"]] if attempt["payload"] else []
            if payout["destination"] in wanted:
                self.account(attempt, payout, rows, shown)
        else:
            member = {"circle": "beneficiary_id", "mollie": "balance_id", "pontis": "account_number",
                      "calypso": "wallet_address"}[attempt["channel"]]
            wanted = [row[member] for row in rows]
        if payout["destination"] not in wanted:
            self.violate("WRONG DESTINATION: %s: %s, wanted one of %s" % (shown, payout, wanted))

    def account(self, attempt, payout, rows, shown):
        """The wire account behind the id is the row's own."""
        said = self.world.wire(attempt["channel"], payout["destination"])
        ends = [(row.get("iban") or row.get("account_number"))[-4:] for row in rows]
        if not any(end in said for end in ends):
            self.violate("WRONG ACCOUNT: %s: %s, wanted one that ends %s" % (shown, said, ends))

    def people_were_asked(self):
        if self.world.approve != "always":
            return
        for payout in self.ledger:
            name = self.names.get(payout["key"])
            if name and name[0] not in self.world.approved:
                self.violate("NOT APPROVED: nobody approved %s; ledger %s; journal: %s" % (
                    name, payout, self.describe(name[0])))

    def limits_hold(self):
        world = self.world
        spent = {}
        for payout in self.ledger:
            attempt = self.by_key.get(payout["key"])
            if attempt is None:
                continue
            amount = Decimal(payout["amount"])
            if world.payout_limit and payout["currency"] in ("USD", "USDT") and amount > world.payout_limit:
                self.violate("above limit_per_payout %d: %s" % (world.payout_limit, payout))
            if alive(payout) and payout["currency"] == "USD":
                spent[attempt["channel"]] = spent.get(attempt["channel"], 0) + amount
        for channel, sum_of in spent.items():
            if world.day_limit and sum_of > world.day_limit and not world.restored and not world.offset:
                self.violate("above limit_per_day %d: %s spent %s USD" % (world.day_limit, channel, sum_of))

    def sums_balance(self):
        for batch in self.world.batches():
            done = self.world.run("report", batch, "--format", "json")
            if done.code != 0:
                self.violate("report %s: exit %d: %s" % (batch, done.code, done.stderr[-300:]))
                continue
            document = json.loads(done.stdout)
            rows, counted = document["batch"]["rows"], sum(t["count"] for t in document["totals"])
            if not document["balanced"] or rows != counted or rows != len(document["payouts"]):
                self.violate("batch %s has %d rows, %d in its totals, %d in its report; balanced: %s" % (
                    batch, rows, counted, len(document["payouts"]), document["balanced"]))

    def verified(self):
        done = self.world.run("verify")
        if done.code == 6 and self.world.behind and "1 breaks" in done.stdout and "JOURNAL_BEHIND" in done.stdout:
            return
        if done.code == 6 and self.suspected and "PAID_TWICE_SUSPECTED" in done.stdout + done.stderr:
            return
        if done.code != 0:
            self.violate("verify: exit %d: %s" % (done.code, (done.stdout + done.stderr)[-800:]))

    def nothing_leaks(self):
        world = self.world
        private = {row[column] for rows in world.versions.values() for row in rows for column in PRIVATE
                   if row.get(column) and not row[column].startswith("sandbox ")}
        masked = {row[column].encode() for rows in world.versions.values() for row in rows for column in MASKED
                  if row.get(column)}
        lines = "\n".join(row["line"] for row in world.rows("SELECT line FROM events"))
        for value in private:
            if value in lines:
                self.violate("personal data in the events: %s" % value)
        secrets = [secret.encode() for secret in SECRETS.values()] + [b"eyJ"]  # and tokens of logins
        for name in glob.glob(world.path("logs", "*")) + glob.glob(world.path("data", "payrun.db*")) + \
                glob.glob(world.path("reports", "**", "*"), recursive=True) + glob.glob(world.path("files", "*")):
            if not os.path.isfile(name):
                continue
            with open(name, "rb") as stream:
                content = stream.read()
            for secret in secrets[:-1]:
                if secret in content:
                    self.violate("the secret %s stands in %s" % (secret.decode(), name))
            if secrets[-1] in content and b"." in content[content.find(secrets[-1]):][:40]:
                self.violate("something like a token stands in %s" % name)
            if world.path("logs") in name:
                for value in masked:
                    if value in content:
                        self.violate("a whole destination (%s) stands in %s" % (value.decode(), name))

    def left(self):
        """What did not come to an end, for the summary: channel, state and code."""
        count = {}
        for attempt in self.attempts:
            if attempt["state"] in (UNKNOWN, READY, SENDING, ACCEPTED):
                name = "%s %s %s" % (attempt["channel"], STATES[attempt["state"]],
                                     attempt["provider_code"] or attempt["reason_code"] or "")
                self.world.log("left open: %s %s: %s, sends %d, %s" % (
                    attempt["batch_name"], attempt["reference"], name, attempt["sends"], attempt["reason"]))
                count[name] = count.get(name, 0) + 1
        return count
