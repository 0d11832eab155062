#include "caption_claims.h"

#include "arms.h"
#include "claims.h"
#include "dataset.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* A smaller share is not why a number has a mark. */
#define SHARE_LEAST 0.025

static const struct {
    enum claim_level level;
    const char *words;
} levels[] = {
    { CLAIM_WARN, "rough" },
    { CLAIM_INVALID, "do not quote" },
    { CLAIM_NOT_JUDGED, "not judged" },
};
enum { N_LEVELS = sizeof levels / sizeof *levels };

/* The claims of all arms that a sentence is about, one by one. */
struct claims_of {
    const struct dataset *data;
    enum claim_what from, to;
};

static size_t count(const struct claims_of *of)
{
    return of->data->n_arms * (size_t)(of->to - of->from + 1);
}

static size_t arm_of(const struct claims_of *of, size_t i)
{
    return i / (size_t)(of->to - of->from + 1);
}

static enum claim_what what_of(const struct claims_of *of, size_t i)
{
    return of->from + (enum claim_what)(i % (size_t)(of->to - of->from + 1));
}

/* The claim if it has a mark. Numbers of fewer than ten requests are not quoted at all. */
static const struct claim *marked(const struct claims_of *of, size_t i)
{
    const struct claim_row *row = claims_cluster(of->data->claims, of->data->arms[arm_of(of, i)].cluster);
    const struct claim *claim = row ? &row->claims[what_of(of, i)] : NULL;
    return claim && claim->level != CLAIM_OK && !claim->is_few ? claim : NULL;
}

static bool has_share(const struct claim *claim)
{
    return claim->level != CLAIM_NOT_JUDGED && claim->generator_share > SHARE_LEAST;
}

/* Whether the claim belongs to the list that begins with the first. */
static bool is_alike(const struct claim *first, const struct claim *claim)
{
    if (has_share(first) || has_share(claim))
        return has_share(first) && has_share(claim);
    return strcmp(first->why, claim->why) == 0;
}

/* "loadgen's own part, at least: m4 p50~ 6.9 %, p99! 23 %, t2 p99! 17 %". */
static void describe_list(FILE *out, const struct claims_of *of, size_t first)
{
    const struct claim *reason = marked(of, first);
    size_t last_arm = of->data->n_arms;
    fprintf(out, "%s:", has_share(reason) ? "loadgen's own part, at least" : reason->why);
    for (size_t i = first; i < count(of); i++) {
        const struct claim *claim = marked(of, i);
        if (!claim || !is_alike(reason, claim))
            continue;
        fputs(i > first ? ", " : " ", out);
        if (arm_of(of, i) != last_arm)
            fprintf(out, "%s ", of->data->arms[arm_of(of, i)].label);
        fprintf(out, "%s%s", claim_name(what_of(of, i)), claim_mark(claim->level));
        if (has_share(claim))
            fprintf(out, claim->generator_share < 0.995 ? " %.2g %%" : " %.0f %%",
                    100 * claim->generator_share);
        last_arm = arm_of(of, i);
    }
}

static bool is_first_of_its_list(const struct claims_of *of, size_t i)
{
    const struct claim *claim = marked(of, i);
    for (size_t k = 0; claim && k < i; k++)
        if (marked(of, k) && is_alike(marked(of, k), claim))
            return false;
    return claim != NULL;
}

/* "(~ rough, ! do not quote)": the marks in use. */
static void explain_marks(FILE *out, const struct claims_of *of)
{
    const char *separator = " (";
    for (size_t level = 0; level < N_LEVELS; level++) {
        size_t i = 0;
        while (i < count(of) && !(marked(of, i) && marked(of, i)->level == levels[level].level))
            i++;
        if (i == count(of))
            continue;
        fprintf(out, "%s%s %s", separator, claim_mark(levels[level].level), levels[level].words);
        separator = ", ";
    }
    fputs("). ", out);
}

static void describe(FILE *out, const struct claims_of *of)
{
    const char *separator = "Marks: ";
    for (size_t i = 0; i < count(of); i++) {
        if (!is_first_of_its_list(of, i))
            continue;
        fputs(separator, out);
        describe_list(out, of, i);
        separator = "; ";
    }
    if (*separator == ';')
        explain_marks(out, of);
}

void caption_claims_of_times(FILE *out, const struct dataset *data)
{
    describe(out, &(struct claims_of){ data, CLAIM_P50, CLAIM_P999 });
}

void caption_claims_of_rates(FILE *out, const struct dataset *data)
{
    describe(out, &(struct claims_of){ data, CLAIM_RATE, CLAIM_RATE });
}
