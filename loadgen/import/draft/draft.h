/* A scenario under construction: what an importer found, before it is written as YAML. Every text that ends
 * up in a request is a template as scenarios have it: words such as {token} are values, `{{` is a brace. All
 * memory is the draft's. */
#ifndef IMPORT_DRAFT_H
#define IMPORT_DRAFT_H

#include "arena.h"
#include "plan.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

enum { DRAFT_STEPS_MOST = 32 }; /* as SESSION_STEPS_MOST: a longer stream becomes several */

struct draft_field {
    const char *name;
    const char *value;
};

struct draft_fields {
    struct draft_field *items;
    size_t n;
};

struct draft_capture {
    const char *variable;
    const char *source; /* "json", "header", "cookie" */
    const char *place;
};

enum draft_body {
    DRAFT_NO_BODY,
    DRAFT_TEXT, /* `text` */
    DRAFT_JSON, /* `json`, whose strings are templates */
    DRAFT_FORM, /* `form` */
    DRAFT_FILE, /* the file `text`, sent as it is */
};

struct draft_step {
    const char *name;
    const char *method;
    const char *path; /* with its query */
    struct draft_fields headers;
    enum draft_body body;
    const char *text;
    json_t *json;             /* owned */
    struct draft_fields form; /* names are templates, too */
    struct draft_capture *captures;
    size_t n_captures;
    unsigned status;   /* expected; 0: the default, 2xx */
    unsigned n_follow; /* redirects */
    uint64_t think_ns;
    const char *remark; /* a comment above the step; NULL: none */
};

struct draft_stream {
    const char *name;
    const char *origin; /* "https://HOST[:PORT]" */
    enum plan_http http;
    bool has_http;     /* the source names it */
    const char *group; /* what it was added for; NULL: its origin */
    struct draft_step *steps;
    size_t n_steps;
    bool is_session;
    bool needs_cookies; /* what answers set must come back: then no step has cookies of its own */
    uint64_t timeout_ns, connect_timeout_ns; /* 0: the default */
};

struct draft_variable {
    const char *name;  /* of the environment */
    const char *about; /* "header authorization of step login" */
    const char *value; /* what stood there, never written; NULL: nothing did */
};

/* A file beside the scenario, for bytes that YAML cannot hold. */
struct draft_file {
    const char *name; /* without folder */
    const char *bytes;
    size_t length_bytes;
};

struct draft {
    struct arena arena;
    const char *name;   /* of the scenario */
    const char *kind;   /* "curl" */
    const char *source; /* what was read, for people */
    struct draft_stream *streams;
    size_t n_streams;
    struct draft_variable *variables;
    size_t n_variables;
    const char **notes; /* what was not mapped */
    size_t n_notes;
    struct draft_file *files;
    size_t n_files;
    /* How to connect; as the keys of a scenario. */
    bool accepts_any_certificate;
    const char *ca, *cert, *key, *unix_socket;
    unsigned ip; /* 0, 4, 6 */
    const char **resolve, **connect_to, **bind;
    size_t n_resolve, n_connect_to, n_bind;
};

void draft_fini(struct draft *d);

/* The stream of that origin, new if there is none yet. NULL and a sentence when memory is short. */
struct draft_stream *draft_stream_of(struct draft *d, const char *origin, struct err *e);
/* A new one for a group of requests; NULL with `e` untouched when a scenario has no room for another. */
struct draft_stream *draft_add_stream(struct draft *d, const char *origin, const char *group, struct err *e);
struct draft_step *draft_add_step(struct draft *d, struct draft_stream *s, struct err *e);
/* Each copies its texts. */
int draft_add_field(struct draft *d, struct draft_fields *f, const char *name, const char *value,
                    struct err *e);
int draft_add_text(struct draft *d, const char ***list, size_t *n, const char *text, struct err *e);
int draft_add_capture(struct draft *d, struct draft_step *s, const char *variable, const char *source,
                      const char *place, struct err *e);
/* The value of a header, whatever the case of its name; NULL: none. */
const char *draft_header(const struct draft_step *s, const char *name);
void draft_remove_header(struct draft_step *s, const char *name);
/* Notes what was not mapped; the same sentence once. */
int draft_note(struct draft *d, struct err *e, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The body: text where YAML can hold it, else a file beside the scenario. `bytes` are as sent. */
int draft_set_body(struct draft *d, struct draft_step *s, const char *bytes, size_t length_bytes,
                   struct err *e);
/* The same of a template. One that YAML cannot hold is refused if it holds words. */
int draft_set_body_words(struct draft *d, struct draft_step *s, const char *template, struct err *e);
/* A form whose names are the keys of a map: one that repeats a name becomes text. */
int draft_settle_form(struct draft *d, struct draft_step *s, struct err *e);

#endif
