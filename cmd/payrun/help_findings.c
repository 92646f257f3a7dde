#include "cmd/payrun/help_findings.h"

#include <string.h>

#include "cmd/payrun/doc.h"
#include "values/rules.h"

static const char *fields_of(const struct rule *rule)
{
	if (rule->fields[0] == '\0')
		return "the whole file";
	return strcmp(rule->fields, "*") == 0 ? "any field" : rule->fields;
}

static void show_rule(struct buf *text, const struct rule *rule)
{
	buf_addf(text, "    %s: %s; %s", rule->id, fields_of(rule), finding_severity_name(rule->severity));
	if (rule->provider[0] != '\0')
		buf_addf(text, "; %s", rule->provider);
	if (rule->countries[0] != '\0')
		buf_addf(text, "; %s", rule->countries);
	buf_addf(text, " (%s)\n", rule->source);
}

void help_findings_show(struct buf *text)
{
	size_t count, rule_count;
	const struct finding_help *list = finding_help_list(&count);
	const struct rule *rules = rules_list(&rule_count);

	buf_addz(text,
		"Each code with its cause and its cure, then the rules that lead to it: the fields they look at,\n"
		"how grave it is, the provider and the countries where it is not all of them, and the source.\n\n");
	for (size_t i = 0; i < count; i++) {
		buf_addf(text, "%s\n  %s\n  %s\n", list[i].code, list[i].meaning, list[i].cure);
		for (size_t j = 0; j < rule_count; j++)
			if (strcmp(rules[j].code, list[i].code) == 0)
				show_rule(text, &rules[j]);
	}
}

static void add_rule(struct buf *members, const struct rule *rule)
{
	doc_open(members, '{');
	doc_member_string(members, "id", rule->id);
	doc_member_string(members, "code", rule->code);
	doc_member_string(members, "fields", rule->fields);
	doc_member_string(members, "severity", finding_severity_name(rule->severity));
	doc_member_string(members, "provider", rule->provider);
	doc_member_string(members, "countries", rule->countries);
	doc_member_string(members, "source", rule->source);
	doc_member_string(members, "scope", rule->check != NULL ? "row" : "file");
	doc_close(members, '}');
}

void help_findings_json(struct buf *members)
{
	size_t count;
	const struct finding_help *list = finding_help_list(&count);

	doc_name(members, "codes");
	doc_open(members, '[');
	for (size_t i = 0; i < count; i++) {
		doc_open(members, '{');
		doc_member_string(members, "code", list[i].code);
		doc_member_string(members, "meaning", list[i].meaning);
		doc_member_string(members, "cure", list[i].cure);
		doc_close(members, '}');
	}
	doc_close(members, ']');
	const struct rule *rules = rules_list(&count);
	doc_name(members, "rules");
	doc_open(members, '[');
	for (size_t i = 0; i < count; i++)
		add_rule(members, &rules[i]);
	doc_close(members, ']');
}
