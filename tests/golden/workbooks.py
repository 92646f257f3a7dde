#!/usr/bin/env python3
"""Writes the workbooks of tests/golden/files/xlsx-*: input.xlsx of each case, part by part, the same bytes each time."""
import os
import zipfile

FILES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
COLUMNS = ["reference", "channel", "amount", "currency", "wallet_address", "execution_date"]
TO = "0x866Bfc4785c51036981493Bb5Ac81cbB4E20DDdE"


def name(column, row):
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[column] + str(row)


def text(value):
    return ' t="inlineStr"><is><t>%s</t></is></c>' % value


def number(value, style=0):
    return ' s="%d"><v>%s</v></c>' % (style, value)


def line(row, cells, more=""):
    body = "".join('<c r="%s"' % name(i, row) + (text(c) if not c.startswith(" ") else c) for i, c in enumerate(cells) if c)
    return '<row r="%d"%s>%s</row>' % (row, more, body)


def sheet(*rows, before="", doctype=""):
    return HEAD + doctype + '<worksheet xmlns="%s">%s<sheetData>%s</sheetData></worksheet>' % (MAIN, before, "".join(rows))


def links(*targets):
    return HEAD + '<Relationships xmlns="%srelationships">' % PACKAGE + "".join(
        '<Relationship Id="rId%d" Type="%s/%s" Target="%s"/>' % (i + 1, LINKS, kind, target)
        for i, (kind, target) in enumerate(targets)) + "</Relationships>"


def book(content, sheets=("Payouts",), second=None, kind=TYPE):
    parts = {
        "[Content_Types].xml": HEAD + '<Types xmlns="%scontent-types"><Default Extension="xml" '
        'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="%s"/></Types>' % (PACKAGE, kind),
        "_rels/.rels": links(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": HEAD + '<workbook xmlns="%s" xmlns:r="%s"><sheets>%s</sheets></workbook>' % (
            MAIN, LINKS, "".join('<sheet name="%s" sheetId="%d" r:id="rId%d"/>' % (s, i + 1, i + 1) for i, s in enumerate(sheets))),
        "xl/_rels/workbook.xml.rels": links(*([("worksheet", "worksheets/sheet%d.xml" % (i + 1)) for i in range(len(sheets))]
                                              + [("styles", "styles.xml")])),
        "xl/styles.xml": HEAD + '<styleSheet xmlns="%s"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="10"/>'
        '</cellXfs></styleSheet>' % MAIN,
        "xl/worksheets/sheet1.xml": content,
    }
    if second:
        parts["xl/worksheets/sheet2.xml"] = second
    return parts


def packed(case, parts):
    os.makedirs(os.path.join(FILES, case), exist_ok=True)
    with zipfile.ZipFile(os.path.join(FILES, case, "input.xlsx"), "w") as archive:
        for part, content in parts.items():
            entry = zipfile.ZipInfo(part, (2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)


def plain(case, content):
    os.makedirs(os.path.join(FILES, case), exist_ok=True)
    with open(os.path.join(FILES, case, "input.xlsx"), "wb") as file:
        file.write(content)


def pay(row, reference, amount, *more):
    return line(row, [reference, "calypso", amount, "USDT", TO] + list(more))


GOOD = sheet(line(1, COLUMNS), pay(2, "X-1", " " + number("12.300000000000001")[1:], " " + number("402133", 1)[1:]),
             pay(5, "X-2", "7.50", "3000-12-31"))

packed("xlsx-good", book(GOOD))
packed("xlsx-cells-damaged", book(sheet(
    line(1, COLUMNS),
    pay(2, number("4711"), "1"),
    pay(3, number("46000", 1), "2"),
    pay(4, "X-3", number("46000", 1)),
    pay(5, "X-4", number("0.30000000000000004")),
    pay(6, "X-5", ' t="e"><v>#N/A</v></c>'),
    pay(7, "X-6", "><f>SUM(A1:A2)</f></c>".replace(">", " >", 1)),
    pay(8, "X-7", "3", number("402133.5", 1)),
    pay(9, "X-8", "4"))))
packed("xlsx-outside", book(sheet(line(1, COLUMNS[:5]), pay(2, "X-1", "1"), pay(3, "X-2", "2", "", "note"))))
packed("xlsx-hidden", book(sheet(line(1, COLUMNS), line(2, ["X-1", "calypso", "1", "USDT", TO], ' hidden="1"'),
                                 before='<cols><col min="3" max="3" hidden="1"/></cols>')))
packed("xlsx-merged", book(sheet(line(1, COLUMNS), pay(2, "X-1", "1", "3000-12-31"), pay(3, "X-2", "2")).replace(
    "</worksheet>", '<mergeCells count="1"><mergeCell ref="F2:F3"/></mergeCells></worksheet>')))
packed("xlsx-postal-code", book(sheet(line(1, COLUMNS[:5] + ["postal_code"]), pay(2, "X-1", "1", number("1234")))))
packed("xlsx-second-sheet", book(sheet(line(1, ["nothing here"])), ("Notes", "Payouts"),
                                 sheet(line(2, ["Belegnr", "Betrag", "Adresse"]), line(3, [number("4711"), number("12.5"), TO]))))
packed("xlsx-sheet-missing", book(GOOD, ("Sheet1",)))
packed("xlsx-doctype", book(sheet(line(1, COLUMNS), pay(2, "X-1", "&amp;"), doctype='<!DOCTYPE worksheet [<!ENTITY a "1">]>')))
packed("xlsx-bomb", book(sheet(line(1, COLUMNS), pay(2, "X-1", "1"), before=" " * (5 << 20))))
packed("xlsx-macros", book(GOOD, kind="application/vnd.ms-excel.sheet.macroEnabled.main+xml"))
packed("xlsx-is-ods", {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>",
                       "META-INF/manifest.xml": "<x/>"})
plain("xlsx-is-xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
packed("xlsx-cut", book(GOOD))
with open(os.path.join(FILES, "xlsx-cut", "input.xlsx"), "r+b") as whole:
    whole.truncate(900)
packed("xlsx-profile", book(sheet(line(1, ["Export of 2026"]), line(4, ["Belegnr", "Betrag", "Adresse"]),
                                  line(5, ["A-1", number("1234.5"), TO]))))

LAST = [line(1, ["Belegnr", "Betrag", "Adresse"]), line(2, ["A-1", number("1234.5"), TO]),
        line(4, ["A-2", number("12.300000000000001"), TO])]
packed("xlsx-control-last", book(sheet(*LAST, line(6, ["Summe", number("1246.8"), number("2")]), line(8, ["", "printed"]),
                                       line(9, ["by", "anna"]))))
packed("xlsx-control-last-wrong", book(sheet(*LAST, line(6, ["Summe", number("1246.9"), number("3")]), line(8, ["printed"]),
                                             line(9, ["by anna"]))))
packed("xlsx-control-last-missing", book(sheet(*LAST, line(8, ["printed"]), line(9, ["by anna"]))))
packed("xlsx-control-last-not-last", book(sheet(*LAST, line(6, ["Summe", number("1246.8"), number("2")]), line(7, ["more"]),
                                                line(8, ["printed"]), line(9, ["by anna"]))))
packed("xlsx-footer-only", book(sheet(line(1, ["printed"]), line(2, ["by anna"]))))
packed("xlsx-control-first", book(sheet(line(2, ["TOTAL", number("4"), "USDT", number("2")]),
                                        line(3, [TO, number("1.5"), "USDT", "C-1"]), line(4, [TO, "2.50", "USDT", "C-2"]))))
packed("xlsx-control-first-missing", book(sheet(line(3, [TO, number("1.5"), "USDT", "C-1"]))))
packed("xlsx-join", book(sheet(line(1, ["Supplier", "Document", "amount", "wallet_address"]),
                               line(2, ["S-1", "D-1", number("1"), TO]), line(3, ["S-1", number("4711"), number("2"), TO]),
                               line(4, [number("46000", 1), "D-2", number("3"), TO]))))
packed("xlsx-control-last-error", book(sheet(line(1, ["Title"]),
                                             line(2, ["Belegnr", "Betrag", "Adresse"]), line(3, ["A-1", number("0"), TO]),
                                             line(5, ["Summe", number("0"), number("1")]), line(6, ["printed"]),
                                             line(8, ["by anna"]))))
PAYOUTS = [pay(row, "X-%d" % row, number("%d.5" % row)) for row in (2, 3, 4)]
packed("xlsx-footer-missing", book(sheet(line(1, COLUMNS[:5]), *PAYOUTS, pay(5, "X-5", number("7.5")))))
packed("xlsx-footer-total", book(sheet(line(1, COLUMNS[:5]), *PAYOUTS, line(5, ["Total", number("3"), number("10.5")]))))
packed("xlsx-headerless-preamble-missing", book(sheet(*(line(row, [TO, number("1.5"), "USDT", "C-%d" % row])
                                                        for row in (1, 2, 3)))))
