"""Payout files of random size, form and content for every channel, with repeats, changes and rows that fail."""
import csv
import io
import json

COLUMNS = (
    "reference channel amount currency target_currency beneficiary_name beneficiary_id country line1 city district"
    " postal_code iban account_number routing_number bic ifsc bank_name bank_city bank_country wallet_address"
    " balance_id payment_method purpose description email"
).split()
TRON = [
    "TCnJkWMnn3Nw22wqs1TEun2kUcBExsNGUQ", "TKEjVKngu5oitbA9jD72WXjaodwhgGaxPn", "TJADT1iVxVk7RJgmVTfWbyEhDYKBhPY9vw",
    "TKBgCjoMTKTkCTA9XUR4bbRBt3kPbaYEup", "TNuchV8Df7vMVn7fSWWypUMP2BZsUx9ga6", "TLeuWt1yhX1tArmXvCmpVqcBmiE3Rn2cvk"]
# What the sandbox fails, cancels or returns (payrun-sandbox(1)).
BAD_AMOUNTS = {"calypso": [".91", ".92"], "pontis": [".01", ".02", ".04"]}
BAD_WHOLE = {"circle-wire": ["6.21", "6.37", "6.53"], "circle-legacy": ["6.21", "6.37", "6.53"],
             "mollie": ["13.00", "14.00"]}
PONTIS_WORDS = ["failed", "reversed", "canceled", "rejected", "pending_approval", "rate_moved", "insufficient_funds"]
MOLLIE_WORDS = ["returned", "bank_processing_failed", "expired", "insufficient_funds", "422-funds", "422-negative"]


def iban(random):
    bban = "".join(random.choice("0123456789") for _ in range(18))
    return "DE%02d%s" % (98 - int(bban + "131400") % 97, bban)


def routing(random):
    text = "12" + "".join(random.choice("0123456789") for _ in range(6))
    total = sum(w * int(d) for w, d in zip((3, 7, 1, 3, 7, 1, 3, 7), text))
    return text + str((10 - total % 10) % 10)


def number(random, count):
    return "".join(random.choice("0123456789") for _ in range(count))


def bank(random, row):
    row.update(beneficiary_name="Dépôt %s GmbH" % number(random, 5), line1="%d Market Street" % random.randint(1, 400))
    if random.random() < 0.5:
        row.update(country="DE", bank_country="DE", city="Berlin", bank_city="Berlin", postal_code="10115",
                   bank_name="Spreebank", iban=iban(random))
    else:
        row.update(country="US", bank_country="US", city="Boston", bank_city="Boston", district="MA",
                   postal_code="02108", bank_name="Harbor Bank", account_number=number(random, 12),
                   routing_number=routing(random))


def fill(random, row, bad):
    """The columns of row["channel"]; bad: the provider is to fail or return it."""
    channel = row["channel"]
    whole, cents = random.randint(15, 900), random.randint(10, 89)
    row.update(amount="%d.%02d" % (whole, cents), currency="USD")
    if bad and channel in BAD_AMOUNTS:
        row["amount"] = "%d%s" % (whole, random.choice(BAD_AMOUNTS[channel]))
    if bad and channel in BAD_WHOLE:
        row["amount"] = random.choice(BAD_WHOLE[channel])
    if channel == "circle":
        row.update(beneficiary_id="1%s-1111-4%s-8111-%s" % (number(random, 7), number(random, 3), number(random, 12)),
                   purpose=random.choice(["PMT001", "PMT002", "PMT008"]))
        if bad:
            row["beneficiary_id"] = random.choice(["00000000", "ffffffff"]) + row["beneficiary_id"][8:]
    elif channel == "circle-wire":
        bank(random, row)
    elif channel == "circle-legacy":
        bank(random, row)
        row["email"] = "somebody%d@example.com" % random.randint(1, 99999)
    elif channel == "mollie":
        row.update(balance_id="bal_eur_%d" % random.randint(1, 8), currency="EUR", description="Rent %d" % whole)
        if bad and random.random() < 0.5:
            row.update(amount="%d.%02d" % (whole, cents), description="sandbox " + random.choice(MOLLIE_WORDS))
    elif channel == "pontis":
        row.update(currency="USDT", target_currency="PHP", country="PH", payment_method="bank_local",
                   beneficiary_name="Juan dela Cruz", account_number="7" + number(random, 11), purpose="services")
        if bad and random.random() < 0.5:
            row.update(amount="%d.%02d" % (whole, cents), beneficiary_name="sandbox " + random.choice(PONTIS_WORDS))
    else:
        row.update(currency=random.choice(["USDC", "USDT"]), description="Invoice %d" % random.randint(1, 9999),
                   wallet_address="0x" + "".join(random.choice("0123456789abcdef") for _ in range(40)))
        if random.random() < 0.3:
            row.update(currency="USDT_TRX", wallet_address=random.choice(TRON))
    return row


def spoil(random, row):
    """Makes an error of the row that check finds."""
    way = random.randrange(4)
    if way == 0:
        row["amount"] = random.choice(["", "-5", "1,000.00", "12.345678901234", "abc"])
    elif way == 1:
        row["currency"] = "XQZ"
    elif way == 2:
        row["channel"] = "nowhere"
    else:
        row["reference"] = ""
    return row


def as_bytes(random, rows, form, batch_id):
    """The rows as a file's bytes; columns that all rows leave empty are left out."""
    used = [column for column in COLUMNS if any(row.get(column) for row in rows) or column == "reference"]
    objects = [{c: row[c] for c in used if row.get(c)} for row in rows]
    if form == "ndjson":
        return "".join(json.dumps(o, ensure_ascii=random.random() < 0.5) + "\n" for o in objects).encode()
    if form == "json":
        if batch_id is None or random.random() < 0.5:
            return json.dumps(objects, indent=random.choice([None, 1])).encode()
        return json.dumps({"batch_id": batch_id, "control": {"count": len(objects)}, "payouts": objects}).encode()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=random.choice(["\n", "\r\n"]))
    writer.writerow(used)
    for row in rows:
        writer.writerow([row.get(column, "") for column in used])
    return (random.choice(["", "\ufeff"]) + out.getvalue()).encode()
