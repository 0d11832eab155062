/* When and how often the steps of a session run: thinks, chances, repetition until something holds, renewal.
 */
#include "err.h"
#include "scenario_fields.h"
#include "scenario_session.h"
#include "units.h"

#include <stdio.h>
#include <string.h>

enum { TRIES_MOST = 10000, TRIES_DEFAULT = 20 };
#define EVERY_DEFAULT_NS UINT64_C(1000000000)

struct raw_think {
    const struct yaml_node *uniform;
    uint64_t exponential_ns, most_ns;
};

const struct field scenario_think_fields[] = {
    { FIELD("uniform", FIELD_NODE, struct raw_think, uniform) },
    { FIELD("exponential", FIELD_DURATION, struct raw_think, exponential_ns), .least = 1,
      .most = SCENARIO_TIMEOUT_MOST_NS },
    { FIELD("most", FIELD_DURATION, struct raw_think, most_ns), .least = 1,
      .most = SCENARIO_TIMEOUT_MOST_NS },
    { 0 },
};

static int read_duration(const struct yaml_file *f, const struct yaml_node *node, uint64_t *ns, struct err *e)
{
    const char *text = fields_text(f, node, UNITS_DURATION_FORM, e);
    if (!text)
        return -1;
    if (units_parse_duration_ns(text, ns))
        return fields_wrong(f, node, UNITS_DURATION_FORM, e);
    return *ns > SCENARIO_TIMEOUT_MOST_NS ? fields_wrong(f, node, "at most 1h", e) : 0;
}

static int read_uniform(const struct yaml_file *f, const struct yaml_node *node, struct session_think *think,
                        struct err *e)
{
    static const char form[] = "two durations, the shortest and the longest: [1s, 5s]";
    if (node->kind != YAML_LIST || node->n_items != 2)
        return fields_wrong(f, node, form, e);
    think->spread = SESSION_UNIFORM;
    if (read_duration(f, node->first, &think->low_ns, e) || read_duration(f, node->last, &think->high_ns, e))
        return -1;
    return think->low_ns > think->high_ns ? yaml_mistake(f, node->first, e, "'uniform' must be %s", form) : 0;
}

int scenario_read_think(const struct session_reader *r, const struct yaml_node *node,
                        struct session_think *think, struct err *e)
{
    static const char either[] =
        "'think' must be a duration, { uniform: [1s, 5s] } or { exponential: 4s, most: 30s }";
    struct raw_think raw = { 0 };
    if (node->kind == YAML_SCALAR)
        return read_duration(r->file, node, &think->low_ns, e);
    if (fields_read(r->file, node, "'think'", scenario_think_fields, &raw, e))
        return -1;
    if (!raw.uniform == !raw.exponential_ns || (raw.uniform && raw.most_ns))
        return yaml_mistake(r->file, node, e, "%s", either);
    if (raw.uniform)
        return read_uniform(r->file, raw.uniform, think, e);
    if (raw.most_ns && raw.most_ns < raw.exponential_ns)
        return yaml_mistake(r->file, yaml_find(node, "most"), e,
                            "'most' must not be shorter than the mean, 'exponential'");
    *think = (struct session_think){ SESSION_EXPONENTIAL, raw.exponential_ns, raw.most_ns };
    return 0;
}

int scenario_read_chance(const struct session_reader *r, const struct yaml_node *node, double *chance,
                         struct err *e)
{
    static const char form[] = "a share such as 30% or 0.3, above 0 and at most 100%";
    char number[UNITS_TEXT_BYTES];
    const char *text = fields_text(r->file, node, form, e);
    if (!text)
        return -1;
    const size_t length = strlen(text);
    const bool is_percent = length > 0 && text[length - 1] == '%';
    snprintf(number, sizeof number, "%.*s", (int)(length - is_percent), text);
    if (length >= sizeof number || units_parse_real(number, chance))
        return fields_wrong(r->file, node, form, e);
    *chance /= is_percent ? 100 : 1;
    return *chance > 0 && *chance <= 1 ? 0 : fields_wrong(r->file, node, form, e);
}

struct raw_until {
    const struct yaml_node *json;
    uint64_t every_ns, n_most;
};

const struct field scenario_until_fields[] = {
    { FIELD("json", FIELD_NODE, struct raw_until, json) },
    { FIELD("every", FIELD_DURATION, struct raw_until, every_ns), .least = 1000000,
      .most = SCENARIO_TIMEOUT_MOST_NS },
    { FIELD("most", FIELD_COUNT, struct raw_until, n_most), .least = 1, .most = TRIES_MOST },
    { 0 },
};

int scenario_read_until(const struct session_reader *r, const struct yaml_node *node,
                        struct session_until *until, struct err *e)
{
    struct raw_until raw = { .every_ns = EVERY_DEFAULT_NS, .n_most = TRIES_DEFAULT };
    if (fields_read(r->file, node, "'until'", scenario_until_fields, &raw, e))
        return -1;
    if (!raw.json)
        return yaml_mistake(r->file, node->key, e,
                            "'until' must have 'json', such as { json: { $.state: done } }");
    until->every_ns = raw.every_ns;
    until->n_most = (uint32_t)raw.n_most;
    return scenario_read_json_expected(r, raw.json, &until->json, &until->n_json, e);
}

struct raw_renew {
    const struct yaml_node *seconds, *status;
    uint64_t early_ns;
};

const struct field scenario_renew_fields[] = {
    { FIELD("seconds", FIELD_NODE, struct raw_renew, seconds) },
    { FIELD("early", FIELD_DURATION, struct raw_renew, early_ns), .most = SCENARIO_TIMEOUT_MOST_NS },
    { FIELD("status", FIELD_NODE, struct raw_renew, status) },
    { 0 },
};

int scenario_read_renew(const struct session_reader *r, const struct yaml_node *node,
                        struct session_renew *renew, struct err *e)
{
    struct raw_renew raw = { 0 };
    struct plan_expect statuses = { 0 };
    if (fields_read(r->file, node, "'renew'", scenario_renew_fields, &raw, e))
        return -1;
    if (!raw.seconds && !raw.status)
        return yaml_mistake(r->file, node->key, e,
                            "'renew' must have 'seconds', such as \"{life}\", or 'status', such as 401");
    if (raw.early_ns && !raw.seconds)
        return yaml_mistake(r->file, yaml_find(node, "early")->key, e, "'early' needs 'seconds'");
    if (raw.status && scenario_read_statuses(r->file, &statuses, raw.status, e))
        return -1;
    renew->is_given = true;
    renew->early_ns = raw.early_ns;
    memcpy(renew->statuses, statuses.status_ok, sizeof renew->statuses);
    return raw.seconds ? scenario_read_value(r, raw.seconds, &renew->seconds, &renew->n_seconds, e) : 0;
}
