/* What a service replies when it is asked for a role's credentials, and the URL at which it is asked: what is
 * taken is whole and printable, every refusal has a sentence, and no URL is asked that has another host. */
#include "credentials.h"
#include "err.h"
#include "fuzz.h"
#include "role.h"
#include "role_reply.h"

#include <string.h>

static void holds_printable(const char *text)
{
    for (; *text; text++)
        FUZZ_HOLDS(*text > ' ' && *text < 127);
}

static void try_url(const uint8_t *data, size_t length_bytes)
{
    char url[ROLE_URL_BYTES];
    const size_t length = length_bytes < sizeof url ? length_bytes : sizeof url - 1;
    memcpy(url, data, length);
    url[length] = '\0';
    (void)role_may_ask(url);
    char outside[ROLE_URL_BYTES + 32];
    for (size_t i = 0; i < length;
         i++) /* a user's name or a path, whatever it is, does not make a host near */
        if (strchr("/?#\\@", url[i]))
            return;
    snprintf(outside, sizeof outside, "http://%s@example.com/", url);
    FUZZ_HOLDS(!role_may_ask(outside));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    struct credentials c = { .source = "the role" };
    struct err e = { ERR_NONE, "" };
    if (role_reply_read((const char *)data, length_bytes, &c, &e) == 0) {
        FUZZ_HOLDS(c.key_id && c.secret && c.expires_s >= 0);
        holds_printable(c.key_id);
        holds_printable(c.secret);
        holds_printable(c.token ? c.token : "");
    } else {
        fuzz_sentence(e.text);
    }
    credentials_fini(&c);
    try_url(data, length_bytes);
    return 0;
}
