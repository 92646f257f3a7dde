#include "tests/support/pain002_check.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum form { PARENT, TEXT_4, TEXT_35, TEXT_105, TEXT_140, DIGITS_15, DATE_TIME, DECIMAL, AMOUNT, GROUP, SINGLE, UETR };

#define BOTH 3
#define ONLY_10 2
#define MANY 1000000000

static const struct rule {
	const char *parent, *name;
	int versions, least, most;
	enum form form;
} rules[] = {
	{"", "Document", BOTH, 1, 1, PARENT},
	{"Document", "CstmrPmtStsRpt", BOTH, 1, 1, PARENT},
	{"CstmrPmtStsRpt", "GrpHdr", BOTH, 1, 1, PARENT},
	{"CstmrPmtStsRpt", "OrgnlGrpInfAndSts", BOTH, 1, 1, PARENT},
	{"CstmrPmtStsRpt", "OrgnlPmtInfAndSts", BOTH, 0, MANY, PARENT},
	{"GrpHdr", "MsgId", BOTH, 1, 1, TEXT_35},
	{"GrpHdr", "CreDtTm", BOTH, 1, 1, DATE_TIME},
	{"GrpHdr", "InitgPty", BOTH, 0, 1, PARENT},
	{"InitgPty", "Nm", BOTH, 0, 1, TEXT_140},
	{"OrgnlGrpInfAndSts", "OrgnlMsgId", BOTH, 1, 1, TEXT_35},
	{"OrgnlGrpInfAndSts", "OrgnlMsgNmId", BOTH, 1, 1, TEXT_35},
	{"OrgnlGrpInfAndSts", "OrgnlCreDtTm", BOTH, 0, 1, DATE_TIME},
	{"OrgnlGrpInfAndSts", "OrgnlNbOfTxs", BOTH, 0, 1, DIGITS_15},
	{"OrgnlGrpInfAndSts", "OrgnlCtrlSum", BOTH, 0, 1, DECIMAL},
	{"OrgnlGrpInfAndSts", "GrpSts", BOTH, 0, 1, GROUP},
	{"OrgnlGrpInfAndSts", "StsRsnInf", BOTH, 0, MANY, PARENT},
	{"OrgnlPmtInfAndSts", "OrgnlPmtInfId", BOTH, 1, 1, TEXT_35},
	{"OrgnlPmtInfAndSts", "OrgnlNbOfTxs", BOTH, 0, 1, DIGITS_15},
	{"OrgnlPmtInfAndSts", "OrgnlCtrlSum", BOTH, 0, 1, DECIMAL},
	{"OrgnlPmtInfAndSts", "PmtInfSts", BOTH, 0, 1, GROUP},
	{"OrgnlPmtInfAndSts", "StsRsnInf", BOTH, 0, MANY, PARENT},
	{"OrgnlPmtInfAndSts", "TxInfAndSts", BOTH, 0, MANY, PARENT},
	{"TxInfAndSts", "StsId", BOTH, 0, 1, TEXT_35},
	{"TxInfAndSts", "OrgnlInstrId", BOTH, 0, 1, TEXT_35},
	{"TxInfAndSts", "OrgnlEndToEndId", BOTH, 0, 1, TEXT_35},
	{"TxInfAndSts", "OrgnlUETR", ONLY_10, 0, 1, UETR},
	{"TxInfAndSts", "TxSts", BOTH, 0, 1, SINGLE},
	{"TxInfAndSts", "StsRsnInf", BOTH, 0, MANY, PARENT},
	{"TxInfAndSts", "AccptncDtTm", BOTH, 0, 1, DATE_TIME},
	{"TxInfAndSts", "AcctSvcrRef", BOTH, 0, 1, TEXT_35},
	{"TxInfAndSts", "OrgnlTxRef", BOTH, 0, 1, PARENT},
	{"StsRsnInf", "Rsn", BOTH, 0, 1, PARENT},
	{"StsRsnInf", "AddtlInf", BOTH, 0, MANY, TEXT_105},
	{"Rsn", "Cd", BOTH, 0, 1, TEXT_4},
	{"Rsn", "Prtry", BOTH, 0, 1, TEXT_35},
	{"OrgnlTxRef", "Amt", BOTH, 0, 1, PARENT},
	{"Amt", "InstdAmt", BOTH, 1, 1, AMOUNT},
};
#define RULES (sizeof(rules) / sizeof(rules[0]))

static char wrong[1500], found[1200];

static const char *say(const char *name, const char *what)
{
	snprintf(wrong, sizeof(wrong), "%s: %s", name, what);
	return wrong;
}

static bool within(const char *text, int most)
{
	int points = xmlUTF8Strlen((const xmlChar *)text);

	return points >= 1 && points <= most;
}

/* Digits, at most one point between them. */
static bool is_decimal(const char *text, size_t digits, size_t fraction)
{
	const char *point = strchr(text, '.');
	size_t whole = strspn(text, "0123456789"), behind;

	if (whole == 0)
		return false;
	if (point == NULL)
		return text[whole] == '\0' && whole <= digits;
	behind = strspn(point + 1, "0123456789");
	return text + whole == point && behind > 0 && point[1 + behind] == '\0' && behind <= fraction &&
	       whole + behind <= digits;
}

/* YYYY-MM-DDThh:mm:ssZ is enough of xs:dateTime. */
static bool looks_like(const char *pattern, const char *text)
{
	for (; *pattern != '\0' && *text != '\0'; pattern++, text++) {
		bool hex = (*text >= '0' && *text <= '9') || (*text >= 'a' && *text <= 'f');

		if (*pattern == '0' ? *text < '0' || *text > '9' : *pattern == 'x' ? !hex : *pattern != *text)
			return false;
	}
	return *pattern == *text;
}

/* version: 1 is .03, 2 is .10. */
static bool is_status(const char *text, int version, bool group)
{
	const char *codes =
		group ? "ACTC RCVD PART RJCT PDNG ACCP ACSP ACSC ACWC" : "ACTC RJCT PDNG ACCP ACSP ACSC ACWC";

	if (version == ONLY_10 && !group && strcmp(text, "CANC") == 0)
		return true;
	return strlen(text) == 4 && strchr(text, ' ') == NULL && strstr(codes, text) != NULL;
}

static bool has_form(xmlNodePtr node, const char *text, enum form form, int version)
{
	xmlChar *currency;
	bool fine;

	switch (form) {
	case PARENT:
		return true;
	case TEXT_4:
		return within(text, 4);
	case TEXT_35:
		return within(text, 35);
	case TEXT_105:
		return within(text, 105);
	case TEXT_140:
		return within(text, 140);
	case DIGITS_15:
		return is_decimal(text, 15, 0);
	case DATE_TIME:
		return looks_like("0000-00-00T00:00:00Z", text);
	case DECIMAL:
		return is_decimal(text, 18, 17);
	case AMOUNT:
		currency = xmlGetProp(node, (const xmlChar *)"Ccy");
		fine = currency != NULL && strspn((char *)currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3 &&
		       strlen((char *)currency) == 3 && is_decimal(text, 18, 5);
		xmlFree(currency);
		return fine;
	case GROUP:
		return is_status(text, version, true);
	case SINGLE:
		return is_status(text, version, false);
	case UETR:
		return looks_like("xxxxxxxx-xxxx-4xxx-xxxx-xxxxxxxxxxxx", text) && strchr("89ab", text[19]) != NULL;
	}
	return false;
}

static const struct rule *rule_of(const char *parent, const char *name, int version)
{
	for (size_t i = 0; i < RULES; i++)
		if (strcmp(rules[i].parent, parent) == 0 && strcmp(rules[i].name, name) == 0 &&
			(rules[i].versions & version) != 0)
			return &rules[i];
	return NULL;
}

static const char *check_counts(const char *parent, const int *counts, int version)
{
	for (size_t i = 0; i < RULES; i++)
		if (strcmp(rules[i].parent, parent) == 0 && (rules[i].versions & version) != 0 &&
			(counts[i] < rules[i].least || counts[i] > rules[i].most))
			return say(rules[i].name, "too few or too many");
	return "";
}

static const char *check_node(xmlNodePtr node, const struct rule *rule, int version);

static const char *check_children(xmlNodePtr parent, int version)
{
	const char *name = (const char *)parent->name, *result;
	const struct rule *last = NULL;
	int counts[RULES] = {0};

	for (xmlNodePtr node = parent->children; node != NULL; node = node->next) {
		const struct rule *rule;

		if (node->type == XML_TEXT_NODE && xmlIsBlankNode(node))
			continue;
		if (node->type != XML_ELEMENT_NODE)
			return say(name, "text between elements");
		rule = rule_of(name, (const char *)node->name, version);
		if (rule == NULL || rule < last)
			return say((const char *)node->name, "not here");
		last = rule;
		counts[rule - rules]++;
		result = check_node(node, rule, version);
		if (result[0] != '\0')
			return result;
	}
	if (strcmp(name, "Rsn") == 0 &&
		counts[rule_of("Rsn", "Cd", BOTH) - rules] + counts[rule_of("Rsn", "Prtry", BOTH) - rules] != 1)
		return say(name, "one of Cd and Prtry");
	return check_counts(name, counts, version);
}

static const char *check_node(xmlNodePtr node, const struct rule *rule, int version)
{
	xmlChar *text;
	bool fine;

	if (rule->form == PARENT)
		return check_children(node, version);
	text = xmlNodeGetContent(node);
	fine = has_form(node, (char *)text, rule->form, version) && xmlChildElementCount(node) == 0;
	snprintf(found, sizeof(found), "not \"%s\"", (char *)text);
	xmlFree(text);
	return fine ? "" : say(rule->name, found);
}

static const char *check_document(xmlDocPtr document)
{
	xmlNodePtr root = document != NULL ? xmlDocGetRootElement(document) : NULL;
	const char *space = root != NULL && root->ns != NULL ? (const char *)root->ns->href : "";

	if (root == NULL || strcmp((const char *)root->name, "Document") != 0)
		return say("Document", "none");
	if (strcmp(space, "urn:iso:std:iso:20022:tech:xsd:pain.002.001.03") == 0)
		return check_children(root, 1);
	if (strcmp(space, "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10") == 0)
		return check_children(root, ONLY_10);
	return say("Document", "of no such namespace");
}

static xmlDocPtr document_of(const char *bytes, size_t len)
{
	return xmlReadMemory(
		bytes, (int)len, "pain002.xml", NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}

const char *pain002_check(const char *bytes, size_t len)
{
	xmlDocPtr document = document_of(bytes, len);
	const char *result = check_document(document);

	xmlFreeDoc(document);
	return result;
}

const char *pain002_check_file(const char *path)
{
	xmlDocPtr document = xmlReadFile(path, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	const char *result = check_document(document);

	xmlFreeDoc(document);
	return result;
}

static xmlNodePtr next_node(xmlNodePtr node)
{
	if (node->children != NULL)
		return node->children;
	while (node != NULL && node->next == NULL)
		node = node->parent;
	return node != NULL ? node->next : NULL;
}

static xmlNodePtr find_node(xmlDocPtr document, const char *name, int nth, int *count)
{
	xmlNodePtr node = document != NULL ? xmlDocGetRootElement(document) : NULL;

	for (*count = 0; node != NULL; node = next_node(node))
		if (node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0 && (*count)++ == nth)
			return node;
	return NULL;
}

const char *pain002_find(const char *bytes, size_t len, const char *name, int nth, const char *attribute)
{
	xmlDocPtr document = document_of(bytes, len);
	int count;
	xmlNodePtr node = find_node(document, name, nth, &count);
	xmlChar *text = NULL;

	if (node != NULL)
		text = attribute != NULL ? xmlGetProp(node, (const xmlChar *)attribute) : xmlNodeGetContent(node);
	if (text != NULL)
		snprintf(found, sizeof(found), "%s", (char *)text);
	xmlFreeDoc(document);
	if (text == NULL)
		return NULL;
	xmlFree(text);
	return found;
}

int pain002_count(const char *bytes, size_t len, const char *name)
{
	xmlDocPtr document = document_of(bytes, len);
	int count;

	find_node(document, name, -1, &count);
	xmlFreeDoc(document);
	return count;
}
