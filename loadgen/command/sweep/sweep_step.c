#include "sweep_step.h"

#include "err.h"
#include "given_words.h"
#include "plan.h"
#include "run_member.h"
#include "run_once.h"
#include "sweep_options.h"
#include "sweep_plan.h"

#include <string.h>

static int make(const struct sweep_options *o, const struct sweep_step *step, const struct run_recipe *recipe,
                char *const words[], char folder[static PATH_MAX], struct err *e)
{
    struct plan plan;
    struct run_options run = sweep_plan_options(o, step->cluster, step->rate_per_s);
    run.recipe = recipe;
    int code = sweep_plan_step(&plan, o, &run, step->rate_per_s, e);
    if (code == 0)
        code = run_once(&run, words, &plan, folder, e);
    plan_fini(&plan);
    return code;
}

int sweep_step_make(const struct sweep_options *o, const struct sweep_step *step, char *const words[],
                    char folder[static PATH_MAX], struct err *e)
{
    json_t *object = json_pack("{s:s, s:f}", "cluster", step->cluster, "rate_per_s", step->rate_per_s);
    const struct run_recipe recipe = { .words = o->argv, .n_words = (size_t)o->argc, .step = object };
    const int code = object ? make(o, step, &recipe, words, folder, e)
                            : err_set(e, ERR_FAILED, "out of memory for the sweep");
    json_decref(object);
    return code;
}

static int read_step(struct sweep_step *step, const json_t *object, struct err *e)
{
    step->cluster = json_string_value(json_object_get(object, "cluster"));
    step->rate_per_s = json_number_value(json_object_get(object, "rate_per_s"));
    return step->cluster && step->rate_per_s > 0 ? 0 : err_set(e, ERR_FAILED, "this is no step of a sweep");
}

int sweep_step_follow(const struct run_options *begin, const struct run_recipe *recipe, struct err *e)
{
    struct sweep_options o;
    struct sweep_step step;
    struct given_words words = { 0 };
    char folder[PATH_MAX] = "";
    int code = -1;
    if (sweep_options_parse(&o, begin, (int)recipe->n_words, recipe->words, e) == 0 &&
        given_words_init(&words, begin->parsed, &o, &o.run.result, e) == 0 &&
        read_step(&step, recipe->step, e) == 0) {
        o.run.has_seed = true;
        o.run.seed = begin->seed;
        code = sweep_step_make(&o, &step, words.words, folder, e);
    }
    given_words_fini(&words);
    sweep_options_fini(&o);
    return code;
}
