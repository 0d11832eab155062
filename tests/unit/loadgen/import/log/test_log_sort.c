#include "err.h"
#include "log_sort.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char path[20 * 1024];

struct walk {
    uint64_t n, before_ns, before_number;
};

static int visit(void *payload, const struct log_entry *entry, struct err *e)
{
    struct walk *w = payload;
    (void)e;
    const uint64_t number = strtoull(entry->agent, NULL, 10);
    assert_true(entry->due_ns >= w->before_ns);
    if (w->n > 0 && entry->due_ns == w->before_ns)
        assert_true(number > w->before_number);
    assert_int_equal(entry->due_ns, number * 7919 % 1000);
    assert_string_equal(entry->method, "GET");
    assert_int_equal(strlen(entry->path), 1 + number % 1999);
    w->before_ns = entry->due_ns;
    w->before_number = number;
    w->n++;
    return 0;
}

static void sort(uint64_t n, unsigned n_runs_least)
{
    struct log_sort s;
    struct walk w = { 0 };
    struct err e;
    log_sort_init(&s, "/tmp/test_log_sort");
    for (uint64_t i = 0; i < n; i++) {
        char number[24];
        snprintf(number, sizeof number, "%llu", (unsigned long long)i);
        path[1 + i % 1999] = '\0';
        const struct log_entry entry = { .due_ns = i * 7919 % 1000,
                                         .method = "GET",
                                         .path = path,
                                         .origin = "",
                                         .agent = number,
                                         .referer = "" };
        assert_int_equal(log_sort_add(&s, &entry, &e), 0);
        path[1 + i % 1999] = 'x';
    }
    assert_true(s.n_runs >= n_runs_least);
    assert_int_equal(log_sort_each(&s, visit, &w, &e), 0);
    assert_int_equal(w.n, n);
    log_sort_fini(&s);
}

static void few_entries_are_sorted_in_memory(void **state)
{
    (void)state;
    sort(0, 0);
    sort(1, 0);
    sort(5000, 0);
}

static void many_entries_are_merged_from_files(void **state)
{
    (void)state;
    sort(60000, 3);
}

static void entries_that_would_not_fit_are_known(void **state)
{
    struct log_entry entry = { .method = "GET", .path = path, .origin = "", .agent = "", .referer = "" };
    (void)state;
    assert_true(log_record_fits(&entry));
    entry.agent = entry.referer = path;
    assert_false(log_record_fits(&entry));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_entries_are_sorted_in_memory),
        cmocka_unit_test(many_entries_are_merged_from_files),
        cmocka_unit_test(entries_that_would_not_fit_are_known),
    };
    memset(path, 'x', sizeof path - 1);
    path[0] = '/';
    return cmocka_run_group_tests(tests, NULL, NULL);
}
