/*
 * A certificate for 127.0.0.1 that signs itself, and its key, as PEM, made anew for each test run.
 */
#ifndef TESTS_SUPPORT_CERTIFICATE_H
#define TESTS_SUPPORT_CERTIFICATE_H

struct certificate {
	char *pem;
	char *key_pem;
};

/* days: how long it is valid from now; negative: it ended before now. host: an IP address for the subject. */
void certificate_make(struct certificate *certificate, const char *host, long days);
void certificate_release(struct certificate *certificate);

#endif
