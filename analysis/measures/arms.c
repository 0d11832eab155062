#include "arms.h"

#include "err.h"
#include "run_json.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The fixed style of a kind of instance, or 0. */
static int style_of_label(const char *label)
{
    if (strncasecmp(label, "m4", 2) == 0)
        return 1;
    return strncasecmp(label, "t2", 2) == 0 ? 2 : 0;
}

static bool style_is_taken(const struct arm *arms, size_t n, int style)
{
    for (size_t i = 0; i < n; i++)
        if (arms[i].style == style)
            return true;
    return false;
}

static void choose_styles(struct arm *arms, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const int style = style_of_label(arms[i].label);
        arms[i].style = style && !style_is_taken(arms, i, style) ? style : 0;
    }
    int next = 1;
    for (size_t i = 0; i < n; i++) {
        while (!arms[i].style && style_is_taken(arms, n, next))
            next++;
        if (!arms[i].style)
            arms[i].style = next;
    }
}

static bool has_stream(const struct run_json *run, const char *cluster)
{
    for (size_t i = 0; i < run->n_streams; i++)
        if (strcmp(run->streams[i].cluster, cluster) == 0)
            return true;
    return false;
}

static int add_arm(struct arm *arms, size_t *n, const struct run_json *run, const char *cluster,
                   struct err *e)
{
    struct arm *arm = &arms[*n];
    *arm = (struct arm){ .cluster = cluster, .def = run_json_cluster(run, cluster), .label = cluster };
    const char *label = arm->def ? arm->def->label : NULL;
    if (label)
        arm->label = label;
    const int status = strcmp(arm->label, cluster) != 0 ? asprintf(&arm->series, "%s (%s)", label, cluster)
                                                        : asprintf(&arm->series, "%s", cluster);
    if (status < 0) {
        arm->series = NULL;
        return err_set(e, ERR_FAILED, "out of memory for the names of clusters");
    }
    ++*n;
    return 0;
}

int arms_of_run(const struct run_json *run, struct arm **arms, size_t *n, struct err *e)
{
    *n = 0;
    *arms = calloc(run->n_clusters + run->n_streams + 1, sizeof **arms);
    if (!*arms)
        return err_set(e, ERR_FAILED, "out of memory for the names of clusters");
    for (size_t i = 0; i < run->n_clusters; i++)
        if (has_stream(run, run->clusters[i].name) && add_arm(*arms, n, run, run->clusters[i].name, e))
            return -1;
    for (size_t i = 0; i < run->n_streams; i++)
        if (arms_index(*arms, *n, run->streams[i].cluster) == *n &&
            add_arm(*arms, n, run, run->streams[i].cluster, e))
            return -1;
    choose_styles(*arms, *n);
    return 0;
}

void arms_free(struct arm *arms, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(arms[i].series);
    free(arms);
}

size_t arms_index(const struct arm *arms, size_t n, const char *cluster)
{
    size_t i = 0;
    while (i < n && strcmp(arms[i].cluster, cluster) != 0)
        i++;
    return i;
}

int arms_style(const char *label, int otherwise)
{
    const int style = style_of_label(label);
    return style ? style : otherwise;
}
