/* What sessions in scenario files mean. */
#include "err.h"
#include "plan.h"
#include "scenario.h"
#include "session.h"
#include "session_mean.h"

#include "cm.h"

#include <stdio.h>
#include <string.h>

#define S_NS UINT64_C(1000000000)

static void read_plan(struct plan *plan, const char *text)
{
    static const struct scenario_overrides none = { 0 };
    struct err e = { 0 };
    if (scenario_parse(plan, "folder/file.yaml", text, strlen(text), &none, &e))
        fail_msg("%s", e.text);
}

/* A scenario with one session, of which `rest` holds everything but its users and phases. */
static const struct plan_session *read_session(struct plan *plan, const char *rest)
{
    char text[4096];
    snprintf(text, sizeof text,
             "target: http://h\nstreams:\n  - name: s\n    users: 4\n    phases: [ { passes: 10 } ]\n"
             "    session:\n%s",
             rest);
    read_plan(plan, text);
    return plan->streams[0].session;
}

/* Literal pieces, and <kind> of the others. */
static const char *text_of(const struct plan_piece *pieces, size_t n)
{
    static char text[4096];
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < n; i++)
        used += (size_t)(pieces[i].kind == PLAN_PIECE_LITERAL
                             ? snprintf(text + used, sizeof text - used, "%.*s", (int)pieces[i].length_bytes,
                                        pieces[i].text ? pieces[i].text : "")
                             : snprintf(text + used, sizeof text - used, "<%d>", (int)pieces[i].kind));
    return text;
}

static const char *body_of(const struct session_step *step)
{
    const char *text = text_of(step->request.pieces, step->request.n_pieces);
    return strstr(text, "\r\n\r\n") + 4;
}

/* A login in `begin` is of no use to the second pass without its cookie. */
static void cookies_of_begin_outlive_a_pass_by_default(void **state)
{
    static const char *const kept[] = { "", "      cookies: user\n", "      cookies: pass\n" };
    static const enum session_cookies expected[] = { SESSION_COOKIES_USER, SESSION_COOKIES_USER,
                                                     SESSION_COOKIES_PASS };
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct plan plan;
        char text[256];
        snprintf(text, sizeof text, "%s      begin: [ { name: login, path: /login } ]\n%s", kept[i],
                 "      steps: [ { name: a, path: / } ]\n");
        assert_int_equal(read_session(&plan, text)->cookies, expected[i]);
        plan_fini(&plan);
    }
}

static void a_session_has_defaults(void **state)
{
    struct plan plan;
    (void)state;
    const struct plan_session *session = read_session(&plan, "      steps: [ { name: a, path: / } ]\n");
    const struct session_step *step = &session->steps[0];
    assert_int_equal(plan.streams[0].n_requests, 0);
    assert_int_equal(session->n_steps, 1);
    assert_int_equal(session->cookies, SESSION_COOKIES_PASS);
    assert_int_equal(session->finish_ns, 30 * S_NS);
    assert_false(session->is_connection_per_pass);
    assert_false(session->renew.is_given);
    assert_int_equal(step->n_times, 1);
    assert_true(step->chance == 1);
    assert_int_equal(step->on_fail, SESSION_END_PASS);
    assert_int_equal(step->fail_pause_ns, S_NS);
    assert_int_equal(step->body_most_bytes, 1024 * 1024);
    assert_true(plan_expects_status(&step->expect, 204));
    assert_false(plan_expects_status(&step->expect, 303));
    plan_fini(&plan);
}

static void parts_and_rows_are_in_their_order(void **state)
{
    struct plan plan;
    (void)state;
    const struct plan_session *session =
        read_session(&plan, "      end: [ { name: c, path: / } ]\n"
                            "      steps: [ { name: b, path: /, follow: 2 } ]\n"
                            "      begin: [ { name: a, path: / } ]\n");
    const struct plan_stream *s = &plan.streams[0];
    assert_int_equal(session->n_begin, 1);
    assert_int_equal(session->n_end, 1);
    assert_string_equal(session->steps[0].name, "a");
    assert_int_equal(session->steps[2].part, SESSION_END);
    assert_int_equal(s->n_rows, 5);
    assert_string_equal(s->rows[3].name, "b_redirect");
    assert_string_equal(s->rows[4].name, "session");
    assert_int_equal(session->steps[1].redirect_row, 3);
    assert_int_equal(s->phases[0].n_requests, 10);
    plan_fini(&plan);
}

static void variables_of_begin_come_first_and_last(void **state)
{
    struct plan plan;
    (void)state;
    const struct plan_session *session =
        read_session(&plan, "      steps:\n"
                            "        - { name: b, path: /, capture: { id: { header: X-Id, or: none }, token: "
                            "{ status: true } } }\n"
                            "        - { name: c, path: \"/{id}/{token}\" }\n"
                            "      begin: [ { name: a, path: /, capture: { token: { json: $.a } } } ]\n");
    const struct session_step *b = &session->steps[1];
    assert_int_equal(session->n_variables, 2);
    assert_int_equal(session->n_lasting, 1);
    assert_string_equal(session->variables[0], "token");
    assert_string_equal(session->variables[1], "id");
    assert_int_equal(b->captures[0].variable, 1);
    assert_string_equal(b->captures[0].otherwise, "none");
    assert_int_equal(b->captures[1].variable, 0);
    assert_int_equal(b->captures[1].source, SESSION_FROM_STATUS);
    assert_string_equal(session->steps[0].captures[0].cause, "capture 'token' found nothing at $.a");
    plan_fini(&plan);
}

/* A variable that a step may leave unset is set by another one, or by a default. */
static void a_variable_that_is_set_on_every_path_may_be_used(void **state)
{
    struct plan plan;
    (void)state;
    read_session(&plan,
                 "      begin: [ { name: a, path: /, capture: { id: { status: true } } } ]\n"
                 "      steps:\n"
                 "        - { name: b, path: /, chance: 50%, capture: { id: { status: true } } }\n"
                 "        - { name: c, path: \"/{id}\", on_fail: go_on, capture: { x: { status: true } } }\n"
                 "        - { name: d, path: /, capture: { x: { json: $.x, or: y } } }\n"
                 "        - { name: e, path: \"/{x}\" }\n");
    plan_fini(&plan);
}

static void json_keeps_the_types_of_plain_values(void **state)
{
    struct plan plan;
    (void)state;
    const struct plan_session *session = read_session(
        &plan, "      steps:\n"
               "        - name: a\n"
               "          method: POST\n"
               "          path: /\n"
               "          json: { n: 1.50, e: -1e3, t: true, z: null, s: \"5\", w: 007, y: yes,"
               " l: [ 1, { m: \"a\\\"b\\\\\\n{{x\" } ] }\n"
               "        - { name: b, method: POST, path: /, form: { a b: \"c&d=e\", n: 1, f: } }\n");
    assert_string_equal(
        body_of(&session->steps[0]),
        "{\"n\":1.50,\"e\":-1e3,\"t\":true,\"z\":null,\"s\":\"5\",\"w\":\"007\",\"y\":\"yes\","
        "\"l\":[1,{\"m\":\"a\\\"b\\\\\\u000a{x\"}]}");
    assert_non_null(strstr(text_of(session->steps[0].request.pieces, session->steps[0].request.n_pieces),
                           "Content-Type: application/json\r\n"));
    assert_string_equal(body_of(&session->steps[1]), "a+b=c%26d%3De&n=1&f=");
    plan_fini(&plan);
}

static void words_in_json_are_escaped_there_and_numbers_have_no_quotes(void **state)
{
    struct plan plan;
    (void)state;
    const struct plan_session *session = read_session(
        &plan, "      steps:\n"
               "        - { name: a, path: /, capture: { id: { json: $.id } } }\n"
               "        - { name: b, method: POST, path: /, json: { i: \"{id|number}\", j: \"{id}\" } }\n");
    const struct plan_request *r = &session->steps[1].request;
    char expected[64];
    snprintf(expected, sizeof expected, "{\"i\":<%d>,\"j\":\"<%d>\"}", PLAN_PIECE_VARIABLE,
             PLAN_PIECE_VARIABLE);
    assert_string_equal(body_of(&session->steps[1]), expected);
    enum plan_escape seen[2];
    size_t n = 0;
    for (size_t i = 0; i < r->n_pieces; i++)
        if (r->pieces[i].kind == PLAN_PIECE_VARIABLE)
            seen[n++] = r->pieces[i].escape;
    assert_int_equal(n, 2);
    assert_int_equal(seen[0], PLAN_NUMBER);
    assert_int_equal(seen[1], PLAN_JSON);
    plan_fini(&plan);
}

static void times_of_a_step_are_read(void **state)
{
    struct plan plan;
    (void)state;
    const struct plan_session *session =
        read_session(&plan, "      pace: 20s\n"
                            "      steps:\n"
                            "        - { name: a, path: /, think: 2s, repeat: 3, chance: 0.5 }\n"
                            "        - { name: b, path: /, think: { uniform: [1s, 5s] }, chance: 30% }\n"
                            "        - { name: c, path: /, think: { exponential: 4s, most: 8s },"
                            " until: { json: { $.a: any, $.b: \"\" }, every: 2s, most: 7 } }\n");
    const struct session_step *steps = session->steps;
    assert_int_equal(steps[0].think.low_ns, 2 * S_NS);
    assert_true(steps[1].chance == 0.3);
    assert_int_equal(steps[1].think.spread, SESSION_UNIFORM);
    assert_int_equal(steps[1].think.high_ns, 5 * S_NS);
    assert_int_equal(steps[2].think.spread, SESSION_EXPONENTIAL);
    assert_int_equal(steps[2].think.high_ns, 8 * S_NS);
    assert_int_equal(steps[2].until.n_most, 7);
    assert_int_equal(steps[2].until.n_json, 2);
    assert_null(steps[2].until.json[0].pieces);
    assert_int_equal(steps[2].until.json[1].n_pieces, 1);
    const struct session_mean mean = session_mean(session);
    assert_true(mean.n_requests > 2.79 && mean.n_requests < 2.81);
    assert_true(mean.think_ns > 3.89e9 && mean.think_ns < 3.91e9);
    assert_true(mean.from_to_pass_ns == 20e9);
    plan_fini(&plan);
}

static void renewal_has_a_time_and_statuses(void **state)
{
    struct plan plan;
    (void)state;
    const struct plan_session *session =
        read_session(&plan, "      renew: { seconds: \"{life}\", early: 30s, status: [ 401, 403 ] }\n"
                            "      begin: [ { name: a, path: /, capture: { life: { json: $.a } } } ]\n"
                            "      steps: [ { name: b, path: / } ]\n");
    assert_true(session->renew.is_given);
    assert_int_equal(session->renew.n_seconds, 1);
    assert_int_equal(session->renew.early_ns, 30 * S_NS);
    assert_true(session->renew.statuses[(403 - 100) / 8] >> ((403 - 100) % 8) & 1);
    assert_false(session->renew.statuses[(200 - 100) / 8] >> ((200 - 100) % 8) & 1);
    plan_fini(&plan);
}

static void in_an_open_stream_each_arrival_is_a_user_with_a_connection_of_its_own(void **state)
{
    struct plan plan;
    (void)state;
    read_plan(&plan, "target: http://h\nstreams:\n  - name: s\n    phases: [ { rate: 5/s, passes: 10 } ]\n"
                     "    session: { steps: [ { name: a, path: / } ] }\n");
    assert_int_equal(plan.streams[0].model, PLAN_OPEN);
    assert_int_equal(plan.streams[0].phases[0].duration_ns, 2 * S_NS);
    assert_true(plan.streams[0].session->is_connection_per_pass);
    plan_fini(&plan);
}

static void connections_of_an_open_stream_suffice_for_thinks_and_a_second_per_step(void **state)
{
    struct plan plan;
    (void)state;
    read_plan(&plan,
              "target: http://h\nstreams:\n  - name: s\n    phases: [ { rate: 100/s, duration: 1s } ]\n"
              "    session: { steps: [ { name: a, path: /, think: 2s } ], end: [ { name: b, path: / } ] }\n");
    assert_int_equal(plan.streams[0].n_connections, 2 * 100 * 4);
    plan_fini(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cookies_of_begin_outlive_a_pass_by_default),
        cmocka_unit_test(a_session_has_defaults),
        cmocka_unit_test(parts_and_rows_are_in_their_order),
        cmocka_unit_test(variables_of_begin_come_first_and_last),
        cmocka_unit_test(a_variable_that_is_set_on_every_path_may_be_used),
        cmocka_unit_test(json_keeps_the_types_of_plain_values),
        cmocka_unit_test(words_in_json_are_escaped_there_and_numbers_have_no_quotes),
        cmocka_unit_test(times_of_a_step_are_read),
        cmocka_unit_test(renewal_has_a_time_and_statuses),
        cmocka_unit_test(connections_of_an_open_stream_suffice_for_thinks_and_a_second_per_step),
        cmocka_unit_test(in_an_open_stream_each_arrival_is_a_user_with_a_connection_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
