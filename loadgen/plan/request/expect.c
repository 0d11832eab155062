#include "expect.h"

#include "err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { STATUS_LOW = 100, STATUS_HIGH = 699 };

static void allow(struct plan_expect *x, unsigned from, unsigned to)
{
    for (unsigned i = from - STATUS_LOW; i <= to - STATUS_LOW; i++)
        x->status_ok[i / 8] |= (uint8_t)(1u << (i % 8));
}

void expect_init(struct plan_expect *x)
{
    *x = (struct plan_expect){ 0 };
    allow(x, 200, 299);
}

static int digits3(const char *text, unsigned *value)
{
    *value = 0;
    for (int i = 0; i < 3; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        *value = *value * 10 + (unsigned)(text[i] - '0');
    }
    return *value < STATUS_LOW || *value > STATUS_HIGH ? -1 : 0;
}

static int parse_range(const char *text, unsigned *from, unsigned *to)
{
    const size_t length = strlen(text);
    if (length == 3 && text[0] >= '1' && text[0] <= '6' && strcmp(text + 1, "xx") == 0) {
        *from = (unsigned)(text[0] - '0') * 100;
        *to = *from + 99;
        return 0;
    }
    if ((length != 3 && length != 7) || digits3(text, from))
        return -1;
    *to = *from;
    return length == 7 && (text[3] != '-' || digits3(text + 4, to) || *to < *from) ? -1 : 0;
}

int expect_add_status(struct plan_expect *x, const char *text, bool is_first, struct err *e)
{
    unsigned from, to;
    if (parse_range(text, &from, &to))
        return err_set(e, ERR_INPUT, "'status' must be a status such as 200, 2xx or 200-204, not '%.40s'",
                       text);
    if (is_first)
        memset(x->status_ok, 0, sizeof x->status_ok);
    allow(x, from, to);
    return 0;
}

int expect_set_body(struct plan_expect *x, const char *text, struct err *e)
{
    static const char mark[] = "{instance}";
    const char *at = strstr(text, mark);
    const char *after = at ? at + sizeof mark - 1 : "";
    if (at && strstr(after, mark))
        return err_set(e, ERR_INPUT, "'body' must hold {instance} at most once");
    x->body_before = at ? strndup(text, (size_t)(at - text)) : strdup(text);
    x->body_after = strdup(after);
    if (!x->body_before || !x->body_after)
        return plan_out_of_memory(e);
    x->before_bytes = strlen(x->body_before);
    x->after_bytes = strlen(x->body_after);
    x->has_instance = at != NULL;
    x->checks_body = true;
    return 0;
}

static bool has_header(const struct plan_expect *x, const char *name)
{
    for (size_t i = 0; i < x->n_headers; i++)
        if (strcasecmp(x->headers[i].name, name) == 0)
            return true;
    return false;
}

static int check_header(const struct plan_expect *x, const char *name, const char *value, struct err *e)
{
    if (!*name || strpbrk(name, " \t\r\n:"))
        return err_set(e, ERR_INPUT, "a header's name must be letters, digits and -, not '%.64s'", name);
    if (strlen(name) >= PLAN_HEADER_NAME_BYTES)
        return err_set(e, ERR_INPUT, "the name of an expected header must be at most %d bytes long",
                       PLAN_HEADER_NAME_BYTES - 1);
    if (has_header(x, name))
        return err_set(e, ERR_INPUT, "the header '%.64s' is expected twice; names know no case", name);
    if (x->n_headers == PLAN_EXPECTED_HEADERS_MOST)
        return err_set(e, ERR_INPUT, "at most %d headers can be expected", PLAN_EXPECTED_HEADERS_MOST);
    if (value && strpbrk(value, "\r\n"))
        return err_set(e, ERR_INPUT, "the value of the expected header '%.64s' must be one line", name);
    return 0;
}

/* Blanks around a value are no part of it (RFC 9110 section 5.5). */
static char *copy_trimmed(const char *value)
{
    value += strspn(value, " \t");
    size_t length = strlen(value);
    while (length > 0 && (value[length - 1] == ' ' || value[length - 1] == '\t'))
        length--;
    return strndup(value, length);
}

int expect_add_header(struct plan_expect *x, const char *name, const char *value, struct err *e)
{
    if (check_header(x, name, value, e))
        return -1;
    struct plan_header *larger = realloc(x->headers, (x->n_headers + 1) * sizeof *larger);
    if (!larger)
        return plan_out_of_memory(e);
    x->headers = larger;
    struct plan_header *h = &larger[x->n_headers++];
    *h = (struct plan_header){ .name = strdup(name), .value = value ? copy_trimmed(value) : NULL };
    return h->name && (h->value || !value) ? 0 : plan_out_of_memory(e);
}

const char *expect_status_text(const struct plan_expect *x, char *out, size_t out_bytes)
{
    size_t used = 0;
    out[0] = '\0';
    for (unsigned from = STATUS_LOW; from <= STATUS_HIGH; from++) {
        if (!plan_expects_status(x, from))
            continue;
        unsigned to = from;
        while (plan_expects_status(x, to + 1))
            to++;
        if (used >= out_bytes)
            break;
        const char *between = used ? ", " : "";
        if (from % 100 == 0 && to == from + 99)
            used += (size_t)snprintf(out + used, out_bytes - used, "%s%uxx", between, from / 100);
        else if (to > from)
            used += (size_t)snprintf(out + used, out_bytes - used, "%s%u-%u", between, from, to);
        else
            used += (size_t)snprintf(out + used, out_bytes - used, "%s%u", between, from);
        from = to;
    }
    return out;
}
