#include "err.h"
#include "options.h"
#include "units.h"

#include "cm.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct settings {
    uint64_t connections, size, duration_ns, threads;
    double rate_per_s, share;
    const char *target;
    const char *password;
    bool quiet, keep, verbose;
    int progress;
    struct option_list headers;
};

#define AT(field) offsetof(struct settings, field)

static const char *const modes[] = { "auto", "plain", "none", NULL };
static const struct option_row rows[] = {
    { "connections", 'c', OPTION_COUNT, AT(connections), "N", "10", NULL, 1, 1000000, false,
      "connections to keep open", NULL },
    { "duration", 'd', OPTION_DURATION, AT(duration_ns), "TIME", "10s", NULL, 1000000, 3600000000000, false,
      "how long", NULL },
    { "size", 0, OPTION_SIZE, AT(size), "BYTES", NULL, NULL, 0, 0, false, "of the body", NULL },
    { "rate", 0, OPTION_RATE, AT(rate_per_s), "R", NULL, NULL, 0, 0, false, "requests started per second",
      NULL },
    { "share", 0, OPTION_REAL, AT(share), "X", "0.5", NULL, 0, 0, false, "a share", NULL },
    { "target", 0, OPTION_TEXT, AT(target), "URL", NULL, NULL, 0, 0, false, "where to", NULL },
    { "password", 0, OPTION_TEXT, AT(password), "TEXT", NULL, NULL, 0, 0, true, "not to be echoed", NULL },
    { "quiet", 'q', OPTION_FLAG, AT(quiet), NULL, NULL, NULL, 0, 0, false, "say nothing", NULL },
    { "keep", 'k', OPTION_FLAG, AT(keep), NULL, NULL, NULL, 0, 0, false, "keep going", NULL },
    { "progress", 0, OPTION_CHOICE, AT(progress), "MODE", "auto", modes, 0, 0, false, "how to show it",
      NULL },
    { "header", 'H', OPTION_LIST, AT(headers), "'K: V'", NULL, NULL, 0, 0, false, "a header", NULL },
    { 0 },
};
static const struct option_row shared[] = {
    { "threads", 't', OPTION_COUNT, AT(threads), "N", "1", NULL, 1, 256, false, "as many loops", NULL },
    { "verbose", 'v', OPTION_FLAG, AT(verbose), NULL, NULL, NULL, 0, 0, false, "say more", NULL },
    { 0 },
};
static const struct command command = {
    .name = "loadgen run",
    .synopsis = "SCENARIO [options]",
    .summary = "Send load",
    .rows = rows,
    .shared = { shared },
    .details = "More at home.",
};

struct parsed {
    struct settings settings;
    struct options_result result;
    struct err e;
    int status;
};

/* Parses a command line of words separated by single blanks. */
static void parse(struct parsed *p, const char *line)
{
    static char words[512];
    char *argv[32];
    int argc = 0;
    snprintf(words, sizeof words, "%s", line);
    for (char *at = words; *at; argc++) {
        argv[argc] = at;
        at += strcspn(at, " ");
        if (*at)
            *at++ = '\0';
    }
    *p = (struct parsed){ .e = { ERR_NONE, "" } };
    p->status = options_parse(&command, &p->settings, argc, argv, &p->result, &p->e);
}

static void done(struct parsed *p)
{
    options_fini(&command, &p->settings, &p->result);
}

static void defaults_hold_until_something_is_given(void **state)
{
    struct parsed p;
    (void)state;
    parse(&p, "");
    assert_int_equal(p.status, 0);
    assert_int_equal(p.settings.connections, 10);
    assert_int_equal(p.settings.duration_ns, UINT64_C(10000000000));
    assert_true(p.settings.share == .5);
    assert_null(p.settings.target);
    assert_int_equal(p.settings.progress, 0);
    assert_false(options_given(&command, &p.result, "connections"));
    assert_int_equal(p.result.n_positional, 0);
    done(&p);
}

static void options_are_taken_in_every_usual_form(void **state)
{
    static const char *const lines[] = {
        "-c 64 -d 30s -q -k tp1",
        "-c64 -d30s -qk tp1",
        "tp1 --connections 64 --duration=30s --quiet --keep",
        "-qkc64 tp1 --duration=0.5min",
        "--connections=64 -qkd 30s -- tp1",
    };
    (void)state;
    for (size_t i = 0; i < N_OF(lines); i++) {
        struct parsed p;
        parse(&p, lines[i]);
        if (p.status)
            fail_msg("%s: %s", lines[i], p.e.text);
        assert_int_equal(p.settings.connections, 64);
        assert_int_equal(p.settings.duration_ns, UINT64_C(30000000000));
        assert_true(p.settings.quiet && p.settings.keep);
        assert_int_equal(p.result.n_positional, 1);
        assert_string_equal(p.result.positional[0], "tp1");
        assert_true(options_given(&command, &p.result, "connections"));
        assert_false(options_given(&command, &p.result, "rate"));
        done(&p);
    }
}

static void every_kind_is_parsed(void **state)
{
    struct parsed p;
    (void)state;
    parse(&p, "--size 64KiB --rate 2k/s --share -1.5 --target http://x --progress none -H a:1 -Hb:2 "
              "--header=c:3 - -- -c");
    assert_int_equal(p.status, 0);
    assert_int_equal(p.settings.size, 65536);
    assert_true(p.settings.rate_per_s == 2000);
    assert_true(p.settings.share == -1.5);
    assert_string_equal(p.settings.target, "http://x");
    assert_string_equal(modes[p.settings.progress], "none");
    assert_int_equal(p.settings.headers.n, 3);
    assert_string_equal(p.settings.headers.items[1], "b:2");
    assert_int_equal(p.result.n_positional, 2);
    assert_string_equal(p.result.positional[0], "-");
    assert_string_equal(p.result.positional[1], "-c");
    done(&p);
}

static void shared_rows_come_after_the_command_s_own(void **state)
{
    struct parsed p;
    (void)state;
    parse(&p, "");
    assert_int_equal(p.settings.threads, 1);
    done(&p);
    parse(&p, "-v -t4 --keep --threads=5");
    assert_int_equal(p.settings.threads, 5);
    assert_true(p.settings.verbose);
    assert_true(options_given(&command, &p.result, "threads") &&
                options_given(&command, &p.result, "verbose"));
    assert_false(options_given(&command, &p.result, "header"));
    done(&p);
    parse(&p, "--thread 3");
    assert_string_equal(p.e.text, "loadgen run has no option --thread; did you mean --threads?");
    done(&p);
    parse(&p, "--threads 257");
    assert_string_equal(p.e.text, "--threads must be from 1 to 256, not 257");
    done(&p);
}

static void a_bare_number_is_seconds(void **state)
{
    static const struct {
        const char *line;
        uint64_t ns;
    } cases[] = {
        { "-d 10", 10 * NS_PER_S },  { "-d10", 10 * NS_PER_S },       { "--duration=0.5", NS_PER_S / 2 },
        { "-d .25", NS_PER_S / 4 },  { "-d 1.5s", 3 * NS_PER_S / 2 }, { "-d 500ms", NS_PER_S / 2 },
        { "-d 2m", 120 * NS_PER_S }, { "-d 1e1", 10 * NS_PER_S },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct parsed p;
        parse(&p, cases[i].line);
        if (p.status)
            fail_msg("%s: %s", cases[i].line, p.e.text);
        assert_int_equal(p.settings.duration_ns, cases[i].ns);
        done(&p);
    }
}

static void the_last_of_two_counts(void **state)
{
    struct parsed p;
    (void)state;
    parse(&p, "-c 5 -c 7");
    assert_int_equal(p.settings.connections, 7);
    done(&p);
}

static void mistakes_are_named_with_what_would_be_right(void **state)
{
    static const struct {
        const char *line, *says;
    } cases[] = {
        { "--conections 5", "loadgen run has no option --conections; did you mean --connections?" },
        { "--conections=5", "loadgen run has no option --conections; did you mean --connections?" },
        { "--colour", "loadgen run has no option --colour; `loadgen run --help` lists them" },
        { "-x", "loadgen run has no option -x; `loadgen run --help` lists them" },
        { "-qx", "loadgen run has no option -x" },
        { "--connections", "--connections needs a value: N" },
        { "-c", "--connections needs a value: N" },
        { "-c many", "--connections must be a whole number such as 500, 5k or 2M, not 'many'" },
        { "-c -3", "--connections must be a whole number such as 500, 5k or 2M, not '-3'" },
        { "-c 0", "--connections must be from 1 to 1000000, not 0" },
        { "-c 2M", "--connections must be from 1 to 1000000, not 2M" },
        { "-d 5x", "--duration must be a duration such as 10, which means 10s, or 500ms or 1h30m, not '5x'" },
        { "-d -5", "--duration must be a duration such as 10, which means 10s, or 500ms or 1h30m, not '-5'" },
        { "-d 1e99", "--duration must be a duration such as 10" },
        { "-d 9200000001", "--duration must be a duration such as 10" },
        { "-d 2h", "--duration must be from 1.00 ms to 1 h 0 min, not 2h" },
        { "--size lots", "--size must be a size such as 4096, 64KiB or 1MB, not 'lots'" },
        { "--rate 0", "--rate must be a rate such as 500/s, 2k/s or 6000/m, not '0'" },
        { "--rate=", "--rate must be a rate" },
        { "--share x", "--share must be a number, not 'x'" },
        { "--progress fancy", "--progress must be auto or plain or none, not 'fancy'" },
        { "--quiet=yes", "--quiet is a switch and takes no value" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct parsed p;
        parse(&p, cases[i].line);
        assert_int_equal(p.status, -1);
        assert_int_equal(p.e.kind, ERR_INPUT);
        if (strncmp(p.e.text, cases[i].says, strlen(cases[i].says)) != 0)
            fail_msg("'%s' should begin '%s'", p.e.text, cases[i].says);
        done(&p);
    }
}

static void help_is_noticed_before_what_follows_is_judged(void **state)
{
    static const char *const lines[] = { "--help", "-h", "-c 5 --help --nonsense" };
    (void)state;
    for (size_t i = 0; i < N_OF(lines); i++) {
        struct parsed p;
        parse(&p, lines[i]);
        assert_int_equal(p.status, 0);
        assert_true(p.result.help_wanted);
        done(&p);
    }
}

static void append_setting(void *payload, const char *name, const char *value)
{
    char *text = payload;
    const size_t used = strlen(text);
    snprintf(text + used, 1024 - used, "%s=%s\n", name, value ? value : "-");
}

static void settings_are_echoed_but_no_secrets(void **state)
{
    char text[1024] = "";
    struct parsed p;
    (void)state;
    parse(&p, "-c 64 --rate 2k --password hunter2 -q -H a:1 -H b:2");
    options_visit(&command, &p.settings, append_setting, text);
    assert_string_equal(text,
                        "connections=64\nduration=10s\nsize=0\nrate=2000\nshare=0.5\ntarget=-\n"
                        "password=(given)\nquiet=true\nkeep=false\nprogress=auto\nheader=a:1\nheader=b:2\n"
                        "threads=1\nverbose=false\n");
    done(&p);
}

static void what_similar_programs_take_is_answered_with_what_to_use(void **state)
{
    static const struct option_elsewhere elsewhere[] = {
        { "rows", "size", NULL },
        { "z", "connections", "or less" },
        { "qps", "rate", NULL },
        { "http9", NULL, "only the ninth is missing" },
        { "gone", "no-such-row", "it is not needed" },
        { "lost", "no-such-row", NULL },
        { "connections", NULL, "threads are -t" },
        { NULL, NULL, NULL },
    };
    static const struct {
        const char *word, *sentence;
    } cases[] = {
        { "--rows=3", "loadgen run has no option --rows; use --size BYTES" },
        { "-z", "loadgen run has no option -z; use -c N (--connections); or less" },
        { "-qz", "loadgen run has no option -z; use -c N (--connections); or less" },
        { "-qps", "loadgen run has no option -qps; use --rate R" },
        { "-qps=5", "loadgen run has no option -qps; use --rate R" },
        { "-duration=5s", "loadgen run has no option -duration; did you mean --duration?" },
        { "-progress", "loadgen run has no option -progress; did you mean --progress?" },
        { "--http9", "loadgen run has no option --http9: only the ninth is missing" },
        { "--gone", "loadgen run has no option --gone; `loadgen run --help` lists them" },
        { "--lost", "loadgen run has no option --lost; `loadgen run --help` lists them" },
        { "--row", "loadgen run has no option --row; `loadgen run --help` lists them" },
        { "-x", "loadgen run has no option -x; `loadgen run --help` lists them" },
        { "-cx", "--connections must be a whole number such as 500, 5k or 2M, not 'x'; threads are -t" },
    };
    struct command other = command;
    (void)state;
    other.elsewhere = elsewhere;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct settings settings = { 0 };
        struct options_result result;
        struct err e;
        char word[32];
        snprintf(word, sizeof word, "%s", cases[i].word);
        assert_int_equal(options_parse(&other, &settings, 1, (char *[]){ word }, &result, &e), -1);
        assert_string_equal(e.text, cases[i].sentence);
        options_fini(&other, &settings, &result);
    }
}

static void a_row_is_found_by_its_whole_name(void **state)
{
    (void)state;
    assert_ptr_equal(options_find(&command, "connections"), &rows[0]);
    assert_ptr_equal(options_find(&command, "verbose"), &shared[1]);
    assert_null(options_find(&command, "connection"));
    assert_null(options_find(&command, "connectionss"));
    assert_null(options_find(&command, ""));
}

static void every_kind_names_its_form(void **state)
{
    static const struct {
        const char *line, *text;
    } cases[] = {
        { "--connections=x", "--connections must be a whole number such as 500, 5k or 2M, not 'x'" },
        { "--size=x", "--size must be a size such as 4096, 64KiB or 1MB, not 'x'" },
        { "--rate=x", "--rate must be a rate such as 500/s, 2k/s or 6000/m, not 'x'" },
        { "--share=x", "--share must be a number, not 'x'" },
        { "--progress=x", "--progress must be auto or plain or none, not 'x'" },
        { "--connections=0", "--connections must be from 1 to 1000000, not 0" },
        { "--connections=1000001", "--connections must be from 1 to 1000000, not 1000001" },
        { "--duration=999us", "--duration must be from 1.00 ms to 1 h 0 min, not 999us" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct parsed p;
        parse(&p, cases[i].line);
        assert_int_equal(p.status, -1);
        if (strcmp(p.e.text, cases[i].text) != 0)
            print_error("%s\n", p.e.text);
        assert_string_equal(p.e.text, cases[i].text);
        options_fini(&command, &p.settings, &p.result);
    }
}

static void limits_themselves_are_allowed(void **state)
{
    static const char *const lines[] = { "-c 1", "-c 1000000", "-d 1ms", "-d 1h" };
    (void)state;
    for (size_t i = 0; i < N_OF(lines); i++) {
        struct parsed p;
        parse(&p, lines[i]);
        assert_int_equal(p.status, 0);
        options_fini(&command, &p.settings, &p.result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_hold_until_something_is_given),
        cmocka_unit_test(options_are_taken_in_every_usual_form),
        cmocka_unit_test(every_kind_is_parsed),
        cmocka_unit_test(shared_rows_come_after_the_command_s_own),
        cmocka_unit_test(a_bare_number_is_seconds),
        cmocka_unit_test(the_last_of_two_counts),
        cmocka_unit_test(mistakes_are_named_with_what_would_be_right),
        cmocka_unit_test(help_is_noticed_before_what_follows_is_judged),
        cmocka_unit_test(settings_are_echoed_but_no_secrets),
        cmocka_unit_test(what_similar_programs_take_is_answered_with_what_to_use),
        cmocka_unit_test(a_row_is_found_by_its_whole_name),
        cmocka_unit_test(every_kind_names_its_form),
        cmocka_unit_test(limits_themselves_are_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
