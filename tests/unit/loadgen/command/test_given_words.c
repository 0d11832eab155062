/* The command line as run.json shows it: every option that was given, in one form, and no secret. */
#include "cm.h"

#include "campaign_options.h"
#include "err.h"
#include "given_words.h"
#include "loadgen_commands.h"
#include "run_options.h"

#include <stdio.h>
#include <string.h>

enum { ARGS_MOST = 16 };

/* Parses `words`, split at '|', for the command and returns them as shown, joined by '|'. */
static const char *shown(const struct command *command, const char *words)
{
    static char text[1024];
    static char out[2048];
    char *args[ARGS_MOST];
    struct campaign_options settings = { 0 }; /* begins with those of a run */
    int n = 0;
    struct options_result given;
    struct given_words g;
    struct err e;

    snprintf(text, sizeof text, "%s", words);
    for (char *p = text; p && *p && n < ARGS_MOST; n++) {
        args[n] = p;
        p = strchr(p, '|');
        if (p)
            *p++ = '\0';
    }
    if (options_parse(command, &settings, n, args, &given, &e) ||
        given_words_init(&g, command, &settings, &given, &e))
        fail_msg("%s: %s", words, e.text);
    size_t used = 0;
    for (size_t i = 0; i < g.n; i++)
        used += (size_t)snprintf(out + used, sizeof out - used, "%s%s", i ? "|" : "", g.words[i]);
    assert_null(g.words[g.n]);
    given_words_fini(&g);
    options_fini(command, &settings, &given);
    return out;
}

static void what_was_given_is_shown_in_one_form_and_defaults_are_not(void **state)
{
    (void)state;
    assert_string_equal(shown(&run_command, ""), "loadgen|run");
    assert_string_equal(shown(&run_command, "-c5|-k|tp1|--threshold|p99 < 1s|--threshold=errors < 1%|-d|10s"),
                        "loadgen|run|tp1|--connections=5|--duration=10s|--threshold=p99 < 1s|"
                        "--threshold=errors < 1%|--insecure");
}

static void a_value_that_reads_like_a_switch_is_shown(void **state)
{
    (void)state;
    assert_string_equal(shown(&run_command, "--only|true|-k"), "loadgen|run|--only=true|--insecure");
}

static void every_command_shows_its_own_options_and_the_shared_ones(void **state)
{
    (void)state;
    assert_string_equal(shown(&campaign_command, "tp1|--pairs|2|--side-by-side|-t2|--out|here"),
                        "loadgen|campaign|tp1|--pairs=2|--side-by-side|--out=here|--threads=2");
    assert_string_equal(shown(&campaign_command, "--resume=there"), "loadgen|campaign|--resume=there");
}

static void a_secret_is_never_shown(void **state)
{
    (void)state;
    assert_string_equal(shown(&run_command, "-u|ann:s3cret|--body=s3cret|-H|cookie: s3cret|-H|x: s3cret"),
                        "loadgen|run|--header=(given)|--header=(given)|--body=(given)|--user=(given)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_given_is_shown_in_one_form_and_defaults_are_not),
        cmocka_unit_test(a_value_that_reads_like_a_switch_is_shown),
        cmocka_unit_test(every_command_shows_its_own_options_and_the_shared_ones),
        cmocka_unit_test(a_secret_is_never_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
