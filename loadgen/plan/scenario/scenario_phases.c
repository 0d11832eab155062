/* The phases of a stream. */
#include "err.h"
#include "phase.h"
#include "scenario_fields.h"
#include "scenario_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct raw_phase {
    char name[PLAN_NAME_BYTES];
    bool warmup;
    uint64_t n_passes;
    struct phase_given given;
    struct scenario_replay replay;
};

const struct field scenario_phase_fields[] = {
    { FIELD("name", FIELD_NAME, struct raw_phase, name) },
    { FIELD("requests", FIELD_COUNT, struct raw_phase, given.n_requests), .least = 1,
      .most = SCENARIO_COUNT_MOST },
    { FIELD("passes", FIELD_COUNT, struct raw_phase, n_passes), .least = 1, .most = SCENARIO_COUNT_MOST },
    { FIELD("duration", FIELD_DURATION, struct raw_phase, given.duration_ns), .least = 1000000,
      .most = SCENARIO_DURATION_MOST_NS },
    { FIELD("pause", FIELD_DURATION, struct raw_phase, given.pause_ns), .least = 1000000,
      .most = SCENARIO_DURATION_MOST_NS },
    { FIELD("rate", FIELD_RATE, struct raw_phase, given.rate_per_s), .most = SCENARIO_RATE_MOST },
    { FIELD("ramp_to", FIELD_RATE, struct raw_phase, given.ramp_to_per_s), .most = SCENARIO_RATE_MOST },
    { FIELD("burst", FIELD_COUNT, struct raw_phase, given.n_burst), .least = 1, .most = PLAN_BURST_MOST },
    { FIELD("replay", FIELD_TEXT, struct raw_phase, replay.file) },
    { FIELD("speed", FIELD_REAL, struct raw_phase, replay.speed), .lowest = 0.001, .highest = 1000 },
    { FIELD("skip", FIELD_DURATION, struct raw_phase, replay.skip_ns), .most = SCENARIO_DURATION_MOST_NS },
    { FIELD("warmup", FIELD_FLAG, struct raw_phase, warmup) },
    { 0 },
};

static int name_phase(const struct scenario_reader *r, struct plan_stream *s, const struct yaml_node *node,
                      const char *given, struct err *e)
{
    char *name = s->phases[s->n_phases].name;
    if (given[0])
        snprintf(name, PLAN_NAME_BYTES, "%s", given);
    else
        snprintf(name, PLAN_NAME_BYTES, "p%zu", s->n_phases + 1);
    for (size_t i = 0; i < s->n_phases; i++)
        if (strcmp(s->phases[i].name, name) == 0) {
            const struct yaml_node *at = yaml_find(node, "name");
            return yaml_mistake(&r->file, at ? at : node, e, "two phases of the stream are named '%s'", name);
        }
    return 0;
}

/* A session is counted in passes, where others count requests. */
static int count_passes(const struct scenario_reader *r, const struct yaml_node *node, struct raw_phase *raw,
                        bool has_session, struct err *e)
{
    const struct yaml_node *wrong = yaml_find(node, has_session ? "requests" : "passes");
    if (wrong)
        return yaml_mistake(&r->file, wrong->key, e,
                            has_session ? "a session is counted in passes: 'passes' in place of 'requests'"
                                        : "'passes' needs a 'session'; requests are counted by 'requests'");
    raw->given.counts_passes = has_session;
    raw->given.n_requests += raw->n_passes;
    return 0;
}

static int read_phase(const struct scenario_reader *r, struct plan_stream *s, const struct yaml_node *node,
                      bool has_session, struct err *e)
{
    struct raw_phase raw = { .replay.speed = 1 };
    struct plan_phase *phase = &s->phases[s->n_phases];
    const char *key = NULL;
    if (fields_read(&r->file, node, "a phase", scenario_phase_fields, &raw, e) ||
        name_phase(r, s, node, raw.name, e) || count_passes(r, node, &raw, has_session, e))
        return -1;
    phase->warmup = raw.warmup;
    raw.given.has_rate = yaml_find(node, "rate") != NULL;
    raw.given.has_ramp_to = yaml_find(node, "ramp_to") != NULL;
    raw.given.has_replay = raw.replay.file != NULL;
    raw.given.has_speed = yaml_find(node, "speed") != NULL;
    raw.given.has_skip = yaml_find(node, "skip") != NULL;
    if (phase_make(phase, s->model, s->arrivals, &raw.given, &key, e)) {
        const struct yaml_node *at = key ? yaml_find(node, key) : NULL;
        return yaml_place(&r->file, at ? at->key : node, e);
    }
    if (raw.replay.file && scenario_read_replay(r, s, node, &raw.replay, e))
        return -1;
    s->n_phases++;
    return 0;
}

static bool sends(const struct plan_stream *s)
{
    for (size_t i = 0; i < s->n_phases; i++)
        if (s->phases[i].kind != PLAN_PHASE_PAUSE)
            return true;
    return false;
}

int scenario_read_phases(const struct scenario_reader *r, struct plan_stream *s, const struct yaml_node *node,
                         bool has_session, struct err *e)
{
    if (node->kind != YAML_LIST)
        return fields_wrong(&r->file, node, "a list of phases", e);
    if (node->n_items == 0)
        return yaml_mistake(&r->file, node, e, "'phases' must hold at least one phase");
    if (node->n_items > PLAN_PHASES_MOST)
        return yaml_mistake(&r->file, node, e, "'phases' must hold at most %d phases, not %zu",
                            PLAN_PHASES_MOST, node->n_items);
    s->phases = calloc(node->n_items, sizeof *s->phases);
    if (!s->phases)
        return plan_out_of_memory(e);
    for (const struct yaml_node *item = node->first; item; item = item->next)
        if (read_phase(r, s, item, has_session, e))
            return -1;
    if (!sends(s))
        return yaml_mistake(&r->file, node, e, "'phases' must hold a phase that sends something");
    return 0;
}
