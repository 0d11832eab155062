#include "reply.h"

#include "units.h"

#include <stdio.h>
#include <string.h>

enum { BODY_BYTES_MOST = 64 * 1024 * 1024 };

const char reply_help[] =
    "The query string of the cluster's path asks for misbehaviour:\n"
    "  delay_ms=T     answers T milliseconds later, without using a vCPU\n"
    "  stall_ms=T     waits T milliseconds after half of the body\n"
    "  work_us=T      uses a vCPU for T microseconds on top of the service time\n"
    "  spin_us=T      burns T microseconds of real CPU time\n"
    "  status=N       answers with status N\n"
    "  bytes=N        makes the body N bytes long, at most 64 MiB\n"
    "  chunked=1      sends the body in chunks\n"
    "  end=close      closes the connection and says so; end=drop closes without saying so, end=partial "
    "after half of the body,\n"
    "                 end=reset resets it instead of answering, end=broken answers what is not HTTP";

static bool is(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(text, word, length) == 0;
}

static int take_duration(const char *value, const char *unit, uint64_t *ns)
{
    char text[32];
    if ((size_t)snprintf(text, sizeof text, "%s%s", value, unit) >= sizeof text)
        return -1;
    return units_parse_duration_ns(text, ns);
}

static int take_number(const char *value, uint64_t least, uint64_t most, uint64_t *number)
{
    return units_parse_count(value, number) == 0 && *number >= least && *number <= most ? 0 : -1;
}

static int take_end(const char *value, enum reply_end *end)
{
    static const char *const ends[] = { "keep", "close", "drop", "partial", "reset", "broken" };
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (strcmp(ends[i], value) == 0) {
            *end = (enum reply_end)i;
            return 0;
        }
    return -1;
}

/* One `name=value`; an unknown name is ignored, as the app ignores it. */
static int take_parameter(struct reply *a, const char *name, size_t name_length, const char *value)
{
    uint64_t number = 0;
    int status = 0;
    if (is(name, name_length, "delay_ms"))
        return take_duration(value, "ms", &a->delay_ns);
    if (is(name, name_length, "stall_ms"))
        return take_duration(value, "ms", &a->stall_ns);
    if (is(name, name_length, "work_us"))
        return take_duration(value, "us", &a->work_ns);
    if (is(name, name_length, "spin_us"))
        return take_duration(value, "us", &a->spin_ns);
    if (is(name, name_length, "end"))
        return take_end(value, &a->end);
    if (is(name, name_length, "bytes")) {
        a->length_given = true;
        return take_number(value, 0, BODY_BYTES_MOST, &a->length_bytes);
    }
    if (is(name, name_length, "status")) {
        status = take_number(value, 200, 599, &number);
        a->status = (unsigned)number;
    } else if (is(name, name_length, "chunked")) {
        status = take_number(value, 0, 1, &number);
        a->chunked = number == 1;
    }
    return status;
}

static int take_query(struct reply *a, const char *query, size_t length)
{
    const char *end = query + length;
    while (query < end) {
        const char *next = memchr(query, '&', (size_t)(end - query));
        const char *stop = next ? next : end;
        const char *equals = memchr(query, '=', (size_t)(stop - query));
        char value[24] = "";
        if (equals) {
            const size_t value_length = (size_t)(stop - equals - 1);
            if (value_length < sizeof value)
                memcpy(value, equals + 1, value_length);
            if (take_parameter(a, query, (size_t)(equals - query), value))
                return -1;
        }
        query = stop + 1;
    }
    return 0;
}

struct reply reply_choose(const char *path, const char *target, size_t length)
{
    struct reply a = { .page = REPLY_NOT_FOUND, .status = 404 };
    const char *question = memchr(target, '?', length);
    const size_t target_length = question ? (size_t)(question - target) : length;
    const size_t path_length = strlen(path);

    if (is(target, target_length, "/")) {
        a.page = REPLY_HEALTHY;
        a.status = 200;
    } else if (target_length >= path_length && memcmp(target, path, path_length) == 0 &&
               (target_length == path_length || target[path_length] == '/')) {
        a.page = REPLY_RESPONDING;
        a.status = 200;
        if (question && take_query(&a, question + 1, length - target_length - 1))
            a = (struct reply){ .page = REPLY_BAD_QUERY, .status = 400 };
    }
    return a;
}

/* Draws even for a ratio of 0, so that one ratio does not shift the faults of another. */
static bool strikes(struct random *random, double ratio)
{
    return random_uniform(random) < ratio;
}

void reply_apply_faults(struct reply *a, const struct reply_faults *f, struct random *random,
                        uint64_t n_on_connection)
{
    if (a->page != REPLY_RESPONDING)
        return;
    const bool fails = strikes(random, f->fail_ratio);
    const bool resets = strikes(random, f->reset_ratio);
    const bool drops = strikes(random, f->drop_ratio);
    const bool stalls = strikes(random, f->stall_ratio);
    if (fails)
        a->status = 503;
    if (stalls)
        a->stall_ns = f->stall_ns;
    if (resets)
        a->end = REPLY_RESET;
    else if (drops)
        a->end = REPLY_DROP;
    else if (f->close_every > 0 && n_on_connection % f->close_every == 0 && a->end == REPLY_KEEP)
        a->end = REPLY_CLOSE;
}
