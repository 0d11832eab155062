#include "aws_tags.h"

#include "aws_user_tags.h"
#include "form.h"
#include "units.h"
#include "xml_tree.h"

#include <stdio.h>
#include <string.h>

const char *aws_tags_name(const char *run, const char *role, char *out, size_t out_bytes)
{
    const size_t role_length = strcspn(role, "/");
    snprintf(out, out_bytes, "loadgen-%s%s%.*s", run, role_length ? "-" : "", (int)role_length, role);
    return out;
}

static void add_one(struct form *f, const char *prefix, size_t n, const char *key, const char *value)
{
    form_addf(f, key, "%s%zu.Key", prefix, n);
    form_addf(f, value, "%s%zu.Value", prefix, n);
}

void aws_tags_add(struct form *f, const char *prefix, const struct aws_tags *tags)
{
    char name[96];
    const struct {
        const char *key;
        const char *value;
    } rows[] = {
        { "Name", aws_tags_name(tags->run, tags->role, name, sizeof name) },
        { AWS_TAG_RUN, tags->run },
        { AWS_TAG_ROLE, tags->role },
        { AWS_TAG_OWNER, tags->owner },
        { AWS_TAG_CREATED, tags->created_utc },
    };
    char price[32];
    size_t n = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        add_one(f, prefix, ++n, rows[i].key, rows[i].value);
    snprintf(price, sizeof price, "%g", tags->usd_per_hour);
    if (tags->usd_per_hour > 0)
        add_one(f, prefix, ++n, AWS_TAG_PRICE, price);
    for (size_t i = 0; tags->user && i < tags->user->n; i++)
        add_one(f, prefix, ++n, tags->user->items[i].key, tags->user->items[i].value);
}

void aws_tags_add_specification(struct form *f, unsigned n, const char *resource_type,
                                const struct aws_tags *tags)
{
    char prefix[64];
    form_addf(f, resource_type, "TagSpecification.%u.ResourceType", n);
    snprintf(prefix, sizeof prefix, "TagSpecification.%u.Tag.", n);
    aws_tags_add(f, prefix, tags);
}

static void read_one(const struct xml_node *tag, const char *key_name, const char *value_name,
                     struct aws_tags *tags)
{
    char key[160];
    char price[32] = "";
    const struct {
        const char *key;
        char *out;
        size_t out_bytes;
    } rows[] = {
        { "Name", tags->name, sizeof tags->name },
        { AWS_TAG_RUN, tags->run, sizeof tags->run },
        { AWS_TAG_ROLE, tags->role, sizeof tags->role },
        { AWS_TAG_OWNER, tags->owner, sizeof tags->owner },
        { AWS_TAG_CREATED, tags->created_utc, sizeof tags->created_utc },
        { AWS_TAG_PRICE, price, sizeof price },
    };
    if (xml_tree_text(tag, key_name, key, sizeof key) == 0)
        return;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(key, rows[i].key) == 0)
            xml_tree_text(tag, value_name, rows[i].out, rows[i].out_bytes);
    if (*price && (units_parse_real(price, &tags->usd_per_hour) < 0 || !(tags->usd_per_hour > 0)))
        tags->usd_per_hour = 0;
}

void aws_tags_read(const struct xml_node *node, const char *path, struct aws_tags *tags)
{
    *tags = (struct aws_tags){ 0 };
    for (const struct xml_node *tag = xml_tree_first(node, path); tag; tag = xml_tree_next(tag)) {
        read_one(tag, "key", "value", tags);
        read_one(tag, "Key", "Value", tags);
    }
}
