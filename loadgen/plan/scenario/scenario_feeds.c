/* The scenario's feeds: named CSV files whose rows requests take values from. */
#include "err.h"
#include "feed.h"
#include "feed_use.h"
#include "scenario_fields.h"
#include "scenario_parts.h"
#include "template.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct raw_feed {
    const char *file;
    int take, order, at_end;
};

static const char *const take_names[] = { "pass", "user", NULL };
static const char *const order_names[] = { "sequence", "shuffle", "random", "lend", NULL };
static const char *const at_end_names[] = { "repeat", "stop", "fail", NULL };

const struct field scenario_feed_fields[] = {
    { FIELD("file", FIELD_TEXT, struct raw_feed, file) },
    { FIELD("take", FIELD_CHOICE, struct raw_feed, take), .choices = take_names },
    { FIELD("order", FIELD_CHOICE, struct raw_feed, order), .choices = order_names },
    { FIELD("at_end", FIELD_CHOICE, struct raw_feed, at_end), .choices = at_end_names },
    { 0 },
};

static int check_name(const struct scenario_reader *r, const struct yaml_node *key, struct plan_feed *feed,
                      struct err *e)
{
    if (fields_copy_name(key->text, feed->name))
        return yaml_mistake(&r->file, key, e, "the name of a feed must be " FIELDS_NAME_FORM);
    if (strchr("0123456789-", *feed->name))
        return yaml_mistake(&r->file, key, e, "the name of a feed must begin with a letter");
    if (template_is_word(feed->name))
        return yaml_mistake(&r->file, key, e, "{%s} is a value already: give the feed another name",
                            feed->name);
    return 0;
}

static int read_feed(struct scenario_reader *r, const struct yaml_node *node, struct err *e)
{
    const struct yaml_file *f = &r->file;
    struct raw_feed raw = { .at_end = -1 };
    struct plan_feed *feed = feed_add(r->plan, e);
    if (!feed || check_name(r, node->key, feed, e))
        return -1;
    if (node->kind == YAML_SCALAR && !node->is_null)
        raw.file = node->text; /* `users: users.csv` */
    else if (fields_read(f, node, "a feed", scenario_feed_fields, &raw, e))
        return -1;
    if (!raw.file)
        return yaml_mistake(f, node->key, e, "a feed must have a 'file'");
    feed->take = (enum plan_take)raw.take;
    feed->order = (enum plan_order)raw.order;
    const bool has_end = feed->order == PLAN_SEQUENCE || feed->order == PLAN_SHUFFLE;
    feed->at_end = raw.at_end >= 0                           ? (enum plan_at_end)raw.at_end
                   : feed->take == PLAN_TAKE_USER && has_end ? PLAN_FAIL
                                                             : PLAN_REPEAT;
    if (raw.at_end >= 0 && !has_end)
        return yaml_mistake(f, yaml_find(node, "at_end")->key, e,
                            "'at_end' does not go with 'order: %s', which has no end",
                            order_names[raw.order]);
    feed->file = strdup(raw.file);
    char *path = feed->file ? scenario_file_path(r, raw.file) : NULL;
    const int status = path ? feed_load(feed, r->overrides->inputs, path, e) : plan_out_of_memory(e);
    free(path);
    const struct yaml_node *at = node->kind == YAML_MAP ? yaml_find(node, "file") : node;
    return status ? yaml_place(f, at, e) : 0;
}

int scenario_read_feeds(struct scenario_reader *r, const struct yaml_node *map, struct err *e)
{
    if (!map)
        return 0;
    if (map->kind != YAML_MAP)
        return fields_wrong(&r->file, map, "a map of names and feeds", e);
    for (const struct yaml_node *node = map->first; node; node = node->next)
        if (read_feed(r, node, e))
            return -1;
    return 0;
}

static int check_rows(const struct scenario_reader *r, const struct plan_stream *s,
                      const struct plan_feed *feed, const struct yaml_node *node, struct err *e)
{
    const bool is_users = feed->take == PLAN_TAKE_USER;
    const struct feed_use use = feed_use_of(s, feed);
    if (feed->order == PLAN_LEND && feed->n_rows < r->plan->n_threads)
        return yaml_mistake(&r->file, node, e,
                            "%s has %zu row%s, and each of the %u threads must have one to lend", feed->file,
                            feed->n_rows, feed->n_rows == 1 ? "" : "s", r->plan->n_threads);
    if (feed->at_end != PLAN_FAIL || !use.is_known || use.n <= feed->n_rows)
        return 0;
    return yaml_mistake(&r->file, node, e,
                        "%" PRIu64 " %s of stream '%s', but %s has %zu row%s; 'at_end: repeat' would %s",
                        use.n, is_users ? "users" : "passes", s->name, feed->file, feed->n_rows,
                        feed->n_rows == 1 ? "" : "s", is_users ? "share them" : "use them again");
}

int scenario_check_feeds(const struct scenario_reader *r, const struct yaml_node *map, struct err *e)
{
    for (size_t i = 0; i < r->plan->n_streams; i++) {
        const struct plan_stream *s = &r->plan->streams[i];
        for (size_t k = 0; k < s->n_feeds; k++) {
            const struct plan_feed *feed = s->feeds[k];
            if (feed->name[0] && check_rows(r, s, feed, yaml_find(map, feed->name), e))
                return -1;
        }
    }
    return 0;
}
