#include "err.h"
#include "tags.h"

#include "cm.h"

#include <stdio.h>
#include <string.h>

static void tags_survive_both_ways(void **state)
{
    static const char *const texts[] = {
        "service.m4-steady.cluster1.p1.ok.all",
        "response.a.b.c.timeout.i-0123456789abcdef0",
        "response_less_g.s_1.target.warm-up.balancer_5xx.10.0.0.1:8080",
        "busy.buyers/session.shop.p1.ok.all",
        "response.abcdefghijklmnopqrstuvwxyz012345/abcdefghijklmnopqrstuvwxyz012345_redirect.x.y.ok.all",
        "tls.abcdefghijklmnopqrstuvwxyz012345.x.y.reset_idle.all",
    };
    (void)state;
    for (size_t i = 0; i < N_OF(texts); i++) {
        struct tag tag;
        struct err e;
        char out[TAGS_TEXT_BYTES];
        assert_int_equal(tags_parse(texts[i], &tag, &e), 0);
        assert_string_equal(tags_format(&tag, out), texts[i]);
    }
}

static void the_parts_are_told_apart(void **state)
{
    struct tag tag;
    struct err e;
    (void)state;
    assert_int_equal(tags_parse("first_byte.s.c.p.status_4xx.i.1", &tag, &e), 0);
    assert_int_equal(tag.metric, METRIC_FIRST_BYTE);
    assert_int_equal(tag.outcome, OUTCOME_STATUS_4XX);
    assert_string_equal(tag.stream, "s");
    assert_string_equal(tag.step, "");
    assert_string_equal(tag.cluster, "c");
    assert_string_equal(tag.phase, "p");
    assert_string_equal(tag.instance, "i.1");
    assert_false(tag_is_all_instances(&tag));
    assert_int_equal(tags_parse("busy.s/t.c.p.ok.all", &tag, &e), 0);
    assert_string_equal(tag.stream, "s");
    assert_string_equal(tag.step, "t");
    assert_int_equal(tags_parse("first_byte.s.c.p.status_4xx.all", &tag, &e), 0);
    assert_string_equal(tag.step, "");
    assert_true(tag_is_all_instances(&tag));
}

static void malformed_tags_are_quoted(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        { "", "a tag must be metric.stream.cluster.phase.class.instance, not ''" },
        { "service", "not 'service'" },
        { "service.s.c.p.ok", "a tag must be" },
        { "service.s.c.p.ok.", "a tag must be" },
        { "service..c.p.ok.all", "a tag must be" },
        { "service.s.c.p q.ok.all", "a tag must be" },
        { "service.s.c.p.ok.a,b", "a tag must be" },
        { "service.s.c.p.ok.a b", "a tag must be" },
        { "service.s.c.p.ok.\xc3\xa4", "a tag must be" },
        { "service.s.c.p.ok.0123456789012345678901234567890123456789012345678901234567890123"
          "0123456789012345678901234567890123456789012345678901234567890123",
          "a tag must be" },
        { "service.abcdefghijklmnopqrstuvwxyz0123456.c.p.ok.all", "a tag must be" },
        { "service.s/.c.p.ok.all", "a tag must be" },
        { "service./t.c.p.ok.all", "a tag must be" },
        { "service.s/t/u.c.p.ok.all", "a tag must be" },
        { "service.s/abcdefghijklmnopqrstuvwxyz0123456_redirect.c.p.ok.all", "a tag must be" },
        { "latency.s.c.p.ok.all",
          "there is no metric 'latency', which the tag 'latency.s.c.p.ok.all' begins with" },
        { "service.s.c.p.fine.all",
          "there is no class 'fine', which the tag 'service.s.c.p.fine.all' names" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct tag tag;
        struct err e;
        assert_int_equal(tags_parse(cases[i].text, &tag, &e), -1);
        assert_int_equal(e.kind, ERR_INPUT);
        if (!strstr(e.text, cases[i].says))
            fail_msg("'%s' should say '%s'", e.text, cases[i].says);
    }
}

static void an_id_off_the_wire_becomes_a_part_of_a_tag(void **state)
{
    static const char *const cases[][2] = {
        { "i-0123456789abcdef0", "i-0123456789abcdef0" },
        { "http://a.b:80/x@y+z_1", "http://a.b:80/x@y+z_1" },
        { "all", "all~13254bc4" },
        { "All", "All" },
        { "-x", "_x~" },
        { "@x", "_x~" },
        { "=1+1", "_1+1~" },
        { "`id`", "_id_~" },
        { "a,b\"c d", "a_b_c_d~" },
        { "\xC3\xBC", "__~" },
        { "a~b", "a_b~" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        char out[TAGS_INSTANCE_BYTES], tag[TAGS_TEXT_BYTES];
        struct tag parsed;
        struct err e;
        const size_t n = tags_instance(cases[i][0], strlen(cases[i][0]), out);
        assert_int_equal(n, strlen(out));
        assert_memory_equal(out, cases[i][1], strlen(cases[i][1]));
        assert_int_equal(tags_instance_is_changed(out, n), strcmp(out, cases[i][0]) != 0);
        snprintf(tag, sizeof tag, "service.s.c.p.ok.%s", out);
        assert_int_equal(tags_parse(tag, &parsed, &e), 0);
        assert_string_equal(parsed.instance, out);
        assert_false(tag_is_all_instances(&parsed));
    }
}

/* An id that is too long is cut to leave room for the hash of the whole. */
static void a_long_id_is_cut_to_fit(void **state)
{
    enum { MOST = TAGS_INSTANCE_BYTES - 1 };
    char id[200], out[TAGS_INSTANCE_BYTES];
    (void)state;
    memset(id, 'x', sizeof id);
    for (size_t length = MOST - 10; length < sizeof id; length++) {
        const size_t n = tags_instance(id, length, out);
        assert_int_equal(n, length <= MOST ? length : MOST);
        assert_int_equal(out[n], '\0');
        assert_int_equal(tags_instance_is_changed(out, n), length > MOST);
    }
    id[0] = '=';
    assert_int_equal(tags_instance(id, MOST - TAGS_SUFFIX_BYTES - 1, out), MOST - 1);
    assert_int_equal(tags_instance(id, MOST - TAGS_SUFFIX_BYTES, out), MOST);
    assert_int_equal(tags_instance(id, MOST - TAGS_SUFFIX_BYTES + 1, out), MOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_survive_both_ways),
        cmocka_unit_test(the_parts_are_told_apart),
        cmocka_unit_test(malformed_tags_are_quoted),
        cmocka_unit_test(an_id_off_the_wire_becomes_a_part_of_a_tag),
        cmocka_unit_test(a_long_id_is_cut_to_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
