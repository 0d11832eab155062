#include "campaign.h"

#include "err.h"
#include "files.h"
#include "json_out.h"
#include "json_tree.h"
#include "utf8.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCHEMA_VERSION = 1, FILE_MOST_BYTES = 4 * 1024 * 1024, OPTIONS_MOST = 256 };

static const char *order_name(const struct campaign *c, const struct campaign_pair *pair)
{
    if (c->is_side_by_side)
        return "side";
    if (pair->kind == CAMPAIGN_AA)
        return "AA";
    return pair->b_is_first ? "BA" : "AB";
}

static json_t *pair_json(const struct campaign *c, const struct campaign_pair *pair)
{
    char runs[2][CAMPAIGN_NAME_BYTES], arms[2][PLAN_NAME_BYTES];
    for (int i = 0; i < 2; i++) {
        campaign_run_name(c, pair, i, runs[i]);
        campaign_arm_name(c, pair, i, arms[i]);
    }
    return json_pack("{s:i, s:s, s:s, s:s, s:s, s:{s:s, s:s}, s:I}", "pair", (int)pair->number, "kind",
                     pair->kind == CAMPAIGN_AA ? "aa" : "ab", "order", order_name(c, pair), "arm_a", arms[0],
                     "arm_b", arms[1], "runs", "a", runs[0], "b", runs[1], "seed",
                     (json_int_t)campaign_pair_seed(c, pair));
}

static json_t *stopping_json(const struct campaign *c)
{
    if (c->width > 0)
        return json_pack("{s:s, s:f, s:I, s:f}", "rule", "until_width", "width", c->width, "looks_n",
                         (json_int_t)c->n_looks, "quantile", CAMPAIGN_WIDTH_QUANTILE);
    return json_pack("{s:s}", "rule", "fixed");
}

/* NULL when memory is short: a campaign that lacks pairs would be another one. */
static json_t *pairs_json(const struct campaign *c)
{
    json_t *pairs = json_array();
    for (size_t i = 0; i < c->n_pairs; i++)
        json_tree_append(&pairs, pair_json(c, &c->pairs[i]));
    return pairs;
}

/* The options that a resumed campaign continues with. */
static json_t *options_json(char *const *words)
{
    json_t *options = json_array();
    for (size_t i = 0; words && words[i]; i++)
        if (strncmp(words[i], "--", 2) == 0 && strncmp(words[i], "--resume=", 9) != 0 &&
            strncmp(words[i], "--out=", 6) != 0)
            json_tree_append(&options, json_tree_text(words[i]));
    return options;
}

/* The two URLs; null with a scenario. */
static json_t *urls_json(const struct campaign *c)
{
    json_t *urls = c->n_subjects == 2 ? json_array() : json_null();
    for (size_t i = 0; c->n_subjects == 2 && i < 2; i++)
        json_tree_append(&urls, json_tree_text(c->subjects[i]));
    return urls;
}

int campaign_save(const struct campaign *c, const char *folder, struct err *e)
{
    char path[PATH_MAX];
    json_t *root = json_pack(
        "{s:i, s:o, s:o, s:I, s:o, s:I, s:i, s:s, s:f, s:b, s:o, s:[s,s], s:o}", "schema_version",
        SCHEMA_VERSION, "scenario", json_tree_text_or_null(c->n_subjects == 1 ? c->subjects[0] : NULL),
        "urls", urls_json(c), "scenario_fnv", (json_int_t)c->scenario_fnv, "options", options_json(c->words),
        "seed", (json_int_t)c->seed, "generators", (int)c->n_generators, "primary", c->primary, "margin",
        c->margin, "side_by_side", c->is_side_by_side, "stopping", stopping_json(c), "arms", c->arms[0],
        c->arms[1], "pairs", pairs_json(c));
    snprintf(path, sizeof path, "%s/campaign.json", folder);
    const int status = json_out_file(path, 0644, root, e);
    json_decref(root);
    return status;
}

static int read_pair(struct campaign *c, json_t *json, size_t i, const char *path, struct err *e)
{
    int number;
    const char *kind;
    const char *order;
    if (json_unpack(json, "{s:i, s:s, s:s}", "pair", &number, "kind", &kind, "order", &order) || number < 1)
        return err_set(e, ERR_INPUT, "%s: pair %zu must have 'pair', 'kind' and 'order'", path, i + 1);
    c->pairs[i] = (struct campaign_pair){ .kind = strcmp(kind, "aa") == 0 ? CAMPAIGN_AA : CAMPAIGN_AB,
                                          .number = (uint32_t)number,
                                          .b_is_first = strcmp(order, "BA") == 0 };
    return 0;
}

static int read_options(struct campaign *c, const json_t *options)
{
    const size_t n = json_array_size(options);
    c->kept_words = calloc(n + 1, sizeof *c->kept_words);
    for (size_t i = 0; c->kept_words && i < n; i++)
        if (!(c->kept_words[i] = strdup(json_string_value(json_array_get(options, i)))))
            return -1;
    return c->kept_words ? 0 : -1;
}

static bool are_texts(const json_t *list)
{
    bool are = json_is_array(list) && json_array_size(list) <= OPTIONS_MOST;
    for (size_t i = 0; are && i < json_array_size(list); i++)
        are = json_is_string(json_array_get(list, i));
    return are;
}

/* The scenario, or the two URLs. 1: there is neither. */
static int read_subjects(struct campaign *c, const char *scenario, const json_t *urls)
{
    const char *texts[2] = { scenario, NULL };
    if (!scenario && (!are_texts(urls) || json_array_size(urls) != 2))
        return 1;
    for (size_t i = 0; !scenario && i < 2; i++)
        texts[i] = json_string_value(json_array_get(urls, i));
    for (; c->n_subjects < 2 && texts[c->n_subjects]; c->n_subjects++)
        if (!(c->subjects[c->n_subjects] = strdup(texts[c->n_subjects])))
            return -1;
    return 0;
}

static int read_campaign(struct campaign *c, json_t *root, const char *path, struct err *e)
{
    int version, side, n_generators = 1;
    json_int_t seed, fnv, n_looks = 0;
    const char *primary, *a, *b;
    json_t *pairs, *options, *scenario = NULL, *urls = NULL;
    json_error_t why;
    if (json_unpack_ex(
            root, &why, 0, "{s:i, s?o, s?o, s:I, s:o, s:I, s?i, s:s, s:F, s:b, s:{s?I}, s:[s,s], s:o}",
            "schema_version", &version, "scenario", &scenario, "urls", &urls, "scenario_fnv", &fnv, "options",
            &options, "seed", &seed, "generators", &n_generators, "primary", &primary, "margin", &c->margin,
            "side_by_side", &side, "stopping", "looks_n", &n_looks, "arms", &a, &b, "pairs", &pairs))
        return err_set(e, ERR_INPUT, "%s is not a campaign file: %s", path, why.text);
    if (!are_texts(options) || !json_is_array(pairs) || json_array_size(pairs) > CAMPAIGN_PAIRS_MOST)
        return err_set(e, ERR_INPUT,
                       "%s is not a campaign file: 'options' must be a list of texts, 'pairs' one of pairs",
                       path);
    if (version != SCHEMA_VERSION)
        return err_set(e, ERR_INPUT, "%s has schema version %d; this program knows %d", path, version,
                       SCHEMA_VERSION);
    c->seed = (uint64_t)seed;
    c->n_generators = n_generators > 0 ? (uint32_t)n_generators : 1;
    c->scenario_fnv = (uint32_t)fnv;
    c->n_looks = (uint32_t)n_looks;
    c->is_side_by_side = side != 0;
    const int subjects = read_subjects(c, json_string_value(scenario), urls);
    if (subjects > 0)
        return err_set(e, ERR_INPUT, "%s is not a campaign file: it has neither a 'scenario' nor two 'urls'",
                       path);
    snprintf(c->primary, sizeof c->primary, "%s", primary);
    snprintf(c->arms[0], sizeof c->arms[0], "%s", a);
    snprintf(c->arms[1], sizeof c->arms[1], "%s", b);
    c->n_pairs = json_array_size(pairs);
    c->pairs = calloc(c->n_pairs + 1, sizeof *c->pairs);
    utf8_line(c->primary);
    utf8_line(c->arms[0]);
    utf8_line(c->arms[1]);
    if (read_options(c, options) || subjects || !c->pairs)
        return err_set(e, ERR_FAILED, "out of memory while reading %s", path);
    for (size_t i = 0; i < c->n_pairs; i++)
        if (read_pair(c, json_array_get(pairs, i), i, path, e))
            return -1;
    return 0;
}

int campaign_load(struct campaign *c, const char *folder, struct err *e)
{
    char path[PATH_MAX];
    char *text;
    size_t length;
    json_error_t where;

    *c = (struct campaign){ 0 };
    snprintf(path, sizeof path, "%s/campaign.json", folder);
    if (files_read(path, FILE_MOST_BYTES, &text, &length, e))
        return -1;
    json_t *root = json_loadb(text, length, 0, &where);
    free(text);
    if (!root)
        return err_set(e, ERR_INPUT, "%s:%d:%d: error: not JSON: %s", path, where.line, where.column,
                       where.text);
    const int status = read_campaign(c, root, path, e);
    json_decref(root);
    if (status)
        campaign_fini(c);
    return status;
}
