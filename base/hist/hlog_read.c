#include "err.h"
#include "files.h"
#include "hlog.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char VERSION[] = "#[Histogram log format version 1.";
static const char START_TIME[] = "#[StartTime: ";

/* Puts file and line in front of the sentence. */
static int at_line(const struct hlog_reader *r, struct err *e)
{
    return err_prefix(e, "%s:%" PRIu64, r->path, r->line_number);
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

/* Reads a line and removes its line end: 1, or 0 at the end of the file, or -1. */
static int read_line(struct hlog_reader *r, struct err *e)
{
    errno = 0;
    const ssize_t length = getline(&r->text, &r->text_bytes, r->file);
    if (length < 0)
        return ferror(r->file) || errno == ENOMEM ? err_errno(e, ERR_FAILED, "cannot read %s", r->path) : 0;
    r->line_number++;
    r->line_bytes = r->end_bytes;
    r->end_bytes += (uint64_t)length;
    r->length_bytes = (size_t)length;
    r->is_terminated = r->text[length - 1] == '\n';
    while (r->length_bytes > 0 && is_line_end(r->text[r->length_bytes - 1]))
        r->length_bytes--;
    r->text[r->length_bytes] = '\0';
    return 1;
}

/* Reads "12.345" as nanoseconds (digits beyond the ninth decimal are dropped) and moves `*text` past it. */
static bool take_seconds(const char **text, uint64_t *ns)
{
    const char *p = *text;
    uint64_t seconds = 0;
    uint64_t fraction_ns = 0;
    if (!(*p >= '0' && *p <= '9'))
        return false;
    for (; *p >= '0' && *p <= '9'; p++) {
        seconds = 10 * seconds + (uint64_t)(*p - '0');
        if (seconds > INT64_MAX / 1000000000)
            return false;
    }
    if (*p == '.') {
        p++;
        for (uint64_t unit_ns = 100000000; *p >= '0' && *p <= '9'; p++, unit_ns /= 10)
            fraction_ns += unit_ns * (uint64_t)(*p - '0');
    }
    *ns = seconds * 1000000000 + fraction_ns;
    *text = p;
    return true;
}

static bool take_comma(const char **text)
{
    const bool is_there = **text == ',';
    *text += is_there;
    return is_there;
}

/* [Tag=<tag>,]<start_s>,<length_s>,<max_ms>,<histogram>; cuts the tag out of the text. */
static bool take_apart(struct hlog_reader *r, struct hlog_line *line)
{
    const char *p = r->text;
    line->tag = "";
    if (strncmp(p, "Tag=", 4) == 0) {
        char *comma = strchr(r->text, ',');
        if (!comma)
            return false;
        *comma = '\0';
        line->tag = r->text + 4;
        p = comma + 1;
    }
    if (!take_seconds(&p, &line->start_ns) || !take_comma(&p) || !take_seconds(&p, &line->length_ns) ||
        !take_comma(&p))
        return false;
    p += strcspn(p, ","); /* writers disagree on the unit of the maximum; the histogram knows better */
    if (!take_comma(&p))
        return false;
    r->packed = p;
    r->packed_bytes = r->length_bytes - (size_t)(p - r->text);
    return true;
}

static bool is_header(const struct hlog_reader *r)
{
    return r->length_bytes == 0 || r->text[0] == '#' || r->text[0] == '"';
}

static int read_start_time(struct hlog_reader *r, struct err *e)
{
    const char *p = r->text + sizeof START_TIME - 1;
    if (take_seconds(&p, &r->start_realtime_ns))
        return 0;
    err_set(e, ERR_INPUT, "StartTime must be seconds since 1970, such as 1441812279.474");
    return at_line(r, e);
}

/* Reads up to the first line that holds a histogram. */
static int read_header(struct hlog_reader *r, struct err *e)
{
    bool has_version = false;
    int more;
    while ((more = read_line(r, e)) > 0 && is_header(r)) {
        has_version |= strncmp(r->text, VERSION, sizeof VERSION - 1) == 0;
        if (strncmp(r->text, START_TIME, sizeof START_TIME - 1) == 0 && read_start_time(r, e))
            return -1;
    }
    if (more < 0)
        return -1;
    r->is_pending = more > 0;
    if (!has_version)
        return err_set(e, ERR_INPUT, "%s is not a HdrHistogram log: there is no line '%s...'", r->path,
                       VERSION);
    return 0;
}

static int open_file(struct hlog_reader *r, const char *path, struct err *e)
{
    free(r->path);
    r->path = strdup(path);
    if (!r->decoder)
        r->decoder = hlog_decoder_new();
    if (!r->path || !r->decoder)
        return err_set(e, ERR_FAILED, "out of memory while opening %s", path);
    if (files_want_regular(path, e))
        return -1;
    r->file = fopen(path, "re");
    return r->file ? 0 : err_errno(e, ERR_INPUT, "cannot open %s", path);
}

static int go(struct hlog_reader *r, struct hlog_place place, struct err *e)
{
    r->line_number = place.line_number > 0 ? place.line_number - 1 : 0;
    r->line_bytes = r->end_bytes = place.bytes;
    r->is_pending = r->truncated = false;
    if (place.bytes == 0)
        return read_header(r, e);
    return fseeko(r->file, (off_t)place.bytes, SEEK_SET) == 0
               ? 0
               : err_errno(e, ERR_FAILED, "cannot read %s", r->path);
}

int hlog_resume(struct hlog_reader *r, const char *path, struct hlog_place place, struct err *e)
{
    if (!open_file(r, path, e) && !go(r, place, e))
        return 0;
    hlog_reader_fini(r);
    return -1;
}

struct hlog_place hlog_pause(struct hlog_reader *r)
{
    fclose(r->file);
    r->file = NULL;
    return (struct hlog_place){ r->line_bytes, r->line_number };
}

int hlog_open(struct hlog_reader *r, const char *path, struct err *e)
{
    *r = (struct hlog_reader){ 0 };
    return hlog_resume(r, path, (struct hlog_place){ 0 }, e);
}

/* Whether a last line without line end holds all of its histogram. */
static bool is_whole(struct hlog_reader *r, struct hlog_line *line)
{
    struct hlog_bins bins;
    struct err ignored;
    return take_apart(r, line) && hlog_unpack(r->decoder, r->packed, r->packed_bytes, &bins, &ignored) == 0;
}

int hlog_next(struct hlog_reader *r, struct hlog_line *line, struct err *e)
{
    int more = 1;
    if (!r->is_pending)
        more = read_line(r, e);
    r->is_pending = false;
    while (more > 0 && is_header(r))
        more = read_line(r, e);
    if (more <= 0)
        return more;
    if (!r->is_terminated && r->end_ns > 0)
        return 0;
    if (!r->is_terminated) {
        r->truncated = !is_whole(r, line);
        return !r->truncated;
    }
    if (take_apart(r, line))
        return r->end_ns == 0 || line->start_ns < r->end_ns;
    err_set(e, ERR_INPUT, "a line must be [Tag=<tag>,]<start_s>,<length_s>,<max_ms>,<histogram>");
    return at_line(r, e);
}

int hlog_decode(struct hlog_reader *r, struct hist *into, struct err *e)
{
    return hlog_add_to(r->decoder, r->packed, r->packed_bytes, into, e) ? at_line(r, e) : 0;
}

void hlog_reader_fini(struct hlog_reader *r)
{
    if (r->file)
        fclose(r->file);
    free(r->path);
    free(r->text);
    hlog_decoder_free(r->decoder);
    *r = (struct hlog_reader){ 0 };
}
