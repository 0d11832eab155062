/* Answers made to break what looks at them: each fails with a name, within its limits, and takes the thread
 * no longer than 2 ms. */
#include "asked.h"
#include "buffers.h"

#include <time.h>
#include <zlib.h>

enum {
    ROOM_BYTES = 4 * 1024 * 1024,
    READ_BYTES = 64 * 1024,
    ANSWERS_LEAST = 1000,
    TRIES = 3, /* of an answer that took long: the processor may have been interrupted */
};
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
enum { PAUSE_NS_MOST = 60000000, BOMB_NS_MOST = PAUSE_NS_MOST };
#else
enum { PAUSE_NS_MOST = 2000000, BOMB_NS_MOST = 3000000 };
#endif

static struct asked asked;
static char *room;
static size_t n_bytes, n_answers;
static uint64_t pause_ns_most;

static uint64_t cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Feeds what is in the room, as a loop reads it; `*most_ns`: the longest that the thread was busy at once. */
static enum outcome feed(uint64_t *most_ns)
{
    struct asked *s = &asked;
    enum http1_state state = HTTP1_MORE;
    enum outcome outcome = OUTCOME_PROTOCOL;
    *most_ns = 0;
    answer_begin(&s->answer, s->look);
    response_expect(&s->response, &s->step.expect, &s->redirect, &s->answer);
    http1_begin(&s->http1, false);
    for (size_t at = 0; at < n_bytes && state == HTTP1_MORE;) {
        const size_t n = n_bytes - at < READ_BYTES ? n_bytes - at : READ_BYTES;
        const uint64_t before_ns = cpu_ns();
        size_t used;
        state = http1_feed(&s->http1, room + at, n, &used);
        at += used;
        if (state == HTTP1_DONE && (outcome = response_outcome(&s->response)) == OUTCOME_OK)
            outcome = answer_finish(&s->answer, s->response.status, NULL, NULL, &s->result);
        const uint64_t took_ns = cpu_ns() - before_ns;
        *most_ns = took_ns > *most_ns ? took_ns : *most_ns;
    }
    answer_drop(&s->answer);
    return outcome;
}

/* What becomes of an answer, with a limit on time and memory. */
static enum outcome outcome_of(void)
{
    uint64_t took_ns = UINT64_MAX;
    enum outcome outcome = OUTCOME_OK;
    n_answers++;
    for (int i = 0; i < TRIES && took_ns > pause_ns_most; i++)
        outcome = feed(&took_ns);
    if (took_ns > pause_ns_most)
        fail_msg("%.3f ms: %.200s", (double)took_ns / 1e6, room);
    assert_true(asked.shared.buffers.held_bytes <= (size_t)16 * 1024 * 1024);
    return outcome;
}

static void assert_fails(const char *cause)
{
    const enum outcome outcome = outcome_of();
    if (outcome != OUTCOME_EXPECT || !strstr(asked.result.cause, cause))
        fail_msg("%d %s, not %s: %.200s", outcome, asked.result.cause, cause, room);
}

static void head(const char *fields, size_t body_bytes)
{
    n_bytes = (size_t)sprintf(room, "HTTP/1.1 200 OK\r\n%sContent-Length: %zu\r\n\r\n", fields, body_bytes);
}

/* A body of `n` bytes behind a plain head. */
static void body_fails(const char *body, size_t n, const char *cause)
{
    head("", n);
    memcpy(room + n_bytes, body, n);
    n_bytes += n;
    assert_fails(cause);
}

static void repeat(const char *begin, const char *unit, size_t times)
{
    const size_t n_unit = strlen(unit), n_begin = strlen(begin);
    head("", n_begin + n_unit * times);
    memcpy(room + n_bytes, begin, n_begin);
    n_bytes += n_begin;
    for (size_t i = 0; i < times; i++, n_bytes += n_unit)
        memcpy(room + n_bytes, unit, n_unit);
}

static void repeated_fails(const char *begin, const char *unit, size_t times, const char *cause)
{
    repeat(begin, unit, times);
    assert_fails(cause);
}

static void begin_with(enum session_source source, char *place)
{
    asked_begin(&asked);
    pause_ns_most = PAUSE_NS_MOST;
    asked.session.cookies = SESSION_COOKIES_USER;
    asked_capture(&asked, source, place);
    asked_look(&asked);
}

static char token[] = "$.auth.token";
static const char sound[] = "{\"auth\":{\"token\":\"abc\\u00e9\"},\"n\":[1,2.5e-3,true,null,{}]}";

static void json_that_is_none(void **state)
{
    static const char *const units[] = {
        "[",         "{\"auth\":", "{\"auth\":{\"token\":",
        "[{\"a\":[", "\"",         "\\",
        "0",         "-",          "\xff",
        "\xc3",      "{",          "tru",
        "\t",        "\x01",
    };
    static const char *const strings[] = {
        "\\ud800", "\\udc00\\ud800", "\\ud83d\\u0041", "\\ud83dx", "\\uD8",
        "\\x",     "\x1f",           "\xed\xa0\x80",   "\xc0\x80", "\xf5"
    };
    char text[200];
    (void)state;
    begin_with(SESSION_FROM_JSON, token);
    for (size_t i = 0; i < N_OF(units); i++)
        for (size_t times = 1; times < 60000; times *= 4)
            repeated_fails("", units[i], times, "");
    for (size_t i = 0; i < N_OF(strings); i++) {
        sprintf(text, "{\"auth\":{\"token\":\"%s\"}}", strings[i]);
        body_fails(text, strlen(text), "JSON");
        sprintf(text, "{\"auth\":{\"token\":\"ok\"},\"%s\":1}", strings[i]);
        body_fails(text, strlen(text), "JSON");
    }
    for (size_t cut = 0; cut + 1 < sizeof sound; cut++)
        body_fails(sound, cut, "JSON");
    for (size_t at = 0; at + 1 < sizeof sound; at++) {
        memcpy(text, sound, sizeof sound);
        text[at] = '\x02';
        body_fails(text, sizeof sound - 1, "JSON");
    }
    repeated_fails("{\"auth\":{\"token\":\"", "x", 1024 * 1024 - 18, "ends too soon");
    repeated_fails("", "[", 1024 * 1024, "nested deeper");
    repeated_fails("", " ", 1024 * 1024, "ends too soon");
    repeated_fails("", "[", 1024 * 1024 + 1, "body_most");
    asked_end(&asked);
}

static void values_that_are_too_long(void **state)
{
    (void)state;
    begin_with(SESSION_FROM_JSON, token);
    for (size_t n = SESSION_VALUE_BYTES_MOST + 1; n < 1000000; n *= 2) {
        repeated_fails("{\"auth\":{\"token\":\"", "x", n, "JSON");
        n_bytes += (size_t)sprintf(room + n_bytes, "\"}}");
        char length[100];
        char *at = strstr(room, "Content-Length: ");
        sprintf(length, "Content-Length: %0*zu", (int)strcspn(at + 16, "\r"), n + 21);
        memcpy(at, length, strlen(length));
        assert_fails("longer than 16 KiB");
    }
    asked_end(&asked);
}

static void coded(const char *text, size_t n, int level, size_t *n_coded)
{
    z_stream z = { 0 };
    assert_int_equal(deflateInit2(&z, level, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (z_const Bytef *)text;
    z.avail_in = (uInt)n;
    z.next_out = (Bytef *)room + 100;
    z.avail_out = ROOM_BYTES - 100;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    *n_coded = ROOM_BYTES - 100 - z.avail_out;
    deflateEnd(&z);
    memmove(room + ROOM_BYTES / 2, room + 100, *n_coded);
}

static void coded_fails(const char *coding, const char *body, size_t n, const char *cause)
{
    char field[60];
    snprintf(field, sizeof field, "Content-Encoding: %s\r\n", coding);
    head(field, n);
    memcpy(room + n_bytes, body, n);
    n_bytes += n;
    assert_fails(cause);
}

static void codings_that_are_broken(void **state)
{
    static const char *const codings[] = { "gzip", "deflate", "br", "zstd", "gzip, gzip", "x" };
    char *kept = room + ROOM_BYTES / 2, copy[500];
    size_t n;
    (void)state;
    begin_with(SESSION_FROM_JSON, token);
    for (size_t i = 0; i < N_OF(codings); i++)
        coded_fails(codings[i], sound, sizeof sound - 1, i < 3 ? "not what" : "content coding");
    coded(sound, sizeof sound - 1, 9, &n);
    memcpy(copy, kept, n);
    for (size_t cut = 1; cut < n; cut++)
        coded_fails("gzip", copy, cut, "ends too soon");
    for (size_t at = 10; at < n; at++) { /* behind the header, which has no checksum */
        copy[at] ^= 0x55;
        coded_fails("gzip", copy, n, "");
        copy[at] ^= 0x55;
    }
    coded(copy, n, 9, &n); /* twice */
    memcpy(copy, kept, n);
    coded_fails("gzip", copy, n, "not JSON");
    for (size_t size = 1024 * 1024 + 1; size <= 64 * 1024 * 1024; size *= 2) {
        char *zeros = calloc(1, size);
        assert_non_null(zeros);
        coded(zeros, size, 9, &n);
        free(zeros);
        char *bomb = malloc(n);
        assert_non_null(bomb);
        memcpy(bomb, kept, n);
        pause_ns_most = BOMB_NS_MOST;
        coded_fails("gzip", bomb, n, "body_most");
        free(bomb);
    }
    asked_end(&asked);
}

static void regular_expressions_that_blow_up(void **state)
{
    static char expressions[][40] = { "(a+)+$",           "(a|aa)+$",
                                      "(a*)*b",           "(.)\\1.*\\1\\1(\\d)",
                                      "(?=a.*\\d)(.)",    "(\\w+\\s?)+x$",
                                      "a[^x]*b[^x]*c\\d", "^(([a-z])+.)+[A-Z]([a-z])+$" };
    static const char *const units[] = { "a", "aab", "ab ", "abc ", "a\xff", "\xc3\xa9" };
    (void)state;
    for (size_t i = 0; i < N_OF(expressions); i++) {
        begin_with(SESSION_FROM_REGEX, expressions[i]);
        for (size_t k = 0; k < N_OF(units); k++)
            for (size_t times = 30; times < 200000; times *= 2) {
                repeat("", units[k], times);
                if (outcome_of() != OUTCOME_OK)
                    assert_non_null(asked.result.cause);
            }
        asked_end(&asked);
    }
}

static void cookies_without_end(void **state)
{
    static const char *const foreign[] = { "Domain=com", "Domain=evil.example", "Domain=x.shop.example",
                                           "Secure",     "Domain=.example",     "Domain=hop.example" };
    (void)state;
    begin_with(SESSION_FROM_STATUS, NULL);
    for (size_t n = 51; n <= 10000; n += n / 3) {
        cookie_jar_empty(&asked.jar);
        size_t at = (size_t)sprintf(room, "HTTP/1.1 200 OK\r\n");
        for (size_t i = 0; i < n; i++)
            at += (size_t)sprintf(room + at, "Set-Cookie: c%zu=1\r\n", i);
        at += (size_t)sprintf(room + at, "Content-Length: 0\r\n\r\n");
        n_bytes = at;
        assert_fails("more than 50 cookies");
    }
    cookie_jar_empty(&asked.jar);
    for (size_t n = 4096; n < 200000; n += n / 2) {
        size_t at = (size_t)sprintf(room, "HTTP/1.1 200 OK\r\nSet-Cookie: a=");
        memset(room + at, 'x', n);
        at += n;
        at += (size_t)sprintf(room + at, "\r\nContent-Length: 0\r\n\r\n");
        n_bytes = at;
        assert_fails("longer than 4 KiB");
    }
    for (size_t i = 0; i < N_OF(foreign); i++) {
        n_bytes = (size_t)sprintf(room, "HTTP/1.1 200 OK\r\nSet-Cookie: a=1; %s\r\nContent-Length: 0\r\n\r\n",
                                  foreign[i]);
        const uint64_t n_foreign = asked.shared.n_foreign;
        assert_int_equal(outcome_of(), OUTCOME_OK);
        assert_true(asked.shared.n_foreign > n_foreign);
        assert_int_equal(asked.jar.n_cookies, 0);
    }
    asked_end(&asked);
}

static int begin(void **state)
{
    (void)state;
    room = malloc(ROOM_BYTES);
    return room ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    free(room);
    return n_answers >= ANSWERS_LEAST ? 0 : fprintf(stderr, "only %zu answers\n", n_answers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_that_is_none),       cmocka_unit_test(values_that_are_too_long),
        cmocka_unit_test(codings_that_are_broken), cmocka_unit_test(regular_expressions_that_blow_up),
        cmocka_unit_test(cookies_without_end),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
