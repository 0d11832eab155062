/* The words of templates: which piece each becomes, and what is refused. */
#include "err.h"
#include "plan.h"
#include "render.h"
#include "session_scope.h"
#include "template.h"

#include "cm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RENDERED_BYTES = 512 };

static char cell_texts[][12] = { "ann", "1", "/x", "b\"o & co", "true", "/y" };
static char *cells[] = { cell_texts[0], cell_texts[1], cell_texts[2],
                         cell_texts[3], cell_texts[4], cell_texts[5] };
static char column_texts[][6] = { "name", "n", "where" };
static char *columns[] = { column_texts[0], column_texts[1], column_texts[2] };
static char variable_texts[][6] = { "token", "later" };
static char *variables[] = { variable_texts[0], variable_texts[1] };

struct fixture {
    struct plan plan;
    struct plan_stream stream;
    struct plan_session session;
    struct plan_feed users, own;
    struct plan_feed *feeds[2];
    struct session_scope session_scope;
    struct template_scope scope;
    struct template t;
    struct err e;
};

static void set_up(struct fixture *f)
{
    *f = (struct fixture){ .plan = { .seed = 1, .n_streams = 1, .n_feeds = 2 } };
    f->users = (struct plan_feed){
        .name = "users", .cells = cells, .columns = columns, .n_rows = 2, .n_columns = 3
    };
    f->own = f->users;
    f->own.name[0] = '\0';
    f->own.number = 1;
    f->feeds[0] = &f->users;
    f->feeds[1] = &f->own;
    f->plan.feeds = f->feeds;
    f->plan.streams = &f->stream;
    f->stream.session = &f->session;
    f->session = (struct plan_session){ .variables = variables, .n_variables = 2 };
    f->session_scope = (struct session_scope){ .session = &f->session, .step = "order" };
    f->session_scope.is_set = f->session_scope.has_run = 1;
    snprintf(f->session_scope.setters[1], PLAN_NAME_BYTES, "pay");
    f->scope = (struct template_scope){
        .plan = &f->plan, .stream = &f->stream, .csv = &f->own, .session = &f->session_scope
    };
}

static void tear_down(struct fixture *f)
{
    template_fini(&f->t);
    free(f->stream.feeds);
}

/* The text for user 3 in pass 1, whose token is "a b/<\"". Returns `out`, or the cause. */
static const char *rendered(struct fixture *f, char *out)
{
    static const char token[] = "a b/<\"";
    static const struct render_variable values[] = { { 0, sizeof token - 1 }, { .at = RENDER_UNSET } };
    struct render_source source = { .plan = &f->plan,
                                    .stream = &f->stream,
                                    .counter = 1,
                                    .user = 3,
                                    .walk = 1,
                                    .variables = values,
                                    .values = token };
    struct render_room room = { 0 };
    size_t used = 0;
    const char *cause = render_pieces(&source, f->t.pieces, f->t.n, &room, &used);
    assert_true(used < RENDERED_BYTES);
    if (!cause && used > 0)
        memcpy(out, room.bytes, used);
    out[used] = '\0';
    free(room.bytes);
    return cause ? cause : out;
}

static void values_are_written_as_their_place_and_filter_say(void **state)
{
    static const struct {
        enum template_use use;
        const char *text, *right;
    } cases[] = {
        { TEMPLATE_PATH, "/{token}?u={user}&p={counter}", "/a%20b%2F%3C%22?u=3&p=1" },
        { TEMPLATE_PATH, "/{users.name}", "/b%22o%20%26%20co" },
        { TEMPLATE_PATH, "{users.where}/{csv:where}", "/y/%2Fy" },
        { TEMPLATE_PATH, "/{token|base64}", "/YSBiLzwi" },
        { TEMPLATE_PATH, "/{users.name|base64}", "/YiJvICYgY28%3D" },
        { TEMPLATE_PATH, "/{token|form}", "/a+b%2F%3C%22" },
        { TEMPLATE_HEADER, "Bearer {token}", "Bearer a b/<\"" },
        { TEMPLATE_BODY, "{token}, {{token}}, {token|url}", "a b/<\", {token}}, a%20b%2F%3C%22" },
        { TEMPLATE_BODY, "<p>{token|html}", "<p>a b/&lt;&quot;" },
        { TEMPLATE_BODY, "a{3}{0,1} { x } {\"a\":1}", "a{3}{0,1} { x } {\"a\":1}" },
        { TEMPLATE_JSON, "{{\"a\":\"{token}\",\"b\":{users.n|number}}", "{\"a\":\"a b/<\\\"\",\"b\":true}" },
        { TEMPLATE_JSON, "[\"{token|html}\",\"{token|json}\"]", "[\"a b/&lt;&quot;\",\"a b/<\\\"\"]" },
        { TEMPLATE_FORM, "a={token}&b={users.name}", "a=a+b%2F%3C%22&b=b%22o+%26+co" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct fixture f;
        char out[RENDERED_BYTES];
        set_up(&f);
        assert_int_equal(template_add_text(&f.t, cases[i].text, cases[i].use, &f.scope, &f.e), 0);
        assert_string_equal(rendered(&f, out), cases[i].right);
        tear_down(&f);
    }
}

static void what_cannot_stand_there_is_known_when_it_is_sent(void **state)
{
    static const struct {
        enum template_use use;
        const char *text, *cause;
    } cases[] = {
        { TEMPLATE_PATH, "/{token|raw}",
          "a raw value in a path holds a blank, a #, or what is not visible ASCII" },
        { TEMPLATE_PATH, "{token}",
          "a value that is a path is none: it must begin with / and be visible ASCII" },
        { TEMPLATE_BODY, "{token|number}", "a value is no JSON number, true, false or null" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct fixture f;
        char out[RENDERED_BYTES];
        set_up(&f);
        assert_int_equal(template_add_text(&f.t, cases[i].text, cases[i].use, &f.scope, &f.e), 0);
        assert_string_equal(rendered(&f, out), cases[i].cause);
        tear_down(&f);
    }
}

static void assert_refused(struct fixture *f, enum template_use use, const char *text, const char *sentence)
{
    assert_int_equal(template_add_text(&f->t, text, use, &f->scope, &f->e), -1);
    assert_string_equal(f->e.text, sentence);
    tear_down(f);
}

static void mistakes_say_what_would_be_right(void **state)
{
    static const struct {
        enum template_use use;
        const char *text, *sentence;
    } cases[] = {
        { TEMPLATE_BODY, "{tokn}", "{tokn} is not set by any step before 'order'; did you mean {token}?" },
        { TEMPLATE_BODY, "{later}",
          "{later} is not set before 'order': 'pay', which captures it, comes later" },
        { TEMPLATE_BODY, "{conter}", "{conter} is not a value; did you mean {counter}?" },
        { TEMPLATE_BODY, "{token|nmber}", "'nmber' is no filter; did you mean |number?" },
        { TEMPLATE_BODY, "{token|upper}",
          "'upper' is no filter; there are |raw, |number, |url, |form, |json, |html and |base64" },
        { TEMPLATE_BODY, "{user.name}", "there is no feed 'user'; did you mean {users.name}?" },
        { TEMPLATE_BODY, "{goods.name}",
          "{goods.name}: there is no feed 'goods' under 'feeds'; write {{ for a brace" },
        { TEMPLATE_BODY, "{users.nme}", "feed 'users' has no column 'nme'; did you mean 'name'?" },
        { TEMPLATE_BODY, "{env:LOADGEN_TEST_UNSET}",
          "the environment variable LOADGEN_TEST_UNSET is not set" },
        { TEMPLATE_JSON, "[\"n {token|number}\"]", "{token|number} must be the whole value" },
        { TEMPLATE_PATH, "{uuid}", "'path' must begin with /, not '{uuid}'" },
        { TEMPLATE_PATH, "{users.name}",
          "a path that begins with column 'name' of feed 'users' must begin with / in every row, and row 1 "
          "holds 'ann'" },
        { TEMPLATE_PATH, "/{users.name|raw}",
          "column 'name' of feed 'users' cannot be used here: row 2 holds a blank" },
        { TEMPLATE_JSON, "{users.name|number}",
          "column 'name' of feed 'users' cannot be used here: row 1 holds no number, true, false or null" },
        { TEMPLATE_BODY, "{\"user\": \"{users.name}\"}",
          "column 'name' of feed 'users' cannot be used here: row 2 holds a quote, backslash or control "
          "character, which would break this JSON: filter it by |json, or by |raw to send it as it is" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct fixture f;
        set_up(&f);
        assert_refused(&f, cases[i].use, cases[i].text, cases[i].sentence);
    }
}

static void what_belongs_to_sessions_is_refused_without_one(void **state)
{
    static const struct {
        enum plan_take take;
        enum plan_order order;
        enum plan_at_end at_end;
        const char *text, *sentence;
    } cases[] = {
        { PLAN_TAKE_PASS, PLAN_SEQUENCE, PLAN_REPEAT, "{user}",
          "{user} needs a 'session': this stream has no users with a number" },
        { PLAN_TAKE_USER, PLAN_SEQUENCE, PLAN_REPEAT, "{users.name}",
          "feed 'users' is taken per user, and this stream has no 'session'" },
        { PLAN_TAKE_PASS, PLAN_LEND, PLAN_REPEAT, "{users.name}",
          "feed 'users' lends its rows, and this stream has no 'session'" },
        { PLAN_TAKE_PASS, PLAN_SHUFFLE, PLAN_STOP, "{users.name}",
          "feed 'users' has 'at_end', and this stream has no 'session'" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct fixture f;
        set_up(&f);
        f.scope.session = NULL;
        f.users.take = cases[i].take;
        f.users.order = cases[i].order;
        f.users.at_end = cases[i].at_end;
        assert_refused(&f, TEMPLATE_BODY, cases[i].text, cases[i].sentence);
    }
}

static void begin_and_end_have_no_pass(void **state)
{
    struct fixture f;
    char out[RENDERED_BYTES];
    (void)state;
    set_up(&f);
    f.scope.has_no_pass = true;
    assert_refused(&f, TEMPLATE_BODY, "{counter}",
                   "{counter} is the number of a pass, and step 'order' is in none: use {user}");
    set_up(&f);
    f.scope.has_no_pass = true;
    assert_refused(&f, TEMPLATE_BODY, "{users.name}",
                   "feed 'users' is taken per pass, and step 'order' is in none: give it 'take: user'");
    set_up(&f);
    f.scope.has_no_pass = true;
    f.users.take = PLAN_TAKE_USER;
    assert_int_equal(template_add_text(&f.t, "{users.name} {user}", TEMPLATE_BODY, &f.scope, &f.e), 0);
    assert_string_equal(rendered(&f, out), "b\"o & co 3");
    tear_down(&f);
}

static void a_secret_is_known_as_one_and_escaped(void **state)
{
    struct fixture f;
    char out[RENDERED_BYTES];
    (void)state;
    setenv("LOADGEN_TEST_SECRET", "s\"e c", 1);
    set_up(&f);
    assert_int_equal(
        template_add_text(&f.t, "[\"{env:LOADGEN_TEST_SECRET}\"]", TEMPLATE_JSON, &f.scope, &f.e), 0);
    assert_int_equal(f.t.n, 3);
    assert_int_equal(f.t.pieces[1].kind, PLAN_PIECE_SECRET);
    assert_false(template_is_made(&f.t, 0));
    assert_string_equal(rendered(&f, out), "[\"s\\\"e c\"]");
    tear_down(&f);
    setenv("LOADGEN_TEST_SECRET", "a\r\nb", 1);
    set_up(&f);
    assert_refused(&f, TEMPLATE_HEADER, "Bearer {env:LOADGEN_TEST_SECRET}",
                   "the value of the environment variable LOADGEN_TEST_SECRET cannot stand here");
    unsetenv("LOADGEN_TEST_SECRET");
}

static void a_stream_lists_the_feeds_that_it_uses_once(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f);
    assert_int_equal(
        template_add_text(&f.t, "{csv:n} {users.n} {users.name} {csv:where}", TEMPLATE_BODY, &f.scope, &f.e),
        0);
    assert_int_equal(f.stream.n_feeds, 2);
    assert_ptr_equal(f.stream.feeds[0], &f.own);
    assert_ptr_equal(f.stream.feeds[1], &f.users);
    tear_down(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_written_as_their_place_and_filter_say),
        cmocka_unit_test(what_cannot_stand_there_is_known_when_it_is_sent),
        cmocka_unit_test(mistakes_say_what_would_be_right),
        cmocka_unit_test(what_belongs_to_sessions_is_refused_without_one),
        cmocka_unit_test(begin_and_end_have_no_pass),
        cmocka_unit_test(a_secret_is_known_as_one_and_escaped),
        cmocka_unit_test(a_stream_lists_the_feeds_that_it_uses_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
