#include "campaign.h"

#include "err.h"
#include "files.h"
#include "json_tree.h"
#include "utf8.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCHEMA_VERSION = 1, FILE_MOST_BYTES = 4 * 1024 * 1024 };

static const char *order_name(const struct campaign *c, const struct campaign_pair *pair)
{
    if (pair->kind == CAMPAIGN_AA)
        return "AA";
    if (c->is_side_by_side)
        return "side";
    return pair->b_is_first ? "BA" : "AB";
}

static json_t *pair_json(const struct campaign *c, const struct campaign_pair *pair)
{
    char a[CAMPAIGN_NAME_BYTES];
    char b[CAMPAIGN_NAME_BYTES];
    const bool is_aa = pair->kind == CAMPAIGN_AA;
    campaign_run_name(c, pair, false, a);
    campaign_run_name(c, pair, true, b);
    return json_pack("{s:i, s:s, s:s, s:s, s:s, s:{s:s, s:s}, s:I}", "pair", (int)pair->number, "kind",
                     is_aa ? "aa" : "ab", "order", order_name(c, pair), "arm_a", c->arms[0], "arm_b",
                     is_aa ? c->arms[0] : c->arms[1], "runs", "a", a, "b", b, "seed",
                     (json_int_t)campaign_pair_seed(c, pair));
}

int campaign_save(const struct campaign *c, const char *folder, struct err *e)
{
    char path[PATH_MAX];
    json_t *pairs = json_array();
    int is_short = 0; /* a campaign that lacks pairs would be another one */
    for (size_t i = 0; i < c->n_pairs; i++)
        is_short |= json_array_append_new(pairs, pair_json(c, &c->pairs[i]));
    json_t *root = json_pack("{s:i, s:o, s:I, s:s, s:f, s:b, s:[s,s], s:o}", "schema_version", SCHEMA_VERSION,
                             "scenario", json_tree_text(c->scenario), "seed", (json_int_t)c->seed, "primary",
                             c->primary, "margin", c->margin, "side_by_side", c->is_side_by_side, "arms",
                             c->arms[0], c->arms[1], "pairs", pairs);
    char *text = root && !is_short ? json_dumps(root, JSON_INDENT(2)) : NULL;
    json_decref(root);
    snprintf(path, sizeof path, "%s/campaign.json", folder);
    const int status = text ? files_write(path, text, strlen(text), 0644, e)
                            : err_set(e, ERR_FAILED, "out of memory for %s", path);
    free(text);
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

static int read_campaign(struct campaign *c, json_t *root, const char *path, struct err *e)
{
    int version;
    int side;
    json_int_t seed;
    const char *scenario;
    const char *primary;
    const char *a;
    const char *b;
    json_t *pairs;
    if (json_unpack(root, "{s:i, s:s, s:I, s:s, s:F, s:b, s:[s,s], s:o}", "schema_version", &version,
                    "scenario", &scenario, "seed", &seed, "primary", &primary, "margin", &c->margin,
                    "side_by_side", &side, "arms", &a, &b, "pairs", &pairs) ||
        !json_is_array(pairs) || json_array_size(pairs) > CAMPAIGN_PAIRS_MOST)
        return err_set(e, ERR_INPUT, "%s is not a campaign file", path);
    if (version != SCHEMA_VERSION)
        return err_set(e, ERR_INPUT, "%s has schema version %d; this program knows %d", path, version,
                       SCHEMA_VERSION);
    c->seed = (uint64_t)seed;
    c->is_side_by_side = side != 0;
    c->scenario = strdup(scenario);
    snprintf(c->primary, sizeof c->primary, "%s", primary);
    snprintf(c->arms[0], sizeof c->arms[0], "%s", a);
    snprintf(c->arms[1], sizeof c->arms[1], "%s", b);
    c->n_pairs = json_array_size(pairs);
    c->pairs = calloc(c->n_pairs + 1, sizeof *c->pairs);
    utf8_line(c->primary);
    utf8_line(c->arms[0]);
    utf8_line(c->arms[1]);
    if (!c->scenario || !c->pairs)
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
