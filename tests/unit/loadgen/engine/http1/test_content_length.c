/* What replaces a head's Content-Length lines, however the head is split. A name that was held back comes out
 * in lower case. */
#include "content_length.h"

#include "cm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct passed {
    char text[512];
    size_t n_bytes;
    const char *cause;
    uint64_t value;
    bool is_known;
};

/* Every piece is in memory of its own, so that nothing is read beyond it. */
static bool pass_piece(struct content_length *l, const char *bytes, size_t n, struct passed *out)
{
    char *copy = malloc(n);
    assert_non_null(copy);
    memcpy(copy, bytes, n);
    const char *at = copy;
    int status = 0;
    while (at < copy + n && status == 0) {
        struct content_piece piece;
        const char *before = at;
        status = content_length_pass(l, &at, copy + n, &piece);
        assert_true(at <= copy + n);
        assert_true(at > before || piece.n_bytes > 0 || status);
        if (status == 0 && piece.n_bytes > 0) {
            assert_true(out->n_bytes + piece.n_bytes <= sizeof out->text);
            memcpy(out->text + out->n_bytes, piece.text, piece.n_bytes);
            out->n_bytes += piece.n_bytes;
        }
    }
    free(copy);
    return status == 0;
}

static struct passed pass(const char *head, size_t first)
{
    struct content_length l;
    struct passed out = { 0 };
    const size_t length = strlen(head);
    memset(&l, 0xff, sizeof l);
    content_length_begin(&l);
    bool goes_on = pass_piece(&l, head, first, &out);
    for (size_t at = first; goes_on && at < length; at++)
        goes_on = pass_piece(&l, head + at, 1, &out);
    out.cause = l.cause;
    out.is_known = l.is_known;
    out.value = l.is_known ? l.value : 0;
    return out;
}

#define BEGIN "HTTP/1.1 200 OK\r\n"

static void lines_of_length_become_one_and_all_others_stay(void **state)
{
    static const struct {
        const char *head, *text;
        uint64_t value;
    } cases[] = {
        { BEGIN "Content-Length: 5\r\n\r\n", BEGIN "Content-Length: 5\r\n\r\n", 5 },
        { BEGIN "Content-Length: 5, 5\r\n\r\n", BEGIN "Content-Length: 5\r\n\r\n", 5 },
        { BEGIN "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", BEGIN "Content-Length: 5\r\n\r\n", 5 },
        { BEGIN "Content-Length: 5,5\r\nA: b\r\nContent-Length: 5\r\n\r\n",
          BEGIN "Content-Length: 5\r\nA: b\r\n\r\n", 5 },
        { BEGIN "A: b\r\nContent-Length: 0\r\nC: d\r\n\r\nbody",
          BEGIN "A: b\r\nContent-Length: 0\r\nC: d\r\n\r\nbody", 0 },
        { BEGIN "Content-Length: 18446744073709551614\r\n\r\n",
          BEGIN "Content-Length: 18446744073709551614\r\n\r\n", UINT64_MAX - 1 },
        { BEGIN "Content-Length: 999999999999999999\r\n\r\n",
          BEGIN "Content-Length: 999999999999999999\r\n\r\n", 999999999999999999u },
        { BEGIN "Content-Length: 1000000000000000000\r\n\r\n",
          BEGIN "Content-Length: 1000000000000000000\r\n\r\n", 1000000000000000000u },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        for (size_t first = 1; first <= strlen(cases[i].head); first++) {
            const struct passed out = pass(cases[i].head, first);
            if (out.cause || !out.is_known || out.value != cases[i].value ||
                out.n_bytes != strlen(cases[i].text) ||
                strncasecmp(out.text, cases[i].text, out.n_bytes) != 0)
                fail_msg("case %zu cut at %zu: %s, %.*s", i, first, out.cause ? out.cause : "",
                         (int)out.n_bytes, out.text);
        }
}

static void what_is_no_length_passes_as_it_is(void **state)
{
    static const char *const heads[] = {
        BEGIN "\r\n",
        BEGIN "Content-Type: 5\r\n\r\n",
        BEGIN "Content-Lengths: x\r\n\r\n",
        BEGIN "Content-Lengt: x\r\n\r\n",
        BEGIN "Content_Length: x\r\n\r\n",
        BEGIN "XContent-Length: x\r\n\r\n",
        BEGIN "C: Content-Length: x\r\n\r\n",
        BEGIN "c: d\r\nco: e\r\ncontent-: f\r\n\r\n",
        BEGIN "\r\nContent-Length: of the body\r\n",
    };
    (void)state;
    for (size_t i = 0; i < N_OF(heads); i++)
        for (size_t first = 1; first <= strlen(heads[i]); first++) {
            const struct passed out = pass(heads[i], first);
            if (out.cause || out.is_known || out.n_bytes != strlen(heads[i]) ||
                strncasecmp(out.text, heads[i], out.n_bytes) != 0)
                fail_msg("case %zu cut at %zu: %s, %.*s", i, first, out.cause ? out.cause : "",
                         (int)out.n_bytes, out.text);
        }
}

static void a_wrong_length_says_what_is_wrong(void **state)
{
    static const char no_number[] = "Content-Length is not a number",
                      too_large[] = "Content-Length is too large";
    static const char differ[] = "two values of Content-Length that differ";
    static const char no_end[] = "a line of the head does not end with CR LF";
    static const struct {
        const char *head, *cause;
    } cases[] = {
        { BEGIN "Content-Length: 18446744073709551615\r\n", too_large },
        { BEGIN "Content-Length: 18446744073709551616\r\n", too_large },
        { BEGIN "Content-Length: 184467440737095516140\r\n", too_large },
        { BEGIN "Content-Length: 5, 6\r\n", differ },
        { BEGIN "Content-Length: 5\r\nContent-Length: 6\r\n", differ },
        { BEGIN "Content-Length: \r\n", no_number },
        { BEGIN "Content-Length: 5,\r\n", no_number },
        { BEGIN "Content-Length: ,5\r\n", no_number },
        { BEGIN "Content-Length: x\r\n", no_number },
        { BEGIN "Content-Length: 5x\r\n", no_number },
        { BEGIN "Content-Length: 5x\n", no_number },
        { BEGIN "Content-Length: 5\rx", no_number },
        { BEGIN "Content-Length: /\r\n", no_number },
        { BEGIN "Content-Length: :\r\n", no_number },
        { BEGIN "Content-Length: 5\rx\n", no_number },
        { BEGIN "Content-Length: 5\r\n 6\r\n", no_number },
        { BEGIN "Content-Length: 5\r\n\t6\r\n", no_number },
        { BEGIN "A: b\rc\r\n", no_end },
        { BEGIN "\rA", no_end },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        for (size_t first = 1; first <= strlen(cases[i].head); first++) {
            const struct passed out = pass(cases[i].head, first);
            if (!out.cause || strcmp(out.cause, cases[i].cause) != 0)
                fail_msg("case %zu cut at %zu: %s", i, first, out.cause ? out.cause : "nothing wrong");
        }
}

/* Nothing is held back or rewritten. */
static void the_usual_head_passes_in_one_piece(void **state)
{
    static const struct {
        const char *head;
        uint64_t value;
    } cases[] = {
        { BEGIN "Content-Length: 5\r\n\r\n", 5 },
        { BEGIN "content-length:0\r\nA: b\r\n\r\n", 0 },
        { BEGIN "A: b\r\nCONTENT-LENGTH: \t 1234567890\r\n\r\nbody", 1234567890 },
        { BEGIN "Content-Type: c\r\nContent-Length: 999999999999999999\r\nD: e\r\n\r\n", 999999999999999999 },
        { BEGIN "Content-Length: 5\r\nContent-Type: c\r\n\r\n", 5 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        const char *at = cases[i].head;
        const char *end = at + strlen(at);
        struct content_length l;
        struct content_piece piece;
        content_length_begin(&l);
        assert_int_equal(content_length_pass(&l, &at, end, &piece), 0);
        assert_ptr_equal(piece.text, cases[i].head);
        assert_int_equal(piece.n_bytes, strlen(cases[i].head));
        assert_ptr_equal(at, end);
        assert_true(l.is_known);
        assert_int_equal(l.value, cases[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_length_become_one_and_all_others_stay),
        cmocka_unit_test(what_is_no_length_passes_as_it_is),
        cmocka_unit_test(a_wrong_length_says_what_is_wrong),
        cmocka_unit_test(the_usual_head_passes_in_one_piece),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
