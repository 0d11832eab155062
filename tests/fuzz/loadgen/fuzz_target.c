/* Where requests go: the first byte chooses what the text is, a URL, a replaced address, a source address,
 * a name server, a Host header, a status, a body or a header. What is accepted can be written into a
 * request. */
#include "err.h"
#include "expect.h"
#include "fuzz.h"
#include "plan.h"
#include "target.h"

#include <string.h>

static void holds_plain(const char *text)
{
    for (; text && *text; text++)
        FUZZ_HOLDS((unsigned char)*text > ' ' && *text != 127);
}

static void check_target(const struct plan_target *t)
{
    holds_plain(t->host_header);
    holds_plain(t->host);
    holds_plain(t->base_path);
    for (size_t i = 0; i < t->n_resolve; i++)
        FUZZ_HOLDS(t->resolve[i].to_host && *t->resolve[i].to_host);
    for (size_t i = 0; i < t->n_connect_to; i++)
        FUZZ_HOLDS(t->connect_to[i].to_host && *t->connect_to[i].to_host);
}

typedef int apply_fn(struct plan_target *t, const char *text, struct err *e);

static void try_target(apply_fn *apply, const char *text)
{
    struct plan plan = { 0 };
    struct err e = { ERR_NONE, "" };
    target_init(&plan.target);
    if (apply(&plan.target, text, &e))
        FUZZ_HOLDS(*e.text != '\0');
    else
        check_target(&plan.target);
    plan_fini(&plan);
}

static void try_expect(unsigned kind, const char *text)
{
    struct plan_stream s = { 0 };
    struct err e = { ERR_NONE, "" };
    char shown[64];
    expect_init(&s.expect);
    const int status = kind == 0   ? expect_add_status(&s.expect, text, true, &e)
                       : kind == 1 ? expect_set_body(&s.expect, text, &e)
                                   : expect_add_header(&s.expect, text, "x", &e);
    FUZZ_HOLDS(status == 0 || *e.text != '\0');
    FUZZ_HOLDS(strlen(expect_status_text(&s.expect, shown, sizeof shown)) < sizeof shown);
    plan_stream_fini(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    static apply_fn *const applies[] = { target_parse_url,       target_add_resolve,
                                         target_add_connect_to,  target_add_bind,
                                         target_set_name_server, target_set_host,
                                         target_set_unix_socket, target_set_tls_version };
    enum { N_APPLIES = sizeof applies / sizeof *applies };
    char text[1024];
    if (length_bytes == 0)
        return 0;
    const size_t length = length_bytes - 1 < sizeof text ? length_bytes - 1 : sizeof text - 1;
    memcpy(text, data + 1, length);
    text[length] = '\0';
    const unsigned kind = (data[0] - (unsigned)'0') % (N_APPLIES + 3);
    if (kind < N_APPLIES)
        try_target(applies[kind], text);
    else
        try_expect(kind - N_APPLIES, text);
    return 0;
}
