#include "run_window.h"

#include "err.h"
#include "files.h"
#include "units.h"

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUN_JSON_BYTES_MOST = 64 * 1024 * 1024 };

/* Requests that found no connection count as sent, but nothing of them left this machine. */
static uint64_t n_sent(const json_t *totals)
{
    static const char *const unconnected[] = { "dns", "connect", "tls", "ports" };
    const json_t *errors = json_object_get(totals, "errors");
    json_int_t n = json_integer_value(json_object_get(totals, "sent_n"));
    for (size_t i = 0; i < sizeof unconnected / sizeof *unconnected; i++)
        n -= json_integer_value(json_object_get(errors, unconnected[i]));
    return n > 0 ? (uint64_t)n : 0;
}

static int read_times(const json_t *root, const char *path, struct run_window *w, struct err *e)
{
    const json_t *t0 = json_object_get(root, "t0_realtime_ns");
    const json_t *duration = json_object_get(root, "duration_s");
    const double duration_s = json_number_value(duration);
    if (!json_is_integer(t0) || json_integer_value(t0) <= 0 || !json_is_number(duration) || duration_s < 0 ||
        duration_s >= 1e9)
        return err_set(e, ERR_INPUT,
                       "%s does not say when the run was: 't0_realtime_ns' and 'duration_s' must be numbers",
                       path);
    w->start_ns = (uint64_t)json_integer_value(t0);
    w->end_ns = w->start_ns + (uint64_t)(duration_s * 1e9);
    w->sent_n = n_sent(json_object_get(root, "totals"));
    return 0;
}

static int check_deployment(const json_t *root, const char *folder, const char *id, struct err *e)
{
    const char *of_run = json_string_value(json_object_get(json_object_get(root, "deployment"), "run_id"));
    if (!of_run || strcmp(of_run, id) == 0)
        return 0;
    return err_set(e, ERR_INPUT, "the run %s was made against another deployment, %s, not this one, %s",
                   folder, of_run, id);
}

int run_window_read(const char *folder, const char *deployment_id, struct run_window *w, struct err *e)
{
    char path[PATH_MAX];
    char *text;
    size_t length;
    if ((size_t)snprintf(path, sizeof path, "%s/run.json", folder) >= sizeof path)
        return err_set(e, ERR_INPUT, "the path of the run folder is too long");
    if (files_read(path, RUN_JSON_BYTES_MOST, &text, &length, e) < 0)
        return -1;
    json_t *root = json_loadb(text, length, 0, NULL);
    free(text);
    const int status =
        read_times(root, path, w, e) || check_deployment(root, folder, deployment_id, e) ? -1 : 0;
    json_decref(root);
    return status;
}

void run_window_print(const struct run_window *w, const char *who, uint64_t counted_n)
{
    char counted[UNITS_TEXT_BYTES];
    char sent[UNITS_TEXT_BYTES];
    char difference[UNITS_TEXT_BYTES];
    const bool is_less = counted_n < w->sent_n;
    units_count_text(is_less ? w->sent_n - counted_n : counted_n - w->sent_n, difference);
    printf("requests      %s %s, client %s, difference %s%s\n", who, units_count_text(counted_n, counted),
           units_count_text(w->sent_n, sent),
           is_less                 ? "-"
           : counted_n > w->sent_n ? "+"
                                   : "",
           difference);
}

int run_window_check(const struct run_window *w, const char *who, uint64_t counted_n, const char *remedy,
                     struct err *e)
{
    char missing[UNITS_TEXT_BYTES];
    char sent[UNITS_TEXT_BYTES];
    if (counted_n >= w->sent_n || w->sent_n - counted_n <= w->sent_n / 100)
        return 0;
    return err_set(e, ERR_FAILED, "%s lacks %s of the client's %s requests (%.0f %%): %s", who,
                   units_count_text(w->sent_n - counted_n, missing), units_count_text(w->sent_n, sent),
                   100.0 * (double)(w->sent_n - counted_n) / (double)w->sent_n, remedy);
}
