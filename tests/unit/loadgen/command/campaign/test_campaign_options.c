#include "campaign_options.h"
#include "loadgen_commands.h"

#include "cm.h"
#include "err.h"
#include "options.h"

#include <stdio.h>
#include <string.h>

/* Parses and checks `words`, split at blanks. */
static int check(const char *words, struct err *e)
{
    char text[256];
    char *args[16];
    int n = 0;
    snprintf(text, sizeof text, "%s", words);
    char *rest = NULL;
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        args[n++] = word;
    struct campaign_options o = { .run.parsed = &campaign_command };
    struct options_result given;
    int status = options_parse(&campaign_command, &o, n, args, &given, e);
    if (status == 0)
        status = campaign_options_check(&o, &given, e);
    if (status == 0 && o.resume)
        status = campaign_options_check_resume(&campaign_command, &given, e);
    options_fini(&campaign_command, &o, &given);
    return status;
}

struct wanted {
    const char *words, *sentence; /* NULL: accepted */
};

static void assert_checked(const struct wanted *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct err e = { 0 };
        assert_int_equal(check(cases[i].words, &e), cases[i].sentence ? -1 : 0);
        assert_string_equal(e.text, cases[i].sentence ? cases[i].sentence : "");
    }
}

static void a_width_is_not_asked_for_of_too_few_pairs(void **state)
{
    static const struct wanted cases[] = {
        { "tp1 --until-width 5%", NULL },
        { "tp1 --until-width 5 --pairs 8 --most 20 --budget 1h", NULL },
        { "tp1 --pairs 2", NULL },
        { "tp1 --until-width 5% --pairs 7", "--until-width needs at least 8 pairs to begin with, not 7: "
                                            "looking sooner stops too often at an "
                                            "interval that is narrow by chance" },
        { "tp1 --until-width wide", "--until-width must be a percentage such as 5%, not 'wide'" },
    };
    (void)state;
    assert_checked(cases, N_OF(cases));
}

static void limits_of_the_search_need_a_width_to_search_for(void **state)
{
    static const struct wanted cases[] = {
        { "tp1 --most 20", "--most limits how many pairs --until-width adds; without that, --pairs says how "
                           "many there are" },
        { "tp1 --budget 1h", "--budget limits how many pairs --until-width adds; without that, --pairs says "
                             "how many there are" },
    };
    (void)state;
    assert_checked(cases, N_OF(cases));
}

static void a_scenario_or_two_urls_are_compared(void **state)
{
    static const struct wanted cases[] = {
        { "http://h:1/ localhost:2 -c 8 -d 5 -H a:b --rate 10/s", NULL },
        { "https://h --http1.1 --http2 -c 8 --streams 4", NULL },
        { "https://h https://h --http2 --http1.1", NULL },
        { "http://h --http2-prior-knowledge --http2",
          "--http2 and --http2-prior-knowledge exclude each other" },
        { "http://h:1/ http://h:2/ --arms old,new", NULL },
        { "localhost:8080", "a campaign compares: give a second URL, or --http1.1 and --http2 for two "
                            "versions; `loadgen run localhost:8080` loads one" },
        { "http://h/ tp1",
          "'tp1' is no URL: give two URLs, or one scenario, two clusters of which are compared" },
        { "http://h/ h:80 http://i", "give one scenario or two URLs: 'http://i' is one too many" },
        { "http://h/ h:80 u:secret@i", "give one scenario or two URLs: '...@i' is one too many" },
        { "http://u:secret@h", "a campaign compares: give a second URL, or --http1.1 and --http2 for two "
                               "versions; `loadgen run http://...@h` loads one" },
        { "http://h:80/ h:80/", "both URLs are the same; the control pairs compare the first with itself" },
        { "http://a http://b --target http://c",
          "--target needs a scenario: a URL that is given is the target" },
        { "http://a http://b --arms x",
          "--arms must be two different names of 1 to 32 of A-Z a-z 0-9 _ -, such as "
          "old,new, not 'x'" },
        { "http://a http://b --body-file -",
          "--body-file - can be read once only, and every run needs the body: give a file" },
    };
    (void)state;
    assert_checked(cases, N_OF(cases));
}

static void what_a_campaign_settled_cannot_be_changed_when_it_goes_on(void **state)
{
    static const struct wanted cases[] = {
        { "--resume folder --gap 5s --until-width 5% --progress none --json", NULL },
        { "--resume folder -H a:b", NULL }, /* as often as when it began: campaign_line.h */
        { "--resume folder -c 9",
          "--connections is settled when a campaign begins and cannot be given with --resume" },
        { "--resume folder --pairs 9",
          "--pairs is settled when a campaign begins and cannot be given with --resume" },
        { "--resume folder --threads 2",
          "--threads is settled when a campaign begins and cannot be given with --resume" },
    };
    (void)state;
    assert_checked(cases, N_OF(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_width_is_not_asked_for_of_too_few_pairs),
        cmocka_unit_test(limits_of_the_search_need_a_width_to_search_for),
        cmocka_unit_test(a_scenario_or_two_urls_are_compared),
        cmocka_unit_test(what_a_campaign_settled_cannot_be_changed_when_it_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
