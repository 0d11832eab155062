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
    struct campaign_options o = { 0 };
    struct options_result given;
    int status = options_parse(&campaign_command, &o, n, args, &given, e);
    if (status == 0)
        status = campaign_options_check(&o, &given, e);
    options_fini(&campaign_command, &o, &given);
    return status;
}

static void a_width_is_not_asked_for_of_too_few_pairs(void **state)
{
    static const struct {
        const char *words, *sentence; /* NULL: taken */
    } cases[] = {
        { "tp1 --until-width 5%", NULL },
        { "tp1 --until-width 5 --pairs 6", NULL },
        { "tp1 --pairs 2", NULL },
        { "--resume folder --pairs 2 --until-width 5%", NULL },
        { "tp1 --until-width 5% --pairs 5", "--until-width needs at least 6 pairs to begin with, not 5: "
                                            "looking sooner stops too often at an "
                                            "interval that is narrow by chance" },
        { "tp1 --until-width wide", "--until-width must be a percentage such as 5%, not 'wide'" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct err e = { 0 };
        assert_int_equal(check(cases[i].words, &e), cases[i].sentence ? -1 : 0);
        assert_string_equal(e.text, cases[i].sentence ? cases[i].sentence : "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_width_is_not_asked_for_of_too_few_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
