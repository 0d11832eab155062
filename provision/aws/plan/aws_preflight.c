#include "aws_preflight.h"

#include "aws_certificate.h"
#include "aws_guard.h"
#include "aws_plan.h"
#include "aws_session.h"
#include "aws_types.h"
#include "deployment.h"
#include "ec2_catalogue.h"
#include "ec2_filter.h"
#include "err.h"
#include "http_fetch.h"
#include "provider.h"
#include "settings.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OFFERINGS_MOST = 256 };

#define CALLER_ADDRESS_URL "https://checkip.amazonaws.com/"

static void list_zones(const struct ec2_offering *offerings, size_t n, const char *type, char *out,
                       size_t out_bytes)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < n && used < out_bytes; i++)
        if (strcmp(offerings[i].type, type) == 0)
            used +=
                (size_t)snprintf(out + used, out_bytes - used, "%s%s", used ? ", " : "", offerings[i].zone);
}

static int check_offering(const struct ec2_offering *offerings, size_t n, const char *type, const char *zone,
                          struct err *e)
{
    char zones[300];
    for (size_t i = 0; i < n; i++)
        if (strcmp(offerings[i].type, type) == 0 && strcmp(offerings[i].zone, zone) == 0)
            return 0;
    list_zones(offerings, n, type, zones, sizeof zones);
    if (*zones)
        return err_set(e, ERR_FAILED,
                       "%s is not offered in %s, but in %s: name one of these in the topology file", type,
                       zone, zones);
    return err_set(e, ERR_FAILED,
                   "%s is not offered anywhere in this region: name another type in the topology file, or "
                   "another region",
                   type);
}

static int check_types(struct aws_session *s, const struct aws_plan *plan, struct err *e)
{
    const char *types[AWS_PLAN_LAUNCHES_MOST];
    struct ec2_offering offerings[OFFERINGS_MOST];
    size_t n;
    for (size_t i = 0; i < plan->n_launches; i++)
        types[i] = aws_plan_type(s->context->topology, &plan->launches[i])->name;
    if (ec2_catalogue_offerings(&s->client, types, plan->n_launches, offerings, OFFERINGS_MOST, &n, e) < 0)
        return -1;
    for (size_t i = 0; i < plan->n_launches; i++)
        if (check_offering(offerings, n, types[i], plan->subnets[plan->launches[i].subnet].zone, e) < 0)
            return -1;
    return 0;
}

static int check_key_pair(struct aws_session *s, struct aws_plan *plan, struct err *e)
{
    const struct settings *settings = s->context->settings;
    snprintf(plan->key_pair, sizeof plan->key_pair, "%s",
             settings->key ? settings->key : s->context->topology->key_pair);
    if (!*plan->key_pair || ec2_catalogue_key_pair(&s->client, plan->key_pair, e) == 0)
        return 0;
    if (!aws_failure_is(&s->client.failure, "InvalidKeyPair.NotFound"))
        return -1;
    return err_set(
        e, ERR_FAILED,
        "there is no key pair '%s' in %s: name another with --key, or go without (no ssh) with --key ''",
        plan->key_pair, s->config.region);
}

static bool topology_needs_caller(const struct topology *t)
{
    for (size_t i = 0; i < t->n_ingress; i++)
        if (t->ingress[i].source == TOPOLOGY_FROM_CALLER)
            return true;
    return false;
}

/* As AWS writes it. */
static int take_address(struct aws_plan *plan, const char *text, struct err *e)
{
    unsigned char bytes[16];
    char plain[INET6_ADDRSTRLEN];
    snprintf(plain, sizeof plain, "%.*s", (int)strcspn(text, "\r\n \t/"), text);
    const int family = strchr(plain, ':') ? AF_INET6 : AF_INET;
    if (inet_pton(family, plain, bytes) != 1)
        return err_set(e, ERR_INPUT, "'%.45s' is not an IPv4 or IPv6 address", plain);
    inet_ntop(family, bytes, plain, sizeof plain);
    snprintf(plan->caller_cidr, sizeof plan->caller_cidr, "%.43s/%s", plain,
             family == AF_INET6 ? "128" : "32");
    return 0;
}

/* An IPv6 caller cannot reach a listener that has IPv4 addresses only. */
static int check_family(const struct aws_plan *plan, const struct topology *t, struct err *e)
{
    if (t->ip_address_type == TOPOLOGY_DUALSTACK || !strchr(plan->caller_cidr, ':'))
        return 0;
    for (size_t i = 0; i < t->n_ingress; i++)
        if (t->ingress[i].port == t->listener.port && t->ingress[i].source == TOPOLOGY_FROM_CALLER)
            return err_set(
                e, ERR_INPUT,
                "the load balancer has IPv4 addresses only, and its port %u is open to %s: give an "
                "IPv4 address with --my-address, or say `ip_address_type: dualstack` in the topology",
                t->listener.port, plan->caller_cidr);
    return 0;
}

static int find_caller(struct aws_session *s, struct aws_plan *plan, struct err *e)
{
    char body[64];
    long status;
    const char *given = s->context->settings->my_address;
    const char *url = getenv("AWS_ENDPOINT_URL_CHECKIP");
    if (!topology_needs_caller(s->context->topology))
        return 0;
    if (given)
        return take_address(plan, given, e) < 0 ? err_prefix(e, "--my-address")
                                                : check_family(plan, s->context->topology, e);
    url = url && *url ? url : CALLER_ADDRESS_URL;
    const struct http_request request = { .url = url, .ca_bundle = s->config.ca_bundle };
    if (http_fetch(&request, body, sizeof body, &status, e) == 0) {
        if (status == 200 && take_address(plan, body, e) == 0)
            return 0;
        err_set(e, ERR_FAILED, "%s answers with status %ld and '%.40s'", url, status, body);
    }
    return err_prefix(e, "cannot find out this machine's public address, to which the topology restricts a "
                         "port; give it with --my-address");
}

int aws_preflight(struct aws_session *s, struct aws_plan *plan, struct err *e)
{
    *plan = (struct aws_plan){ 0 };
    if (aws_certificate_check(s, e) < 0)
        return -1;
    if (aws_subnets_choose(s, plan, e) < 0 || aws_plan_spread(plan, s, e) < 0 ||
        aws_subnets_check_room(plan, e) < 0)
        return -1;
    if (aws_guard_ask(s, plan, e) < 0 || check_types(s, plan, e) < 0 || check_key_pair(s, plan, e) < 0)
        return -1;
    return aws_types_check(s, plan, e) < 0 || aws_image_choose(s, plan, e) < 0 || find_caller(s, plan, e) < 0
               ? -1
               : 0;
}
