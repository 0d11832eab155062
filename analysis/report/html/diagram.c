#include "diagram.h"

#include "child.h"
#include "err.h"
#include "files.h"
#include "report_html.h"
#include "run_deployment.h"
#include "text_out.h"
#include "units.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INSTANCES_SHOWN = 12, PATH_BYTES = 4096, DIAGRAM_MOST_BYTES = 16 << 20 };

static const char *balancer_name(const char *kind)
{
    if (strcmp(kind, "haproxy") == 0)
        return "HAProxy";
    return strcmp(kind, "alb") == 0 || strcmp(kind, "application") == 0 ? "Application Load Balancer" : kind;
}

/* Begins a node whose label is a column of lines, the first in bold. Graphviz's HTML-like labels are
 * escaped like HTML. */
static void begin_node(FILE *out, const char *id, size_t number, const char *colour)
{
    fprintf(out,
            "  %s%zu [label=<<table border=\"1\" color=\"%s\" cellborder=\"0\" cellspacing=\"0\" "
            "cellpadding=\"5\" style=\"rounded\"><tr><td><table border=\"0\" cellspacing=\"0\" "
            "cellpadding=\"2\">",
            id, number, colour);
}

static void head_line(FILE *out, const char *text)
{
    fputs("<tr><td align=\"left\"><b>", out);
    report_html_text(out, text);
    fputs("</b>&#160;</td></tr>", out);
}

__attribute__((format(printf, 2, 3))) static void line(FILE *out, const char *format, ...)
{
    char text[300];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fputs("<tr><td align=\"left\">", out);
    report_html_text(out, text);
    fputs("&#160;&#160;</td></tr>", out);
}

static void end_node(FILE *out)
{
    fputs("</table></td></tr></table>>];\n", out);
}

static const char *colour_of(size_t cluster)
{
    static const char *const colours[] = { "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00" };
    return colours[cluster % (sizeof colours / sizeof *colours)];
}

static size_t find_cluster(const struct deployment *d, const char *name)
{
    size_t i = 0;
    while (i < d->n_clusters && strcmp(d->clusters[i].name, name) != 0)
        i++;
    return i;
}

static void write_listener(FILE *out, const struct deployment *d)
{
    begin_node(out, "listener", 0, "#444444");
    head_line(out, balancer_name(d->balancer ? d->balancer : "load balancer"));
    if (d->protocol)
        line(out, "listener %s:%" PRIu64, d->protocol, d->port);
    if (d->algorithm)
        line(out, "%s", strcmp(d->algorithm, "round_robin") == 0 ? "round robin" : d->algorithm);
    end_node(out);
}

static void write_rules(FILE *out, const struct deployment *d)
{
    for (size_t i = 0; i < d->n_rules; i++) {
        begin_node(out, "rule", i, "#444444");
        char head[64];
        snprintf(head, sizeof head, "rule %" PRIu64, d->rules[i].priority);
        head_line(out, head);
        for (size_t k = 0; k < json_array_size(d->rules[i].paths); k++) {
            const char *path = json_string_value(json_array_get(d->rules[i].paths, k));
            line(out, "%s", path ? path : "?");
        }
        end_node(out);
        fprintf(out, "  listener0 -> rule%zu;\n  rule%zu -> group%zu;\n", i, i,
                find_cluster(d, d->rules[i].cluster));
    }
    if (d->n_shares > 0) {
        begin_node(out, "default", 0, "#444444");
        head_line(out, "default rule");
        line(out, "any other path");
        end_node(out);
        fputs("  listener0 -> default0;\n", out);
    }
    for (size_t i = 0; i < d->n_shares; i++) {
        fprintf(out, "  default0 -> group%zu", find_cluster(d, d->shares[i].cluster));
        if (d->n_shares > 1)
            fprintf(out, " [label=\"weight %" PRIu64 "\"]", d->shares[i].weight);
        fputs(";\n", out);
    }
}

static void write_instances(FILE *out, const struct deployment *d, size_t cluster)
{
    size_t n = 0;
    begin_node(out, "instances", cluster, colour_of(cluster));
    for (size_t i = 0; i < d->n_instances; i++) {
        if (strcmp(d->instances[i].cluster, d->clusters[cluster].name) != 0)
            continue;
        if (n++ < INSTANCES_SHOWN)
            line(out, "%s", d->instances[i].id);
    }
    char text[UNITS_TEXT_BYTES];
    if (n > INSTANCES_SHOWN)
        line(out, "and %s more", units_count_text(n - INSTANCES_SHOWN, text));
    if (n == 0)
        line(out, "no instance");
    end_node(out);
}

static void write_group(FILE *out, const struct deployment *d, size_t cluster)
{
    const struct deployment_cluster *c = &d->clusters[cluster];
    begin_node(out, "group", cluster, colour_of(cluster));
    head_line(out, c->name);
    line(out, "%" PRIu64 " x %s", c->count, c->instance_type ? c->instance_type : "instance");
    if (c->zone)
        line(out, "%s", c->zone);
    if (d->health_path)
        line(out, "healthy: %s gives %" PRIu64, d->health_path, d->health_status);
    end_node(out);
    fprintf(out, "  group%zu -> instances%zu;\n", cluster, cluster);
}

void diagram_write(FILE *out, const struct deployment *d)
{
    fputs("digraph deployment {\n"
          "  graph [rankdir=LR, nodesep=0.15, ranksep=0.35, pad=0.1, bgcolor=\"transparent\"];\n"
          "  node [shape=plain, fontname=\"DejaVu Sans\", fontsize=11, fontcolor=\"#222222\"];\n"
          "  edge [color=\"#777777\", arrowsize=0.6, fontname=\"DejaVu Sans\", fontsize=10];\n",
          out);
    write_listener(out, d);
    write_rules(out, d);
    for (size_t i = 0; i < d->n_clusters; i++) {
        write_group(out, d, i);
        write_instances(out, d, i);
    }
    fputs("}\n", out);
}

/* Replaces the description if it changed; then returns 1. */
static int update(const char *path, const char *text, size_t n, struct err *e)
{
    struct err ignored;
    char *old = NULL;
    size_t old_n = 0;
    const bool same = access(path, F_OK) == 0 &&
                      !files_read(path, DIAGRAM_MOST_BYTES, &old, &old_n, &ignored) && old_n == n &&
                      memcmp(old, text, n) == 0;
    free(old);
    if (same)
        return 0;
    return files_write(path, text, n, 0644, e) ? -1 : 1;
}

static bool is_drawn(const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0 && S_ISREG(about.st_mode);
}

/* Runs dot in the folder, where all names are ours: 0, or 1 with the reason. A picture moves to its place
 * when whole; one that cannot be redrawn is removed. */
static int run_dot(const char *folder, const char *format, char *reason, size_t reason_bytes)
{
    char option[16], name[32], new_path[PATH_BYTES], path[PATH_BYTES], said[CHILD_SAID_BYTES];
    snprintf(option, sizeof option, "-T%s", format);
    snprintf(name, sizeof name, "diagram.%s.new", format);
    snprintf(new_path, sizeof new_path, "%s/%s", folder, name);
    snprintf(path, sizeof path, "%s/diagram.%s", folder, format);
    unlink(new_path); /* dot would write through a link */
    const char *const argv[] = { "dot", option, "-o", name, "diagram.dot", NULL };
    const enum child_end end = child_run(argv, folder, said);
    if (end == CHILD_DONE && rename(new_path, path) == 0)
        return 0;
    unlink(new_path);
    unlink(path);
    if (end == CHILD_MISSING)
        snprintf(reason, reason_bytes, "dot is not installed or not on PATH; install graphviz");
    else
        snprintf(reason, reason_bytes, "dot failed on diagram.%s: %.200s", format,
                 end == CHILD_DONE ? "it drew nothing" : said);
    return 1;
}

int diagram_draw(const struct deployment *d, const char *folder, char *reason, size_t reason_bytes,
                 struct err *e)
{
    static const char *const formats[] = { "svg", "pdf" };
    struct text_out diagram;
    if (text_out_begin(&diagram))
        diagram_write(diagram.file, d);
    char *text = text_out_end(&diagram);
    char from[PATH_BYTES], to[PATH_BYTES];
    snprintf(from, sizeof from, "%s/diagram.dot", folder);
    const int changed = text ? update(from, text, diagram.length_bytes, e)
                             : err_set(e, ERR_FAILED, "out of memory for the diagram");
    free(text);
    if (changed < 0)
        return -1;
    for (size_t i = 0; i < 2; i++) {
        snprintf(to, sizeof to, "%s/diagram.%s", folder, formats[i]);
        if ((changed || !is_drawn(to)) && run_dot(folder, formats[i], reason, reason_bytes))
            return 1;
    }
    return 0;
}
