#include "recording.h"

#include "err.h"
#include "fnv.h"
#include "input_files.h"
#include "plan.h"
#include "recording_lines.h"
#include "request.h"
#include "text_out.h"
#include "units.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- the names of rows --- */

/* The slot that holds the name, or the free one where it belongs. */
static uint8_t *find_slot(const struct recording_names *names, const struct recording_text *name)
{
    uint32_t at = fnv_hash(name->text, name->length_bytes);
    for (;; at++) {
        const uint8_t *slot = &names->slots[at % RECORDING_NAME_SLOTS];
        const char *known = *slot ? names->list[*slot - 1] : NULL;
        if (!known || (strncmp(known, name->text, name->length_bytes) == 0 && !known[name->length_bytes]))
            return (uint8_t *)(uintptr_t)slot;
    }
}

uint32_t recording_row(const struct recording_names *names, const struct recording_text *name)
{
    const uint8_t slot = *find_slot(names, name);
    return slot ? slot - 1u : UINT32_MAX;
}

/* False when there are too many. */
static bool add_name(struct recording_names *names, const struct recording_text *name)
{
    uint8_t *slot = find_slot(names, name);
    if (*slot)
        return true;
    if (names->n == RECORDING_ROWS_MOST)
        return false;
    memcpy(names->list[names->n], name->text, name->length_bytes);
    names->list[names->n][name->length_bytes] = '\0';
    *slot = (uint8_t)++names->n;
    return true;
}

/* --- what requests share --- */

/* Whether the scenario gives the header. */
static bool gives(const struct recording *r, const char *name)
{
    const size_t length = strlen(name);
    for (const char *line = r->head; *line; line = strchr(line, '\n') + 1)
        if (strncasecmp(line, name, length) == 0 && line[length] == ':')
            return true;
    return false;
}

/* The line of a header that the scenario does not give; "" when it does. NULL when memory is short. */
static char *own_line(const struct recording *r, const char *name, const char *value)
{
    struct text_out out;
    if (text_out_begin(&out) && !gives(r, name))
        fprintf(out.file, "%s: %s\r\n", name, value);
    return text_out_end(&out);
}

struct recording *recording_new(const struct plan_target *target, const char *head, const char *shown_head,
                                bool closes)
{
    struct recording *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->closes = closes;
    r->is_http2 = target->http != PLAN_HTTP_1;
    r->head = strdup(head);
    r->shown_head = strdup(shown_head);
    r->base_path = strdup(target->base_path);
    r->host_line = r->head ? own_line(r, "Host", target->host_header) : NULL;
    r->agent_line = r->head ? own_line(r, "User-Agent", "loadgen/" LOADGEN_VERSION) : NULL;
    if (r->base_path && r->shown_head && r->host_line && r->agent_line)
        return r;
    recording_free(r);
    return NULL;
}

void recording_free(struct recording *r)
{
    if (!r)
        return;
    free(r->base_path);
    free(r->host_line);
    free(r->agent_line);
    free(r->head);
    free(r->shown_head);
    free(r);
}

/* --- the file --- */

struct scan {
    struct recording *recording;
    struct recording_part *part;
    const struct recording_wish *wish;
    struct recording_lines lines;
    uint64_t line_number;
    uint64_t n_read;
    uint64_t first_ns, before_ns;
    uint64_t second, n_in_second;
};

static int blame(const struct scan *s, const char *wrong, struct err *e)
{
    return err_set(e, ERR_INPUT, "%s:%" PRIu64 ": this line cannot be replayed: %s", s->part->name,
                   s->line_number, wrong);
}

/* Whether the phase ends before this time in the file. */
static bool is_beyond(const struct scan *s, uint64_t due_ns)
{
    const uint64_t limit_ns = s->wish->duration_ns;
    return limit_ns > 0 && due_ns >= s->part->from_ns && recording_due_ns(s->part, due_ns) >= limit_ns;
}

static void count_second(struct scan *s, uint64_t due_ns)
{
    const uint64_t second = due_ns / NS_PER_S;
    s->n_in_second = second == s->second ? s->n_in_second + 1 : 1;
    s->second = second;
    if (s->n_in_second > s->part->n_busiest)
        s->part->n_busiest = s->n_in_second;
}

/* `begin_bytes` is where the line begins. */
static int take_line(struct scan *s, const struct recording_line *line, uint64_t begin_bytes, struct err *e)
{
    struct recording_part *part = s->part;
    if (s->n_read++ == 0) {
        s->first_ns = line->due_ns;
        if (__builtin_add_overflow(line->due_ns, s->wish->skip_ns, &part->from_ns))
            return blame(s, "its due_s is too large", e);
    } else if (line->due_ns < s->before_ns) {
        return blame(s, "it is due before the line above it; sort the file by due_s", e);
    }
    s->before_ns = line->due_ns;
    if (line->due_ns < part->from_ns || is_beyond(s, line->due_ns))
        return 0;
    if (part->columns.row >= 0 && !add_name(&s->recording->names, &line->row))
        return blame(s, "the recorded requests of a stream have more than 64 different rows", e);
    if (part->n++ == 0)
        part->from_bytes = begin_bytes;
    part->last_ns = line->due_ns;
    count_second(s, line->due_ns);
    return 0;
}

static int read_heading(struct scan *s, struct err *e)
{
    static const char mark[] = "\xEF\xBB\xBF";
    size_t length = 0;
    char *line = recording_lines_next(&s->lines, &length);
    s->line_number = 1;
    if (!line && !s->lines.error)
        return err_set(e, ERR_INPUT, "%s is empty", s->part->name);
    if (!line)
        return 0; /* reported by read_lines */
    const size_t skipped = length >= 3 && memcmp(line, mark, 3) == 0 ? 3 : 0;
    if (recording_columns_read(&s->part->columns, line + skipped, length - skipped, e))
        return err_prefix(e, "%s:1", s->part->name);
    for (size_t i = 0; i < s->part->columns.n_headers; i++) {
        struct recording_header_column *h = &s->part->columns.headers[i];
        h->is_unused = gives(s->recording, h->name);
        if (s->recording->is_http2 && request_check_http2_header(h->name, "trailers", e))
            return err_prefix(e, "%s:1", s->part->name);
    }
    return 0;
}

static int read_lines(struct scan *s, struct err *e)
{
    struct recording_line line;
    size_t length;
    for (;;) {
        const uint64_t begin_bytes = recording_lines_place(&s->lines);
        char *text = recording_lines_next(&s->lines, &length);
        if (!text)
            break;
        s->line_number++;
        const char *wrong = recording_line_read(&line, &s->part->columns, text, length);
        if (wrong ? blame(s, wrong, e) : take_line(s, &line, begin_bytes, e))
            return -1;
    }
    if (s->lines.error == E2BIG) {
        s->line_number++;
        return blame(s, "it is longer than 64 KiB", e);
    }
    errno = s->lines.error;
    return s->lines.error ? err_errno(e, ERR_FAILED, "cannot read %s", s->part->name) : 0;
}

static int check_part(const struct scan *s, struct err *e)
{
    const double most_ns = 2.592e15; /* 30 days */
    const struct recording_part *part = s->part;
    if (s->n_read == 0)
        return err_set(e, ERR_INPUT, "%s holds no requests", part->name);
    if (part->n == 0)
        return err_set(e, ERR_INPUT, "%s has no request in this part: its last one is %.3f s after its first",
                       part->name, (double)(s->before_ns - s->first_ns) / 1e9);
    if ((double)(part->last_ns - part->from_ns) / part->speed >= most_ns)
        return err_set(e, ERR_INPUT, "at this speed %s would take longer than 30 days", part->name);
    return 0;
}

static int scan(struct scan *s, struct input_files *in, const char *path, struct err *e)
{
    char real[PATH_MAX];
    if (input_files_keep(in, path, SIZE_MAX, e) || input_files_path(in, path, real, e))
        return -1;
    s->part->path = strdup(real);
    s->part->name = strdup(path);
    if (!s->part->path || !s->part->name)
        return plan_out_of_memory(e);
    if (recording_lines_open(&s->lines, real, 0))
        return errno == ESPIPE
                   ? err_set(e, ERR_INPUT, "%s must be a file, as it is read more than once", path)
                   : err_errno(e, ERR_INPUT, "cannot open %s", path);
    return read_heading(s, e) || read_lines(s, e) || check_part(s, e) ? -1 : 0;
}

struct recording_part *recording_scan(struct recording *r, struct input_files *in, const char *path,
                                      const struct recording_wish *wish, struct err *e)
{
    struct recording_part *part = calloc(1, sizeof *part);
    if (!part) {
        plan_out_of_memory(e);
        return NULL;
    }
    part->speed = wish->speed;
    struct scan s = { .recording = r, .part = part, .wish = wish, .lines.fd = -1, .second = UINT64_MAX };
    const int status = scan(&s, in, path, e);
    recording_lines_close(&s.lines);
    if (status == 0)
        return part;
    recording_part_free(part);
    return NULL;
}

void recording_part_free(struct recording_part *part)
{
    if (!part)
        return;
    recording_columns_fini(&part->columns);
    free(part->path);
    free(part->name);
    free(part);
}
