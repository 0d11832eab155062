#include "answer_read.h"

#include "pattern.h"
#include "plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

static const char no_room[] = "memory is short for an answer";
static const char many_cookies[] = "the answer sets more than 50 cookies of one user";
static const char long_cookie[] = "a cookie is longer than 4 KiB";
static const char other_coding[] = "the body's content coding is none of gzip, deflate and br";

int answer_shared_init(struct answer_shared *shared)
{
    *shared = (struct answer_shared){
        .patterns = pattern_room_new(),
        .values = malloc(SESSION_USER_BYTES_MOST),
        .places = calloc(JSON_QUERIES_MOST, sizeof *shared->places),
    };
    if (shared->patterns && shared->values && shared->places)
        return 0;
    answer_shared_fini(shared);
    errno = ENOMEM;
    return -1;
}

void answer_shared_fini(struct answer_shared *shared)
{
    buffer_release(&shared->buffers, &shared->head);
    buffers_fini(&shared->buffers);
    decoders_fini(&shared->decoders);
    pattern_room_free(shared->patterns);
    free(shared->values);
    free(shared->places);
    *shared = (struct answer_shared){ 0 };
}

void answer_init(struct answer *a, struct answer_shared *shared, struct cookie_jar *jar,
                 const struct cookie_origin *origin)
{
    *a = (struct answer){ .shared = shared, .jar = jar, .origin = origin };
}

void answer_drop(struct answer *a)
{
    buffer_release(&a->shared->buffers, &a->fields);
    buffer_release(&a->shared->buffers, &a->kept);
    if (a->decoder)
        decoder_release(&a->shared->decoders, a->decoder);
    a->decoder = NULL;
    a->body = NULL;
    a->body_bytes = 0;
    a->look = NULL;
}

void answer_begin(struct answer *a, const struct answer_look *look)
{
    if (a->look)
        answer_drop(a);
    a->look = look;
    a->cause = NULL;
    a->field = 0;
    a->coding = CODING_NONE;
    a->wants_body = a->has_fields = false;
}

static void fail(struct answer *a, const char *cause)
{
    if (!a->cause)
        a->cause = cause;
}

static void fail_field(struct answer *a)
{
    fail(a, buffers_full);
    a->field = 0;
}

/* In front of each value in `fields`. */
struct entry {
    uint32_t field; /* index in the look */
    uint32_t n_bytes;
};

/* What does not fit is not shown. */
static void show(struct answer *a, const char *text, size_t n_bytes)
{
    if (a->look->shows_head)
        buffer_append(&a->shared->buffers, &a->shared->head, text, n_bytes);
}

void answer_name(struct answer *a, const char *name, size_t n_bytes)
{
    const struct answer_look *look = a->look;
    const struct entry none = { 0 };
    a->field = 0;
    show(a, name, n_bytes);
    show(a, ": ", 2);
    for (size_t i = 0; i < look->n_fields && a->field == 0; i++)
        if (look->fields[i].name_bytes == n_bytes && strncasecmp(look->fields[i].name, name, n_bytes) == 0)
            a->field = (uint16_t)(i + 1);
    if (a->field == 0)
        return;
    a->field_at = a->fields.n_bytes;
    if (!buffer_append(&a->shared->buffers, &a->fields, (const char *)&none, sizeof none))
        fail_field(a);
}

void answer_value(struct answer *a, const char *at, size_t n_bytes)
{
    show(a, at, n_bytes);
    if (a->field > 0 && !buffer_append(&a->shared->buffers, &a->fields, at, n_bytes))
        fail_field(a);
}

static void set_cookie(struct answer *a, const char *value, size_t n_bytes)
{
    struct timespec now; /* only to the second: no system call */
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    switch (cookie_jar_set(a->jar, a->origin, value, n_bytes, now.tv_sec)) {
    case COOKIE_FOREIGN:
        a->shared->n_foreign++;
        break;
    case COOKIE_TOO_LONG:
        fail(a, long_cookie);
        break;
    case COOKIE_JAR_FULL:
        fail(a, many_cookies);
        break;
    default:
        break;
    }
}

void answer_value_end(struct answer *a)
{
    show(a, "\r\n", 2);
    if (a->field == 0)
        return;
    const unsigned kinds = a->look->fields[a->field - 1].kinds;
    const char *value = a->fields.bytes + a->field_at + sizeof(struct entry);
    size_t n = a->fields.n_bytes - a->field_at - sizeof(struct entry);
    while (n > 0 && (value[n - 1] == ' ' || value[n - 1] == '\t'))
        n--;
    const struct entry entry = { a->field - 1u, (uint32_t)n };
    memcpy(a->fields.bytes + a->field_at, &entry, sizeof entry);
    a->fields.n_bytes = a->field_at;
    if (kinds & (LOOK_CAPTURE | LOOK_LOCATION))
        a->fields.n_bytes += sizeof entry + n;
    if (kinds & LOOK_COOKIE && a->jar)
        set_cookie(a, value, n);
    if (kinds & LOOK_CODING)
        a->coding = (uint8_t)(a->coding == CODING_NONE ? coding_of(value, n) : CODING_OTHER);
    if (kinds != LOOK_CODING)
        a->has_fields = true;
    a->field = 0;
}

void answer_head_end(struct answer *a, unsigned status)
{
    a->wants_body = a->look->looks_at_body && plan_expects_status(&a->look->step->expect, status);
}

void answer_known_head(struct answer *a, unsigned status, uint8_t coding)
{
    a->coding = coding;
    answer_head_end(a, status);
}

static void keep(struct answer *a)
{
    if (!buffer_append(&a->shared->buffers, &a->kept, a->body, a->body_bytes))
        fail(a, buffers_full);
    a->body = a->kept.bytes;
    a->body_bytes = a->kept.n_bytes;
}

static void decode(struct answer *a, const char *at, size_t n_bytes)
{
    struct answer_shared *shared = a->shared;
    if (a->coding == CODING_OTHER)
        fail(a, other_coding);
    else if (!a->decoder && !(a->decoder = decoder_take(&shared->decoders, (enum coding)a->coding)))
        fail(a, no_room);
    if (a->cause)
        return;
    const char *cause = decoder_feed(a->decoder, at, n_bytes, &shared->buffers, &a->kept,
                                     (size_t)a->look->step->body_most_bytes);
    if (cause)
        fail(a, cause);
    a->body = a->kept.bytes;
    a->body_bytes = a->kept.n_bytes;
}

void answer_body(struct answer *a, const char *at, size_t n_bytes)
{
    if (!a->wants_body || a->cause || n_bytes == 0)
        return;
    if (a->coding != CODING_NONE) {
        decode(a, at, n_bytes);
    } else if (n_bytes > a->look->step->body_most_bytes - a->body_bytes) {
        fail(a, buffers_too_long);
    } else if (a->body_bytes == 0) {
        a->body = at;
        a->body_bytes = n_bytes;
    } else {
        if (a->body != a->kept.bytes)
            keep(a);
        if (!a->cause && !buffer_append(&a->shared->buffers, &a->kept, at, n_bytes))
            fail(a, buffers_full);
        a->body = a->kept.bytes;
        a->body_bytes = a->kept.n_bytes;
    }
}

void answer_pause(struct answer *a)
{
    if (a->body_bytes > 0 && a->body != a->kept.bytes && !a->cause)
        keep(a);
}

const char *answer_field(const struct answer *a, uint32_t field, const char *behind, size_t *n_bytes)
{
    const char *at = behind ? behind : a->fields.bytes;
    const char *end = a->fields.bytes + a->fields.n_bytes;
    while (at < end) {
        struct entry entry;
        memcpy(&entry, at, sizeof entry);
        at += sizeof entry;
        if (entry.field == field) {
            *n_bytes = entry.n_bytes;
            return at;
        }
        at += entry.n_bytes;
    }
    return NULL;
}

const char *answer_location(const struct answer *a, size_t *n_bytes)
{
    for (uint32_t i = 0; i < a->look->n_fields; i++)
        if (a->look->fields[i].kinds & LOOK_LOCATION)
            return answer_field(a, i, NULL, n_bytes);
    return NULL;
}
