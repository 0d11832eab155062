/* One step of a session. */
#include "err.h"
#include "scenario_fields.h"
#include "scenario_session.h"

enum { REPEAT_MOST = 10000 };
#define BODY_MOST_DEFAULT_BYTES UINT64_C(1048576)
#define BODY_MOST_BYTES         UINT64_C(67108864)

struct raw_step {
    char name[PLAN_NAME_BYTES];
    struct scenario_message message;
    const struct yaml_node *expect, *capture, *think, *chance, *until, *body_most;
    uint64_t n_follow, n_times, fail_pause_ns;
    int on_fail;
};

const struct field scenario_step_fields[] = {
    { FIELD("name", FIELD_NAME, struct raw_step, name) },
    SCENARIO_MESSAGE_ROWS(struct raw_step, message),
    { FIELD("follow", FIELD_COUNT, struct raw_step, n_follow), .most = SESSION_FOLLOW_MOST },
    { FIELD("expect", FIELD_NODE, struct raw_step, expect) },
    { FIELD("capture", FIELD_NODE, struct raw_step, capture) },
    { FIELD("think", FIELD_NODE, struct raw_step, think) },
    { FIELD("repeat", FIELD_COUNT, struct raw_step, n_times), .least = 1, .most = REPEAT_MOST },
    { FIELD("chance", FIELD_NODE, struct raw_step, chance) },
    { FIELD("until", FIELD_NODE, struct raw_step, until) },
    { FIELD("on_fail", FIELD_CHOICE, struct raw_step, on_fail), .choices = scenario_on_fail_names },
    { FIELD("fail_pause", FIELD_DURATION, struct raw_step, fail_pause_ns), .most = SCENARIO_TIMEOUT_MOST_NS },
    { FIELD("body_most", FIELD_NODE, struct raw_step, body_most) },
    { 0 },
};

int scenario_read_step(struct session_reader *r, const struct yaml_node *node, struct session_step *step,
                       struct err *e)
{
    struct raw_step raw = {
        .message.method = "GET", .n_times = 1, .fail_pause_ns = r->fail_pause_ns, .on_fail = (int)r->on_fail
    };
    if (fields_read(r->file, node, "a step", scenario_step_fields, &raw, e))
        return -1;
    if (!raw.message.path)
        return yaml_mistake(r->file, node, e, "step '%s' must have a 'path'", step->name);
    step->n_follow = (uint32_t)raw.n_follow;
    step->n_times = (uint32_t)raw.n_times;
    step->chance = 1;
    step->on_fail = (enum session_on_fail)raw.on_fail;
    step->fail_pause_ns = raw.fail_pause_ns;
    step->body_most_bytes = BODY_MOST_DEFAULT_BYTES;
    step->request.weight = 1;
    if (scenario_read_message(r->scenario, r->stream, node, &raw.message, &step->request, e) ||
        scenario_read_step_expect(r, raw.expect, step, e) ||
        (raw.capture && scenario_read_captures(r, raw.capture, step, e)) ||
        (raw.think && scenario_read_think(r, raw.think, &step->think, e)) ||
        (raw.chance && scenario_read_chance(r, raw.chance, &step->chance, e)) ||
        (raw.until && scenario_read_until(r, raw.until, &step->until, e)))
        return -1;
    return 0;
}
