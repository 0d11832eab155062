#include "cloudwatch.h"

#include "aws_call.h"
#include "aws_client.h"
#include "clock.h"
#include "err.h"
#include "units.h"
#include "xml_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void add_series(struct form *f, const struct cloudwatch_series *s, size_t index)
{
    char id[24];
    char period[16];
    const size_t n = index + 1;
    snprintf(id, sizeof id, "s%zu", index);
    snprintf(period, sizeof period, "%u", s->period_s);
    form_addf(f, id, "MetricDataQueries.member.%zu.Id", n);
    form_addf(f, s->namespace, "MetricDataQueries.member.%zu.MetricStat.Metric.Namespace", n);
    form_addf(f, s->metric, "MetricDataQueries.member.%zu.MetricStat.Metric.MetricName", n);
    for (size_t i = 0; i < s->n_dimensions; i++) {
        form_addf(f, s->dimensions[i].name,
                  "MetricDataQueries.member.%zu.MetricStat.Metric.Dimensions.member.%zu.Name", n, i + 1);
        form_addf(f, s->dimensions[i].value,
                  "MetricDataQueries.member.%zu.MetricStat.Metric.Dimensions.member.%zu.Value", n, i + 1);
    }
    form_addf(f, period, "MetricDataQueries.member.%zu.MetricStat.Period", n);
    form_addf(f, s->statistic, "MetricDataQueries.member.%zu.MetricStat.Stat", n);
    form_addf(f, "true", "MetricDataQueries.member.%zu.ReturnData", n);
}

/* Inserts in order of time; a later value for the same time replaces the earlier one. */
static int insert_point(struct cloudwatch_series *s, struct cloudwatch_point p)
{
    size_t at = s->n_points;
    while (at > 0 && s->points[at - 1].time_s > p.time_s)
        at--;
    if (at > 0 && s->points[at - 1].time_s == p.time_s) {
        s->points[at - 1] = p;
        return 0;
    }
    struct cloudwatch_point *larger = realloc(s->points, (s->n_points + 1) * sizeof *larger);
    if (!larger)
        return -1;
    s->points = larger;
    memmove(larger + at + 1, larger + at, (s->n_points - at) * sizeof *larger);
    larger[at] = p;
    s->n_points++;
    return 0;
}

static int read_time(const struct xml_node *node, int64_t *time_s)
{
    char text[40];
    struct tm parts = { 0 };
    xml_tree_text(node, NULL, text, sizeof text);
    if (!strptime(text, "%Y-%m-%dT%H:%M:%S", &parts))
        return -1;
    *time_s = timegm(&parts);
    return 0;
}

static int read_points(struct cloudwatch_series *s, const struct xml_node *result, struct err *e)
{
    const struct xml_node *when = xml_tree_first(result, "Timestamps");
    const struct xml_node *what = xml_tree_first(result, "Values");
    for (; when && what; when = xml_tree_next(when), what = xml_tree_next(what)) {
        char text[64];
        struct cloudwatch_point p;
        xml_tree_text(what, NULL, text, sizeof text);
        if (read_time(when, &p.time_s) < 0 || units_parse_real(text, &p.value) < 0)
            return err_set(e, ERR_FAILED,
                           "CloudWatch GetMetricData: a point of %s has no readable time or value",
                           s->metric);
        if (insert_point(s, p) < 0)
            return err_set(e, ERR_FAILED, "out of memory");
    }
    if (when || what)
        return err_set(e, ERR_FAILED, "CloudWatch GetMetricData: %s has not as many times as values",
                       s->metric);
    return 0;
}

struct batch {
    struct cloudwatch_series *series;
    size_t n;
};

static int take_page(void *payload, const struct xml_node *reply, struct err *e)
{
    const struct batch *b = payload;
    const struct xml_node *result = xml_tree_first(reply, "GetMetricDataResult/MetricDataResults");
    for (; result; result = xml_tree_next(result)) {
        char text[32];
        xml_tree_text(result, "Id", text, sizeof text);
        const size_t index = text[0] == 's' ? strtoul(text + 1, NULL, 10) : b->n;
        if (index >= b->n)
            return err_set(e, ERR_FAILED,
                           "CloudWatch GetMetricData: the reply holds a series '%s' that was not asked for",
                           text);
        xml_tree_text(result, "StatusCode", text, sizeof text);
        b->series[index].complete = strcmp(text, "Complete") == 0;
        if (read_points(&b->series[index], result, e) < 0)
            return -1;
    }
    return 0;
}

static int get_batch(struct aws_client *c, struct batch b, int64_t start_s, int64_t end_s, struct err *e)
{
    char text[CLOCK_UTC_TEXT_BYTES];
    struct aws_call call;
    aws_call_init(&call, AWS_CLOUDWATCH, "GetMetricData", true);
    form_add(&call.form, "StartTime", clock_utc_text((uint64_t)start_s * NS_PER_S, text));
    form_add(&call.form, "EndTime", clock_utc_text((uint64_t)end_s * NS_PER_S, text));
    form_add(&call.form, "ScanBy", "TimestampAscending");
    for (size_t i = 0; i < b.n; i++)
        add_series(&call.form, &b.series[i], i);
    const int status =
        aws_client_pages(c, &call, "NextToken", "GetMetricDataResult/NextToken", take_page, &b, e);
    aws_call_fini(&call);
    return status;
}

int cloudwatch_get(struct aws_client *c, struct cloudwatch_series *series, size_t n, int64_t start_s,
                   int64_t end_s, struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        cloudwatch_series_fini(&series[i]);
        series[i].complete = false;
    }
    for (size_t i = 0; i < n; i += CLOUDWATCH_SERIES_AT_ONCE) {
        const size_t left = n - i;
        const struct batch b = { series + i,
                                 left < CLOUDWATCH_SERIES_AT_ONCE ? left : CLOUDWATCH_SERIES_AT_ONCE };
        if (get_batch(c, b, start_s, end_s, e) < 0)
            return -1;
    }
    return 0;
}

void cloudwatch_series_fini(struct cloudwatch_series *series)
{
    free(series->points);
    series->points = NULL;
    series->n_points = 0;
}
