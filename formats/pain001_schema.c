#include "formats/pain001_schema.h"

/* A text; a group of elements; what is not read. */
#define TEXTS(name, field, flags)                                                                                      \
	{                                                                                                              \
		name, NULL, field, flags                                                                               \
	}
#define GROUP(name, node, flags)                                                                                       \
	{                                                                                                              \
		name, &(node), FIELD_NONE, flags                                                                       \
	}
#define OTHER(name, flags)                                                                                             \
	{                                                                                                              \
		name, NULL, FIELD_NONE, flags                                                                          \
	}
#define LAST                                                                                                           \
	{                                                                                                              \
		NULL, NULL, FIELD_NONE, 0                                                                              \
	}

/* clang-format off */
static const struct pain001_part category_parts[] = {
	TEXTS("Cd", FIELD_CATEGORY, 0),
	TEXTS("Prtry", FIELD_CATEGORY, 0),
	LAST,
};
static const struct pain001_node category = {category_parts, FIELD_NONE};

static const struct pain001_part type_parts[] = {
	OTHER("InstrPrty", 0),
	OTHER("SvcLvl", PART_MANY),
	OTHER("LclInstrm", 0),
	GROUP("CtgyPurp", category, 0),
	LAST,
};
static const struct pain001_node type = {type_parts, FIELD_NONE};

static const struct pain001_part header_parts[] = {
	TEXTS("MsgId", FIELD_MESSAGE_ID, PART_NEEDED | PART_SHORT),
	TEXTS("CreDtTm", FIELD_CREATED, PART_NEEDED),
	OTHER("Authstn", PART_MANY),
	OTHER("BtchBookg", 0),
	TEXTS("NbOfTxs", FIELD_COUNT, PART_NEEDED),
	TEXTS("CtrlSum", FIELD_TOTAL, 0),
	OTHER("Grpg", 0),
	OTHER("InitgPty", 0),
	OTHER("FwdgAgt", 0),
	OTHER("InitnSrc", 0),
	LAST,
};
const struct pain001_node pain001_header = {header_parts, FIELD_NONE};

static const struct pain001_part id_parts[] = {
	TEXTS("InstrId", FIELD_INSTRUCTION_ID, PART_SHORT),
	TEXTS("EndToEndId", FIELD_END_TO_END_ID, PART_NEEDED | PART_SHORT),
	TEXTS("UETR", FIELD_UETR, 0),
	LAST,
};
static const struct pain001_node id = {id_parts, FIELD_NONE};

static const struct pain001_part equivalent_parts[] = {
	TEXTS("Amt", FIELD_EQUIVALENT, PART_NEEDED | PART_CURRENCY),
	TEXTS("CcyOfTrf", FIELD_TRANSFER_CURRENCY, PART_NEEDED),
	LAST,
};
static const struct pain001_node equivalent = {equivalent_parts, FIELD_NONE};

static const struct pain001_part amount_parts[] = {
	TEXTS("InstdAmt", FIELD_AMOUNT, PART_CURRENCY),
	GROUP("EqvtAmt", equivalent, 0),
	LAST,
};
static const struct pain001_node amount = {amount_parts, FIELD_NONE};

static const struct pain001_part clearing_system_parts[] = {
	TEXTS("Cd", FIELD_CLEARING_SYSTEM, 0),
	TEXTS("Prtry", FIELD_CLEARING_PROPRIETARY, 0),
	LAST,
};
static const struct pain001_node clearing_system = {clearing_system_parts, FIELD_NONE};

static const struct pain001_part clearing_parts[] = {
	GROUP("ClrSysId", clearing_system, 0),
	TEXTS("MmbId", FIELD_CLEARING_MEMBER, PART_NEEDED | PART_SHORT),
	LAST,
};
static const struct pain001_node clearing = {clearing_parts, FIELD_NONE};

static const struct pain001_part bank_address_parts[] = {
	OTHER("AdrTp", 0),
	OTHER("CareOf", 0),
	OTHER("Dept", 0),
	OTHER("SubDept", 0),
	OTHER("StrtNm", 0),
	OTHER("BldgNb", 0),
	OTHER("BldgNm", 0),
	OTHER("Flr", 0),
	OTHER("UnitNb", 0),
	OTHER("PstBx", 0),
	OTHER("Room", 0),
	OTHER("PstCd", 0),
	TEXTS("TwnNm", FIELD_BANK_CITY, 0),
	OTHER("TwnLctnNm", 0),
	OTHER("DstrctNm", 0),
	OTHER("CtrySubDvsn", 0),
	TEXTS("Ctry", FIELD_BANK_COUNTRY, 0),
	OTHER("AdrLine", PART_MANY),
	LAST,
};
static const struct pain001_node bank_address = {bank_address_parts, FIELD_NONE};

static const struct pain001_part bank_other_parts[] = {
	TEXTS("Id", FIELD_BANK_OTHER, 0),
	OTHER("SchmeNm", 0),
	OTHER("Issr", 0),
	LAST,
};
static const struct pain001_node bank_other = {bank_other_parts, FIELD_NONE};

static const struct pain001_part institution_parts[] = {
	TEXTS("BIC", FIELD_BIC, 0),
	TEXTS("BICFI", FIELD_BIC, 0),
	GROUP("ClrSysMmbId", clearing, 0),
	OTHER("LEI", 0),
	TEXTS("Nm", FIELD_BANK_NAME, 0),
	GROUP("PstlAdr", bank_address, 0),
	GROUP("Othr", bank_other, 0),
	LAST,
};
static const struct pain001_node institution = {institution_parts, FIELD_NONE};

static const struct pain001_part bank_parts[] = {
	GROUP("FinInstnId", institution, 0),
	OTHER("BrnchId", PART_NOTED),
	LAST,
};
static const struct pain001_node bank = {bank_parts, FIELD_NONE};

static const struct pain001_part address_parts[] = {
	OTHER("AdrTp", 0),
	TEXTS("CareOf", FIELD_PLACE, 0),
	TEXTS("Dept", FIELD_PLACE, 0),
	TEXTS("SubDept", FIELD_PLACE, 0),
	TEXTS("StrtNm", FIELD_STREET, 0),
	TEXTS("BldgNb", FIELD_BUILDING, 0),
	TEXTS("BldgNm", FIELD_PLACE, 0),
	TEXTS("Flr", FIELD_PLACE, 0),
	TEXTS("UnitNb", FIELD_PLACE, 0),
	TEXTS("PstBx", FIELD_PLACE, 0),
	TEXTS("Room", FIELD_PLACE, 0),
	TEXTS("PstCd", FIELD_POSTCODE, 0),
	TEXTS("TwnNm", FIELD_CITY, 0),
	TEXTS("TwnLctnNm", FIELD_PLACE, 0),
	TEXTS("DstrctNm", FIELD_PLACE, 0),
	TEXTS("CtrySubDvsn", FIELD_DISTRICT, 0),
	TEXTS("Ctry", FIELD_COUNTRY, 0),
	TEXTS("AdrLine", FIELD_ADDRESS, PART_MANY),
	LAST,
};
static const struct pain001_node address = {address_parts, FIELD_NONE};

static const struct pain001_part contact_parts[] = {
	OTHER("NmPrfx", 0),
	OTHER("Nm", 0),
	OTHER("PhneNb", 0),
	OTHER("MobNb", 0),
	OTHER("FaxNb", 0),
	OTHER("URLAdr", 0),
	TEXTS("EmailAdr", FIELD_EMAIL, 0),
	OTHER("EmailPurp", 0),
	OTHER("JobTitl", 0),
	OTHER("Rspnsblty", 0),
	OTHER("Dept", 0),
	OTHER("Othr", PART_MANY),
	OTHER("PrefrdMtd", 0),
	LAST,
};
static const struct pain001_node contact = {contact_parts, FIELD_NONE};

static const struct pain001_part party_parts[] = {
	TEXTS("Nm", FIELD_NAME, 0),
	GROUP("PstlAdr", address, 0),
	OTHER("Id", PART_NOTED),
	OTHER("CtryOfRes", PART_NOTED),
	GROUP("CtctDtls", contact, 0),
	LAST,
};
static const struct pain001_node party = {party_parts, FIELD_NONE};

static const struct pain001_part account_other_parts[] = {
	TEXTS("Id", FIELD_ACCOUNT, PART_NEEDED),
	OTHER("SchmeNm", 0),
	OTHER("Issr", 0),
	LAST,
};
static const struct pain001_node account_other = {account_other_parts, FIELD_NONE};

static const struct pain001_part account_id_parts[] = {
	TEXTS("IBAN", FIELD_IBAN, 0),
	GROUP("Othr", account_other, 0),
	LAST,
};
static const struct pain001_node account_id = {account_id_parts, FIELD_NONE};

static const struct pain001_part proxy_parts[] = {
	OTHER("Tp", 0),
	TEXTS("Id", FIELD_PROXY, 0),
	LAST,
};
static const struct pain001_node proxy = {proxy_parts, FIELD_NONE};

static const struct pain001_part account_parts[] = {
	GROUP("Id", account_id, 0),
	OTHER("Tp", 0),
	TEXTS("Ccy", FIELD_ACCOUNT_CURRENCY, 0),
	OTHER("Nm", 0),
	GROUP("Prxy", proxy, 0),
	LAST,
};
static const struct pain001_node account = {account_parts, FIELD_NONE};

static const struct pain001_part purpose_parts[] = {
	TEXTS("Cd", FIELD_PURPOSE, 0),
	TEXTS("Prtry", FIELD_PURPOSE, 0),
	LAST,
};
static const struct pain001_node purpose = {purpose_parts, FIELD_NONE};

static const struct pain001_part creditor_reference_parts[] = {
	OTHER("Tp", 0),
	TEXTS("Ref", FIELD_TEXT, PART_MANY),
	LAST,
};
static const struct pain001_node creditor_reference = {creditor_reference_parts, FIELD_NONE};

static const struct pain001_part structured_parts[] = {
	OTHER("RfrdDocInf", PART_MANY | PART_NOTED),
	OTHER("RfrdDocAmt", PART_NOTED),
	GROUP("CdtrRefInf", creditor_reference, 0),
	OTHER("Invcr", PART_NOTED),
	OTHER("Invcee", PART_NOTED),
	OTHER("TaxRmt", PART_NOTED),
	OTHER("GrnshmtRmt", PART_NOTED),
	TEXTS("AddtlRmtInf", FIELD_TEXT, PART_MANY),
	LAST,
};
static const struct pain001_node structured = {structured_parts, FIELD_NONE};

static const struct pain001_part remittance_parts[] = {
	TEXTS("Ustrd", FIELD_TEXT, PART_MANY),
	GROUP("Strd", structured, PART_MANY),
	LAST,
};
static const struct pain001_node remittance = {remittance_parts, FIELD_NONE};

static const struct pain001_part transaction_parts[] = {
	GROUP("PmtId", id, PART_NEEDED),
	GROUP("PmtTpInf", type, 0),
	GROUP("Amt", amount, PART_NEEDED),
	OTHER("XchgRateInf", PART_NOTED),
	TEXTS("ChrgBr", FIELD_CHARGES, 0),
	OTHER("MndtRltdInf", 0),
	OTHER("ChqInstr", PART_CHEQUE),
	OTHER("UltmtDbtr", PART_NOTED),
	OTHER("IntrmyAgt1", PART_NOTED),
	OTHER("IntrmyAgt1Acct", PART_NOTED),
	OTHER("IntrmyAgt2", PART_NOTED),
	OTHER("IntrmyAgt2Acct", PART_NOTED),
	OTHER("IntrmyAgt3", PART_NOTED),
	OTHER("IntrmyAgt3Acct", PART_NOTED),
	GROUP("CdtrAgt", bank, 0),
	OTHER("CdtrAgtAcct", PART_NOTED),
	GROUP("Cdtr", party, 0),
	GROUP("CdtrAcct", account, 0),
	OTHER("UltmtCdtr", PART_NOTED),
	OTHER("InstrForCdtrAgt", PART_MANY | PART_NOTED),
	OTHER("InstrForDbtrAgt", PART_NOTED),
	GROUP("Purp", purpose, 0),
	TEXTS("RgltryRptg", FIELD_REGULATORY, PART_MANY | PART_NOTED | PART_KEPT),
	OTHER("Tax", PART_NOTED),
	OTHER("RltdRmtInf", PART_MANY | PART_NOTED),
	GROUP("RmtInf", remittance, 0),
	OTHER("SplmtryData", PART_MANY | PART_ANYTHING),
	LAST,
};
const struct pain001_node pain001_transaction = {transaction_parts, FIELD_NONE};

/* A plain date in version 03, one of two elements later. */
static const struct pain001_part date_parts[] = {
	TEXTS("Dt", FIELD_DATE, 0),
	TEXTS("DtTm", FIELD_DATE, 0),
	LAST,
};
static const struct pain001_node date = {date_parts, FIELD_DATE};

static const struct pain001_part debtor_other_parts[] = {
	TEXTS("Id", FIELD_DEBTOR_ACCOUNT, 0),
	OTHER("SchmeNm", 0),
	OTHER("Issr", 0),
	LAST,
};
static const struct pain001_node debtor_other = {debtor_other_parts, FIELD_NONE};

static const struct pain001_part debtor_id_parts[] = {
	TEXTS("IBAN", FIELD_DEBTOR_IBAN, 0),
	GROUP("Othr", debtor_other, 0),
	LAST,
};
static const struct pain001_node debtor_id = {debtor_id_parts, FIELD_NONE};

/* Says which of the sender's accounts pays. A channel does, so all payments of a file must mean the same one. */
static const struct pain001_part debtor_parts[] = {
	GROUP("Id", debtor_id, 0),
	OTHER("Tp", 0),
	TEXTS("Ccy", FIELD_DEBTOR_CURRENCY, 0),
	OTHER("Nm", 0),
	OTHER("Prxy", 0),
	LAST,
};
static const struct pain001_node debtor = {debtor_parts, FIELD_NONE};

static const struct pain001_part payment_parts[] = {
	TEXTS("PmtInfId", FIELD_PAYMENT_ID, PART_NEEDED | PART_SHORT | PART_BEFORE),
	TEXTS("PmtMtd", FIELD_METHOD, PART_NEEDED | PART_BEFORE),
	OTHER("ReqdAdvcTp", 0),
	OTHER("BtchBookg", 0),
	TEXTS("NbOfTxs", FIELD_COUNT, PART_BEFORE),
	TEXTS("CtrlSum", FIELD_TOTAL, PART_BEFORE),
	GROUP("PmtTpInf", type, PART_BEFORE),
	{"ReqdExctnDt", &date, FIELD_NONE, PART_NEEDED | PART_BEFORE},
	OTHER("PoolgAdjstmntDt", 0),
	OTHER("Dbtr", 0),
	GROUP("DbtrAcct", debtor, 0),
	OTHER("DbtrAgt", 0),
	OTHER("DbtrAgtAcct", 0),
	OTHER("InstrForDbtrAgt", PART_NOTED),
	OTHER("UltmtDbtr", PART_NOTED),
	OTHER("ChqInstr", PART_CHEQUE | PART_BEFORE),
	TEXTS("ChrgBr", FIELD_CHARGES, PART_BEFORE),
	OTHER("ChrgsAcct", 0),
	OTHER("ChrgsAcctAgt", 0),
	GROUP("CdtTrfTxInf", pain001_transaction, PART_MANY | PART_NEEDED),
	LAST,
};
const struct pain001_node pain001_payment = {payment_parts, FIELD_NONE};

static const struct pain001_part initiation_parts[] = {
	GROUP("GrpHdr", pain001_header, PART_NEEDED),
	GROUP("PmtInf", pain001_payment, PART_MANY | PART_NEEDED),
	OTHER("SplmtryData", PART_MANY | PART_ANYTHING),
	LAST,
};
static const struct pain001_node initiation = {initiation_parts, FIELD_NONE};

static const struct pain001_part document_parts[] = {
	GROUP("CstmrCdtTrfInitn", initiation, PART_NEEDED),
	LAST,
};
const struct pain001_node pain001_document = {document_parts, FIELD_NONE};

static const char *const paths[FIELDS] = {
	[FIELD_PAYMENT_ID] = "PmtInfId",
	[FIELD_METHOD] = "PmtMtd",
	[FIELD_DEBTOR_IBAN] = "DbtrAcct/Id/IBAN",
	[FIELD_DEBTOR_ACCOUNT] = "DbtrAcct/Id/Othr/Id",
	[FIELD_DEBTOR_CURRENCY] = "DbtrAcct/Ccy",
	[FIELD_DATE] = "ReqdExctnDt",
	[FIELD_CATEGORY] = "PmtTpInf/CtgyPurp",
	[FIELD_INSTRUCTION_ID] = "PmtId/InstrId",
	[FIELD_END_TO_END_ID] = "PmtId/EndToEndId",
	[FIELD_UETR] = "PmtId/UETR",
	[FIELD_AMOUNT] = "Amt/InstdAmt",
	[FIELD_CURRENCY] = "Amt/InstdAmt/@Ccy",
	[FIELD_EQUIVALENT] = "Amt/EqvtAmt/Amt",
	[FIELD_EQUIVALENT_CURRENCY] = "Amt/EqvtAmt/Amt/@Ccy",
	[FIELD_TRANSFER_CURRENCY] = "Amt/EqvtAmt/CcyOfTrf",
	[FIELD_BIC] = "CdtrAgt/FinInstnId",
	[FIELD_CLEARING_SYSTEM] = "CdtrAgt/FinInstnId/ClrSysMmbId/ClrSysId",
	[FIELD_CLEARING_PROPRIETARY] = "CdtrAgt/FinInstnId/ClrSysMmbId/ClrSysId",
	[FIELD_CLEARING_MEMBER] = "CdtrAgt/FinInstnId/ClrSysMmbId/MmbId",
	[FIELD_BANK_NAME] = "CdtrAgt/FinInstnId/Nm",
	[FIELD_BANK_OTHER] = "CdtrAgt/FinInstnId/Othr/Id",
	[FIELD_BANK_CITY] = "CdtrAgt/FinInstnId/PstlAdr/TwnNm",
	[FIELD_BANK_COUNTRY] = "CdtrAgt/FinInstnId/PstlAdr/Ctry",
	[FIELD_NAME] = "Cdtr/Nm",
	[FIELD_STREET] = "Cdtr/PstlAdr",
	[FIELD_BUILDING] = "Cdtr/PstlAdr",
	[FIELD_PLACE] = "Cdtr/PstlAdr",
	[FIELD_POSTCODE] = "Cdtr/PstlAdr/PstCd",
	[FIELD_CITY] = "Cdtr/PstlAdr/TwnNm",
	[FIELD_DISTRICT] = "Cdtr/PstlAdr/CtrySubDvsn",
	[FIELD_COUNTRY] = "Cdtr/PstlAdr/Ctry",
	[FIELD_ADDRESS] = "Cdtr/PstlAdr",
	[FIELD_EMAIL] = "Cdtr/CtctDtls/EmailAdr",
	[FIELD_IBAN] = "CdtrAcct/Id/IBAN",
	[FIELD_ACCOUNT] = "CdtrAcct/Id/Othr/Id",
	[FIELD_PROXY] = "CdtrAcct/Prxy/Id",
	[FIELD_ACCOUNT_CURRENCY] = "CdtrAcct/Ccy",
	[FIELD_PURPOSE] = "Purp",
	[FIELD_TEXT] = "RmtInf",
	[FIELD_REGULATORY] = "RgltryRptg",
};

const char *pain001_path(enum pain001_field field)
{
	return paths[field] != NULL ? paths[field] : "";
}

static const struct {
	enum pain001_field field;
	enum column column;
} columns[] = {
	{FIELD_END_TO_END_ID, COLUMN_REFERENCE},
	{FIELD_AMOUNT, COLUMN_AMOUNT},
	{FIELD_EQUIVALENT, COLUMN_AMOUNT},
	{FIELD_CURRENCY, COLUMN_CURRENCY},
	{FIELD_EQUIVALENT_CURRENCY, COLUMN_CURRENCY},
	{FIELD_TRANSFER_CURRENCY, COLUMN_TARGET_CURRENCY},
	{FIELD_COUNTRY, COLUMN_COUNTRY},
	{FIELD_NAME, COLUMN_BENEFICIARY_NAME},
	{FIELD_IBAN, COLUMN_IBAN},
	{FIELD_ACCOUNT, COLUMN_ACCOUNT_NUMBER},
	{FIELD_CLEARING_MEMBER, COLUMN_ROUTING_NUMBER},
	{FIELD_CLEARING_MEMBER, COLUMN_IFSC},
	{FIELD_BIC, COLUMN_BIC},
	{FIELD_BANK_NAME, COLUMN_BANK_NAME},
	{FIELD_BANK_CITY, COLUMN_BANK_CITY},
	{FIELD_BANK_COUNTRY, COLUMN_BANK_COUNTRY},
	{FIELD_STREET, COLUMN_LINE1},
	{FIELD_PLACE, COLUMN_LINE2},
	{FIELD_CITY, COLUMN_CITY},
	{FIELD_DISTRICT, COLUMN_DISTRICT},
	{FIELD_POSTCODE, COLUMN_POSTAL_CODE},
	{FIELD_EMAIL, COLUMN_EMAIL},
	{FIELD_PURPOSE, COLUMN_PURPOSE},
	{FIELD_TEXT, COLUMN_DESCRIPTION},
	{FIELD_DATE, COLUMN_EXECUTION_DATE},
};

enum column pain001_column(enum pain001_field field)
{
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		if (columns[i].field == field)
			return columns[i].column;
	return COLUMN_COUNT;
}

enum pain001_field pain001_field_of(enum column column)
{
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		if (columns[i].column == column)
			return columns[i].field;
	return FIELD_NONE;
}
