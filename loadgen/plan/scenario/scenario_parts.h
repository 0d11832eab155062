/* Shared by the files that read the parts of a scenario, and included by no others. */
#ifndef PLAN_SCENARIO_PARTS_H
#define PLAN_SCENARIO_PARTS_H

#include "fields.h"
#include "plan.h"
#include "request.h"
#include "scenario.h"
#include "yaml_tree.h"

enum {
    SCENARIO_HEADERS_MOST = 64,
    SCENARIO_REQUESTS_MOST = 1000, /* per stream */
    SCENARIO_THRESHOLDS_MOST = 100,
};

#define SCENARIO_DURATION_MOST_NS UINT64_C(2592000000000000) /* 30 days */
#define SCENARIO_TIMEOUT_MOST_NS  UINT64_C(3600000000000)    /* an hour */
#define SCENARIO_COUNT_MOST       UINT64_C(1000000000000)
#define SCENARIO_RATE_MOST        UINT64_C(10000000)

/* The keys of the file that say where requests go; part of the file's own table. */
struct scenario_target {
    const struct yaml_node *target, *tls, *connect_to, *resolve, *bind, *unix_socket, *host, *name_server;
    int family; /* index into "any", "4", "6" */
};

struct scenario_reader {
    struct yaml_file file;
    struct plan *plan;
    const struct scenario_overrides *overrides;
    struct scenario_target raw_target;
    uint64_t timeout_ns, connect_timeout_ns; /* of streams that give none */
    size_t n_own_url, n_own_http;            /* streams that give their own URL, and version of HTTP */
};

int scenario_read_target(struct scenario_reader *r, struct err *e);
/* `node` is the stream's own `target`; NULL: it uses the scenario's, of which there must be one then. */
int scenario_read_stream_target(struct scenario_reader *r, struct plan_stream *s,
                                const struct yaml_node *node, struct err *e);
/* What only shows when all streams are known: TLS settings that no target uses, a --target without effect. */
int scenario_check_targets(const struct scenario_reader *r, struct err *e);

/* `map` is the value of `feeds`, which may be NULL. */
int scenario_read_feeds(struct scenario_reader *r, const struct yaml_node *map, struct err *e);
/* Whether they have rows for all users and passes that must have one of their own, once all streams are
 * known. */
int scenario_check_feeds(const struct scenario_reader *r, const struct yaml_node *map, struct err *e);

int scenario_read_streams(struct scenario_reader *r, const struct yaml_node *list, struct err *e);
/* Removes what --only excludes: the streams of other clusters and the thresholds on them. Called once
 * everything has been read and checked. */
int scenario_keep_only(struct plan *plan, const char *cluster, struct err *e);
/* `node` is the value of `phases`; the stream's model is known. */
int scenario_read_phases(const struct scenario_reader *r, struct plan_stream *s, const struct yaml_node *node,
                         bool has_session, struct err *e);
/* The stream's target and model are known. `csv` is its own feed, or NULL. */
int scenario_read_session(const struct scenario_reader *scenario, struct plan_stream *s,
                          struct plan_feed *csv, const struct yaml_node *node, struct err *e);
/* The same; `one` or `many` may be NULL. */
int scenario_read_requests(const struct scenario_reader *r, struct plan_stream *s, struct plan_feed *csv,
                           const struct yaml_node *one, const struct yaml_node *many, struct err *e);

/* What a stream of recorded requests adds to each: headers, cookies and basic_auth of its `request`, which
 * may be NULL. */
int scenario_read_recorded(const struct scenario_reader *r, struct plan_stream *s,
                           const struct yaml_node *request, struct err *e);
/* The part of a recording that the stream's next phase sends. */
struct scenario_replay {
    const char *file;
    double speed;
    uint64_t skip_ns;
};
int scenario_read_replay(const struct scenario_reader *r, struct plan_stream *s, const struct yaml_node *node,
                         const struct scenario_replay *raw, struct err *e);

/* Whether the stream's cluster has ids of instances, which only a deployment gives. */
bool scenario_knows_instances(const struct scenario_reader *r, const struct plan_stream *s);

/* What is sent: the keys that a request of a stream and a step of a session have in common. */
struct scenario_message {
    const char *method, *path;
    const struct yaml_node *headers, *cookies, *basic_auth, *body, *body_file, *json, *form;
};
/* NOLINTBEGIN(bugprone-macro-parentheses): types and members take none */
#define SCENARIO_MESSAGE_ROWS(type, member)                                                                  \
    { FIELD("method", FIELD_TEXT, type, member.method) }, { FIELD("path", FIELD_TEXT, type, member.path) },  \
        { FIELD("headers", FIELD_NODE, type, member.headers) },                                              \
        { FIELD("cookies", FIELD_NODE, type, member.cookies) },                                              \
        { FIELD("basic_auth", FIELD_NODE, type, member.basic_auth) },                                        \
        { FIELD("body", FIELD_NODE, type, member.body) }, { FIELD("json", FIELD_NODE, type, member.json) },  \
        { FIELD("form", FIELD_NODE, type, member.form) },                                                    \
    {                                                                                                        \
        FIELD("body_file", FIELD_NODE, type, member.body_file)                                               \
    }
/* NOLINTEND(bugprone-macro-parentheses) */
/* `scope`: what its words can stand for. `node` is the map that the message was read from; its method and
 * path are given. */
int scenario_read_message(const struct scenario_reader *r, const struct template_scope *scope,
                          const struct yaml_node *node, const struct scenario_message *raw,
                          struct plan_request *out, struct err *e);

/* Adds headers, cookies and basic_auth of a message. */
int scenario_add_head(const struct scenario_reader *r, struct request_builder *b,
                      const struct scenario_message *raw, struct err *e);
/* The body of a message, and the Content-Type of a json or a form unless the builder was given one. What is
 * in `body` is borrowed from the file or from `*owned`, which the caller frees. */
int scenario_read_body(const struct scenario_reader *r, const struct scenario_message *raw,
                       struct request_builder *b, struct request_body *body, char **owned, struct err *e);

/* What a stream and a step expect of the response itself. */
struct scenario_expect {
    const struct yaml_node *status, *body, *headers;
};
/* NOLINTBEGIN(bugprone-macro-parentheses): types and members take none */
#define SCENARIO_EXPECT_ROWS(type, member)                                                                   \
    { FIELD("status", FIELD_NODE, type, member.status) }, { FIELD("body", FIELD_NODE, type, member.body) },  \
    {                                                                                                        \
        FIELD("headers", FIELD_NODE, type, member.headers)                                                   \
    }
/* NOLINTEND(bugprone-macro-parentheses) */
/* Sets the defaults, then what was given. */
int scenario_fill_expect(const struct yaml_file *f, const struct scenario_expect *raw, struct plan_expect *x,
                         struct err *e);
/* One status or a list of them. */
int scenario_read_statuses(const struct yaml_file *f, struct plan_expect *x, const struct yaml_node *node,
                           struct err *e);
int scenario_read_expect(const struct scenario_reader *r, struct plan_stream *s, const struct yaml_node *node,
                         struct err *e);

/* The path of a file that the scenario names, relative to the scenario's own folder. Owned by the caller;
 * NULL when memory is short. */
char *scenario_file_path(const struct scenario_reader *r, const char *name);
/* The file's text with the values of headers that may be secret replaced by (given). Owned; NULL when memory
 * is short. */
char *scenario_masked_text(const struct yaml_file *file);

#endif
