#!/usr/bin/env python3
"""The chaos test: real programs, random files, faults, kills, people and restored journals; then the money is counted.

A seed decides what is done; when a kill strikes depends on the machine, too. Each round is random deeds, after which
everything is settled and counted (audit.py). A folder with a violation is kept.
  CHAOS_SEED       the first seed (drawn); the next worlds have the ones after it
  CHAOS_SECONDS    so long (60), or
  CHAOS_ROUNDS     so many rounds
  CHAOS_STEPS      deeds of a round (12)
  CHAOS_KEEP       where kept folders go ($TMPDIR, or /tmp)
"""
import json
import os
import random as random_module
import shutil
import signal
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import rows as files  # noqa: E402
from audit import Audit, alive  # noqa: E402
from world import ACCEPTED, CANCELED, FAILED, HELD, READY, RETURNED, SENDING, UNKNOWN, World, key_of  # noqa: E402

KINDS = ["reset", "close", "timeout", "slow", "truncate", "garbage", "429", "500", "502", "503", "401", "redirect",
         "close_after"]
NO_COMMIT = {"429", "401", "redirect", "expire_session"}
PROVIDERS = ["circle", "mollie", "pontis", "calypso"]
USERS = ["anna", "ben", "carl"]


def say(text):
    print(text, flush=True)


class Chaos:
    """The deeds on one world."""

    def __init__(self, world, steps):
        self.world, self.random, self.steps = world, world.random, steps
        self.count = 0
        self.vetoed = set()  # batches that nobody approves or releases

    # --- files ------------------------------------------------------------------------------------------------------

    def known(self, *states):
        return [a for a in self.world.attempts() if a["state"] in states]

    def some_batch(self):
        batches = self.world.batches()
        return self.random.choice(batches) if batches else None

    def row(self, bad_share):
        self.count += 1
        row = {"reference": "C-%d" % self.count, "channel": self.random.choice(self.world.channels)}
        return files.fill(self.random, row, self.random.random() < bad_share)

    def new_rows(self):
        """Some of them repeat rows of earlier files, as they are or changed; some have errors."""
        random = self.random
        bad_share = random.choice([0, 0.1, 0.4])
        rows = [self.row(bad_share) for _ in range(random.choice([1, 3, 8, 15, 30]))]
        earlier = [row for file in self.world.files for row in file["rows"] if row["reference"]]
        if earlier and random.random() < 0.4:
            for row in random.sample(earlier, min(len(earlier), random.randint(1, 5))):
                row = dict(row)
                if random.random() < 0.3:
                    files.fill(random, row, False)
                rows.insert(random.randrange(len(rows) + 1), row)
        if random.random() < 0.3:
            rows.append(dict(random.choice(rows)))
        if random.random() < 0.3:
            self.count += 1
            row = files.spoil(random, self.row(0))
            rows.insert(random.randrange(len(rows) + 1), row)
        return rows

    def write(self, rows, *arguments):
        random = self.random
        form = random.choice(["csv", "csv", "json", "ndjson"])
        number = len(self.world.files)
        path = self.world.path("files", "%d.%s" % (number, form))
        with open(path, "wb") as out:
            out.write(files.as_bytes(random, rows, form, "F%d" % number))
        for row in rows:
            if row["reference"]:
                self.world.versions.setdefault(row["reference"], []).append(row)
        file = {"path": path, "rows": rows, "arguments": ["--batch-id", "F%d" % number, *arguments], "batch": "F%d" % number}
        self.world.files.append(file)
        return file

    # --- deeds: each gives the arguments of a command ---------------------------------------------------------------

    def sending(self):
        random = self.random
        options = ["--wait-limit", random.choice(["1s", "2s", "3s"])]
        if random.random() < 0.3:
            options += ["--limit", str(random.randint(1, 9))]
        if random.random() < 0.3:
            options += ["--workers", str(random.randint(1, 16))]
        if random.random() < 0.2:
            options += ["--wait", "final"]
        return options

    def submit(self):
        if self.world.files and self.random.random() < 0.25:
            file = self.random.choice(self.world.files)
        else:
            way = self.random.choice([["--on-error", "skip"]] * 4 + [["--on-error", "max:50"], []])
            if self.random.random() < 0.15:
                way = way + ["--hold"]
            if self.random.random() < 0.1 and not self.world.four_eyes:
                way = way + ["--allow-duplicates", "--why", "chaos"]
            file = self.write(self.new_rows(), *way)
            if self.random.random() < 0.1:
                self.vetoed.add(file["batch"])
        return ["submit", file["path"], *file["arguments"], *self.sending()]

    def correct(self):
        dead = self.known(FAILED, RETURNED, CANCELED)
        if not dead:
            return self.submit()
        batch = self.random.choice(dead)["batch_name"]
        chosen = []
        for attempt in dead:
            rows = self.world.versions.get(attempt["reference"])
            if attempt["batch_name"] == batch and rows:
                row = dict(rows[-1])
                chosen.append(files.fill(self.random, row, False) if self.random.random() < 0.7 else row)
        file = self.write(chosen, "--corrects", batch, "--on-error", "skip")
        return ["submit", file["path"], *file["arguments"], *self.sending()]

    def resume(self):
        batch = self.some_batch()
        named = [batch] if batch and batch not in self.vetoed and self.random.random() < 0.5 else []
        cured = ["--cured"] if self.random.random() < 0.2 else []
        return ["resume", *named, *cured, *self.sending()]

    def poll(self):
        return ["poll", *self.random.choice([[], ["--wait", "final"]]), "--wait-limit", "2s"]

    def references(self, batch, *states):
        """--reference of none (all of the batch) or some of its payouts."""
        inside = sorted({a["reference"] for a in self.known(*states) if a["batch_name"] == batch})
        if not inside or self.random.random() < 0.5:
            return []
        chosen = self.random.sample(inside, min(len(inside), 3))
        return [word for reference in chosen for word in ("--reference", reference)]

    def retry(self):
        dead = self.known(FAILED, RETURNED, CANCELED)
        if not dead:
            return self.poll()
        batch = self.random.choice(dead)["batch_name"]
        return ["retry", batch, *self.references(batch, FAILED, RETURNED, CANCELED)]

    def cancel(self):
        batch = self.some_batch()
        return ["cancel", batch, *self.references(batch, HELD, READY, ACCEPTED, UNKNOWN)] if batch else self.poll()

    def approve(self):
        batch = self.some_batch()
        if not batch or batch in self.vetoed:
            return self.poll()
        chosen = self.references(batch, HELD)
        self.note_approval(batch, chosen)
        return ["approve", batch, *chosen]

    def note_approval(self, batch, chosen):
        for file in self.world.files:
            if file["batch"] == batch:
                self.world.approved |= set(chosen) or {row["reference"] for row in file["rows"]}

    def reject(self):
        batch = self.some_batch()
        return ["reject", batch, "--why", "chaos"] if batch and self.random.random() < 0.3 else self.approve()

    def resolve(self):
        """Some persons are right, some guess, some are wrong."""
        unknown = self.known(UNKNOWN) or self.known(ACCEPTED, READY, FAILED)
        if not unknown:
            return self.poll()
        attempt = self.random.choice(unknown)
        ledger = self.world.ledger()
        own = [p["id"] for p in ledger if p["key"] == attempt["key"]]
        others = [p["id"] for p in ledger if p["provider"] == attempt["provider"]]
        wrong = self.random.choice(others) if others else "nobody"
        # Who travels is past the time in which payrun knows better than a person who is wrong.
        ways = [[] if own and self.world.travels else ["--as", "not-sent"], [], ["--as", "accepted", "--provider-id", wrong],
                ["--as", "paid", "--provider-id", wrong], ["--as", "failed", "--why", "chaos", "--provider-id", wrong]]
        if own:
            ways += [["--as", "accepted", "--provider-id", own[0]], ["--as", "paid", "--provider-id", own[0]]] * 2
        return ["resolve", attempt["reference"], *self.random.choice(ways)]

    def look(self):
        batch = self.some_batch()
        return self.random.choice([
            ["status", "--final"], ["status", "--json"], ["verify"], ["report", *([batch] if batch else [])],
            ["verify", "--json"], ["funds", *([batch] if batch else [])], ["channels", "--ping"],
            ["show", "C-%d" % self.random.randint(1, max(1, self.count)), "--events"]])

    DEEDS = [(submit, 10), (resume, 8), (poll, 4), (retry, 3), (correct, 2), (cancel, 2), (approve, 3), (reject, 1),
             (resolve, 3), (look, 3)]

    def deed(self):
        return self.random.choices([d for d, _ in self.DEEDS], [w for _, w in self.DEEDS])[0](self)

    # --- what strikes -----------------------------------------------------------------------------------------------

    def stage_faults(self):
        """A mood for each provider: none, a few or many faults, and some that strike once."""
        random = self.random
        for provider in PROVIDERS:
            if random.random() < 0.5:
                continue
            self.world.fault(provider, kind="none")
            if random.random() < 0.3:
                continue
            # What PontisGlobe answers names nothing but the id: a wrong one can't be told.
            kinds = KINDS + (["expire_session"] if provider == "pontis" else ["wrong"])
            for kind in random.sample(kinds, random.randint(1, 4)):
                members = {"kind": kind}
                if random.random() < 0.3:
                    members["nth"] = random.randint(1, 10)
                else:
                    most = 0.05 if kind in ("timeout", "slow", "401", "wrong") else random.choice([0.05, 0.2, 0.5])
                    members["rate"] = round(random.uniform(0.01, most), 3)
                if kind not in NO_COMMIT:
                    members["after_commit"] = random.random() < 0.6
                if kind == "wrong":
                    members.update(after_commit=True, field=random.choice(["all", "amount", "currency", "destination"]))
                if kind == "slow":
                    members["delay_ms"] = random.choice([100, 900, 1100, 2500])
                self.world.fault(provider, **members)

    def strike(self, commands):
        """Kills, signals: each at a random moment of the commands' lives."""
        random, world = self.random, self.world
        moments = []
        for command in commands:
            chance = random.random()
            if chance < 0.35:
                moments.append((random.choice([0.01, 0.05, 0.2, 0.6, 1.5]) * random.random() * 2, command, [signal.SIGKILL]))
            elif chance < 0.5:
                moments.append((random.random(), command, [random.choice([signal.SIGTERM, signal.SIGINT, signal.SIGHUP])]))
            elif chance < 0.55:
                moments.append((random.random(), command, [signal.SIGTERM, signal.SIGTERM]))
            elif chance < 0.6:
                moments.append((random.random(), command, [signal.SIGSTOP, signal.SIGCONT]))
        begun = time.monotonic()
        for moment, command, signals in sorted(moments, key=lambda m: m[0]):
            time.sleep(max(0, begun + moment - time.monotonic()))
            for number in signals:
                if command.process.poll() is None:
                    world.kills += number == signal.SIGKILL
                    world.terms += number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
                command.send(number)
                if len(signals) > 1:
                    time.sleep(random.random() * (2.0 if number == signal.SIGSTOP else 0.2))

    def step(self):
        random, world = self.random, self.world
        chance = random.random()
        if chance < 0.35:
            self.stage_faults()
        elif chance < 0.45:
            world.advance(random.choice([10, 500, 5000]))
        elif chance < 0.48 and not world.travels and not self.known(UNKNOWN, SENDING):
            # Within an hour of its own clock Mollie knows a key; payrun counts real time, so nothing may be open.
            world.advance(4000000)
        elif chance < 0.53 and world.may_restore:
            world.copy()
        elif chance < 0.56 and world.copies:
            world.restore()
        elif chance < 0.60 and world.mounted:
            world.fill(random.choice([0, 0, 4096, 40960, 200000]))
        elif chance < 0.75:
            world.empty()
        elif chance < 0.82 and world.travels:
            world.travel(random.choice([70, 1000, 3300, 3700, 4300, 10000, 90000]))
        elif chance < 0.85 and world.travels:
            world.skew(random.choice([-7200, -300, -40, 40, 300, 7200]))
        elif chance < 0.92:
            world.set_clocks()
        count = random.choice([1, 1, 1, 2, 3])
        commands = []
        for _ in range(count):
            words = self.deed()
            limit = random.randint(1, 600) if random.random() < 0.04 else None
            commands.append(world.start(*words, user=random.choice(USERS + [None]), file_limit=limit))
            if count > 1 and random.random() < 0.5:
                time.sleep(random.random() * 0.3)
        self.strike(commands)
        for command in commands:
            command.wait()

    # --- the end of a round -----------------------------------------------------------------------------------------

    def recover(self):
        world = self.world
        if self.random.random() < 0.5:
            world.travel(4300) if world.travels else world.advance(4000000)
        for _ in range(6):
            done = world.run("recover")
            if done.code not in (4, 7):
                break
            time.sleep(0.5)
        world.behind = "not finished" in done.stdout
        if done.code not in (0, 1, 4, 5, 8) or (world.behind and "mollie" not in world.channels):
            world.violate("recover: exit %d: %s" % (done.code, (done.stdout + done.stderr)[-400:]))

    def submit_again(self):
        """What a restored journal forgot is submitted again as it was, corrections and all, and then tried again."""
        for file in self.world.files:
            self.world.run("submit", file["path"], *file["arguments"], "--wait-limit", "3s", user="anna")
        corrected = {row["reference"] for file in self.world.files if "--corrects" in file["arguments"]
                     for row in file["rows"]}
        lost = Audit(self.world)
        for payout in lost.ledger:
            name = lost.names.get(payout["key"])
            if name and payout["key"] not in lost.by_key and name[0] not in corrected:
                own = [a for a in lost.attempts if a["reference"] == name[0]]
                if own and own[-1]["state"] in (FAILED, RETURNED, CANCELED):
                    self.world.run("retry", own[-1]["batch_name"], "--reference", name[0], user="anna")

    def forgotten(self):
        """Whether the ledger has what a restored journal does not know yet: what was tried again may wait for its turn."""
        known = {attempt["key"] for attempt in self.world.attempts()}
        return self.world.restored and any(payout["key"] not in known for payout in self.world.ledger())

    def approve_all(self):
        world = self.world
        for batch in sorted({a["batch_name"] for a in self.known(HELD)} - self.vetoed):
            self.note_approval(batch, [])
            world.run("approve", batch, user="ben")

    def open(self):
        return len(self.known(UNKNOWN, READY, SENDING, ACCEPTED))

    def settle(self):
        world = self.world
        world.calm()
        world.empty()
        world.set_clocks()
        if world.travels and self.random.random() < 0.5:
            world.travel(self.random.choice([1000, 3700, 4300]))
        if world.restored:
            self.recover()
            if not world.behind:
                self.submit_again()
        idle, before = 0, None
        for turn in range(8):
            self.approve_all()
            for batch in world.batches():
                if batch not in self.vetoed and self.known(HELD, READY, UNKNOWN):
                    world.run("resume", batch, *(["--cured"] if turn == 2 else []), "--wait-limit", "3s", user="anna")
            world.advance(2000)
            done = world.run("poll", "--wait", "final", "--wait-limit", "2s")
            if not world.behind and self.forgotten():
                self.submit_again()
            now = self.open()
            idle = idle + 1 if now == before else 0
            before = now
            if now == 0 or idle == 2:
                break
        if done.code in (2, 7, 9):
            world.violate("poll after all was calm: exit %d: %s" % (done.code, done.stderr[-400:]))

    def round(self):
        for _ in range(self.steps):
            self.step()
            if self.world.violations:
                return
        if os.environ.get("CHAOS_PROVE"):
            self.pay_behind_its_back()
        self.settle()
        if os.environ.get("CHAOS_PROVE"):
            self.pay_behind_its_back(again=True)
        audit = Audit(self.world)
        audit.run()
        self.audit = audit


    def pay_behind_its_back(self, again=False):
        """Shows that the count can fail: first a payout that payrun makes, then the same under the key of attempt 2."""
        world = self.world
        if not again:
            world.calm()
            self.count += 1
            row = files.fill(self.random, {"reference": "C-%d" % self.count, "channel": "circle"}, False)
            row["amount"] = "20.00"
            file = self.write([row])
            world.run("submit", file["path"], *file["arguments"])
            return
        attempt = [a for a in world.attempts() if a["reference"] == "C-%d" % self.count][0]
        twice = json.loads(attempt["payload"])
        twice["idempotencyKey"] = key_of(world.namespace, "circle", attempt["reference"], 2)
        world.circle("/payouts", twice)


class Total:
    def __init__(self):
        self.rounds = self.worlds = self.payouts = self.violations = 0
        self.numbers = dict.fromkeys("commands kills terms faults restores fills".split(), 0)
        self.codes, self.left = {}, {}

    def add(self, world, chaos):
        self.worlds += 1
        for name in self.numbers:
            self.numbers[name] += getattr(world, name)
        for code, count in world.codes.items():
            self.codes[code] = self.codes.get(code, 0) + count
        self.violations += len(world.violations)
        audit = getattr(chaos, "audit", None)
        if audit:
            self.payouts += len(audit.ledger)
            for name, count in audit.left().items():
                self.left[name] = self.left.get(name, 0) + count

    def say(self):
        say("chaos: %d rounds in %d worlds, %d payouts in the ledgers; %s" % (
            self.rounds, self.worlds, self.payouts, ", ".join("%d %s" % (n, w) for w, n in self.numbers.items())))
        say("exit codes: " + ", ".join("%d: %d" % item for item in sorted(self.codes.items())))
        say("left open: " + (", ".join("%s: %d" % item for item in sorted(self.left.items())) or "nothing"))
        say("violations: %d" % self.violations)


def one_world(seed, build, folder, total, go_on, steps):
    world = chaos = None
    random = random_module.Random(seed)
    try:
        world = World(seed, random, folder, build, say)
        if random.random() < 0.3 and os.geteuid() == 0:
            world.mount()
        if world.run("init").code != 0:
            world.violate("init fails")
        chaos = Chaos(world, steps)
        for _ in range(random.randint(1, 3)):
            chaos.round()
            total.rounds += 1
            if world.violations or not go_on():
                break
    finally:
        if world:
            world.close()
            total.add(world, chaos)
    return not world.violations


def main():
    build = os.path.abspath(os.environ.get("CHAOS_BUILD") or os.path.dirname(os.environ.get("PAYRUN", "build/payrun")))
    seed = int(os.environ.get("CHAOS_SEED") or random_module.SystemRandom().randrange(1, 1000000))
    rounds = int(os.environ.get("CHAOS_ROUNDS") or 0)
    seconds = float(os.environ.get("CHAOS_SECONDS") or (0 if rounds else 60))
    steps = int(os.environ.get("CHAOS_STEPS") or 12)
    keep = os.environ.get("CHAOS_KEEP") or tempfile.gettempdir()
    begun, total, failed = time.monotonic(), Total(), []

    def go_on():
        return total.rounds < rounds if rounds else time.monotonic() - begun < seconds

    say("chaos: seed %d" % seed)
    while go_on():
        folder = tempfile.mkdtemp(prefix="chaos-%d-" % seed, dir=keep)
        if not one_world(seed, build, folder, total, go_on, steps):
            failed.append("CHAOS_SEED=%d (kept: %s)" % (seed, folder))
        elif not os.environ.get("CHAOS_KEEP_ALL"):
            shutil.rmtree(folder)
        seed += 1
    total.say()
    for line in failed:
        say("failed: " + line)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
