#include "watch_history.h"

#include "cm.h"
#include "text_out.h"

#include <stdlib.h>
#include <string.h>

static char *behind(const struct watch_history *h, const char *id)
{
    struct text_out t;
    assert_true(text_out_begin(&t));
    watch_history_write(h, id, t.file);
    return text_out_end(&t);
}

static void assert_behind(const struct watch_history *h, const char *id, const char *wanted)
{
    char *text = behind(h, id);
    assert_string_equal(text, wanted);
    free(text);
}

#define RUN  "id: 00000000000000ab-1\nevent: run\ndata: {}\n\n"
#define ONE  "id: 00000000000000ab-2\nevent: second\ndata: 1\n\n"
#define TWO  "id: 00000000000000ab-3\nevent: second\ndata: 2\n\n"
#define END  "id: 00000000000000ab-4\nevent: end\ndata: e\n\n"
#define NEXT "id: 00000000000000ab-5\nevent: run\ndata: {}\n\n"

static void a_page_gets_what_it_has_not_seen(void **state)
{
    struct watch_history h = { .epoch = 0xab };
    (void)state;
    assert_behind(&h, "", "");
    watch_history_add(&h, "run", "{}");
    watch_history_add(&h, "second", "1");
    watch_history_add(&h, "second", "2");
    assert_behind(&h, "", RUN ONE TWO);
    assert_behind(&h, "00000000000000ab-1", ONE TWO);
    assert_behind(&h, "ab-2", TWO);
    assert_behind(&h, "ab-3", "");
    watch_history_fini(&h);
}

static void an_id_that_is_not_ours_gets_all(void **state)
{
    static const char *const ids[] = { "ac-2", "ab", "ab-", "ab-9", "ab--1", "ab-2x", "-2", "x", "\xff" };
    struct watch_history h = { .epoch = 0xab };
    (void)state;
    watch_history_add(&h, "run", "{}");
    watch_history_add(&h, "second", "1");
    for (size_t i = 0; i < N_OF(ids); i++)
        assert_behind(&h, ids[i], RUN ONE);
    watch_history_fini(&h);
}

static void a_new_run_drops_the_seconds_of_the_last(void **state)
{
    struct watch_history h = { .epoch = 0xab };
    (void)state;
    watch_history_add(&h, "run", "{}");
    watch_history_add(&h, "second", "1");
    watch_history_add(&h, "second", "2");
    watch_history_add(&h, "end", "e");
    watch_history_begin(&h);
    watch_history_add(&h, "run", "{}");
    assert_behind(&h, "", RUN END NEXT);
    watch_history_fini(&h);
}

static void memory_is_bounded(void **state)
{
    struct watch_history h = { .epoch = 0xab };
    char data[10001];
    (void)state;
    memset(data, 'x', sizeof data - 1);
    data[sizeof data - 1] = '\0';
    watch_history_add(&h, "run", "{}");
    for (int i = 0; i < 1000; i++)
        watch_history_add(&h, "second", data);
    assert_true(h.bytes <= WATCH_HISTORY_BYTES_MOST);
    assert_true(h.bytes > WATCH_HISTORY_BYTES_MOST / 2);
    char *text = behind(&h, "");
    assert_memory_equal(text, RUN, sizeof RUN - 1);
    free(text);
    watch_history_fini(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_gets_what_it_has_not_seen),
        cmocka_unit_test(an_id_that_is_not_ours_gets_all),
        cmocka_unit_test(a_new_run_drops_the_seconds_of_the_last),
        cmocka_unit_test(memory_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
