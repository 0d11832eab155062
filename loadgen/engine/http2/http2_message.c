#include "http2_message.h"

#include <string.h>

struct text {
    const char *bytes;
    size_t n;
};

static bool is_text(struct text t, const char *text)
{
    return t.n == strlen(text) && memcmp(t.bytes, text, t.n) == 0;
}

/* Takes what stands before `end` and the byte itself off the front of `rest`; -1 when it is not there. */
static int take_until(struct text *rest, char end, struct text *out)
{
    const char *at = memchr(rest->bytes, end, rest->n);
    if (!at)
        return -1;
    *out = (struct text){ rest->bytes, (size_t)(at - rest->bytes) };
    rest->n -= out->n + 1;
    rest->bytes = at + 1;
    return 0;
}

static int take_line(struct text *rest, struct text *line)
{
    if (take_until(rest, '\n', line))
        return -1;
    if (line->n > 0 && line->bytes[line->n - 1] == '\r')
        line->n--;
    return 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static struct text without_blanks(struct text t)
{
    while (t.n > 0 && is_blank(t.bytes[0])) {
        t.bytes++;
        t.n--;
    }
    while (t.n > 0 && is_blank(t.bytes[t.n - 1]))
        t.n--;
    return t;
}

static void lower(char *at, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (at[i] >= 'A' && at[i] <= 'Z')
            at[i] = (char)(at[i] - 'A' + 'a');
}

/* Fields of an HTTP/1.1 connection; TE may say "trailers". */
static bool is_of_connection(struct text name, struct text value)
{
    switch (name.n) {
    case 2:
        return is_text(name, "te") && !is_text(value, "trailers");
    case 7:
        return is_text(name, "upgrade");
    case 10:
        return is_text(name, "connection") || is_text(name, "keep-alive");
    case 16:
        return is_text(name, "proxy-connection");
    case 17:
        return is_text(name, "transfer-encoding");
    default:
        return false;
    }
}

static struct http2_field field(struct text name, struct text value)
{
    return (struct http2_field){ .name = name.bytes,
                                 .value = value.bytes,
                                 .name_bytes = (uint32_t)name.n,
                                 .value_bytes = (uint32_t)value.n };
}

#define TEXT(literal) ((struct text){ literal, sizeof(literal) - 1 })

/* The pseudo-header fields, with room for :authority at the end of them, which Host fills. */
enum { METHOD, SCHEME, PATH, AUTHORITY, N_PSEUDO };

static int read_start(struct http2_field *fields, struct text *rest, bool is_tls)
{
    struct text line, method, target;
    if (take_line(rest, &line) || take_until(&line, ' ', &method) || take_until(&line, ' ', &target))
        return -1;
    fields[METHOD] = field(TEXT(":method"), method);
    fields[SCHEME] = field(TEXT(":scheme"), is_tls ? TEXT("https") : TEXT("http"));
    fields[PATH] = field(TEXT(":path"), target);
    fields[AUTHORITY] = field(TEXT(":authority"), TEXT(""));
    return 0;
}

/* `at` is where the line stands in the caller's writable bytes. */
static int read_field(struct http2_field *fields, size_t *n, struct text line, char *at)
{
    struct text name;
    if (take_until(&line, ':', &name))
        return -1;
    lower(at, name.n);
    const struct text value = without_blanks(line);
    if (is_text(name, "host")) {
        fields[AUTHORITY] = field(TEXT(":authority"), value);
        return 0;
    }
    if (is_of_connection(name, value))
        return 0;
    if (*n == HTTP2_FIELDS_MOST)
        return -1;
    fields[(*n)++] = field(name, value);
    return 0;
}

/* Without a Host there is no :authority (section 8.3.1). */
static void drop_authority(struct http2_field *fields, size_t *n)
{
    memmove(&fields[AUTHORITY], &fields[N_PSEUDO], (*n - N_PSEUDO) * sizeof *fields);
    --*n;
}

int http2_message_read(struct http2_message *message, char *bytes, size_t length_bytes, bool is_tls,
                       struct http2_request *request)
{
    struct http2_field *fields = message->fields;
    struct text rest = { bytes, length_bytes };
    struct text line;
    size_t n = N_PSEUDO;
    if (read_start(fields, &rest, is_tls))
        return -1;
    for (;;) {
        char *at = bytes + (rest.bytes - bytes);
        if (take_line(&rest, &line))
            return -1;
        if (line.n == 0)
            break;
        if (read_field(fields, &n, line, at))
            return -1;
    }
    if (fields[AUTHORITY].value_bytes == 0)
        drop_authority(fields, &n);
    *request = (struct http2_request){ .fields = fields,
                                       .n_fields = n,
                                       .body = rest.bytes,
                                       .body_bytes = rest.n,
                                       .is_head = fields[METHOD].value_bytes == 4 &&
                                                  memcmp(fields[METHOD].value, "HEAD", 4) == 0 };
    return 0;
}
