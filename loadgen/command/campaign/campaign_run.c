#include "campaign_run.h"

#include "campaign.h"
#include "campaign_line.h"
#include "campaign_plan.h"
#include "err.h"
#include "plan.h"
#include "run_member.h"
#include "run_once.h"

#include <stdio.h>

static int make(const struct campaign *c, const struct campaign_pair *pair, bool is_b,
                const struct run_options *begin, const struct run_recipe *recipe,
                char folder[static PATH_MAX], struct err *e)
{
    struct plan plan;
    struct run_options run = *begin;
    run.quiet = true;
    run.json = false; /* that is the campaign's */
    run.allow_missed = true;
    run.recipe = recipe;
    const int code =
        campaign_plan(&plan, c, pair, is_b, &run, e) == 0 ? run_once(&run, c->words, &plan, folder, e) : -1;
    plan_fini(&plan);
    return code;
}

int campaign_run_make(const struct campaign *c, const struct campaign_options *o,
                      const struct campaign_pair *pair, bool is_b, char folder[static PATH_MAX],
                      struct err *e)
{
    struct run_options run = o->run;
    json_t *step =
        json_pack("{s:[s, s], s:b, s:i, s:i, s:b}", "arms", c->arms[0], c->arms[1], "side_by_side",
                  c->is_side_by_side, "kind", (int)pair->kind, "number", (int)pair->number, "is_b", is_b);
    const struct run_recipe recipe = { .words = o->argv, .n_words = (size_t)o->argc, .step = step };
    run.has_seed = true;
    run.seed = campaign_pair_seed(c, pair);
    const int code = step ? make(c, pair, is_b, &run, &recipe, folder, e)
                          : err_set(e, ERR_FAILED, "out of memory for the campaign");
    json_decref(step);
    return code;
}

/* --- elsewhere --- */

static void read_arm(char out[static PLAN_NAME_BYTES], const json_t *step, size_t i)
{
    const char *name = json_string_value(json_array_get(json_object_get(step, "arms"), i));
    snprintf(out, PLAN_NAME_BYTES, "%s", name ? name : "");
}

static int follow(struct campaign_line *line, const json_t *step, uint64_t seed, struct err *e)
{
    char folder[PATH_MAX] = "";
    struct campaign c = { .words = line->words.words,
                          .is_side_by_side = json_is_true(json_object_get(step, "side_by_side")) };
    const bool is_control = json_integer_value(json_object_get(step, "kind")) == CAMPAIGN_AA;
    const struct campaign_pair pair = {
        .kind = is_control ? CAMPAIGN_AA : CAMPAIGN_AB,
        .number = (uint32_t)json_integer_value(json_object_get(step, "number")),
    };
    struct run_options run = line->options.run;
    run.has_seed = true;
    run.seed = seed;
    read_arm(c.arms[0], step, 0);
    read_arm(c.arms[1], step, 1);
    return make(&c, &pair, json_is_true(json_object_get(step, "is_b")), &run, NULL, folder, e);
}

int campaign_run_follow(const struct run_options *begin, const struct run_recipe *recipe, struct err *e)
{
    struct campaign_line line = { .begin = begin };
    int code = -1;
    if (campaign_line_parse(&line, (int)recipe->n_words, recipe->words, e) == 0 &&
        campaign_options_check(&line.options, &line.given, e) == 0 &&
        given_words_init(&line.words, begin->parsed, &line.options, &line.given, e) == 0)
        code = follow(&line, recipe->step, begin->seed, e);
    campaign_line_fini(&line);
    return code;
}
