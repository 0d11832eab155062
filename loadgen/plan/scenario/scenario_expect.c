/* What a stream expects back. */
#include "err.h"
#include "expect.h"
#include "scenario_fields.h"
#include "scenario_parts.h"

struct raw_expect {
    struct scenario_expect expect;
};

const struct field scenario_expect_fields[] = {
    SCENARIO_EXPECT_ROWS(struct raw_expect, expect),
    { 0 },
};

int scenario_read_statuses(const struct yaml_file *f, struct plan_expect *x, const struct yaml_node *node,
                           struct err *e)
{
    static const char form[] = "a status such as 200, 2xx or 200-204, or a list of them";
    if (node->kind == YAML_LIST && node->n_items == 0)
        return yaml_mistake(f, node, e, "'status' must hold at least one status");
    for (const struct yaml_node *item = node->kind == YAML_LIST ? node->first : node; item;
         item = node->kind == YAML_LIST ? item->next : NULL) {
        const char *text = fields_text(f, item, form, e);
        if (!text)
            return -1;
        if (expect_add_status(x, text, item == node || item == node->first, e))
            return yaml_place(f, item, e);
    }
    return 0;
}

static int read_expected_headers(const struct yaml_file *f, struct plan_expect *x,
                                 const struct yaml_node *map, struct err *e)
{
    if (map->kind != YAML_MAP)
        return fields_wrong(f, map, "a map of names and values", e);
    for (const struct yaml_node *value = map->first; value; value = value->next) {
        if (value->kind != YAML_SCALAR)
            return fields_wrong(f, value, "a text, or nothing for any value", e);
        if (expect_add_header(x, value->key->text, value->is_null ? NULL : value->text, e))
            return yaml_place(f, value->key, e);
    }
    return 0;
}

int scenario_fill_expect(const struct yaml_file *f, const struct scenario_expect *raw, struct plan_expect *x,
                         struct err *e)
{
    expect_init(x);
    if ((raw->status && scenario_read_statuses(f, x, raw->status, e)) ||
        (raw->headers && read_expected_headers(f, x, raw->headers, e)))
        return -1;
    if (!raw->body)
        return 0;
    const char *text = fields_text(f, raw->body, "a text", e);
    if (!text)
        return -1;
    return expect_set_body(x, text, e) ? yaml_place(f, raw->body, e) : 0;
}

int scenario_read_expect(const struct scenario_reader *r, struct plan_stream *s, const struct yaml_node *node,
                         struct err *e)
{
    struct raw_expect raw = { 0 };
    if (node && fields_read(&r->file, node, "'expect'", scenario_expect_fields, &raw, e))
        return -1;
    return scenario_fill_expect(&r->file, &raw.expect, &s->expect, e);
}
