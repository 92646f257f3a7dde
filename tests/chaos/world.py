"""One world of the chaos test: a folder with payrun's configuration and journal, and a sandbox of its own."""
import glob
import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from decimal import Decimal

SECRETS = {
    "circle": "SANDBOX_CIRCLE_KEY", "mollie": "test_sandbox_mollie", "pontis-api": "sandbox-pontis",
    "pontis-encryption": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    "pontis-hmac": "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8", "calypso": "sandbox-calypso",
    "calypso-secret": "sandbox-calypso-secret"}
CHANNELS = ["circle", "circle-wire", "circle-legacy", "mollie", "pontis", "calypso"]
STATES = "unknown rejected duplicate held ready sending accepted paid failed returned canceled".split()
UNKNOWN, HELD, READY, SENDING, ACCEPTED, PAID, FAILED, RETURNED, CANCELED = 0, 3, 4, 5, 6, 7, 8, 9, 10
FAKETIME = (glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1") + [None])[0]
PATIENCE = 120  # seconds after which a command counts as hanging


def key_of(namespace, provider, reference, attempt):
    """CONTRACT.md, section 5: derived here a second time."""
    text = b""
    for field in ("payrun-key-1", namespace, provider, reference, str(attempt)):
        raw = field.encode()
        text += len(raw).to_bytes(4, "big") + raw
    raw = bytearray(hashlib.sha256(text).digest()[:16])
    raw[6] = raw[6] & 0x0F | 0x40
    raw[8] = raw[8] & 0x3F | 0x80
    digits = raw.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


class Command:
    """A payrun that runs."""

    def __init__(self, world, arguments, user=None, file_limit=None):
        self.world, self.arguments, self.signals = world, list(arguments), []
        self.limited = file_limit is not None
        env = dict(os.environ, XDG_STATE_HOME=world.path("state"), XDG_CONFIG_HOME=world.path("nowhere"),
                   PAYRUN_CONF=world.path("payrun.conf"))
        env.pop("SUDO_USER", None)
        if user and world.users:
            env["SUDO_USER"] = user
        env.update(world.clock_of("payrun"))
        world.commands += 1
        self.name = "%04d" % world.commands
        self.out = world.path("logs", self.name + ".out")
        self.err = world.path("logs", self.name + ".err")
        argv = [world.program] + self.arguments
        if self.limited:  # in blocks of 1024; the signal is the disk's end, not ours
            argv = ["bash", "-c", 'trap "" XFSZ; ulimit -f %d; exec "$@"' % file_limit, "bash"] + argv
        with open(self.out, "wb") as out, open(self.err, "wb") as err:
            self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=env,
                                            cwd=world.folder)
        self.started = time.monotonic()

    def send(self, number):
        if self.process.poll() is None:
            self.signals.append(number)
            self.process.send_signal(number)

    def wait(self):
        try:
            self.code = self.process.wait(max(1, PATIENCE - (time.monotonic() - self.started)))
        except subprocess.TimeoutExpired:
            self.world.violate("command %s hangs: payrun %s" % (self.name, " ".join(self.arguments)))
            self.process.kill()
            self.code = self.process.wait()
            self.signals.append(signal.SIGKILL)
        with open(self.out, "rb") as out, open(self.err, "rb") as err:
            self.stdout, self.stderr = out.read().decode("utf-8", "replace"), err.read().decode("utf-8", "replace")
        self.world.log("%s exit %d%s: payrun %s" % (
            self.name, self.code, " after %s" % [s.name for s in self.signals] if self.signals else "",
            " ".join(self.arguments)))
        self.judge()
        return self

    def judge(self):
        """Exit codes are the contract's, and a failure says something."""
        world, code = self.world, self.code
        shown = "command %s: payrun %s: exit %d" % (self.name, " ".join(self.arguments), code)
        world.codes[code] = world.codes.get(code, 0) + 1
        if code < 0 and -code not in self.signals:
            world.violate("%s: died of signal %d: %s" % (shown, -code, self.stderr[-400:]))
        elif code > 9 and code - 128 not in self.signals:
            world.violate("%s: not a code of the contract: %s" % (shown, self.stderr[-400:]))
        if 0 < code <= 9 and not (self.stdout + self.stderr).strip():
            world.violate(shown + ": says nothing")
        if code in (2, 7, 9) and not self.stderr.strip():
            world.violate(shown + ": says nothing on standard error")
        if "--json" in self.arguments and 0 <= code <= 9:
            try:
                document = json.loads(self.stdout)
                if document.get("exit") != code:
                    world.violate("%s: its document says exit %s" % (shown, document.get("exit")))
            except ValueError:
                if not world.full:
                    world.violate(shown + ": no JSON document on standard output")


class World:
    def __init__(self, seed, random, folder, build, log):
        self.seed, self.random, self.folder, self.write = seed, random, folder, log
        self.program = os.path.join(build, "payrun")
        self.violations, self.codes = [], {}
        self.commands = self.kills = self.terms = self.faults = self.restores = self.fills = self.doubles = 0
        self.files = []        # dicts: path, batch, rows, arguments, order
        self.versions = {}     # reference -> rows that were ever submitted under it
        self.approved = set()  # references of batches that somebody approved
        self.copies = []
        self.restored = self.full = False
        self.users = os.geteuid() == 0 and open("/proc/self/loginuid").read().strip() == "4294967295"
        for name in ("logs", "state", "files", "copies", "secrets", "data"):
            os.mkdir(self.path(name))
        self.mounted = False
        self.travels = random.random() < 0.5 and FAKETIME is not None  # a seed draws the same everywhere
        self.offset = 0  # seconds between real time and the world's
        self.set_clocks()
        self.draw_settings()
        self.start_sandbox(build)
        self.write_configuration()

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def log(self, text):
        with open(self.path("story"), "a") as story:
            story.write("%.3f %s\n" % (time.time(), text))

    def violate(self, text):
        self.violations.append(text)
        self.log("VIOLATION " + text)
        self.write("seed %d: VIOLATION: %s" % (self.seed, text))

    # --- time -------------------------------------------------------------------------------------------------------

    def clock_of(self, program):
        """Environment under which a program lives in the world's time."""
        if not self.travels:
            return {}
        return {"LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": self.path("time." + program),
                "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_RESET": "1"}

    def set_clocks(self, skew=0):
        """skew: how far payrun's wall clock is ahead of everybody else's."""
        for program, offset in (("payrun", self.offset + skew), ("sandbox", self.offset)):
            with open(self.path("time.new"), "w") as out:
                out.write("%+d\n" % offset)
            os.rename(self.path("time.new"), self.path("time." + program))

    def travel(self, seconds):
        self.log("travel %d s" % seconds)
        self.offset += seconds
        self.set_clocks()

    def skew(self, seconds):
        self.log("payrun's clock is off by %d s" % seconds)
        self.set_clocks(seconds)

    # --- the sandbox ------------------------------------------------------------------------------------------------

    def start_sandbox(self, build):
        with open(self.path("sandbox.out"), "wb") as out, open(self.path("sandbox.err"), "wb") as err:
            self.sandbox = subprocess.Popen(
                [os.path.join(build, "payrun-sandbox"), "--port", "0", "--settle-after", str(self.settle_ms), "--seed",
                 str(self.seed)] + self.balances, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                env=dict(os.environ, **self.clock_of("sandbox")))
        for _ in range(3000):
            with open(self.path("sandbox.out")) as out:
                line = out.readline()
            if line.startswith("listening ") and line.endswith("\n"):
                self.url = line.split()[1]
                return
            time.sleep(0.01)
        raise RuntimeError("the sandbox does not start")

    def ask(self, path, body=None):
        request = urllib.request.Request(self.url + path, None if body is None else json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def fault(self, provider, **members):
        self.faults += members["kind"] != "none"
        self.log("fault %s %s" % (provider, members))
        self.ask("/_/faults", dict(members, provider=provider))

    def calm(self):
        for provider in ("circle", "mollie", "pontis", "calypso"):
            self.fault(provider, kind="none")

    def advance(self, ms):
        self.log("clock +%d ms" % ms)
        self.ask("/_/clock", {"advance_ms": ms})

    def ledger(self):
        return self.ask("/_/ledger")["payouts"]

    def circle(self, path, body=None):
        """Circle itself, without payrun."""
        request = urllib.request.Request(
            self.url + "/circle/v1" + path, None if body is None else json.dumps(body).encode(),
            {"Authorization": "Bearer " + SECRETS["circle"], "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["data"]

    def returned(self, payout):
        """Circle leaves a payout complete whose money came back, and tells the return beside it."""
        if Decimal(payout["amount"]) != Decimal("6.21"):
            return False
        for product in ("/businessAccount", ""):
            try:
                return self.circle(product + "/payouts/" + payout["id"]).get("return", {}).get("status") == "complete"
            except urllib.error.HTTPError:
                continue
        return False

    def wire(self, channel, account):
        """What Circle says of a bank account."""
        return json.dumps(self.circle(("/businessAccount" if channel == "circle-wire" else "") + "/banks/wires/" + account))

    # --- payrun -----------------------------------------------------------------------------------------------------

    def draw_settings(self):
        random = self.random
        self.settle_ms = random.choice([30, 200, 600])
        self.approve = random.choice(["never", "never", "never", "always", "above:USD 2000,EUR 2000,USDT 2000"])
        self.four_eyes = random.random() < 0.5 and self.users and self.approve != "never"
        self.suspected = random.choice(["hold", "warn", "warn", "error"])
        self.day_limit = random.choice([None, None, None, 1500])
        self.payout_limit = random.choice([None, None, None, 700])
        # Mollie's list proves nothing for 70 minutes: with it a restored journal stays behind.
        self.may_restore = random.random() < 0.4
        self.behind = False
        self.channels = list(CHANNELS)
        if random.random() < 0.6 and self.may_restore:
            self.channels.remove("mollie")
        self.balances = []
        self.poor = random.random() < 0.15
        if self.poor:
            for what in ("calypso:USDC=3000", "circle:USD=9000", "pontis:USDT=3000"):
                self.balances += ["--balance", what]

    def write_configuration(self):
        random = self.random
        for name, secret in SECRETS.items():
            with open(self.path("secrets", name), "w") as out:
                out.write(secret)
            os.chmod(self.path("secrets", name), 0o600)
        own = {
            "circle": "provider = circle\nmode = address_book\napi_key = file:secrets/circle\nsource_wallet = 1000000001",
            "circle-wire": "provider = circle\nmode = wire\napi_key = file:secrets/circle\nsource_wallet = 1000000001",
            "circle-legacy":
                "provider = circle\nmode = legacy\napi_key = file:secrets/circle\nsource_wallet = 1000000001",
            "mollie": "provider = mollie\napi_key = file:secrets/mollie",
            "pontis": "provider = pontis\napi_key = file:secrets/pontis-api\nemail = ops@example.com\n"
                      "password = env:CHAOS_PONTIS\nencryption_secret = file:secrets/pontis-encryption\n"
                      "hmac_secret = file:secrets/pontis-hmac",
            "calypso": "provider = calypso\naccount = 0x00000000000000000000000000000000000000aa\n"
                       "key = file:secrets/calypso\nsecret = file:secrets/calypso-secret"}
        self.namespace = "chaos-%d" % self.seed
        text = "[payrun]\nnamespace = %s\njournal = sqlite:data/payrun.db\nreports = reports\n" % self.namespace
        text += "approve = %s\nsuspected_duplicates = %s\n" % (self.approve, self.suspected)
        if self.four_eyes:
            text += "four_eyes = yes\napprovers = ben,root\n"
        for name, lines in own.items():
            provider = lines.split("\n")[0].split(" = ")[1]
            text += "\n[channel %s]\n%s\nbase_url = %s/%s\ntimeout = 1s\nworkers = %d\nrate = %s\n" % (
                name, lines, self.url, provider, random.choice([1, 2, 8]), random.choice(["none", "none", "60/s"]))
            if self.day_limit:
                text += "limit_per_day = USD %d,*:none\n" % self.day_limit
            if self.payout_limit:
                text += "limit_per_payout = USD %d,USDT %d,*:none\n" % (self.payout_limit, self.payout_limit)
        with open(self.path("payrun.conf"), "w") as out:
            out.write(text)
        os.chmod(self.path("payrun.conf"), 0o600)
        os.environ["CHAOS_PONTIS"] = "sandbox"

    def start(self, *arguments, **options):
        return Command(self, arguments, **options)

    def run(self, *arguments, **options):
        return self.start(*arguments, **options).wait()

    # --- the journal ------------------------------------------------------------------------------------------------

    def rows(self, sql, *values):
        """Of the journal as it is, from outside payrun."""
        db = sqlite3.connect("file:%s?mode=ro" % self.path("data", "payrun.db"), uri=True, timeout=20)
        try:
            db.row_factory = sqlite3.Row
            return db.execute(sql, values).fetchall()
        except sqlite3.OperationalError:
            if not self.full:
                raise
            return []  # nobody can read beside it either
        finally:
            db.close()

    def attempts(self):
        """Every attempt of every payout, oldest first."""
        found = self.rows(
            "SELECT a.id, a.batch, b.name AS batch_name, a.row, a.state, a.sends, lower(hex(a.key)) AS hex, p.reference,"
            " p.currency, p.decimals, CASE WHEN a.fixed_minor > 0 THEN a.fixed_minor ELSE p.amount_minor END AS minor,"
            " c.name AS channel, c.provider, w.provider_id, w.provider_code, w.reason_code, w.reason, l.payload"
            " FROM attempts a JOIN payouts p ON p.batch = a.batch AND p.row = a.row JOIN batches b ON b.id = a.batch"
            " JOIN channels c ON c.id = a.channel LEFT JOIN answers w ON w.attempt = a.id"
            " LEFT JOIN payloads l ON l.attempt = a.id ORDER BY a.id")
        return [dict(row, key="-".join((row["hex"][:8], row["hex"][8:12], row["hex"][12:16], row["hex"][16:20],
                                        row["hex"][20:]))) for row in found]

    def batches(self):
        return [row["name"] for row in self.rows("SELECT name FROM batches ORDER BY id")]

    def copy(self):
        """A backup as sqlite3 makes it, also beside a run."""
        name = self.path("copies", "%d.db" % len(self.copies))
        if self.full:
            return
        source = sqlite3.connect("file:%s?mode=ro" % self.path("data", "payrun.db"), uri=True, timeout=20)
        target = sqlite3.connect(name)
        source.backup(target)
        target.close()
        source.close()
        self.copies.append(name)
        self.log("copy " + name)

    def restore(self):
        name = self.random.choice(self.copies)
        for ending in ("-wal", "-shm"):
            if os.path.exists(self.path("data", "payrun.db" + ending)):
                os.remove(self.path("data", "payrun.db" + ending))
        with open(name, "rb") as old, open(self.path("data", "payrun.db"), "wb") as new:
            new.write(old.read())
        self.restores += 1
        self.restored = True
        self.log("restore " + name)

    # --- the disk ---------------------------------------------------------------------------------------------------

    def mount(self):
        """The journal's folder becomes a small disk of its own, where that may be done."""
        self.mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m,mode=700", "tmpfs", self.path("data")],
                                      stderr=subprocess.DEVNULL).returncode == 0

    def fill(self, left):
        self.full = True
        self.fills += 1
        self.log("disk full but for %d bytes" % left)
        name = self.path("data", "filler")
        filler = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            while True:
                os.write(filler, bytes(65536))
        except OSError:
            os.ftruncate(filler, max(0, os.fstat(filler).st_size - left))
        finally:
            os.close(filler)

    def empty(self):
        if os.path.exists(self.path("data", "filler")):
            os.remove(self.path("data", "filler"))
        self.full = False

    def close(self):
        self.sandbox.send_signal(signal.SIGTERM)
        code = self.sandbox.wait(60)
        if code != 0:
            with open(self.path("sandbox.err")) as err:
                self.violate("the sandbox ended with %d: %s" % (code, err.read()[-400:]))
        if self.mounted:
            for name in os.listdir(self.path("data")):
                if self.violations and name != "filler":
                    with open(self.path("data", name), "rb") as old, open(self.path(name), "wb") as new:
                        new.write(old.read())
            subprocess.run(["umount", self.path("data")])
