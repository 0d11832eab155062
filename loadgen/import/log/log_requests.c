#include "log_requests.h"

#include "csv.h"
#include "units.h"

#include <inttypes.h>
#include <string.h>

void log_requests_begin(const struct log_requests *r)
{
    fputs("due_s,row,method,path,status", r->file);
    if (r->summary->has_times)
        fputs(",took_s", r->file);
    if (r->has_hosts)
        fputs(",header:host", r->file);
    if (r->summary->has_agents)
        fputs(",header:user-agent", r->file);
    if (r->summary->has_referers)
        fputs(",header:referer", r->file);
    fputc('\n', r->file);
}

/* As csv.h describes cells. */
static void put_cell(FILE *out, const char *text)
{
    const bool is_quoted = strpbrk(text, ",\"\r\n") != NULL;
    fputc(',', out);
    if (is_quoted)
        fputc('"', out);
    if (csv_is_formula(text))
        fputc('\'', out);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    if (is_quoted)
        fputc('"', out);
}

static void put_seconds(FILE *out, uint64_t ns)
{
    fprintf(out, "%" PRIu64 ".%06" PRIu64, ns / NS_PER_S, ns % NS_PER_S / NS_PER_US);
}

void log_requests_put(const struct log_requests *r, const struct log_entry *entry)
{
    char origin[LOG_ORIGIN_BYTES];
    FILE *out = r->file;
    put_seconds(out, entry->due_ns - r->summary->first_ns);
    put_cell(out, log_groups_row(&r->summary->groups, entry->method, entry->path));
    put_cell(out, entry->method);
    put_cell(out, entry->path);
    fputc(',', out);
    if (entry->status)
        fprintf(out, "%u", entry->status);
    if (r->summary->has_times)
        fputc(',', out);
    if (r->summary->has_times && entry->took_ns != LOG_UNKNOWN)
        put_seconds(out, entry->took_ns);
    if (r->has_hosts) {
        const char *host = strstr(log_origins_text(entry->origin, origin), "://");
        put_cell(out, host ? host + 3 : "");
    }
    if (r->summary->has_agents)
        put_cell(out, entry->agent);
    if (r->summary->has_referers)
        put_cell(out, entry->referer);
    fputc('\n', out);
}
