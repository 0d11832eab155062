#include "chunks.h"

#include <stdbool.h>
#include <string.h>

enum step {
    SIZE_BEGIN, /* expects a digit */
    SIZE,
    BLANKS, /* after a size */
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    LINE_BEGIN, /* a trailer, or the empty line that ends the body */
    NAME,
    VALUE,
    VALUE_LF,
    END_LF,
    END,
    BROKEN,
};

void chunks_begin(struct chunks *k)
{
    *k = (struct chunks){ .step = SIZE_BEGIN };
}

static enum step broken(struct chunks *k, const char *cause)
{
    k->cause = cause;
    return BROKEN;
}

static int digit_of(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static enum step add_digit(struct chunks *k, int digit)
{
    if (k->left_bytes >> 60)
        return broken(k, "chunk size is too large");
    k->left_bytes = k->left_bytes << 4 | (uint64_t)digit;
    return SIZE;
}

static enum step behind_size(struct chunks *k, unsigned char c)
{
    switch (c) {
    case ' ':
    case '\t':
        return BLANKS;
    case ';':
        return EXTENSION;
    case '\r':
        return SIZE_LF;
    default:
        return broken(k, "invalid character in a chunk's size");
    }
}

/* Even inside quotes, an extension contains no line end: neither a token nor a quoted string may. */
static enum step in_extension(struct chunks *k, unsigned char c)
{
    if (c == '\r')
        return SIZE_LF;
    return (c >= ' ' && c != 127) || c == '\t' ? EXTENSION
                                               : broken(k, "invalid character in a chunk's extension");
}

static enum step behind_size_line(struct chunks *k, unsigned char c)
{
    if (c != '\n')
        return broken(k, "a chunk's size does not end with CR LF");
    return k->left_bytes > 0 ? DATA : LINE_BEGIN;
}

/* RFC 9110 section 5.6.2. */
static int is_token(unsigned char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c));
}

static enum step in_name(struct chunks *k, unsigned char c)
{
    if (is_token(c))
        return NAME;
    return c == ':' ? VALUE : broken(k, "invalid trailer behind the chunks");
}

/* A bare LF also ends a field line (RFC 9112 section 2.2), and a line that begins with a blank continues the
 * field above it (section 5.2). */
static enum step at_line_begin(struct chunks *k, unsigned char c)
{
    const bool is_first = k->line_bytes == 0;
    if ((c == ' ' || c == '\t') && !is_first)
        return VALUE;
    if (c == '\r' || c == '\n')
        return c == '\r' ? END_LF : END;
    return c == ':' ? broken(k, "invalid trailer behind the chunks") : in_name(k, c);
}

static enum step in_value(struct chunks *k, unsigned char c)
{
    if (c == '\r' || c == '\n')
        return c == '\r' ? VALUE_LF : LINE_BEGIN;
    return c == '\0' ? broken(k, "invalid trailer behind the chunks") : VALUE;
}

static enum step expect_lf(struct chunks *k, unsigned char c, enum step next)
{
    return c == '\n' ? next : broken(k, "invalid line end behind the chunks");
}

/* Consumes one byte of the framing. */
static enum step eat_byte(struct chunks *k, unsigned char c)
{
    const int digit = digit_of(c);
    switch ((enum step)k->step) {
    case SIZE_BEGIN:
        return digit >= 0 ? add_digit(k, digit) : broken(k, "invalid character in a chunk's size");
    case SIZE:
        return digit >= 0 ? add_digit(k, digit) : behind_size(k, c);
    case BLANKS:
        return behind_size(k, c);
    case EXTENSION:
        return in_extension(k, c);
    case SIZE_LF:
        return behind_size_line(k, c);
    case DATA_CR:
        return c == '\r' ? DATA_LF : broken(k, "no CR LF behind a chunk's data");
    case DATA_LF:
        return c == '\n' ? SIZE_BEGIN : broken(k, "no CR LF behind a chunk's data");
    case LINE_BEGIN:
        return at_line_begin(k, c);
    case NAME:
        return in_name(k, c);
    case VALUE:
        return in_value(k, c);
    case VALUE_LF:
        return expect_lf(k, c, LINE_BEGIN);
    case END_LF:
        return expect_lf(k, c, END);
    default:
        return (enum step)k->step;
    }
}

static enum chunks_state take_data(struct chunks *k, const char **at, const char *end, const char **data,
                                   size_t *data_bytes)
{
    const size_t there = (size_t)(end - *at);
    *data = *at;
    *data_bytes = there < k->left_bytes ? there : (size_t)k->left_bytes;
    *at += *data_bytes;
    k->left_bytes -= *data_bytes;
    if (k->left_bytes == 0)
        k->step = DATA_CR;
    return CHUNKS_DATA;
}

enum chunks_state chunks_eat(struct chunks *k, const char **at, const char *end, const char **data,
                             size_t *data_bytes)
{
    while (*at < end && k->step < END) {
        if (k->step == DATA)
            return take_data(k, at, end, data, data_bytes);
        const bool is_size_over = k->step == SIZE_LF;
        k->step = (uint8_t)eat_byte(k, (unsigned char)*(*at)++);
        k->line_bytes = is_size_over ? 0 : k->line_bytes + 1;
        if (k->line_bytes > CHUNKS_LINES_MOST_BYTES && k->step < END)
            k->step = (uint8_t)broken(k, "chunk sizes or trailers longer than 256 KiB");
    }
    return k->step == END ? CHUNKS_DONE : k->step == BROKEN ? CHUNKS_BROKEN : CHUNKS_MORE;
}
