#include "topology_values.h"

#include "fields.h"
#include "topology.h"
#include "topology_fields.h"
#include "units.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_BYTES = 512, NAME_BYTES = 160 };

struct walk {
    topology_value_fn *visit;
    void *payload;
    struct err *e;
    int status;
};

static void give(struct walk *w, const char *prefix, const char *key, const char *text)
{
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "%s%s%s", prefix, *prefix && *key ? "." : "", key);
    if (w->status == 0)
        w->status = w->visit(w->payload, name, text, w->e);
}

static uint64_t count_at(const struct field *row, const void *value)
{
    return row->bytes == sizeof(uint64_t) ? *(const uint64_t *)value : *(const unsigned *)value;
}

static void give_field(struct walk *w, const char *prefix, const struct field *row, const void *value)
{
    char text[TEXT_BYTES];
    switch (row->kind) {
    case FIELD_WORD:
    case FIELD_NAME:
        snprintf(text, sizeof text, "%s", (const char *)value);
        break;
    case FIELD_COUNT:
        snprintf(text, sizeof text, "%" PRIu64, count_at(row, value));
        break;
    case FIELD_DURATION:
        units_duration_exact(*(const uint64_t *)value, text);
        break;
    case FIELD_REAL:
    case FIELD_RATE:
        snprintf(text, sizeof text, "%.15g", *(const double *)value);
        break;
    case FIELD_FLAG:
        snprintf(text, sizeof text, "%s", *(const bool *)value ? "true" : "false");
        break;
    case FIELD_CHOICE:
        snprintf(text, sizeof text, "%s", row->choices[*(const int *)value]);
        break;
    default: /* lists and maps have a walk of their own below */
        return;
    }
    give(w, prefix, row->key, text);
}

/* The values of one map, whose struct is at `from`. */
static void give_map(struct walk *w, const char *prefix, const char *map, const void *from)
{
    for (const struct field *row = topology_fields_of(map); row->key; row++)
        if (strcmp(row->key, "description") != 0)
            give_field(w, prefix, row, (const char *)from + row->offset);
}

/* A list of words as one value, "us-east-1a, us-east-1b": `stride` bytes apart. */
static void give_words(struct walk *w, const char *key, const char *first, size_t stride, size_t n)
{
    char text[TEXT_BYTES];
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < n && used < sizeof text; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", i ? ", " : "", first + i * stride);
    give(w, "", key, text);
}

static void give_types(struct walk *w, const struct topology *t)
{
    for (size_t i = 0; i < t->n_types; i++) {
        char prefix[NAME_BYTES];
        char inner[NAME_BYTES + 16];
        const struct topology_type *type = &t->types[i];
        snprintf(prefix, sizeof prefix, "instance_types.%s", type->name);
        give_map(w, prefix, "instance_type", type);
        snprintf(inner, sizeof inner, "%s.credits", prefix);
        if (type->credits.limited)
            give_map(w, inner, "credits", &type->credits);
        snprintf(inner, sizeof inner, "%s.emulation", prefix);
        give_map(w, inner, "emulation", &type->emulation);
    }
}

int topology_values(const struct topology *t, topology_value_fn *visit, void *payload, struct err *e)
{
    char prefix[NAME_BYTES];
    struct walk w = { .visit = visit, .payload = payload, .e = e };
    give_map(&w, "", "file", t);
    give_words(&w, "zones", t->zones[0], sizeof t->zones[0], t->n_zones);
    give_words(&w, "clusters", t->clusters[0].name, sizeof t->clusters[0], t->n_clusters);
    for (size_t i = 0; i < t->n_clusters; i++) {
        snprintf(prefix, sizeof prefix, "clusters.%s", t->clusters[i].name);
        give_map(&w, prefix, "cluster", &t->clusters[i]);
    }
    give_map(&w, "listener", "listener", &t->listener);
    for (size_t i = 0; i < t->listener.n_defaults; i++) {
        snprintf(prefix, sizeof prefix, "listener.default.%zu", i + 1);
        give_map(&w, prefix, "default_target", &t->listener.defaults[i]);
    }
    give_map(&w, "health_check", "health_check", &t->health_check);
    for (size_t i = 0; i < t->n_ingress; i++) {
        snprintf(prefix, sizeof prefix, "ingress.%zu", i + 1);
        give_map(&w, prefix, "ingress", &t->ingress[i]);
    }
    if (t->has_generator)
        give_map(&w, "generator", "generator", &t->generator);
    give_types(&w, t);
    give_map(&w, "prices", "prices", &t->prices);
    return w.status;
}
