/*
 * Keeps libxml2 from printing: what goes to no parser's own handler (bytes that can't be converted) would go to stderr.
 * Floor 2. libxml2 keeps this for each thread, so it is said before each call that parses.
 */
#ifndef FORMATS_XML_QUIET_H
#define FORMATS_XML_QUIET_H

void xml_quiet(void);

#endif
