#include "plan.h"

#include "clock.h"
#include "err.h"
#include "recording.h"
#include "session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

int plan_out_of_memory(struct err *e)
{
    return err_set(e, ERR_FAILED, "out of memory while making the plan");
}

static void free_texts(char **texts, size_t n)
{
    for (size_t i = 0; texts && i < n; i++)
        free(texts[i]);
    free(texts);
}

static void headers_fini(struct plan_header *headers, size_t n)
{
    for (size_t i = 0; headers && i < n; i++) {
        free(headers[i].name);
        free(headers[i].value);
    }
    free(headers);
}

void plan_request_fini(struct plan_request *r)
{
    for (size_t i = 0; r->pieces && i < r->n_pieces; i++)
        free(r->pieces[i].text);
    free(r->pieces);
    free(r->method);
    free(r->path);
    free(r->shown);
    *r = (struct plan_request){ 0 };
}

void plan_expect_fini(struct plan_expect *x)
{
    free(x->body_before);
    free(x->body_after);
    headers_fini(x->headers, x->n_headers);
    *x = (struct plan_expect){ 0 };
}

static void overrides_fini(struct plan_override *overrides, size_t n)
{
    for (size_t i = 0; overrides && i < n; i++) {
        free(overrides[i].host);
        free(overrides[i].to_host);
    }
    free(overrides);
}

static void target_fini(struct plan_target *t)
{
    free(t->url);
    free(t->host);
    free(t->host_header);
    free(t->base_path);
    free(t->unix_socket);
    overrides_fini(t->connect_to, t->n_connect_to);
    overrides_fini(t->resolve, t->n_resolve);
    free_texts(t->bind_addresses, t->n_bind_addresses);
    free(t->name_server);
    free(t->tls_options.ca_file);
    free(t->tls_options.cert_file);
    free(t->tls_options.key_file);
    free(t->tls_options.server_name);
    free(t->tls_options.alpn);
    *t = (struct plan_target){ 0 };
}

void plan_stream_fini(struct plan_stream *s)
{
    for (size_t i = 0; s->requests && i < s->n_requests; i++)
        plan_request_fini(&s->requests[i]);
    free(s->requests);
    for (size_t i = 0; s->phases && i < s->n_phases; i++)
        recording_part_free(s->phases[i].replay);
    free(s->phases);
    recording_free(s->recording);
    free(s->feeds);
    free(s->rows);
    plan_expect_fini(&s->expect);
    if (s->session)
        session_fini(s->session);
    free(s->session);
    if (s->target)
        target_fini(s->target);
    free(s->target);
    *s = (struct plan_stream){ 0 };
}

void plan_feed_free(struct plan_feed *f)
{
    if (!f)
        return;
    free_texts(f->cells, f->n_rows * f->n_columns);
    free_texts(f->columns, f->n_columns);
    free(f->file);
    free(f);
}

static void cluster_fini(struct plan_cluster *c)
{
    free(c->path);
    free(c->instance_type);
    free(c->zone);
    free_texts(c->instances, c->n_instances);
}

static void deployment_fini(struct plan_deployment *d)
{
    free(d->file);
    free(d->provider);
    free(d->run_id);
    free(d->topology);
    free(d->app);
    free(d->json);
    free(d->generator.id);
    free(d->generator.instance_type);
    free(d->generator.zone);
    free(d->generator.address);
    free(d->generator.user);
    free(d->generator.ssh_key);
    free(d->generator.host_keys_file);
}

void plan_fini(struct plan *plan)
{
    for (size_t i = 0; plan->streams && i < plan->n_streams; i++)
        plan_stream_fini(&plan->streams[i]);
    for (size_t i = 0; plan->clusters && i < plan->n_clusters; i++)
        cluster_fini(&plan->clusters[i]);
    for (size_t i = 0; plan->thresholds && i < plan->n_thresholds; i++)
        free(plan->thresholds[i].text);
    for (size_t i = 0; plan->feeds && i < plan->n_feeds; i++)
        plan_feed_free(plan->feeds[i]);
    free(plan->feeds);
    free(plan->streams);
    free(plan->clusters);
    free(plan->thresholds);
    target_fini(&plan->target);
    deployment_fini(&plan->deployment);
    free(plan->scenario_file);
    free(plan->scenario_text);
    free_texts(plan->files, plan->n_files);
    *plan = (struct plan){ 0 };
}

const struct plan_target *plan_main_target(const struct plan *plan)
{
    for (size_t i = 0; i < plan->n_streams; i++)
        if (!plan->streams[i].target)
            return &plan->target;
    return plan->n_streams > 0 ? plan->streams[0].target : &plan->target;
}

/* Whether an earlier stream has the same. */
static bool is_seen(const struct plan *plan, size_t stream, const char *url)
{
    bool is = strcmp(plan_main_target(plan)->url, url) == 0;
    for (size_t i = 0; i < stream; i++)
        is = is || strcmp(plan_target_of(plan, &plan->streams[i])->url, url) == 0;
    return is;
}

const char *plan_targets_text(const struct plan *plan, char out[static PLAN_TARGETS_TEXT_BYTES])
{
    const char *first = plan_main_target(plan)->url, *second = NULL;
    size_t n_more = 0;
    snprintf(out, PLAN_TARGETS_TEXT_BYTES, "%s", first ? first : "");
    for (size_t i = 0; first && i < plan->n_streams; i++) {
        const char *url = plan_target_of(plan, &plan->streams[i])->url;
        if (is_seen(plan, i, url))
            continue;
        second = url;
        n_more++;
    }
    if (n_more == 1)
        snprintf(out, PLAN_TARGETS_TEXT_BYTES, "%s and %s", first, second);
    else if (n_more > 1)
        snprintf(out, PLAN_TARGETS_TEXT_BYTES, "%zu targets", n_more + 1);
    return out;
}

size_t plan_find_cluster(const struct plan *plan, const char *name)
{
    size_t i = 0;
    while (i < plan->n_clusters && strcmp(plan->clusters[i].name, name) != 0)
        i++;
    return i;
}

uint64_t plan_n_connections(const struct plan *plan)
{
    uint64_t n = 0;
    for (size_t i = 0; i < plan->n_streams; i++)
        n += plan->streams[i].n_connections;
    return n;
}

static bool has_fixed_number(const struct plan_stream *s, const struct plan_phase *p)
{
    switch (p->kind) {
    case PLAN_PHASE_REQUESTS:
        return p->duration_ns == 0;
    case PLAN_PHASE_RATE:
    case PLAN_PHASE_RAMP:
        return s->arrivals != PLAN_POISSON;
    case PLAN_PHASE_DURATION:
        return false;
    case PLAN_PHASE_BURST:
    case PLAN_PHASE_REPLAY:
    case PLAN_PHASE_PAUSE:
        break;
    }
    return true;
}

uint64_t plan_first_number(const struct plan_stream *stream, size_t k)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < k; i++) {
        if (!has_fixed_number(stream, &stream->phases[i]))
            return UINT64_MAX;
        sum += stream->phases[i].n_requests;
    }
    return sum;
}

struct plan_length plan_length(const struct plan *plan)
{
    struct plan_length length = { 0 };
    for (size_t i = 0; i < plan->n_streams; i++) {
        const struct plan_stream *s = &plan->streams[i];
        uint64_t sum_ns = 0;
        for (size_t k = 0; k < s->n_phases; k++) {
            const bool is_open_ended = s->phases[k].kind == PLAN_PHASE_REQUESTS;
            sum_ns += is_open_ended ? 0 : s->phases[k].duration_ns;
            length.is_least = length.is_least || is_open_ended;
        }
        length.ns = sum_ns > length.ns ? sum_ns : length.ns;
    }
    return length;
}

uint64_t plan_draw_seed(void)
{
    uint64_t seed;
    if (TEMP_FAILURE_RETRY(getrandom(&seed, sizeof seed, 0)) != (ssize_t)sizeof seed)
        seed = clock_realtime_ns();
    return seed >> 11;
}

static int check_scope(const struct plan *plan, const char *scope, struct err *e)
{
    char names[512] = "";
    size_t used = 0;
    if (scope[0] == '\0' || plan_find_cluster(plan, scope) < plan->n_clusters)
        return 0;
    for (size_t i = 0; i < plan->n_streams; i++)
        if (strcmp(plan->streams[i].name, scope) == 0)
            return 0;
    for (size_t i = 0; i < plan->n_clusters + plan->n_streams && used < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "",
                                 i < plan->n_clusters ? plan->clusters[i].name
                                                      : plan->streams[i - plan->n_clusters].name);
    return err_set(e, ERR_INPUT, "there is no cluster or stream '%s'; there are %s", scope, names);
}

int plan_add_threshold(struct plan *plan, const char *text, struct err *e)
{
    struct threshold *larger = realloc(plan->thresholds, (plan->n_thresholds + 1) * sizeof *larger);
    if (!larger)
        return plan_out_of_memory(e);
    plan->thresholds = larger;
    struct threshold *t = &larger[plan->n_thresholds];
    if (threshold_parse(t, text, e))
        return -1;
    plan->n_thresholds++;
    return check_scope(plan, t->scope, e);
}
