#include "journal/body.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/arena.h"
#include "journal/pack.h"
#include "values/content.h"

struct body_maker {
	struct sha256 *sha;
	uint8_t random[4096];
	size_t random_left;
};

struct body_maker *body_maker_new(void)
{
	struct body_maker *maker = memory_new(sizeof(*maker));

	maker->sha = sha256_new();
	return maker;
}

void body_maker_free(struct body_maker *maker)
{
	if (maker == NULL)
		return;
	sha256_free(maker->sha);
	free(maker);
}

/* Salts are drawn many at a time: a system call for each row would cost as much as the row. */
static bool draw_salt(struct body_maker *maker, uint8_t salt[CONTENT_SALT_SIZE], struct fault *fault)
{
	size_t at;

	if (maker->random_left == 0) {
		for (size_t filled = 0; filled < sizeof(maker->random); filled += 256)
			if (getrandom(maker->random + filled, 256, 0) != 256)
				return fault_errno(fault, FAULT_OPERATION, "", NULL, "cannot draw random numbers");
		maker->random_left = sizeof(maker->random);
	}
	at = sizeof(maker->random) - maker->random_left;
	memcpy(salt, maker->random + at, CONTENT_SALT_SIZE);
	memset(maker->random + at, 0, CONTENT_SALT_SIZE);
	maker->random_left -= CONTENT_SALT_SIZE;
	return true;
}

bool body_make(struct body_maker *maker, struct text content, struct text name, struct text destination,
	struct buf *buf, struct journal_body *body, struct fault *fault)
{
	struct pack_search searches[2] = {{name, 0}, {destination, 0}};
	uint8_t salt[CONTENT_SALT_SIZE];

	if (!draw_salt(maker, salt, fault))
		return false;
	buf_reset(buf);
	buf_add(buf, salt, sizeof(salt));
	pack_write(buf, content, searches, 2);
	content_salted(maker->sha, salt, content, body->digest);
	body->bytes = buf_text(buf);
	body->name_field = searches[0].field;
	body->destination_field = searches[1].field;
	return true;
}
