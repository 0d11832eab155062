#include "step_judge.h"

#include "backlog.h"
#include "err.h"
#include "json_member.h"
#include "threshold.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWERED_LEAST 0.99 /* below that share of the attempts the target is saturated */

/* --- claims --- */

static enum claim_what what_of(const json_t *claim)
{
    int what = CLAIM_RATE;
    while (what < N_CLAIMS && strcmp(claim_name((enum claim_what)what), json_member_text(claim, "what")) != 0)
        what++;
    return (enum claim_what)what;
}

static void read_claims(struct step_judged *out, const json_t *root, const char *cluster)
{
    const json_t *claim;
    size_t k;
    json_array_foreach(json_object_get(root, "claims"), k, claim)
    {
        const enum claim_what what = what_of(claim);
        if (json_is_string(json_object_get(claim, "stream")) || what == N_CLAIMS ||
            strcmp(json_member_text(claim, "scope"), cluster) != 0)
            continue;
        out->levels[what] = claim_level_find(json_member_text(claim, "level"));
        if (what == CLAIM_RATE)
            out->rate_per_s = json_number_value(json_object_get(claim, "value_per_s"));
    }
}

/* The level of what a threshold judges. */
static enum claim_level level_at(const json_t *root, const struct step_judged *step, const char *cluster,
                                 const char *scope, enum claim_what what)
{
    const json_t *claim;
    size_t k;
    if (*scope == '\0' || strcmp(scope, cluster) == 0)
        return step->levels[what];
    json_array_foreach(json_object_get(root, "claims"), k, claim)
    {
        if (strcmp(json_member_text(claim, "stream"), scope) == 0 && what_of(claim) == what)
            return claim_level_find(json_member_text(claim, "level"));
    }
    return CLAIM_NOT_JUDGED;
}

/* --- thresholds --- */

struct missed {
    bool by_target, by_generator;
};

static int read_thresholds(struct missed *missed, const struct step_judged *step, const json_t *root,
                           const char *cluster, struct err *e)
{
    const json_t *row;
    size_t k;
    json_array_foreach(json_object_get(root, "thresholds"), k, row)
    {
        struct threshold t = { 0 };
        if (json_is_true(json_object_get(row, "held")))
            continue;
        if (threshold_parse(&t, json_member_text(row, "text"), e))
            return -1;
        const enum claim_level level = level_at(root, step, cluster, t.scope, claim_what_of(&t));
        *(level == CLAIM_INVALID ? &missed->by_generator : &missed->by_target) = true;
        free(t.text);
    }
    return 0;
}

/* --- the rate --- */

/* The measured time, which is the same for all streams. */
struct measured {
    double from_s, to_s;
};

/* Counts the attempts of the measured phases. */
static struct measured read_phases(struct step_judged *out, const json_t *root)
{
    struct measured measured = { 0 };
    const json_t *phase;
    size_t k;
    json_array_foreach(json_object_get(root, "phases"), k, phase)
    {
        if (json_is_true(json_object_get(phase, "warmup")))
            continue;
        const uint64_t n_ok = json_member_count(phase, "ok_n"), n_done = json_member_count(phase, "done_n");
        out->n_ok += n_ok;
        out->n_failed += n_done > n_ok ? n_done - n_ok : 0;
        out->n_censored += json_member_count(json_object_get(phase, "errors"), "censored");
        measured.from_s = json_number_value(json_object_get(phase, "start_s"));
        measured.to_s = json_number_value(json_object_get(phase, "end_s"));
    }
    return measured;
}

/* Random arrivals rarely match the rate exactly, so answers are compared with what was due. */
static bool is_saturated(const struct step_judged *step)
{
    const double n = (double)(step->n_ok + step->n_failed + step->n_censored);
    return step->n_ok < 1 || (double)step->n_ok < ANSWERED_LEAST * n;
}

static int judge(struct step_judged *out, const json_t *root, const char *folder, const char *cluster,
                 struct err *e)
{
    struct missed missed = { 0 };
    bool grew = false;
    read_claims(out, root, cluster);
    const struct measured measured = read_phases(out, root);
    if (read_thresholds(&missed, out, root, cluster, e))
        return -1;
    out->is_held = !missed.by_target && !missed.by_generator;
    const bool hides_target = missed.by_generator && !missed.by_target && !is_saturated(out);
    if (out->levels[CLAIM_RATE] == CLAIM_INVALID || hides_target)
        out->result = SWEEP_GENERATOR;
    else if (missed.by_target)
        out->result = SWEEP_THRESHOLD;
    else if (is_saturated(out))
        out->result = SWEEP_SATURATED;
    else if (backlog_grew(folder, measured.from_s, measured.to_s, &grew, e))
        return -1;
    else
        out->result = grew ? SWEEP_QUEUE : SWEEP_HELD;
    return 0;
}

int step_judge(struct step_judged *out, const char *folder, const char *cluster, struct err *e)
{
    char path[PATH_MAX];
    json_error_t trouble;
    *out = (struct step_judged){ 0 };
    for (int i = 0; i < N_CLAIMS; i++)
        out->levels[i] = CLAIM_NOT_JUDGED;
    if ((size_t)snprintf(path, sizeof path, "%s/run.json", folder) >= sizeof path)
        return err_set(e, ERR_INPUT, "the path of the sweep is too long");
    json_t *root = json_load_file(path, 0, &trouble);
    if (!root)
        return err_set(e, ERR_FAILED, "cannot read %s: %s", path, trouble.text);
    const int status = judge(out, root, folder, cluster, e);
    json_decref(root);
    return status;
}
