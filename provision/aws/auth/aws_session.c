#include "aws_session.h"

#include "aws_call.h"
#include "aws_env.h"
#include "clock.h"
#include "deployment.h"
#include "err.h"
#include "provider.h"
#include "secret.h"
#include "settings.h"
#include "status_lines.h"
#include "units.h"
#include "xml_tree.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* For tests: shortens every wait. */
#define TIME_SCALE_VARIABLE "LOADGEN_AWS_TIME_SCALE"

#define BEGUN "begun_unix_s"

static double time_scale(void)
{
    double scale = 1;
    const char *text = getenv(TIME_SCALE_VARIABLE);
    if (text && (units_parse_real(text, &scale) < 0 || scale < 0 || scale > 1))
        scale = 1;
    return scale;
}

static int check_region(const struct provider_context *context, struct err *e)
{
    const char *asked = context->settings->region;
    if (!context->existing || !asked || strcmp(asked, context->deployment->region) == 0)
        return 0;
    return err_set(e, ERR_INPUT,
                   "%s is in %s, not in %s: leave out --region, or name another file by --deployment",
                   context->path, context->deployment->region, asked);
}

static int check_account(const struct aws_session *s, struct err *e)
{
    const struct deployment *d = s->deployment;
    if (!s->context->existing || !*d->account || strcmp(d->account, s->caller.account) == 0)
        return 0;
    return err_set(e, ERR_FAILED,
                   "%s belongs to account %s, but these credentials (%s) are those of account %s: nothing "
                   "was touched; use credentials of the first, or name another file by --deployment",
                   s->context->path, d->account, s->config.credentials.source, s->caller.account);
}

/* Finds the owner of the credentials, which is also the cheapest check that they work. */
static int read_caller(struct aws_client *c, struct aws_caller *caller, struct err *e)
{
    struct aws_call call;
    aws_call_init(&call, AWS_STS, "GetCallerIdentity", true);
    int status = aws_client_send(c, &call, e);
    if (status == 0) {
        xml_tree_text(call.reply, "GetCallerIdentityResult/Account", caller->account, sizeof caller->account);
        xml_tree_text(call.reply, "GetCallerIdentityResult/Arn", caller->arn, sizeof caller->arn);
        if (strlen(caller->account) != ACCOUNT_DIGITS ||
            caller->account[strspn(caller->account, "0123456789")])
            status = err_set(e, ERR_FAILED, "STS GetCallerIdentity: the reply names no account");
    }
    aws_call_fini(&call);
    return status;
}

static void show(void *payload, const char *text)
{
    status_lines_print(payload, "%s", text);
}

uint64_t aws_session_begun_ns(const struct deployment_resource *r)
{
    uint64_t begun_s;
    const char *text = deployment_resource_get(r, BEGUN);
    if (!text || units_parse_count(text, &begun_s) < 0 || begun_s > UINT64_MAX / NS_PER_S)
        return 0;
    return begun_s * NS_PER_S;
}

static uint64_t last_begun_ns(const struct deployment *d)
{
    uint64_t last_ns = 0;
    for (size_t i = 0; i < d->n_resources; i++) {
        const uint64_t begun_ns = aws_session_begun_ns(&d->resources[i]);
        last_ns = begun_ns > last_ns ? begun_ns : last_ns;
    }
    return last_ns;
}

int aws_session_open(struct aws_session *s, struct provider_context *context, const char *topology_region,
                     struct err *e)
{
    struct aws_config_options options = {
        .profile = context->settings->profile,
        .recorded_region = context->existing ? context->deployment->region : NULL,
        .region = context->settings->region,
        .topology_region = topology_region,
    };
    *s = (struct aws_session){ .context = context,
                               .deployment = context->deployment,
                               .lines = context->lines };
    secret_harden_process();
    if (check_region(context, e) < 0 || aws_config_read(&s->config, &options, &(struct aws_env){ 0 }, e) < 0)
        return -1;
    if (*s->config.notice)
        status_lines_print(s->lines, "note: %s", s->config.notice);
    if (*s->config.region_notice)
        status_lines_print(s->lines, "note: %s", s->config.region_notice);
    if (aws_client_init(&s->client, &s->config, time_scale(), context->interrupted, e) < 0)
        return -1;
    s->client.known_ns = last_begun_ns(s->deployment);
    s->client.show = show;
    s->client.show_payload = s->lines;
    if (read_caller(&s->client, &s->caller, e) < 0)
        return s->client.failure.class == AWS_CLASS_CREDENTIALS
                   ? err_prefix(e, "the credentials of %s", s->config.credentials.source)
                   : -1;
    return check_account(s, e);
}

void aws_session_close(struct aws_session *s)
{
    aws_client_fini(&s->client);
    aws_config_fini(&s->config);
}

int aws_session_save(const struct aws_session *s, struct err *e)
{
    return deployment_save(s->deployment, s->context->path, e);
}

const char *aws_session_recall(const struct aws_session *s, const char *kind, const char *role,
                               const char *key)
{
    const struct deployment_resource *r = deployment_find_resource(s->deployment, kind, role);
    const char *value = r ? deployment_resource_get(r, key) : NULL;
    return value ? value : "";
}

int aws_session_remember(struct aws_session *s, const char *kind, const char *role, const char *key,
                         const char *value, struct err *e)
{
    struct deployment_resource *r = deployment_find_resource(s->deployment, kind, role);
    if (!r)
        r = deployment_add_resource(s->deployment, kind, role, NULL, e);
    return r ? deployment_resource_set(r, key, value, e) : -1;
}

int aws_session_remember_price(struct aws_session *s, const char *kind, const char *role, double usd_per_hour,
                               struct err *e)
{
    char text[32];
    snprintf(text, sizeof text, "%g", usd_per_hour);
    return aws_session_remember(s, kind, role, "usd_per_hour", text, e);
}

int aws_session_begin(struct aws_session *s, const char *kind, const char *role, struct err *e)
{
    char now_s[24];
    s->client.known_ns = clock_realtime_ns();
    snprintf(now_s, sizeof now_s, "%" PRIu64, s->client.known_ns / NS_PER_S);
    return aws_session_remember(s, kind, role, BEGUN, now_s, e);
}

void aws_session_refused(struct aws_session *s, const char *kind, const char *role)
{
    struct err ignored;
    struct deployment_resource *r = deployment_find_resource(s->deployment, kind, role);
    if (r)
        (void)deployment_resource_set(r, BEGUN, NULL, &ignored);
}

int aws_session_wait(struct aws_session *s, struct aws_wait *wait, const char *what, struct err *e)
{
    char span[UNITS_TEXT_BYTES];
    if (++wait->n >= wait->n_most)
        return err_set(e, ERR_FAILED, "%s took longer than %s", what,
                       units_duration_text(wait->delay_ns * wait->n_most, span));
    for (uint64_t left_ns = wait->delay_ns; left_ns > 0;) {
        const uint64_t step_ns = left_ns < NS_PER_S ? left_ns : NS_PER_S;
        if (aws_client_pause(&s->client, step_ns, e) < 0)
            return -1;
        status_lines_tick(s->lines, clock_monotonic_ns());
        left_ns -= step_ns;
    }
    return 0;
}

int aws_session_wait_after(struct aws_session *s, struct aws_wait *wait, const char *what, struct err *e)
{
    struct err outcome;
    if (aws_session_wait(s, wait, what, &outcome) == 0)
        return 0;
    if (wait->n >= wait->n_most)
        return err_prefix(e, "%s", outcome.text);
    *e = outcome;
    return -1;
}
