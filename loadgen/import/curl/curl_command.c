#include "curl_command.h"

#include "curl_connect.h"
#include "curl_data.h"
#include "curl_options.h"
#include "err.h"
#include "units.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

enum { REDIRECTS = 10 };

static int add(struct curl_command *c, struct curl_texts *list, const char *text, struct err *e)
{
    return draft_add_text(c->draft, &list->items, &list->n, text, e);
}

/* curl's seconds may have a fraction. */
static int read_seconds(const char *text, uint64_t *ns)
{
    double seconds = 0;
    if (units_parse_real(text, &seconds) == 0 && seconds > 0 && seconds < 3600)
        *ns = (uint64_t)(seconds * (double)NS_PER_S);
    return 0;
}

/* "; " between the texts of several -b; one without = is a file of cookies, which the session keeps. */
static int add_cookie(struct curl_command *c, const char *text, struct err *e)
{
    if (!strchr(text, '=') && !words_has(text))
        return *text
                   ? draft_note(c->draft, e, "%s: -b %.64s: a session begins without cookies", c->place, text)
                   : 0;
    c->cookie = c->cookie ? arena_format(&c->draft->arena, e, "%s; %s", c->cookie, text) : text;
    return c->cookie ? 0 : -1;
}

static int note_unmapped(struct curl_command *c, const struct curl_option_row *row, struct err *e)
{
    return draft_note(c->draft, e, "%s: --%s: %s", c->place, row->name,
                      row->why ? row->why : "nothing here does that");
}

static int apply_text(struct curl_command *c, enum curl_option option, const char *value, struct err *e)
{
    switch (option) {
    case CURL_URL:
        return add(c, &c->urls, value, e);
    case CURL_URL_QUERY:
        return add(c, &c->queries, value, e);
    case CURL_HEADER:
        return add(c, &c->headers, value, e);
    case CURL_METHOD:
        c->method = value;
        return 0;
    case CURL_AGENT:
        c->agent = value;
        return 0;
    case CURL_REFERER:
        c->referer = value;
        return 0;
    case CURL_COOKIE:
        return add_cookie(c, value, e);
    case CURL_USER:
        c->user = value;
        return 0;
    case CURL_BEARER:
        c->bearer = value;
        return 0;
    case CURL_RANGE:
        c->range = value;
        return 0;
    case CURL_REQUEST_TARGET:
        c->request_target = value;
        return 0;
    case CURL_REDIRECTS_MOST:
        c->redirects_most = (unsigned)strtoul(value, NULL, 10);
        return 0;
    case CURL_TIMEOUT:
        return read_seconds(value, &c->timeout_ns);
    case CURL_CONNECT_TIMEOUT:
        return read_seconds(value, &c->connect_timeout_ns);
    default:
        return 1;
    }
}

static int apply_http(struct curl_command *c, const struct curl_option_row *row)
{
    switch (row->option) {
    case CURL_HTTP_1:
        c->http = PLAN_HTTP_1;
        break;
    case CURL_HTTP_2:
        c->http = PLAN_HTTP_2;
        break;
    case CURL_HTTP_2_PRIOR:
        c->http = PLAN_HTTP_2_PRIOR;
        break;
    default:
        return 1;
    }
    c->http_option = row->name;
    return 0;
}

static int apply_flag(struct curl_command *c, enum curl_option option, bool is)
{
    switch (option) {
    case CURL_GET:
        c->is_get = is;
        return 0;
    case CURL_HEAD:
        c->is_head = is;
        return 0;
    case CURL_FOLLOW:
        c->follows = is;
        return 0;
    case CURL_COMPRESSED:
        c->is_compressed = is;
        return 0;
    case CURL_COOKIE_JAR:
        c->has_jar = true;
        return 0;
    case CURL_PATH_AS_IS:
        c->keeps_dots = is;
        return 0;
    case CURL_GLOBOFF:
        c->is_glob_off = is;
        return 0;
    default:
        return 1;
    }
}

/* Options whose content is sent from elsewhere, or that would need a language of their own. */
static int apply_note(struct curl_command *c, const struct curl_option_row *row, struct err *e)
{
    switch (row->option) {
    case CURL_UPLOAD:
        return draft_note(c->draft, e, "%s: --upload-file: give the step `method: PUT` and a body_file",
                          c->place);
    case CURL_FORM:
        return draft_note(c->draft, e, "%s: --form: there are no multipart bodies; put one into a body_file",
                          c->place);
    case CURL_CONFIG:
        return draft_note(c->draft, e, "%s: --config: the file's options are not read", c->place);
    default:
        return note_unmapped(c, row, e);
    }
}

static int apply(struct curl_command *c, const struct curl_option_row *row, const char *value, bool is_no,
                 struct err *e)
{
    if (row->option == CURL_IGNORED || row->option == CURL_NEXT)
        return 0;
    int status = apply_http(c, row);
    if (status > 0)
        status = apply_flag(c, row->option, !is_no);
    if (status > 0 && value)
        status = apply_text(c, row->option, value, e);
    if (status > 0 && value)
        status = curl_data_apply(c, row->option, value, e);
    if (status > 0)
        status = curl_connect_apply(c->draft, c->place, row->option, value, !is_no, e);
    return status > 0 ? apply_note(c, row, e) : status;
}

/* What the words are read with. */
struct reader {
    const char *const *words;
    size_t n, at;
    bool is_end; /* --next */
};

static int no_value(const struct curl_command *c, const char *word, struct err *e)
{
    return err_set(e, ERR_INPUT, "%s: curl's %.64s needs a value", c->place, word);
}

static int read_long(struct curl_command *c, struct reader *r, const char *word, struct err *e)
{
    bool is_no;
    const struct curl_option_row *row = curl_options_name(word + 2, strlen(word + 2), &is_no);
    if (!row)
        return err_set(e, ERR_INPUT, "%s: curl has no option %.64s", c->place, word);
    if (!row->takes_value || is_no) {
        r->is_end = row->option == CURL_NEXT;
        return apply(c, row, NULL, is_no, e);
    }
    return r->at < r->n ? apply(c, row, r->words[r->at++], false, e) : no_value(c, word, e);
}

/* `-sS`, `-XPOST`, `-X POST`. */
static int read_letters(struct curl_command *c, struct reader *r, const char *word, struct err *e)
{
    for (const char *p = word + 1; *p; p++) {
        const struct curl_option_row *row = curl_options_letter(*p);
        if (!row)
            return err_set(e, ERR_INPUT, "%s: curl has no option -%c", c->place, *p);
        if (!row->takes_value) {
            r->is_end = row->option == CURL_NEXT;
            if (apply(c, row, NULL, false, e))
                return -1;
            continue;
        }
        if (p[1])
            return apply(c, row, p + 1, false, e);
        return r->at < r->n ? apply(c, row, r->words[r->at++], false, e) : no_value(c, word, e);
    }
    return 0;
}

int curl_command_read(struct curl_command *c, struct draft *d, const char *place, const char *const *words,
                      size_t n_words, size_t *at, struct err *e)
{
    struct reader r = { .words = words, .n = n_words, .at = *at };
    bool is_options_end = false;
    *c = (struct curl_command){ .draft = d, .place = place, .redirects_most = REDIRECTS };
    while (r.at < r.n && !r.is_end) {
        const char *word = r.words[r.at++];
        int status;
        if (is_options_end || word[0] != '-' || !word[1])
            status = add(c, &c->urls, word, e);
        else if (strcmp(word, "--") == 0) {
            is_options_end = true;
            status = 0;
        } else
            status = word[1] == '-' ? read_long(c, &r, word, e) : read_letters(c, &r, word, e);
        if (status)
            return -1;
    }
    *at = r.at;
    return 0;
}
