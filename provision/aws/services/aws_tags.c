#include "aws_tags.h"

#include "aws_user_tags.h"
#include "form.h"
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
    size_t n = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        add_one(f, prefix, ++n, rows[i].key, rows[i].value);
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
    if (xml_tree_text(tag, key_name, key, sizeof key) == 0)
        return;
    if (strcmp(key, AWS_TAG_RUN) == 0)
        xml_tree_text(tag, value_name, tags->run, sizeof tags->run);
    if (strcmp(key, AWS_TAG_ROLE) == 0)
        xml_tree_text(tag, value_name, tags->role, sizeof tags->role);
    if (strcmp(key, AWS_TAG_OWNER) == 0)
        xml_tree_text(tag, value_name, tags->owner, sizeof tags->owner);
    if (strcmp(key, AWS_TAG_CREATED) == 0)
        xml_tree_text(tag, value_name, tags->created_utc, sizeof tags->created_utc);
}

void aws_tags_read(const struct xml_node *node, const char *path, struct aws_tags *tags)
{
    *tags = (struct aws_tags){ 0 };
    for (const struct xml_node *tag = xml_tree_first(node, path); tag; tag = xml_tree_next(tag)) {
        read_one(tag, "key", "value", tags);
        read_one(tag, "Key", "Value", tags);
    }
}
