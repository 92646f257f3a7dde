/*
 * Every limit of the program in one place, each with its reason. Floor 0. Passing one is a checked error.
 */
#ifndef BASE_BOUNDS_H
#define BASE_BOUNDS_H

#define BOUND_LINE_BYTES (1024 * 1024)   /* a physical line or a record of a file: 100 times the longest honest one */
#define BOUND_FIELD_BYTES (64 * 1024)    /* one field: a name, an address, a remittance text is far below */
#define BOUND_COLUMNS 512                /* columns of a file: ERP exports have some hundred */
#define BOUND_SHEET_ROWS 1048576         /* of a spreadsheet, as Excel has them; a larger row number is none */
#define BOUND_SHEET_COLUMNS 16384        /* XFD, the last one that Excel has */
#define BOUND_BOOK_ENTRIES 10000         /* files in a workbook's archive: honest ones have some dozen */
#define BOUND_BOOK_PART_BYTES (64 << 20) /* of a small part, inflated: a workbook of many styles has a few MiB */
#define BOUND_BOOK_STRINGS_BYTES (1LL << 30) /* of the shared strings, inflated; they go to a scratch file */
#define BOUND_BOOK_SHEET_BYTES (4LL << 30)   /* of a sheet, inflated: a million rows of 30 columns have two GiB */
#define BOUND_BOOK_RATIO 200            /* inflated to packed bytes: honest sheets pack to a tenth, seldom a fiftieth */
#define BOUND_BOOK_RATIO_FREE (4 << 20) /* inflated bytes that are never too many */
#define BOUND_BOOK_STRINGS (32 << 20)   /* shared strings: a row of thirty for each row of a sheet */
#define BOUND_BOOK_STYLES 65536         /* formats of cells; Excel has 65490 at most */
#define BOUND_BOOK_LINKS 20000          /* relationships and sheets of a workbook */
#define BOUND_XML_DEPTH 64              /* elements within elements: sheets have ten, messages some 15 */
#define BOUND_XML_ATTRIBUTES 64         /* of one element, namespaces included: messages have one */
#define BOUND_XML_NAMES 1000            /* different names of a document: the schema of messages has some 400 */
#define BOUND_XML_PIECE_BYTES (1024 * 1024) /* a tag, a comment or an instruction: as a line of a table */
#define BOUND_XML_TEXT_BYTES (16 * 1024)    /* an element's text, or regulatory reports kept whole: schemas allow 140 */
#define BOUND_REFERENCE_POINTS 64           /* code points of a reference (contract, section 3) */
#define BOUND_BATCH_ID 40                   /* characters of a batch id (contract, section 1) */
#define BOUND_ANSWER_BYTES (1024 * 1024)    /* a provider's answer; a larger one is unreadable (DESIGN, libraries) */
#define BOUND_HEADER_BYTES (64 * 1024)      /* an answer's headers */
#define BOUND_LIST_PAGES 400                /* pages of one look-up: 100000 payouts at Mollie's 250 a page */
#define BOUND_CLAIM_ROWS 512                /* rows claimed in one commit at most (PROTOCOL, 3.2) */
#define BOUND_CLAIM_AGE_MS 10000            /* a claim older than this is not sent any more (PROTOCOL, 3.3) */
#define BOUND_WINDOW_MARGIN_MS 60000        /* taken off a repeat window (PROTOCOL, 3.3) */
#define BOUND_CLOCK_SKEW_MS 60000           /* a provider's Date header may be off by this much (PROTOCOL, 3.3) */
#define BOUND_BACKOFF_FIRST_MS 500          /* PROTOCOL, section 4 */
#define BOUND_BACKOFF_MAX_MS 60000          /* PROTOCOL, section 4 */
#define BOUND_EQUAL_REFUSALS 20             /* more equal refusals in a row stop the channel (PROTOCOL, section 4) */
#define BOUND_BALANCE_REFUSALS 3            /* so many empty balances in a row stop it (PROTOCOL, section 4) */
#define BOUND_WAITING_ROWS 4096          /* rows with a due time kept in memory per channel; the journal has the rest */
#define BOUND_WORKERS 256                /* connections of one channel; beyond it a rate limit is what counts */
#define BOUND_CONFIG_LINE 4096           /* bytes of a line of payrun.conf */
#define BOUND_CONFIG_BYTES (1024 * 1024) /* of the whole file */
#define BOUND_CHANNELS 64                /* channels of one configuration */
#define BOUND_PROFILES 64                /* profiles of one configuration */
#define BOUND_PROFILE_NAME 40            /* characters of a profile's name, as of a channel's */
#define BOUND_FINDINGS_SHOWN 50          /* findings listed on a terminal; the error file and --json have all */
#define BOUND_BUSY_MS 5000               /* a writer beside a run waits so long for the journal (PROTOCOL, section 7) */
#define BOUND_WAIT_LIMIT_MS 900000       /* default of --wait-limit */

#endif
