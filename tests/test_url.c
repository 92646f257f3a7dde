#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "config/url.h"

static const struct {
	const char *text, *base, *host;
	int port;
	bool https, loopback, port_given;
} good[] = {
	{"https://api.circle.com", "https://api.circle.com", "api.circle.com", 443, true, false, false},
	{"https://API.Circle.com/", "https://API.Circle.com", "api.circle.com", 443, true, false, false},
	{"https://api.circle.com:443/v1/", "https://api.circle.com:443/v1", "api.circle.com", 443, true, false, false},
	{"https://api.circle.com:8443/v1/x-y_z.~", "https://api.circle.com:8443/v1/x-y_z.~", "api.circle.com", 8443,
		true, false, true},
	{"http://127.0.0.1:8400/calypso", "http://127.0.0.1:8400/calypso", "127.0.0.1", 8400, false, true, true},
	{"http://127.3.2.1", "http://127.3.2.1", "127.3.2.1", 80, false, true, false},
	{"http://localhost:80", "http://localhost:80", "localhost", 80, false, true, false},
	{"http://LOCALHOST", "http://LOCALHOST", "localhost", 80, false, true, false},
	{"http://[::1]:99//", "http://[::1]:99", "::1", 99, false, true, true},
	{"https://[2001:db8::1]", "https://[2001:db8::1]", "2001:db8::1", 443, true, false, false},
	{"http://128.0.0.1", "http://128.0.0.1", "128.0.0.1", 80, false, false, false},
	{"http://127.0.0.1.example.com", "http://127.0.0.1.example.com", "127.0.0.1.example.com", 80, false, false,
		false},
	{"http://localhost.example.com", "http://localhost.example.com", "localhost.example.com", 80, false, false,
		false},
};

static void reads_urls(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct url url;
		const char *wrong = url_parse(text_of(good[i].text), &url);

		if (wrong != NULL)
			fail_msg("%s %s", good[i].text, wrong);
		assert_true(text_is(url.base, good[i].base));
		assert_string_equal(url.host, good[i].host);
		assert_int_equal(url.port, good[i].port);
		assert_int_equal(url.https, good[i].https);
		assert_int_equal(url.loopback, good[i].loopback);
		assert_int_equal(url.port_given, good[i].port_given);
	}
}

static const struct {
	const char *text, *wrong;
} bad[] = {
	{"", "does not begin"},
	{"api.circle.com", "does not begin"},
	{"ftp://api.circle.com", "does not begin"},
	{"HTTPS://api.circle.com", "does not begin"},
	{"https:/api.circle.com", "does not begin"},
	{"https://", "names no host"},
	{"https:///v1", "names no host"},
	{"https://:443", "names no host"},
	{"https://host/?a=b", "a query"},
	{"https://host?a=b", "a query"},
	{"https://host#x", "a fragment"},
	{"https://host/a b", "other characters"},
	{"https://host/a%2fb", "other characters"},
	{"https://host/a@b", "other characters"},
	{"https://host//a", "an empty or a dotted part"},
	{"https://host/../a", "an empty or a dotted part"},
	{"https://user@host", "a user or a password"},
	{"https://user:word@host", "a user or a password"},
	{"http://127.0.0.1@evil.example", "a user or a password"},
	{"https://ho st", "neither a name nor an address"},
	{"https://host_x", "neither a name nor an address"},
	{"https://host.", "neither a name nor an address"},
	{"https://.host", "neither a name nor an address"},
	{"https://a..b", "neither a name nor an address"},
	{"https://-a.example", "neither a name nor an address"},
	{"https://a-.example", "neither a name nor an address"},
	{"https://h\xC3\xB6st.example", "neither a name nor an address"},
	{"http://127.1", "neither a name nor an address"},
	{"http://2130706433", "neither a name nor an address"},
	{"http://0x7f.0.0.1", "neither a name nor an address"},
	{"http://256.0.0.1", "neither a name nor an address"},
	{"http://[::1", "neither a name nor an address"},
	{"http://[::1]x", "neither a name nor an address"},
	{"http://[127.0.0.1]", "neither a name nor an address"},
	{"http://::1", "names no host"},
	{"https://host:", "a colon without a port"},
	{"https://host:0", "a port that is not"},
	{"https://host:65536", "a port that is not"},
	{"https://host:80x", "a port that is not"},
	{"https://host:080", "a port that is not"},
	{"https://host:1:2", "a port that is not"},
};

static void refuses_what_two_programs_could_read_differently(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct url url;
		const char *wrong = url_parse(text_of(bad[i].text), &url);

		if (wrong == NULL || strstr(wrong, bad[i].wrong) == NULL)
			fail_msg("%s: expected %s, found %s", bad[i].text, bad[i].wrong,
				wrong != NULL ? wrong : "nothing");
	}
}

static void a_host_has_a_limit(void **state)
{
	struct buf text = {0};
	struct url url;

	(void)state;
	buf_addz(&text, "https://a");
	while (text.len < 300)
		buf_addz(&text, ".a");
	assert_non_null(url_parse(buf_text(&text), &url));
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_urls),
		cmocka_unit_test(refuses_what_two_programs_could_read_differently),
		cmocka_unit_test(a_host_has_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
