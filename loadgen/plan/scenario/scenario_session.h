/* Shared by the files that read a session, and included by no others. */
#ifndef PLAN_SCENARIO_SESSION_H
#define PLAN_SCENARIO_SESSION_H

#include "scenario_parts.h"
#include "session_scope.h"

struct session_reader {
    const struct scenario_reader *scenario;
    const struct yaml_file *file; /* the scenario's */
    struct plan_stream *stream;
    struct plan_session *session;
    struct session_scope scope;
    struct template_scope words; /* over `scope` */
    /* of steps that give none */
    enum session_on_fail on_fail;
    uint64_t fail_pause_ns;
};

extern const char *const scenario_on_fail_names[];

/* Reads a step whose name and place in the session are known. */
int scenario_read_step(struct session_reader *r, const struct yaml_node *node, struct session_step *step,
                       struct err *e);

/* A duration, or a map of a distribution. */
int scenario_read_think(const struct session_reader *r, const struct yaml_node *node,
                        struct session_think *think, struct err *e);
int scenario_read_chance(const struct session_reader *r, const struct yaml_node *node, double *chance,
                         struct err *e);
int scenario_read_until(const struct session_reader *r, const struct yaml_node *node,
                        struct session_until *until, struct err *e);
int scenario_read_renew(const struct session_reader *r, const struct yaml_node *node,
                        struct session_renew *renew, struct err *e);

/* What a step expects: the response itself, and what is looked for in its body. */
int scenario_read_step_expect(const struct session_reader *r, const struct yaml_node *node,
                              struct session_step *step, struct err *e);
/* A map of JSON paths and values; `*list` is owned by the caller, even on failure. */
int scenario_read_json_expected(const struct session_reader *r, const struct yaml_node *map,
                                struct session_json_expected **list, size_t *n, struct err *e);
/* The names of a step's variables, before any step is read. */
int scenario_declare_captures(struct session_reader *r, const struct yaml_node *step, const char *name,
                              enum session_part part, struct err *e);
int scenario_read_captures(const struct session_reader *r, const struct yaml_node *map,
                           struct session_step *step, struct err *e);

/* A text with {words}; `*pieces` is owned by the caller, even on failure. */
int scenario_read_value(const struct session_reader *r, const struct yaml_node *node,
                        struct plan_piece **pieces, size_t *n, struct err *e);

#endif
