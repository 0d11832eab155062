#include "ec2_catalogue.h"

#include "aws_call.h"
#include "aws_client.h"
#include "ec2_filter.h"
#include "err.h"
#include "xml_tree.h"

#include <stdlib.h>
#include <string.h>

static void read_image(const struct xml_node *item, struct ec2_image *image)
{
    xml_tree_text(item, "imageId", image->id, sizeof image->id);
    xml_tree_text(item, "name", image->name, sizeof image->name);
    xml_tree_text(item, "creationDate", image->created, sizeof image->created);
    xml_tree_text(item, "architecture", image->architecture, sizeof image->architecture);
    xml_tree_text(item, "imageState", image->state, sizeof image->state);
    xml_tree_text(item, "platform", image->platform, sizeof image->platform);
}

static int take_newest(void *payload, const struct xml_node *reply, struct err *e)
{
    struct ec2_image *newest = payload;
    (void)e;
    for (const struct xml_node *item = xml_tree_first(reply, "imagesSet"); item; item = xml_tree_next(item)) {
        struct ec2_image image;
        read_image(item, &image);
        if (!*newest->id || strcmp(image.created, newest->created) > 0)
            *newest = image;
    }
    return 0;
}

int ec2_catalogue_image(struct aws_client *c, const char *id, struct ec2_image *image, struct err *e)
{
    struct aws_call call;
    *image = (struct ec2_image){ 0 };
    aws_call_init(&call, AWS_EC2, "DescribeImages", true);
    form_add(&call.form, "ImageId.1", id);
    int status = aws_client_send(c, &call, e);
    if (status == 0)
        take_newest(image, call.reply, e);
    if (status == 0 && !*image->id)
        status = err_set(e, ERR_FAILED, "there is no image %s in this region", id);
    aws_call_fini(&call);
    return status;
}

int ec2_catalogue_newest_image(struct aws_client *c, const char *owner, const char *pattern,
                               const char *architecture, struct ec2_image *image, struct err *e)
{
    const struct ec2_filter filters[] = {
        EC2_FILTER_ONE("name", pattern),
        EC2_FILTER_ONE("state", "available"),
        EC2_FILTER_ONE("architecture", architecture),
        EC2_FILTER_ONE("virtualization-type", "hvm"),
        EC2_FILTER_ONE("root-device-type", "ebs"),
    };
    struct aws_call call;
    *image = (struct ec2_image){ 0 };
    aws_call_init(&call, AWS_EC2, "DescribeImages", true);
    form_add(&call.form, "Owner.1", owner);
    ec2_filter_add(&call.form, filters, sizeof filters / sizeof filters[0]);
    const int status = aws_client_pages(c, &call, "NextToken", "nextToken", take_newest, image, e);
    aws_call_fini(&call);
    return status;
}

struct types {
    struct ec2_type *items;
    size_t most;
    size_t n;
};

static unsigned number_at(const struct xml_node *item, const char *path)
{
    char text[16];
    xml_tree_text(item, path, text, sizeof text);
    return (unsigned)strtoul(text, NULL, 10);
}

static int take_types(void *payload, const struct xml_node *reply, struct err *e)
{
    struct types *t = payload;
    (void)e;
    const struct xml_node *item = xml_tree_first(reply, "instanceTypeSet");
    for (; item && t->n < t->most; item = xml_tree_next(item)) {
        struct ec2_type *type = &t->items[t->n++];
        *type = (struct ec2_type){ .vcpus = number_at(item, "vCpuInfo/defaultVCpus"),
                                   .memory_mib = number_at(item, "memoryInfo/sizeInMiB") };
        xml_tree_text(item, "instanceType", type->name, sizeof type->name);
        const struct xml_node *a = xml_tree_first(item, "processorInfo/supportedArchitectures");
        for (; a; a = xml_tree_next(a)) {
            char architecture[16];
            xml_tree_text(a, "", architecture, sizeof architecture);
            type->is_x86_64 |= strcmp(architecture, "x86_64") == 0;
            type->is_arm64 |= strcmp(architecture, "arm64") == 0;
        }
    }
    return 0;
}

int ec2_catalogue_types(struct aws_client *c, const char *const *names, size_t n_names,
                        struct ec2_type *types, size_t most, size_t *n, struct err *e)
{
    struct types t = { .items = types, .most = most };
    struct aws_call call;
    aws_call_init(&call, AWS_EC2, "DescribeInstanceTypes", true);
    for (size_t i = 0; i < n_names; i++)
        form_addf(&call.form, names[i], "InstanceType.%zu", i + 1);
    const int status = aws_client_pages(c, &call, "NextToken", "nextToken", take_types, &t, e);
    aws_call_fini(&call);
    *n = t.n;
    return status;
}

struct offerings {
    struct ec2_offering *items;
    size_t most;
    size_t n;
};

static int take_offerings(void *payload, const struct xml_node *reply, struct err *e)
{
    struct offerings *o = payload;
    (void)e;
    const struct xml_node *item = xml_tree_first(reply, "instanceTypeOfferingSet");
    for (; item && o->n < o->most; item = xml_tree_next(item)) {
        struct ec2_offering *offering = &o->items[o->n++];
        xml_tree_text(item, "instanceType", offering->type, sizeof offering->type);
        xml_tree_text(item, "location", offering->zone, sizeof offering->zone);
    }
    return 0;
}

int ec2_catalogue_offerings(struct aws_client *c, const char *const *types, size_t n_types,
                            struct ec2_offering *offerings, size_t most, size_t *n, struct err *e)
{
    struct offerings o = { .items = offerings, .most = most };
    const struct ec2_filter filter = { "instance-type", types, n_types };
    struct aws_call call;
    aws_call_init(&call, AWS_EC2, "DescribeInstanceTypeOfferings", true);
    form_add(&call.form, "LocationType", "availability-zone");
    ec2_filter_add(&call.form, &filter, 1);
    const int status = aws_client_pages(c, &call, "NextToken", "nextToken", take_offerings, &o, e);
    aws_call_fini(&call);
    *n = o.n;
    return status;
}

int ec2_catalogue_key_pair(struct aws_client *c, const char *name, struct err *e)
{
    struct aws_call call;
    aws_call_init(&call, AWS_EC2, "DescribeKeyPairs", true);
    form_add(&call.form, "KeyName.1", name);
    const int status = aws_client_send(c, &call, e);
    aws_call_fini(&call);
    return status;
}

int ec2_catalogue_regions(struct aws_client *c, struct ec2_region *regions, size_t most, size_t *n,
                          struct err *e)
{
    struct aws_call call;
    aws_call_init(&call, AWS_EC2, "DescribeRegions", true);
    const int status = aws_client_send(c, &call, e);
    const struct xml_node *item = status == 0 ? xml_tree_first(call.reply, "regionInfo") : NULL;
    *n = 0;
    for (; item && *n < most; item = xml_tree_next(item))
        xml_tree_text(item, "regionName", regions[(*n)++].name, sizeof regions[0].name);
    aws_call_fini(&call);
    return status;
}
