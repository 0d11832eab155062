/* Of what a scenario lists as many as fit are taken, and one more is refused. */
#include "cm.h"

#include "err.h"
#include "plan.h"
#include "scenario.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STREAM   "target: http://h\nstreams:\n  - name: s\n"
#define ONE_OF_1 "    phases: [ { requests: 1 } ]\n"
#define REQUEST  "    request: /\n"

/* `item` is given its number. */
static char *repeated(const char *before, const char *item, unsigned n, const char *after)
{
    char *text;
    size_t bytes;
    FILE *f = open_memstream(&text, &bytes);
    assert_non_null(f);
    fputs(before, f);
    for (unsigned i = 0; i < n; i++) {
        const char *number = strchr(item, '#');
        if (number)
            fprintf(f, "%.*s%u%s", (int)(number - item), item, i, number + 1);
        else
            fputs(item, f);
    }
    fputs(after, f);
    assert_int_equal(fclose(f), 0);
    return text;
}

static void as_many_as_fit_are_taken_and_one_more_is_refused(void **state)
{
    static const struct {
        const char *before, *item, *after;
        unsigned most;
        const char *told;
    } cases[] = {
        { STREAM ONE_OF_1 "    requests:\n", "      - /\n", "", 1000,
          "'requests' must hold 1 to 1000 requests, not 1001" },
        { "target: http://h\nstreams:\n", "  - { name: s#, request: /, phases: [ { requests: 1 } ] }\n", "",
          64, "64" },
        { STREAM REQUEST "    phases:\n", "      - { requests: 1 }\n", "", PLAN_PHASES_MOST, "256" },
        { STREAM ONE_OF_1 "    request:\n      path: /\n      headers:\n", "        A#: x\n", "", 64, "64" },
        { STREAM ONE_OF_1 REQUEST "    expect:\n      headers:\n", "        a#: x\n", "", 32, "32" },
        { STREAM ONE_OF_1 REQUEST "thresholds:\n", "  - p99 < 1s\n", "", 100, "100" },
    };
    static const struct scenario_overrides none = { 0 };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        for (unsigned more = 0; more <= 1; more++) {
            struct plan plan;
            struct err e = { 0 };
            char *text = repeated(cases[i].before, cases[i].item, cases[i].most + more, cases[i].after);
            const int status = scenario_parse(&plan, "many.yaml", text, strlen(text), &none, &e);
            if (status != (more ? -1 : 0) || (more && !strstr(e.text, cases[i].told)))
                fail_msg("%zu, %u of %u: %d %s", i, cases[i].most + more, cases[i].most, status, e.text);
            plan_fini(&plan);
            free(text);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_as_fit_are_taken_and_one_more_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
