#include "curl_connect.h"

#include "err.h"
#include "plan.h"
#include "target.h"
#include "words.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static bool has(const char *const *list, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], text) == 0)
            return true;
    return false;
}

typedef int add_fn(struct plan_target *t, const char *text, struct err *e);

/* What a scenario refuses is noted. */
static int add_once(struct draft *d, const char *place, const char ***list, size_t *n, const char *text,
                    add_fn *check, struct err *e)
{
    struct plan plan = { 0 };
    const int is_wrong = check(&plan.target, text, e);
    plan_fini(&plan);
    if (is_wrong) {
        const char *why = e->kind == ERR_INPUT ? arena_text(&d->arena, e->text, e) : NULL;
        return why ? draft_note(d, e, "%s: %s", place, why) : -1;
    }
    return has((const char *const *)*list, *n, text) ? 0 : draft_add_text(d, list, n, text, e);
}

/* `[+]HOST:PORT:ADDRESS[,ADDRESS]...`; `*` and removals have no counterpart. */
static int add_resolve(struct draft *d, const char *place, const char *text, struct err *e)
{
    const char *rest = text + (*text == '+');
    const size_t n = strcspn(rest, ",");
    if (*rest == '-' || *rest == '*' || words_has(rest))
        return draft_note(d, e, "%s: --resolve %.80s: only HOST:PORT:ADDRESS is mapped", place, text);
    const char *first = arena_copy(&d->arena, rest, n, e);
    if (!first || add_once(d, place, &d->resolve, &d->n_resolve, first, target_add_resolve, e))
        return -1;
    return rest[n] ? draft_note(d, e, "%s: --resolve %.80s: only its first address is used", place, text) : 0;
}

/* An address; the name of an interface has no counterpart. */
static int add_bind(struct draft *d, const char *place, const char *text, struct err *e)
{
    const char *address = strncmp(text, "host!", 5) == 0 ? text + 5 : text;
    if (strspn(address, "0123456789.") != strlen(address) && !strchr(address, ':'))
        return draft_note(d, e, "%s: --interface %.64s: give the interface's address", place, text);
    return add_once(d, place, &d->bind, &d->n_bind, address, target_add_bind, e);
}

/* A scenario's files are relative to its own folder, curl's to the current one. */
static int set_file(struct draft *d, const char **into, const char *path, size_t length, struct err *e)
{
    char *copy = arena_copy(&d->arena, path, length, e);
    char *whole = copy ? realpath(copy, NULL) : NULL;
    *into = !copy ? NULL : whole ? arena_text(&d->arena, whole, e) : copy;
    free(whole);
    return *into ? 0 : -1;
}

/* FILE[:PASSWORD]; a colon in the name is \: there. */
static int set_cert(struct draft *d, const char *place, const char *text, struct err *e)
{
    const size_t n = strcspn(text, ":");
    if (text[n] && draft_note(d, e, "%s: --cert: keys with a password are not read", place))
        return -1;
    return set_file(d, &d->cert, text, n, e);
}

int curl_connect_apply(struct draft *d, const char *place, enum curl_option option, const char *value,
                       bool is, struct err *e)
{
    switch (option) {
    case CURL_INSECURE:
        d->accepts_any_certificate = is;
        return 0;
    case CURL_IPV4:
        d->ip = 4;
        return 0;
    case CURL_IPV6:
        d->ip = 6;
        return 0;
    case CURL_RESOLVE:
        return add_resolve(d, place, value, e);
    case CURL_CONNECT_TO:
        return add_once(d, place, &d->connect_to, &d->n_connect_to, value, target_add_connect_to, e);
    case CURL_INTERFACE:
        return add_bind(d, place, value, e);
    case CURL_UNIX_SOCKET:
        d->unix_socket = value;
        return 0;
    case CURL_CA:
        return set_file(d, &d->ca, value, strlen(value), e);
    case CURL_CERT:
        return set_cert(d, place, value, e);
    case CURL_KEY:
        return set_file(d, &d->key, value, strlen(value), e);
    default:
        return 1;
    }
}
