/* Remembered header blocks: what is found again, and that responses never depend on it, whatever a server's
 * encoder does with its table. */
#include "peer.h"

#include "http2_frames_parts.h"
#include "http2_known.h"

#include <stdio.h>

static const struct http2_known_reader reader;

static struct http2_known *new_known(void)
{
    struct http2_known *k = calloc(1, sizeof *k);
    assert_non_null(k);
    http2_known_begin(k);
    return k;
}

static void note(struct http2_known *k, const char *block, bool is_kept)
{
    const struct http2_known_block *b =
        http2_known_note(k, (const unsigned char *)block, strlen(block), &reader);
    assert_int_equal(b != NULL, is_kept);
}

static bool is_found(struct http2_known *k, const char *block)
{
    return http2_known_find(k, (const unsigned char *)block, strlen(block), &reader) != NULL;
}

#define WITHOUT_TABLE                                                                                        \
    "\x88\x0f\x0d\x01"                                                                                       \
    "5" /* content-length: 5, not indexed */
#define ADDS           "\x88\x40\x01x\x01y"
#define LOOKS          "\x88\xbe"
#define ADDS_AND_LOOKS "\x88\xbe\x40\x01x\x01z"
#define RESIZES        "\x20\x88"

static void a_block_that_needs_no_table_is_known_for_ever(void **state)
{
    (void)state;
    struct http2_known *k = new_known();
    assert_false(is_found(k, WITHOUT_TABLE));
    note(k, WITHOUT_TABLE, true);
    note(k, ADDS, true);
    note(k, ADDS_AND_LOOKS, false);
    assert_true(is_found(k, WITHOUT_TABLE));
    http2_known_begin(k);
    assert_true(is_found(k, WITHOUT_TABLE));
    assert_int_equal(k->n_due, 0);
    free(k);
}

static void a_block_that_only_adds_is_known_for_ever_and_its_repeats_are_due(void **state)
{
    (void)state;
    struct http2_known *k = new_known();
    note(k, ADDS, true);
    for (int i = 0; i < 1000; i++)
        assert_true(is_found(k, ADDS));
    assert_in_range(k->n_due, HTTP2_KNOWN_DUE, 2 * HTTP2_KNOWN_DUE);
    nghttp2_hd_inflater *inflater;
    assert_int_equal(nghttp2_hd_inflate_new(&inflater), 0);
    assert_int_equal(http2_known_catch_up(k, inflater), 0);
    assert_int_equal(nghttp2_hd_inflate_get_dynamic_table_size(inflater), 4080); /* 120 entries of 34 bytes */
    assert_int_equal(k->n_due, 0);
    nghttp2_hd_inflate_del(inflater);
    free(k);
}

static void a_block_that_looks_at_the_table_is_known_until_that_changes(void **state)
{
    (void)state;
    struct http2_known *k = new_known();
    note(k, ADDS, true);
    note(k, LOOKS, true);
    note(k, WITHOUT_TABLE, true);
    assert_true(is_found(k, LOOKS));
    assert_true(is_found(k, WITHOUT_TABLE));
    assert_true(is_found(k, LOOKS));
    assert_true(is_found(k, ADDS)); /* once more in the table */
    assert_false(is_found(k, LOOKS));
    note(k, LOOKS, true);
    assert_true(is_found(k, LOOKS));
    note(k, RESIZES, false);
    assert_false(is_found(k, LOOKS));
    note(k, LOOKS, true);
    http2_known_begin(k);
    assert_false(is_found(k, LOOKS));
    free(k);
}

/* What it does to the table may stand behind a string of any length. */
static void a_block_is_classed_to_its_end(void **state)
{
    (void)state;
    static const struct {
        const char *length; /* with a prefix of 7 bits */
        size_t n_bytes;
    } strings[] = { { "\x7e", 126 }, { "\x7f\x01", 128 }, { "\x7f\x7f", 254 }, { "\x7f\xad\x01", 300 } };
    for (size_t i = 0; i < N_OF(strings); i++) {
        struct http2_known *k = new_known();
        char block[400];
        const int n = snprintf(block, sizeof block, "\x88\x0f\x0d%s", strings[i].length);
        memset(block + n, 'v', strings[i].n_bytes);
        strcpy(block + n + strings[i].n_bytes, "\xbe");
        note(k, block, true);
        assert_true(is_found(k, block));
        note(k, ADDS, true);
        assert_false(is_found(k, block));
        free(k);
    }
}

static void what_one_reader_learned_is_not_for_another(void **state)
{
    (void)state;
    struct http2_known *k = new_known();
    const struct http2_known_reader other = { .expect = k };
    note(k, WITHOUT_TABLE, true);
    assert_null(http2_known_find(k, (const unsigned char *)WITHOUT_TABLE, strlen(WITHOUT_TABLE), &other));
    free(k);
}

static void a_long_block_is_not_kept(void **state)
{
    (void)state;
    struct http2_known *k = new_known();
    unsigned char block[HTTP2_KNOWN_BYTES + 1];
    memset(block, 0x88, sizeof block);
    assert_non_null(http2_known_note(k, block, sizeof block - 1, &reader));
    assert_null(http2_known_note(k, block, sizeof block, &reader));
    assert_null(http2_known_note(k, block, 0, &reader));
    free(k);
}

/* A server whose encoder does all that HPACK allows, at random; its table is modelled here. */

struct entry {
    char name[24], value[24];
};
enum { ENTRIES = 128, TABLE_BYTES = 4096 };

struct server {
    struct entry entries[ENTRIES]; /* the newest first */
    int n;
    size_t bytes;
    uint32_t random;
    unsigned char block[512];
    size_t n_bytes;
};

static uint32_t draw(struct server *s, uint32_t n)
{
    s->random = s->random * 1664525 + 1013904223;
    return (s->random >> 8) % n;
}

static size_t entry_bytes(const struct entry *e)
{
    return strlen(e->name) + strlen(e->value) + 32;
}

static void add(struct server *s, const char *name, const char *value)
{
    struct entry e;
    snprintf(e.name, sizeof e.name, "%s", name);
    snprintf(e.value, sizeof e.value, "%s", value);
    s->bytes += entry_bytes(&e);
    while (s->bytes > TABLE_BYTES)
        s->bytes -= entry_bytes(&s->entries[--s->n]);
    memmove(&s->entries[1], &s->entries[0], (size_t)s->n * sizeof e);
    s->entries[0] = e;
    s->n++;
}

static void put(struct server *s, unsigned char byte)
{
    s->block[s->n_bytes++] = byte;
}

static void put_text(struct server *s, const char *text)
{
    put(s, (unsigned char)strlen(text));
    while (*text)
        put(s, (unsigned char)*text++);
}

static void put_index(struct server *s, int index)
{
    put(s, (unsigned char)(index < 127 ? 0x80 | index : 0xff));
    if (index >= 127)
        put(s, (unsigned char)(index - 127));
}

/* By an index, or as a literal that is added or not. */
static void put_field(struct server *s, const char *name, const char *value, bool may_look, bool may_add)
{
    int i = 0;
    while (i < s->n && (strcmp(s->entries[i].name, name) != 0 || strcmp(s->entries[i].value, value) != 0))
        i++;
    if (may_look && i < s->n && draw(s, 3)) {
        put_index(s, 62 + i);
        return;
    }
    const bool is_added = may_add && draw(s, 2);
    put(s, is_added ? 0x40 : 0);
    put_text(s, name);
    put_text(s, value);
    if (is_added)
        add(s, name, value);
}

/* What a response has; servers repeat theirs. */
static void make_block(struct server *s, const char *status, const char *length, bool may_look, bool may_add)
{
    s->n_bytes = 0;
    if (draw(s, 50) == 0)
        put(s, 0x3f), put(s, 0xe1), put(s, 0x1f); /* the table's size, which is the same */
    put_field(s, ":status", status, may_look, may_add);
    put_field(s, "content-length", length, may_look, may_add);
    put_field(s, "x-filler", draw(s, 4) ? "always" : "sometimes", may_look, may_add);
}

static void a_server_that_mixes_all_is_understood(struct peer *p, uint32_t seed)
{
    static const char *const statuses[] = { "200", "201", "404", "302" };
    static const char *const lengths[] = { "0", "1", "3", "7" };
    struct server s = { .random = seed };
    unsigned mode = 0;
    for (int i = 0; i < 20000; i++) {
        if (draw(&s, 20) == 0)
            mode = draw(&s, 4); /* for a while, so that blocks repeat */
        const char *status = statuses[draw(&s, 4)];
        const char *length = lengths[draw(&s, 4)];
        make_block(&s, status, length, mode & 1, mode & 2);
        peer_submit(p, 0);
        const uint32_t id = p->streams[0].id;
        peer_frame(p, HEADERS, END_HEADERS, id, s.block, s.n_bytes);
        peer_frame(p, DATA, END_STREAM, id, "xxxxxxx", (size_t)atoi(length));
        assert_int_equal(peer_feed_cut(p, draw(&s, 30) ? 1000 : 5, 1000), 0);
        peer_expect_done(p, 0, (uint16_t)atoi(status));
        assert_int_equal(p->streams[0].exchange.response.body_bytes, atoi(length));
        peer_forget_sent(p);
    }
}

static void servers_that_mix_all_are_understood(void **state)
{
    for (uint32_t seed = 1; seed <= 3; seed++) {
        struct peer *p = peer_new(state);
        a_server_that_mixes_all_is_understood(p, seed);
        peer_free(p);
    }
}

/* What was learned of the fields is learned again from a remembered block. */
static uint32_t n_kept(const struct peer *p)
{
    uint32_t n = 0;
    for (int i = 0; i < HTTP2_KNOWN_BLOCKS; i++)
        n += frames_of(p->h)->known.blocks[i].n_bytes > 0;
    return n;
}

static void only_the_heads_of_responses_are_remembered(void **state)
{
    struct peer *p = peer_new(state);
    peer_submit(p, 0);
    PEER_FIELDS(p, 1, 0, ":status", "103", "link", "</a.css>");
    assert_int_equal(peer_feed(p), 0);
    assert_int_equal(n_kept(p), 0);
    PEER_FIELDS(p, 1, 0, ":status", "200", "x-a", "b");
    assert_int_equal(peer_feed(p), 0);
    assert_int_equal(n_kept(p), 1);
    PEER_FIELDS(p, 1, END_STREAM, "x-trailer", "1");
    assert_int_equal(peer_feed(p), 0);
    assert_int_equal(n_kept(p), 1);
    peer_expect_done(p, 0, 200);
    peer_submit(p, 1);
    PEER_FIELDS(p, 3, END_STREAM, ":status", "103");
    assert_int_equal(peer_feed(p), 0);
    assert_int_equal(n_kept(p), 1);
    peer_expect_end(p, 1, HTTP2_MALFORMED);
    peer_free(p);
}

static void a_remembered_block_has_the_expected_fields(void **state)
{
    struct peer *p = peer_new(state);
    char name[] = "x-kind", value[] = "right";
    struct plan_header wanted = { name, value };
    p->expect.headers = &wanted;
    p->expect.n_headers = 1;
    for (int i = 0; i < 20; i++) {
        peer_submit(p, 0);
        PEER_FIELDS(p, p->streams[0].id, END_STREAM, ":status", "200", "x-kind", i % 4 ? "right" : "wrong");
        assert_int_equal(peer_feed(p), 0);
        peer_expect_done(p, 0, 200);
        assert_int_equal(exchange_outcome(&p->streams[0].exchange), i % 4 ? OUTCOME_OK : OUTCOME_EXPECT);
    }
    peer_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_that_needs_no_table_is_known_for_ever),
        cmocka_unit_test(a_block_that_only_adds_is_known_for_ever_and_its_repeats_are_due),
        cmocka_unit_test(a_block_that_looks_at_the_table_is_known_until_that_changes),
        cmocka_unit_test(a_block_is_classed_to_its_end),
        cmocka_unit_test(what_one_reader_learned_is_not_for_another),
        cmocka_unit_test(a_long_block_is_not_kept),
        PEER_TEST_OF(only_the_heads_of_responses_are_remembered, "frames", http2_frames),
        PEER_TEST(servers_that_mix_all_are_understood),
        PEER_TEST(a_remembered_block_has_the_expected_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
