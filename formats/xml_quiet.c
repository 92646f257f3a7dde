#include "formats/xml_quiet.h"

#include <libxml/xmlerror.h>

#if LIBXML_VERSION >= 21200
#define ERROR_CONST const
#else
#define ERROR_CONST
#endif

static void unheard(void *context, ERROR_CONST xmlError *error)
{
	(void)context;
	(void)error;
}

static void unheard_words(void *context, const char *format, ...)
{
	(void)context;
	(void)format;
}

void xml_quiet(void)
{
	xmlSetStructuredErrorFunc(NULL, unheard);
	xmlSetGenericErrorFunc(NULL, unheard_words);
}
