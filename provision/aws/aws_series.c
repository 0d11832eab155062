#include "aws_series.h"

#include "deployment.h"
#include "elb_balancers.h"
#include "err.h"
#include "instance_type.h"

#include <stdlib.h>
#include <string.h>

enum scope { OF_BALANCER = 1, OF_GROUP = 2, OF_INSTANCE = 4, OF_BURSTABLE = 8 };

struct row {
    const char *metric;
    const char *statistic;
    const char *unit;
    unsigned scope; /* enum scope, or-ed */
    unsigned period_s;
};

/* Counts are sums; host counts are samples of each balancer node and must not be summed; CPU credits come
 * every five minutes only. */
static const struct row plain_rows[] = {
    { "RequestCount", "Sum", "Count", OF_BALANCER | OF_GROUP, 60 },
    { "TargetResponseTime", "Average", "Seconds", OF_BALANCER | OF_GROUP, 60 },
    { "HTTPCode_Target_2XX_Count", "Sum", "Count", OF_BALANCER | OF_GROUP, 60 },
    { "HTTPCode_Target_3XX_Count", "Sum", "Count", OF_BALANCER | OF_GROUP, 60 },
    { "HTTPCode_Target_4XX_Count", "Sum", "Count", OF_BALANCER | OF_GROUP, 60 },
    { "HTTPCode_Target_5XX_Count", "Sum", "Count", OF_BALANCER | OF_GROUP, 60 },
    { "HTTPCode_ELB_4XX_Count", "Sum", "Count", OF_BALANCER, 60 },
    { "HTTPCode_ELB_5XX_Count", "Sum", "Count", OF_BALANCER, 60 },
    { "HTTPCode_ELB_502_Count", "Sum", "Count", OF_BALANCER, 60 },
    { "HTTPCode_ELB_503_Count", "Sum", "Count", OF_BALANCER, 60 },
    { "HTTPCode_ELB_504_Count", "Sum", "Count", OF_BALANCER, 60 },
    { "HealthyHostCount", "Average", "Count", OF_GROUP, 60 },
    { "HealthyHostCount", "Minimum", "Count", OF_GROUP, 60 },
    { "UnHealthyHostCount", "Average", "Count", OF_GROUP, 60 },
    { "UnHealthyHostCount", "Maximum", "Count", OF_GROUP, 60 },
    { "ActiveConnectionCount", "Sum", "Count", OF_BALANCER, 60 },
    { "NewConnectionCount", "Sum", "Count", OF_BALANCER, 60 },
    { "RejectedConnectionCount", "Sum", "Count", OF_BALANCER, 60 },
    { "ProcessedBytes", "Sum", "Bytes", OF_BALANCER, 60 },
    { "ConsumedLCUs", "Sum", "Count", OF_BALANCER, 60 },
    { "RuleEvaluations", "Sum", "Count", OF_BALANCER, 60 },
    { "TargetConnectionErrorCount", "Sum", "Count", OF_BALANCER | OF_GROUP, 60 },
    { "CPUUtilization", "Average", "Percent", OF_INSTANCE, 60 },
    { "NetworkIn", "Sum", "Bytes", OF_INSTANCE, 60 },
    { "NetworkOut", "Sum", "Bytes", OF_INSTANCE, 60 },
    { "CPUCreditUsage", "Average", "Count", OF_BURSTABLE, 300 },
    { "CPUCreditBalance", "Average", "Count", OF_BURSTABLE, 300 },
};

static const struct row percentile_rows[] = {
    { "TargetResponseTime", "p50", "Seconds", OF_BALANCER | OF_GROUP, 60 },
    { "TargetResponseTime", "p95", "Seconds", OF_BALANCER | OF_GROUP, 60 },
    { "TargetResponseTime", "p99", "Seconds", OF_BALANCER | OF_GROUP, 60 },
};

static int add(struct aws_series_list *list, const struct row *row, const char *namespace,
               const struct cloudwatch_dimension *dimensions, size_t n_dimensions, const char *cluster,
               const char *instance)
{
    struct cloudwatch_series *series = realloc(list->series, (list->n + 1) * sizeof *series);
    if (series)
        list->series = series;
    struct aws_series *about = realloc(list->about, (list->n + 1) * sizeof *about);
    if (about)
        list->about = about;
    if (!series || !about)
        return -1;
    series[list->n] = (struct cloudwatch_series){
        .namespace = namespace,
        .metric = row->metric,
        .statistic = row->statistic,
        .period_s = row->period_s,
        .n_dimensions = n_dimensions,
    };
    memcpy(series[list->n].dimensions, dimensions, n_dimensions * sizeof *dimensions);
    about[list->n] = (struct aws_series){ row->unit, cluster, instance };
    list->n++;
    return 0;
}

static const char *tail_of(const struct deployment *d, const char *kind, const char *role)
{
    const struct deployment_resource *r = deployment_find_resource(d, kind, role);
    const char *arn = r ? deployment_resource_get(r, "id") : NULL;
    return arn ? elb_balancers_tail(arn) : NULL;
}

static int add_for_balancer(struct aws_series_list *list, const struct row *row, const struct deployment *d)
{
    struct cloudwatch_dimension dimensions[] = { { "LoadBalancer", tail_of(d, "load-balancer", NULL) },
                                                 { "TargetGroup", NULL } };
    if (!dimensions[0].value)
        return 0;
    if ((row->scope & OF_BALANCER) && add(list, row, "AWS/ApplicationELB", dimensions, 1, "", "") < 0)
        return -1;
    for (size_t i = 0; i < d->n_clusters && (row->scope & OF_GROUP); i++) {
        dimensions[1].value = tail_of(d, "target-group", d->clusters[i].is.name);
        if (dimensions[1].value &&
            add(list, row, "AWS/ApplicationELB", dimensions, 2, d->clusters[i].is.name, "") < 0)
            return -1;
    }
    return 0;
}

static int add_for_instances(struct aws_series_list *list, const struct row *row, const struct deployment *d)
{
    for (size_t i = 0; i < d->n_instances; i++) {
        const struct deployment_instance *n = &d->instances[i];
        const struct cloudwatch_dimension dimension = { "InstanceId", n->id };
        const bool burstable = instance_type_is_burstable(n->instance_type);
        if ((row->scope & OF_INSTANCE) || ((row->scope & OF_BURSTABLE) && burstable))
            if (add(list, row, "AWS/EC2", &dimension, 1, n->cluster, n->id) < 0)
                return -1;
    }
    return 0;
}

static int add_rows(struct aws_series_list *list, const struct row *rows, size_t n,
                    const struct deployment *d)
{
    for (size_t i = 0; i < n; i++)
        if (add_for_balancer(list, &rows[i], d) < 0 || add_for_instances(list, &rows[i], d) < 0)
            return -1;
    return 0;
}

int aws_series_list(struct aws_series_list *list, const struct deployment *d, struct err *e)
{
    *list = (struct aws_series_list){ 0 };
    int status = add_rows(list, plain_rows, sizeof plain_rows / sizeof plain_rows[0], d);
    list->n_plain = list->n;
    if (status == 0)
        status = add_rows(list, percentile_rows, sizeof percentile_rows / sizeof percentile_rows[0], d);
    return status == 0 ? 0 : err_set(e, ERR_FAILED, "out of memory");
}

void aws_series_fini(struct aws_series_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        cloudwatch_series_fini(&list->series[i]);
    free(list->series);
    free(list->about);
    *list = (struct aws_series_list){ 0 };
}

const struct cloudwatch_series *aws_series_requests(const struct aws_series_list *list)
{
    return list->n > 0 && strcmp(list->series[0].metric, "RequestCount") == 0 ? &list->series[0] : NULL;
}
