#include "header_check.h"

#include <string.h>
#include <strings.h>

enum { NOTHING, SERVER, LOCATION };
_Static_assert(PLAN_EXPECTED_HEADERS_MOST <= 32, "there is a bit for each");

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

void header_check_begin(struct header_check *h)
{
    h->seen = 0;
    h->location = NULL;
    h->is_balancers = false;
    h->name_bytes = h->index = h->field = 0;
}

/* A name longer than all expected ones is stored one byte too long, so that it matches none. */
void header_check_name(struct header_check *h, const char *at, size_t length)
{
    const size_t room = sizeof h->name - h->name_bytes;
    const size_t n = length < room ? length : room;
    memcpy(h->name + h->name_bytes, at, n);
    h->name_bytes = (uint8_t)(h->name_bytes + n);
}

static bool is_name(const struct header_check *h, const char *name)
{
    return strlen(name) == h->name_bytes && strncasecmp(h->name, name, h->name_bytes) == 0;
}

void header_check_name_end(struct header_check *h, const struct plan_expect *expect)
{
    h->field = is_name(h, "server") ? SERVER : is_name(h, "location") ? LOCATION : NOTHING;
    h->index = 0;
    for (size_t i = 0; i < expect->n_headers && h->index == 0; i++)
        if (is_name(h, expect->headers[i].name))
            h->index = (uint8_t)(i + 1);
    h->name_bytes = h->server_bytes = 0;
    h->n_matched = 0;
    h->differs = false;
    h->location = NULL;
    h->location_bytes = 0;
}

static void compare(struct header_check *h, const char *wanted, const char *at, size_t length)
{
    const size_t wanted_bytes = strlen(wanted);
    for (size_t i = 0; i < length && !h->differs; i++) {
        const bool is_behind = h->n_matched == wanted_bytes;
        if (!is_behind && at[i] == wanted[h->n_matched])
            h->n_matched++;
        else if (!is_behind || !is_blank(at[i]))
            h->differs = true;
    }
}

static void keep_server(struct header_check *h, const char *at, size_t length)
{
    const size_t room = sizeof h->server - h->server_bytes;
    const size_t n = length < room ? length : room;
    memcpy(h->server + h->server_bytes, at, n);
    h->server_bytes = (uint8_t)(h->server_bytes + n);
}

void header_check_value(struct header_check *h, const struct plan_expect *expect, const char *at,
                        size_t length)
{
    if (h->index > 0 && expect->headers[h->index - 1].value)
        compare(h, expect->headers[h->index - 1].value, at, length);
    if (h->field == SERVER)
        keep_server(h, at, length);
    if (h->field == LOCATION) {
        h->location = h->location_bytes == 0 ? at : NULL;
        h->location_bytes += (uint32_t)length;
    }
}

/* The Server header of an ALB's own responses; the local lab's HAProxy sends the same. */
static bool names_balancer(const struct header_check *h)
{
    size_t n = h->server_bytes;
    while (n > 0 && is_blank(h->server[n - 1]))
        n--;
    const bool is_whole = h->server_bytes < sizeof h->server;
    return (n >= 6 && strncasecmp(h->server, "awselb", 6) == 0) ||
           (is_whole && n == 7 && strncasecmp(h->server, "haproxy", 7) == 0);
}

void header_check_value_end(struct header_check *h, const struct plan_expect *expect)
{
    if (h->index > 0) {
        const char *wanted = expect->headers[h->index - 1].value;
        if (!wanted || (!h->differs && h->n_matched == strlen(wanted)))
            h->seen |= UINT32_C(1) << (h->index - 1);
    }
    if (h->field == SERVER)
        h->is_balancers = names_balancer(h);
}

bool header_check_is_right(const struct header_check *h, const struct plan_expect *expect)
{
    const size_t n = expect->n_headers;
    const uint32_t all = n >= 32 ? UINT32_MAX : (UINT32_C(1) << n) - 1;
    return (h->seen & all) == all;
}
