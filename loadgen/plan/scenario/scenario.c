#include "scenario.h"

#include "deployed.h"
#include "err.h"
#include "input_files.h"
#include "scenario_fields.h"
#include "scenario_parts.h"
#include "stream.h"
#include "tags.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert((int)PLAN_NAME_BYTES == (int)TAGS_NAME_BYTES, "names of the plan stand in tags");

struct raw_scenario {
    char name[PLAN_NAME_BYTES];
    uint64_t timeout_ns, connect_timeout_ns, seed, n_threads;
    struct scenario_target target;
    const struct yaml_node *feeds, *streams, *thresholds;
};

static const char *const family_names[] = { "any", "4", "6", NULL };

const struct field scenario_file_fields[] = {
    { FIELD("name", FIELD_NAME, struct raw_scenario, name) },
    { FIELD("target", FIELD_NODE, struct raw_scenario, target.target) },
    { FIELD("timeout", FIELD_DURATION, struct raw_scenario, timeout_ns), .least = 1000000,
      .most = SCENARIO_TIMEOUT_MOST_NS },
    { FIELD("connect_timeout", FIELD_DURATION, struct raw_scenario, connect_timeout_ns), .least = 1000000,
      .most = SCENARIO_TIMEOUT_MOST_NS },
    { FIELD("seed", FIELD_COUNT, struct raw_scenario, seed), .most = UINT64_C(1) << 53 },
    { FIELD("threads", FIELD_COUNT, struct raw_scenario, n_threads), .least = 1, .most = PLAN_THREADS_MOST },
    { FIELD("feeds", FIELD_NODE, struct raw_scenario, feeds) },
    { FIELD("streams", FIELD_NODE, struct raw_scenario, streams) },
    { FIELD("thresholds", FIELD_NODE, struct raw_scenario, thresholds) },
    { FIELD("tls", FIELD_NODE, struct raw_scenario, target.tls) },
    { FIELD("host", FIELD_NODE, struct raw_scenario, target.host) },
    { FIELD("ip", FIELD_CHOICE, struct raw_scenario, target.family), .choices = family_names },
    { FIELD("connect_to", FIELD_NODE, struct raw_scenario, target.connect_to) },
    { FIELD("resolve", FIELD_NODE, struct raw_scenario, target.resolve) },
    { FIELD("bind", FIELD_NODE, struct raw_scenario, target.bind) },
    { FIELD("unix_socket", FIELD_NODE, struct raw_scenario, target.unix_socket) },
    { FIELD("name_server", FIELD_NODE, struct raw_scenario, target.name_server) },
    { 0 },
};

struct raw_threshold {
    const struct yaml_node *that;
    bool abort;
};

const struct field scenario_threshold_fields[] = {
    { FIELD("that", FIELD_NODE, struct raw_threshold, that) },
    { FIELD("abort", FIELD_FLAG, struct raw_threshold, abort) },
    { 0 },
};

static int read_threshold(void *payload, const struct yaml_node *node, struct err *e)
{
    struct scenario_reader *r = payload;
    struct raw_threshold raw = { .that = node };
    if (node->kind == YAML_MAP) {
        raw.that = NULL;
        if (fields_read(&r->file, node, "a threshold", scenario_threshold_fields, &raw, e))
            return -1;
        if (!raw.that)
            return yaml_mistake(&r->file, node, e, "a threshold must have 'that', such as 'p99 < 250ms'");
    }
    const char *text = fields_text(&r->file, raw.that, "a text such as 'p99 < 250ms'", e);
    if (!text)
        return -1;
    if (plan_add_threshold(r->plan, text, e))
        return yaml_place(&r->file, raw.that, e);
    r->plan->thresholds[r->plan->n_thresholds - 1].aborts = raw.abort;
    return 0;
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
    return fields_each(node, read_threshold, r, e);
}

/* Without a name, the file's own serves, if it is a valid one. */
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

static void choose_seed(const struct scenario_reader *r, uint64_t given)
{
    r->plan->seed_is_drawn = !r->overrides->has_seed && !yaml_find(r->file.root, "seed");
    r->plan->seed = r->plan->seed_is_drawn   ? plan_draw_seed()
                    : r->overrides->has_seed ? r->overrides->seed
                                             : given;
}

static int read_root(struct scenario_reader *r, struct err *e)
{
    struct raw_scenario raw = { .timeout_ns = STREAM_TIMEOUT_DEFAULT_NS,
                                .connect_timeout_ns = STREAM_CONNECT_TIMEOUT_DEFAULT_NS,
                                .n_threads = 1 };
    if (fields_read(&r->file, r->file.root, "a scenario", scenario_file_fields, &raw, e) ||
        name_plan(r, raw.name, e))
        return -1;
    if (!raw.streams)
        return yaml_mistake(&r->file, r->file.root, e, "the scenario has no 'streams'");
    r->timeout_ns = raw.timeout_ns;
    r->connect_timeout_ns = raw.connect_timeout_ns;
    r->plan->n_threads = r->overrides->n_threads ? r->overrides->n_threads : (uint32_t)raw.n_threads;
    choose_seed(r, raw.seed);
    r->raw_target = raw.target;
    if (scenario_read_target(r, e) || scenario_read_feeds(r, raw.feeds, e) ||
        scenario_read_streams(r, raw.streams, e) || scenario_check_feeds(r, raw.feeds, e) ||
        scenario_check_targets(r, e) || read_thresholds(r, raw.thresholds, e))
        return -1;
    if (r->overrides->only && scenario_keep_only(r->plan, r->overrides->only, e))
        return -1;
    if (deployed_check_http(r->plan, e))
        return -1;
    stream_number_phases(r->plan);
    r->plan->scenario_file = strdup(r->file.path);
    r->plan->scenario_text = scenario_masked_text(&r->file);
    if (!r->plan->scenario_file || !r->plan->scenario_text)
        return plan_out_of_memory(e);
    return 0;
}

static int read_file(struct scenario_reader *r, int parsed, struct err *e)
{
    *r->plan = (struct plan){ .n_threads = 1 };
    target_init(&r->plan->target);
    r->file.manual = "loadgen-scenario(5)";
    const int status = parsed ? -1 : read_root(r, e);
    yaml_fini(&r->file);
    return status;
}

int scenario_load(struct plan *out, const char *path, const struct scenario_overrides *o, struct err *e)
{
    char *text;
    size_t text_bytes;
    *out = (struct plan){ .n_threads = 1 };
    if (input_files_read(o->inputs, path, YAML_FILE_BYTES_MOST, &text, &text_bytes, e))
        return -1;
    const int status = scenario_parse(out, path, text, text_bytes, o, e);
    free(text);
    return status;
}

int scenario_parse(struct plan *out, const char *path, const char *text, size_t text_bytes,
                   const struct scenario_overrides *o, struct err *e)
{
    struct scenario_reader r = { .plan = out, .overrides = o };
    return read_file(&r, yaml_parse(&r.file, path, text, text_bytes, e), e);
}
