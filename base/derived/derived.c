#include "derived.h"

#include "csv.h"
#include "err.h"
#include "tag_set.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct derived_phase *find_phase(const struct derived_run *run, const struct tag *tag)
{
    for (size_t i = 0; i < run->n_phases; i++) {
        const struct derived_phase *p = &run->phases[i];
        if (strcmp(p->stream, tag->stream) == 0 && strcmp(p->cluster, tag->cluster) == 0 &&
            strcmp(p->name, tag->phase) == 0)
            return p;
    }
    return NULL;
}

static bool has_step(const struct derived_stream *stream, const char *step)
{
    for (size_t i = 0; i < stream->n_rows; i++)
        if (strcmp(stream->rows[i].name, step) == 0)
            return true;
    return !stream->rows && !*step;
}

static const struct derived_stream *find_stream(const struct derived_run *run, const struct tag *tag)
{
    for (size_t i = 0; i < run->n_streams; i++)
        if (strcmp(run->streams[i].name, tag->stream) == 0 &&
            strcmp(run->streams[i].cluster, tag->cluster) == 0)
            return &run->streams[i];
    return NULL;
}

/* A tag that no table would show must not be lost silently. */
static int check_tags(const struct derived_run *run, struct err *e)
{
    char text[TAGS_TEXT_BYTES];
    for (size_t i = 0; i < run->tags->n; i++) {
        const struct tag *tag = &run->tags->rows[i].tag;
        const struct derived_stream *stream = find_stream(run, tag);
        if (!stream || !has_step(stream, tag->step) || !find_phase(run, tag))
            return err_set(e, ERR_INPUT,
                           "the run has no such stream, cluster and phase as the tag '%s' of hist.hlog names",
                           tags_format(tag, text));
    }
    return 0;
}

static void put_s(struct csv_writer *w, uint64_t ns)
{
    if (ns == DERIVED_NONE)
        csv_empty(w);
    else
        csv_s(w, ns);
}

static void write_phases(const struct derived_run *run, struct csv_writer *w)
{
    for (size_t i = 0; i < run->n_phases; i++) {
        const struct derived_phase *p = &run->phases[i];
        csv_text(w, p->stream);
        csv_text(w, p->cluster);
        csv_text(w, p->name);
        csv_text(w, p->kind);
        csv_u64(w, p->warmup);
        put_s(w, p->start_ns);
        put_s(w, p->end_ns);
        if (p->n_requests == DERIVED_NONE)
            csv_empty(w);
        else
            csv_u64(w, p->n_requests);
        csv_real(w, p->rate_per_s);
        csv_real(w, p->rate_end_per_s);
        csv_end_row(w);
    }
}

static void write_checks(const struct derived_run *run, struct csv_writer *w)
{
    for (size_t i = 0; i < run->n_checks; i++) {
        const struct derived_check *c = &run->checks[i];
        csv_text(w, c->rule);
        csv_text(w, c->scope);
        csv_text(w, c->level);
        csv_real(w, c->value);
        csv_text(w, c->unit);
        csv_real(w, c->warn);
        csv_real(w, c->invalid);
        csv_text(w, c->what);
        csv_text(w, c->advice);
        csv_end_row(w);
    }
}

enum table { PERCENTILES, INSTANCES, PHASES, CHECKS, N_TABLES };

static int write_rows(const struct derived_run *run, enum table table, struct csv_writer *w, struct err *e)
{
    switch (table) {
    case PERCENTILES:
        return derived_percentiles(run, w, e);
    case INSTANCES:
        return derived_instances(run, w, e);
    case PHASES:
        write_phases(run, w);
        break;
    case CHECKS:
        write_checks(run, w);
        break;
    case N_TABLES:
        break;
    }
    return 0;
}

int derived_write(const struct derived_run *run, const char *folder, struct err *e)
{
    static const struct {
        const char *file, *header;
    } tables[N_TABLES] = {
        [PERCENTILES] = { "percentiles.csv", "cluster,stream,step,phase,class,metric,p_ppm,inv_tail,value_us,"
                                             "at_least_us,state,lo_"
                                             "us,hi_us,ci_method,n,n_beyond" },
        [INSTANCES] = { "instances.csv",
                        "cluster,instance,requests_n,ok_n,err_n,expected_n,residual,band_lo_n,band_hi_n,"
                        "p50_us,p99_us,chi2,df,p_uneven,p_even" },
        [PHASES] = { "phases.csv",
                     "stream,cluster,phase,kind,warmup,start_s,end_s,requests_n,rate_per_s,rate_end_per_s" },
        [CHECKS] = { "checks.csv", "rule,scope,level,value,unit,warn,invalid,what,advice" },
    };
    if (check_tags(run, e))
        return -1;
    for (unsigned i = 0; i < N_TABLES; i++) {
        struct csv_writer w;
        struct err closing;
        char path[PATH_MAX];
        if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, tables[i].file) >= sizeof path)
            return err_set(e, ERR_FAILED, "the path of %s is too long", tables[i].file);
        if (csv_create(&w, path, tables[i].header, e))
            return -1;
        if (write_rows(run, (enum table)i, &w, e)) {
            csv_close(&w, &closing);
            return -1;
        }
        if (csv_close(&w, e))
            return -1;
    }
    return 0;
}
