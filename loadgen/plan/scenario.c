#include "scenario.h"

#include "err.h"
#include "scenario_parts.h"
#include "seed.h"
#include "stream.h"
#include "threshold_scope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct raw_scenario {
    char name[PLAN_NAME_BYTES];
    uint64_t timeout_ns, connect_timeout_ns, seed, n_threads;
    struct scenario_target target;
    const struct yaml_node *streams, *thresholds;
};

static const char *const family_names[] = { "any", "4", "6", NULL };

#define FIELD(key, kind, member, least, most, choices)                                                       \
    {                                                                                                        \
        key, kind, offsetof(struct raw_scenario, member), least, most, choices                               \
    }
static const struct field scenario_fields[] = {
    FIELD("name", FIELD_NAME, name, 0, 0, NULL),
    FIELD("target", FIELD_NODE, target.target, 0, 0, NULL),
    FIELD("timeout", FIELD_DURATION, timeout_ns, 1000000, SCENARIO_TIMEOUT_MOST_NS, NULL),
    FIELD("connect_timeout", FIELD_DURATION, connect_timeout_ns, 1000000, SCENARIO_TIMEOUT_MOST_NS, NULL),
    FIELD("seed", FIELD_COUNT, seed, 0, UINT64_C(1) << 53, NULL),
    FIELD("threads", FIELD_COUNT, n_threads, 1, PLAN_THREADS_MOST, NULL),
    FIELD("streams", FIELD_NODE, streams, 0, 0, NULL),
    FIELD("thresholds", FIELD_NODE, thresholds, 0, 0, NULL),
    FIELD("tls", FIELD_NODE, target.tls, 0, 0, NULL),
    FIELD("host", FIELD_NODE, target.host, 0, 0, NULL),
    FIELD("ip", FIELD_CHOICE, target.family, 0, 0, family_names),
    FIELD("connect_to", FIELD_NODE, target.connect_to, 0, 0, NULL),
    FIELD("resolve", FIELD_NODE, target.resolve, 0, 0, NULL),
    FIELD("bind", FIELD_NODE, target.bind, 0, 0, NULL),
    FIELD("unix_socket", FIELD_NODE, target.unix_socket, 0, 0, NULL),
    FIELD("name_server", FIELD_NODE, target.name_server, 0, 0, NULL),
    { 0 },
};
#undef FIELD

char *scenario_file_path(const struct scenario_reader *r, const char *name)
{
    const char *slash = strrchr(r->file.path, '/');
    const int folder = name[0] == '/' || !slash ? 0 : (int)(slash - r->file.path) + 1;
    char *path = malloc((size_t)folder + strlen(name) + 1);
    if (path) {
        memcpy(path, r->file.path, (size_t)folder);
        memcpy(path + folder, name, strlen(name) + 1);
    }
    return path;
}

struct raw_threshold {
    const struct yaml_node *that;
    bool abort;
};

static const struct field threshold_fields[] = {
    { "that", FIELD_NODE, offsetof(struct raw_threshold, that), 0, 0, NULL },
    { "abort", FIELD_FLAG, offsetof(struct raw_threshold, abort), 0, 0, NULL },
    { 0 },
};

static int read_threshold(void *payload, const struct yaml_node *node, struct err *e)
{
    struct scenario_reader *r = payload;
    struct raw_threshold raw = { .that = node };
    if (node->kind == YAML_MAP) {
        raw.that = NULL;
        if (fields_read(&r->file, node, "a threshold", threshold_fields, &raw, e))
            return -1;
        if (!raw.that)
            return yaml_mistake(&r->file, node, e, "a threshold must have 'that', such as 'p99 < 250ms'");
    }
    const char *text = fields_text(&r->file, raw.that, "a text such as 'p99 < 250ms'", e);
    if (!text)
        return -1;
    struct threshold *t = &r->plan->thresholds[r->plan->n_thresholds];
    if (threshold_parse(t, text, e))
        return yaml_place(&r->file, raw.that, e);
    r->plan->n_thresholds++;
    t->aborts = raw.abort;
    return threshold_scope_check(t, r->plan, e) ? yaml_place(&r->file, raw.that, e) : 0;
}

static int read_thresholds(struct scenario_reader *r, const struct yaml_node *node, struct err *e)
{
    if (!node)
        return 0;
    if (node->kind != YAML_LIST)
        return fields_wrong(&r->file, node, "a list of thresholds", e);
    if (node->n_items > SCENARIO_THRESHOLDS_MOST)
        return yaml_mistake(&r->file, node, e, "'thresholds' must hold at most %d thresholds, not %zu",
                            SCENARIO_THRESHOLDS_MOST, node->n_items);
    r->plan->thresholds = calloc(node->n_items + 1, sizeof *r->plan->thresholds);
    if (!r->plan->thresholds)
        return err_set(e, ERR_FAILED, "out of memory while making the plan");
    return fields_each(node, read_threshold, r, e);
}

/* Without a name the file's own is taken, as far as it is one. */
static int name_plan(struct scenario_reader *r, const char *given, struct err *e)
{
    const char *slash = strrchr(r->file.path, '/');
    char stem[PLAN_NAME_BYTES];
    snprintf(stem, sizeof stem, "%.32s", slash ? slash + 1 : r->file.path);
    stem[strcspn(stem, ".")] = '\0';
    if (fields_copy_name(given[0] ? given : stem, r->plan->name))
        return yaml_mistake(&r->file, r->file.root, e,
                            "the scenario must have a 'name' of " FIELDS_NAME_FORM);
    return 0;
}

static uint64_t choose_seed(const struct scenario_reader *r, uint64_t given)
{
    if (r->overrides->has_seed)
        return r->overrides->seed;
    return yaml_find(r->file.root, "seed") ? given : seed_draw();
}

static int read_root(struct scenario_reader *r, struct err *e)
{
    struct raw_scenario raw = { .timeout_ns = STREAM_TIMEOUT_DEFAULT_NS,
                                .connect_timeout_ns = STREAM_CONNECT_TIMEOUT_DEFAULT_NS,
                                .n_threads = 1 };
    if (fields_read(&r->file, r->file.root, "a scenario", scenario_fields, &raw, e) ||
        name_plan(r, raw.name, e))
        return -1;
    if (!raw.streams)
        return yaml_mistake(&r->file, r->file.root, e, "the scenario has no 'streams'");
    r->timeout_ns = raw.timeout_ns;
    r->connect_timeout_ns = raw.connect_timeout_ns;
    r->plan->n_threads = r->overrides->n_threads ? r->overrides->n_threads : (uint32_t)raw.n_threads;
    r->plan->seed = choose_seed(r, raw.seed);
    if (scenario_read_target(r, &raw.target, e) || scenario_read_streams(r, raw.streams, e) ||
        read_thresholds(r, raw.thresholds, e))
        return -1;
    if (r->overrides->only && scenario_keep_only(r->plan, r->overrides->only, e))
        return -1;
    stream_number_phases(r->plan);
    r->plan->scenario_file = strdup(r->file.path);
    r->plan->scenario_text = scenario_masked_text(&r->file);
    if (!r->plan->scenario_file || !r->plan->scenario_text)
        return err_set(e, ERR_FAILED, "out of memory while making the plan");
    return 0;
}

static int read_file(struct scenario_reader *r, int parsed, struct err *e)
{
    *r->plan = (struct plan){ .n_threads = 1 };
    target_init(&r->plan->target);
    const int status = parsed ? -1 : read_root(r, e);
    yaml_fini(&r->file);
    return status;
}

int scenario_load(struct plan *out, const char *path, const struct scenario_overrides *o, struct err *e)
{
    struct scenario_reader r = { .plan = out, .overrides = o };
    return read_file(&r, yaml_load(&r.file, path, e), e);
}

int scenario_parse(struct plan *out, const char *path, const char *text, size_t text_bytes,
                   const struct scenario_overrides *o, struct err *e)
{
    struct scenario_reader r = { .plan = out, .overrides = o };
    return read_file(&r, yaml_parse(&r.file, path, text, text_bytes, e), e);
}
