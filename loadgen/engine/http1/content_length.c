#include "content_length.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum step {
    ELSEWHERE, /* in another line, or in the status line */
    AFTER_CR,
    AFTER_LAST_CR, /* in the empty line that ends the head */
    LINE_BEGIN,
    LENGTH_BEGIN, /* the same, after a length's line */
    HEAD_OVER,    /* all further bytes pass */
    NAME,         /* holds back what may be the name Content-Length */
    BEFORE_NUMBER,
    NUMBER,
    BEHIND_NUMBER,
    LINE_END, /* expects LF */
};

static const char name[] = "content-length";
enum { NAME_BYTES = sizeof name - 1, MIDDLE = 8 /* distinguishes it from content-type */ };

void content_length_begin(struct content_length *l)
{
    l->is_known = false;
    l->cause = NULL;
    l->step = ELSEWHERE;
}

static int wrong(struct content_length *l, const char *cause)
{
    l->cause = cause;
    return -1;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int add_digit(struct content_length *l, char c)
{
    const uint64_t digit = (uint64_t)(c - '0');
    if (l->number > (UINT64_MAX - 1 - digit) / 10)
        return wrong(l, "Content-Length is too large");
    l->number = l->number * 10 + digit;
    l->step = NUMBER;
    return 0;
}

static int keep_number(struct content_length *l)
{
    if (l->is_known && l->number != l->value)
        return wrong(l, "two values of Content-Length that differ");
    l->value = l->number;
    l->is_known = true;
    return 0;
}

static int behind_number(struct content_length *l, char c)
{
    if (is_blank(c))
        l->step = BEHIND_NUMBER;
    else if (c == ',')
        l->step = BEFORE_NUMBER;
    else if (c == '\r')
        l->step = LINE_END;
    else if (c == '\n')
        l->step = LENGTH_BEGIN;
    else
        return wrong(l, "Content-Length is not a number");
    return 0;
}

static int in_value(struct content_length *l, char c)
{
    switch ((enum step)l->step) {
    case BEFORE_NUMBER:
        if (is_blank(c))
            return 0;
        l->number = 0;
        return is_digit(c) ? add_digit(l, c) : wrong(l, "Content-Length is not a number");
    case NUMBER:
        return is_digit(c) ? add_digit(l, c) : keep_number(l) ? -1 : behind_number(l, c);
    case BEHIND_NUMBER:
        return behind_number(l, c);
    default:
        l->step = LENGTH_BEGIN;
        return c == '\n' ? 0 : wrong(l, "Content-Length is not a number");
    }
}

/* Whether the line, known up to `end`, is a length's: 1, 0, or -1 when more bytes are needed. */
static int is_length(const char *line, const char *end)
{
    const size_t there = (size_t)(end - line);
    if ((*line | 0x20) != name[0] || (there > MIDDLE && (line[MIDDLE] | 0x20) != name[MIDDLE]))
        return 0;
    if (there <= NAME_BYTES)
        return strncasecmp(line, name, there) == 0 ? -1 : 0;
    return strncasecmp(line, name, NAME_BYTES) == 0 && line[NAME_BYTES] == ':';
}

/* The usual case: the first length, a plain number in a complete line, passes unchanged. True: `*line` now
 * points behind it. */
static bool pass_plain(struct content_length *l, const char **line, const char *end)
{
    const char *p = *line + NAME_BYTES + 1;
    if (l->is_known || (end - *line) <= NAME_BYTES)
        return false;
    while (p < end && is_blank(*p))
        p++;
    const char *digits = p;
    uint64_t number = 0;
    while (p < end && is_digit(*p) && p - digits < 18)
        number = number * 10 + (uint64_t)(*p++ - '0');
    if (p == digits || end - p < 2 || p[0] != '\r' || p[1] != '\n')
        return false;
    l->value = number;
    l->is_known = true;
    l->step = LENGTH_BEGIN;
    *line = p + 2;
    return true;
}

/* Classifies the line at `*line`; takes a plain length and moves `*line` behind it. */
static enum step line_begins(struct content_length *l, const char **line, const char *end)
{
    if (**line == '\r' || **line == '\n')
        return *(*line)++ == '\r' ? AFTER_LAST_CR : HEAD_OVER;
    const int is = is_length(*line, end);
    if (is == 0)
        return ELSEWHERE;
    if (is == 1 && pass_plain(l, line, end))
        return LENGTH_BEGIN;
    l->n_matched = 0;
    return NAME;
}

/* To the end of the line, or of the bytes that have arrived. */
static enum step skip_line(const char **p, const char *end)
{
    const char *newline = memchr(*p, '\n', (size_t)(end - *p));
    const char *stop = newline ? newline : end;
    const char *cr = memchr(*p, '\r', (size_t)(stop - *p));
    if (cr && cr + 1 != newline) {
        *p = cr + 1;
        return AFTER_CR;
    }
    *p = newline ? newline + 1 : end;
    return newline ? LINE_BEGIN : ELSEWHERE;
}

/* Why the byte is invalid here, although llhttp may take it for a line end; NULL: it is valid. */
static const char *objection(enum step step, char c)
{
    if ((step == AFTER_CR || step == AFTER_LAST_CR) && c != '\n')
        return "a line of the head does not end with CR LF";
    return step == LENGTH_BEGIN && is_blank(c) ? "Content-Length is not a number" : NULL;
}

static enum step pass_step(struct content_length *l, enum step step, const char **p, const char *end)
{
    switch (step) {
    case ELSEWHERE:
        return skip_line(p, end);
    case AFTER_CR:
    case AFTER_LAST_CR:
        ++*p;
        return step == AFTER_CR ? LINE_BEGIN : HEAD_OVER;
    case HEAD_OVER:
        *p = end;
        return HEAD_OVER;
    default:
        return line_begins(l, p, end);
    }
}

/* Stops at a line that is, or may be, a length that needs rewriting, or at an invalid byte: what precedes it
 * is parsed first. */
static int pass_lines(struct content_length *l, const char **at, const char *end, struct content_piece *piece)
{
    const char *p = *at;
    const char *cause = NULL;
    enum step step = (enum step)l->step;
    while (p < end && step < NAME && !(cause = objection(step, *p)))
        step = pass_step(l, step, &p, end);
    l->step = (uint8_t)step;
    *piece = (struct content_piece){ *at, (size_t)(p - *at) };
    *at = p;
    return cause && piece->n_bytes == 0 ? wrong(l, cause) : 0;
}

/* Case-insensitive; '-' has only one form. */
static bool is_letter(char c, char lower)
{
    return c == lower || (lower != '-' && (c | 0x20) == lower);
}

/* Passes on what was held back of a name that turns out to be another one. */
static void pass_name(struct content_length *l, const char **at, const char *end, struct content_piece *piece)
{
    while (*at < end && l->n_matched < NAME_BYTES && is_letter(**at, name[l->n_matched])) {
        l->n_matched++;
        ++*at;
    }
    if (*at == end)
        return;
    if (l->n_matched == NAME_BYTES && **at == ':') {
        ++*at;
        l->is_first = !l->is_known;
        l->step = BEFORE_NUMBER;
        return;
    }
    *piece = (struct content_piece){ name, l->n_matched };
    l->step = ELSEWHERE;
}

static int pass_value(struct content_length *l, const char **at, const char *end, struct content_piece *piece)
{
    while (*at < end && l->step != LENGTH_BEGIN)
        if (in_value(l, *(*at)++))
            return -1;
    if (l->step == LENGTH_BEGIN && l->is_first) {
        const int n =
            snprintf(l->rewritten, sizeof l->rewritten, "Content-Length: %" PRIu64 "\r\n", l->value);
        *piece = (struct content_piece){ l->rewritten, (size_t)n };
    }
    return 0;
}

int content_length_pass(struct content_length *l, const char **at, const char *end,
                        struct content_piece *piece)
{
    *piece = (struct content_piece){ 0 };
    if (l->step <= HEAD_OVER && (pass_lines(l, at, end, piece) || piece->n_bytes > 0))
        return l->cause ? -1 : 0;
    if (l->step == NAME)
        pass_name(l, at, end, piece);
    return l->step >= BEFORE_NUMBER ? pass_value(l, at, end, piece) : 0;
}
