#include "session_scope.h"

#include "err.h"
#include "nearest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint32_t session_scope_number(const struct session_scope *scope, const char *name)
{
    uint32_t i = 0;
    while (i < scope->session->n_variables && strcmp(scope->session->variables[i], name) != 0)
        i++;
    return i;
}

int session_scope_declare(struct session_scope *scope, const char *name, enum session_part part,
                          const char *step, struct err *e)
{
    struct plan_session *session = scope->session;
    if (session_scope_number(scope, name) < session->n_variables)
        return 0;
    if (session->n_variables == SESSION_VARIABLES_MOST)
        return err_set(e, ERR_INPUT, "a session captures at most %d variables", SESSION_VARIABLES_MOST);
    char **larger = realloc(session->variables, (session->n_variables + 1) * sizeof *larger);
    if (!larger)
        return plan_out_of_memory(e);
    session->variables = larger;
    larger[session->n_variables] = strdup(name);
    if (!larger[session->n_variables])
        return plan_out_of_memory(e);
    snprintf(scope->setters[session->n_variables], PLAN_NAME_BYTES, "%s", step);
    scope->setter_parts[session->n_variables++] = part;
    if (part == SESSION_BEGIN)
        session->n_lasting = session->n_variables;
    return 0;
}

static enum session_doubt doubt_of(const struct session_step *step)
{
    return step->chance < 1                 ? SESSION_MAY_BE_SKIPPED
           : step->on_fail == SESSION_GO_ON ? SESSION_MAY_FAIL
                                            : SESSION_SURE;
}

void session_scope_pass(struct session_scope *scope, const struct session_step *step)
{
    const enum session_doubt doubt = doubt_of(step);
    for (size_t i = 0; i < step->n_captures; i++) {
        const uint32_t k = step->captures[i].variable;
        const uint64_t bit = UINT64_C(1) << k;
        if (!(scope->has_run & bit))
            scope->doubts[k] = doubt;
        scope->has_run |= bit;
        scope->is_set |= doubt == SESSION_SURE ? bit : 0;
    }
}

void session_scope_end_pass(struct session_scope *scope)
{
    const size_t n = scope->session->n_lasting;
    scope->is_set &= n < 64 ? (UINT64_C(1) << n) - 1 : UINT64_MAX;
}

static int unknown(const struct session_scope *scope, const char *name, struct err *e)
{
    const struct plan_session *session = scope->session;
    const char *near = nearest_word(name, (const char *const *)session->variables, session->n_variables);
    if (near)
        return err_set(e, ERR_INPUT, "{%.64s} is not set by any step before '%s'; did you mean {%s}?", name,
                       scope->step, near);
    return err_set(e, ERR_INPUT, "{%.64s} is not set by any step before '%s': give one a 'capture' for it",
                   name, scope->step);
}

static int unset(const struct session_scope *scope, uint32_t i, struct err *e)
{
    const char *name = scope->session->variables[i];
    const char *setter = scope->setters[i];
    if (!(scope->has_run >> i & 1))
        return strcmp(setter, scope->step) == 0
                   ? err_set(e, ERR_INPUT,
                             "{%s} is not set yet in '%s', whose own response it is captured from", name,
                             scope->step)
                   : err_set(e, ERR_INPUT,
                             "{%s} is not set before '%s': '%s', which captures it, comes later", name,
                             scope->step, setter);
    if (scope->doubts[i] == SESSION_MAY_BE_SKIPPED)
        return err_set(e, ERR_INPUT,
                       "{%s} may not be set before '%s': '%s', which captures it, has a 'chance'", name,
                       scope->step, setter);
    if (scope->doubts[i] == SESSION_MAY_FAIL)
        return err_set(
            e, ERR_INPUT,
            "{%s} may not be set before '%s': when '%s', which captures it, fails, the pass goes on "
            "(on_fail: go_on)",
            name, scope->step, setter);
    return err_set(e, ERR_INPUT, "{%s} is not set in '%s': what '%s' captures ends with the pass", name,
                   scope->step, setter);
}

int session_scope_find(const struct session_scope *scope, const char *name, uint32_t *variable, struct err *e)
{
    *variable = session_scope_number(scope, name);
    if (*variable == scope->session->n_variables)
        return unknown(scope, name, e);
    return scope->is_set >> *variable & 1 ? 0 : unset(scope, *variable, e);
}
