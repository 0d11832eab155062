#include "aws_preflight.h"

#include "aws_call.h"
#include "aws_client.h"
#include "aws_plan.h"
#include "aws_session.h"
#include "ec2_catalogue.h"
#include "err.h"
#include "provider.h"
#include "settings.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* Ubuntu 24.04, whose python3-flask is 3.0. The owner is pinned because names can be imitated. Source: Ubuntu
 * on AWS documentation, "Find Ubuntu images on AWS". */
#define UBUNTU_PARAMETER "/aws/service/canonical/ubuntu/server/24.04/stable/current/%s/hvm/ebs-gp3/ami-id"
#define UBUNTU_PATTERN   "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-%s-server-*"
#define CANONICAL        "099720109477"

static int take(struct aws_plan *plan, const struct ec2_image *image, const char *how, struct err *e)
{
    if (*image->architecture && strcmp(image->architecture, plan->architecture) != 0)
        return err_set(e, ERR_FAILED,
                       "the image %s is for %s, and these instance types are %s: name another with --ami",
                       image->id, image->architecture, plan->architecture);
    if (*image->platform)
        return err_set(
            e, ERR_FAILED,
            "the image %s is one of %s, and the app is installed on Ubuntu: name another with --ami",
            image->id, image->platform);
    if (*image->state && strcmp(image->state, "available") != 0)
        return err_set(e, ERR_FAILED, "the image %s is %s: name another with --ami", image->id, image->state);
    snprintf(plan->image_id, sizeof plan->image_id, "%s", image->id);
    snprintf(plan->image_about, sizeof plan->image_about, "%s%s%s", image->name, *image->name ? ", " : "",
             how);
    return 0;
}

static int take_named(struct aws_session *s, struct aws_plan *plan, const char *id, const char *how,
                      struct err *e)
{
    struct ec2_image image;
    if (ec2_catalogue_image(&s->client, id, &image, e) == 0)
        return take(plan, &image, how, e);
    if (strncmp(s->client.failure.code, "InvalidAMIID", 12) == 0)
        return err_set(e, ERR_FAILED,
                       "there is no image %s in %s (%s): images differ by region; leave it out to take the "
                       "newest Ubuntu",
                       id, s->config.region, s->client.failure.code);
    return -1;
}

/* Reads a public parameter of the Systems Manager. */
static int read_parameter(struct aws_client *c, const char *name, char *value, size_t value_bytes,
                          struct err *e)
{
    struct aws_call call;
    json_t *body = json_pack("{s:s}", "Name", name);
    aws_call_init(&call, AWS_SSM, "GetParameter", true);
    call.may_be_missing = true;
    call.json = body ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    int status = call.json ? aws_client_send(c, &call, e) : err_set(e, ERR_FAILED, "out of memory");
    if (status == 0) {
        const char *text =
            json_string_value(json_object_get(json_object_get(call.json_reply, "Parameter"), "Value"));
        if (!text || strlen(text) >= value_bytes)
            status = err_set(e, ERR_FAILED, "SSM GetParameter: the reply has no value");
        else
            snprintf(value, value_bytes, "%s", text);
    }
    aws_call_fini(&call);
    return status;
}

int aws_image_choose(struct aws_session *s, struct aws_plan *plan, struct err *e)
{
    char id[32];
    char parameter[160];
    char pattern[160];
    struct ec2_image image;
    const char *debian_name = strcmp(plan->architecture, "arm64") == 0 ? "arm64" : "amd64";
    const char *topology_image = s->context->topology->image;
    if (s->context->settings->ami)
        return take_named(s, plan, s->context->settings->ami, "from --ami", e);
    if (*topology_image)
        return take_named(s, plan, topology_image, "from the topology", e);
    snprintf(parameter, sizeof parameter, UBUNTU_PARAMETER, debian_name);
    snprintf(pattern, sizeof pattern, UBUNTU_PATTERN, debian_name);
    /* Not every account may read parameters: fall through to the search by name. */
    if (read_parameter(&s->client, parameter, id, sizeof id, e) == 0 &&
        take_named(s, plan, id, "Canonical's newest", e) == 0)
        return 0;
    if (s->client.failure.class == AWS_CLASS_STOPPED)
        return -1;
    if (ec2_catalogue_newest_image(&s->client, CANONICAL, pattern, plan->architecture, &image, e) < 0)
        return -1;
    if (!*image.id)
        return err_set(e, ERR_FAILED,
                       "%s has no image of Ubuntu 24.04 by Canonical: name an Ubuntu image with --ami",
                       s->config.region);
    return take(plan, &image, "the newest by name", e);
}
