// Peer of submit: node with undici and better-sqlite3, group commit. submit.mjs MODULES URL FILE DATABASE CONNECTIONS
// As submit.py: a row is "sending" in a durable commit of up to 512 rows before its request leaves; outcomes are committed
// together, at the latest 5 ms after the first. Prints payouts, accepted ones and the ms that sending took.
import { createHash, createHmac } from "node:crypto";
import { createReadStream } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [modules, url, path, name, connections] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const { Pool } = require("undici");
const Database = require("better-sqlite3");

const KEY = "sandbox-calypso";
const SECRET = "sandbox-calypso-secret";
const ACCOUNT = "0x00000000000000000000000000000000000000aa";
const CLAIM = 512;
const OUTCOMES_MS = 5;

function field(text) {
	const bytes = Buffer.from(text);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(bytes.length);
	return Buffer.concat([length, bytes]);
}

function derive(reference) {
	const hash = createHash("sha256");
	for (const part of ["payrun-key-1", "bench", "calypso", reference, "1"])
		hash.update(field(part));
	const hex = hash.digest("hex");
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

// The bench's files quote the last field alone, and nothing is quoted in it.
async function load(database) {
	database.pragma("journal_mode = WAL");
	database.pragma("synchronous = FULL");
	database.exec("CREATE TABLE payouts (id INTEGER PRIMARY KEY, reference TEXT, destination TEXT, amount TEXT," +
		" currency TEXT, description TEXT, key TEXT, state TEXT, provider_id TEXT)");
	const insert = database.prepare("INSERT INTO payouts (reference, destination, amount, currency, description, key, state)" +
		" VALUES (?, ?, ?, ?, ?, ?, 'ready')");
	let header = true;
	database.exec("BEGIN");
	for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
		const row = /^([^,]*),([^,]*),([^,]*),([^,]*),([^,]*),"?([^"]*)"?$/.exec(line);
		if (!header)
			insert.run(row[1], row[3], row[4], row[5], row[6], derive(row[1]));
		header = false;
	}
	database.exec("COMMIT");
}

class Sender {
	constructor(database) {
		this.origin = new URL(url);
		this.pool = new Pool(this.origin.origin, { connections: Number(connections), pipelining: 1 });
		this.begin = database.prepare("BEGIN IMMEDIATE");
		this.end = database.prepare("COMMIT");
		this.select = database.prepare("SELECT id, reference, destination, amount, currency, description, key FROM payouts" +
			" WHERE id > ? AND state = 'ready' ORDER BY id LIMIT ?");
		this.claim = database.prepare("UPDATE payouts SET state = 'sending' WHERE id = ?");
		this.record = database.prepare("UPDATE payouts SET state = ?, provider_id = ? WHERE id = ? AND state = 'sending'");
		this.claimed = [];
		this.at = 0;
		this.outcomes = [];
		this.last = 0;
		this.sent = this.accepted = this.open = 0;
		this.timer = null;
	}

	// Outcomes and the next claims share one durable commit.
	commit() {
		clearTimeout(this.timer);
		this.timer = null;
		this.begin.run();
		for (const [state, id, row] of this.outcomes)
			this.record.run(state, id, row);
		this.outcomes = [];
		if (this.claimed.length - this.at < CLAIM / 2) {
			const rows = this.select.all(this.last, CLAIM);
			for (const row of rows)
				this.claim.run(row.id);
			this.claimed = this.claimed.slice(this.at).concat(rows);
			this.at = 0;
			if (rows.length > 0)
				this.last = rows[rows.length - 1].id;
		}
		this.end.run();
		this.fill();
		if (this.open === 0 && this.outcomes.length === 0)
			this.finish();
	}

	fill() {
		while (this.open < connections && this.at < this.claimed.length)
			this.send(this.claimed[this.at++]);
	}

	async send(row) {
		const body = `{"account":"${ACCOUNT}","timestamp":${Date.now()},"payload":{"depositAddress":"${row.destination}",` +
			`"amount":${row.amount},"currency":"${row.currency}","comment":${JSON.stringify(row.description)},` +
			`"idempotencyKey":"${row.key}","externalId":${JSON.stringify(row.reference)}}}`;
		const sign = createHmac("sha512", SECRET).update(body).digest("hex");
		this.open++;
		this.sent++;
		const answer = await this.pool.request({ method: "POST", path: `${this.origin.pathname}/api/v1/payout/create`,
			headers: { "content-type": "application/json", Key: KEY, Sign: sign }, body });
		const payout = await answer.body.json();
		const accepted = answer.statusCode === 200 && payout.idempotencyKey === row.key;
		this.accepted += accepted;
		this.open--;
		this.outcomes.push([accepted ? "accepted" : "unknown", payout.id, row.id]);
		if (this.at < this.claimed.length)
			this.fill();
		if (this.at === this.claimed.length && this.open === 0)
			this.commit();
		else
			this.timer ??= setTimeout(() => this.commit(), OUTCOMES_MS);
	}

	run() {
		return new Promise((resolve) => {
			this.finish = resolve;
			this.commit();
		});
	}
}

const database = new Database(name);
await load(database);
const sender = new Sender(database);
const begin = performance.now();
await sender.run();
console.log(sender.sent, sender.accepted, Math.round(performance.now() - begin));
await sender.pool.close();
process.exit(sender.accepted === sender.sent ? 0 : 1);
