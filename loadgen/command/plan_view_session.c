/* Sessions for people: their steps as they will be sent, what is expected and captured, and how long passes
 * take; the feeds, and how often a feed row is used. */
#include "expect.h"
#include "plan_view.h"
#include "plan_view_message.h"
#include "session.h"
#include "session_mean.h"
#include "text_out.h"
#include "units.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { INDENT = PLAN_VIEW_INDENT };

static const char *plural(double n)
{
    return n == 1 ? "" : "s";
}

static const char *cookies_text(enum session_cookies cookies)
{
    static const char *const texts[] = { [SESSION_COOKIES_PASS] = "cookies are kept for a pass",
                                         [SESSION_COOKIES_USER] = "cookies are kept",
                                         [SESSION_COOKIES_NONE] = "cookies are ignored" };
    return texts[cookies];
}

static const char *on_fail_text(enum session_on_fail on_fail)
{
    static const char *const texts[] = { [SESSION_END_PASS] = "ends the pass",
                                         [SESSION_GO_ON] = "goes on",
                                         [SESSION_END_USER] = "ends the user",
                                         [SESSION_STOP_RUN] = "stops the run" };
    return texts[on_fail];
}

static void print_think(const struct session_think *t, FILE *out)
{
    char low[UNITS_TEXT_BYTES];
    char high[UNITS_TEXT_BYTES];
    units_duration_text(t->low_ns, low);
    units_duration_text(t->high_ns, high);
    if (t->spread == SESSION_UNIFORM)
        fprintf(out, "thinks %s to %s", low, high);
    else if (t->spread == SESSION_EXPONENTIAL && t->high_ns > 0)
        fprintf(out, "thinks %s on average, at most %s", low, high);
    else if (t->spread == SESSION_EXPONENTIAL)
        fprintf(out, "thinks %s on average", low);
    else
        fprintf(out, "thinks %s", low);
}

static void print_json(const struct plan_stream *s, const struct session_json_expected *json, size_t n,
                       FILE *out)
{
    for (size_t i = 0; i < n; i++) {
        fprintf(out, "%s%s", i ? ", " : "", json[i].path);
        if (json[i].pieces)
            fputs(" = ", out);
        for (size_t k = 0; k < json[i].n_pieces; k++)
            plan_view_piece(s, &json[i].pieces[k], out);
    }
}

static void print_expect(const struct plan_stream *s, const struct session_step *step, FILE *out)
{
    static const char *const how[] = { [SESSION_CONTAINS] = "contains",
                                       [SESSION_CONTAINS_NOT] = "does not contain",
                                       [SESSION_MATCHES] = "matches" };
    char text[UNITS_TEXT_BYTES];
    plan_view_expect(&step->expect, out);
    if (step->n_json > 0)
        fputs(", ", out);
    print_json(s, step->json, step->n_json, out);
    for (size_t i = 0; i < step->n_texts; i++)
        fprintf(out, ", the body %s \"%s\"", how[step->texts[i].how], step->texts[i].text);
    fprintf(out, " within %s", units_duration_text(s->timeout_ns, text));
}

static void print_captures(const struct plan_session *session, const struct session_step *step, FILE *out)
{
    static const char *const sources[] = { [SESSION_FROM_JSON] = "",
                                           [SESSION_FROM_HEADER] = "header ",
                                           [SESSION_FROM_COOKIE] = "cookie ",
                                           [SESSION_FROM_STATUS] = "the status",
                                           [SESSION_FROM_REGEX] = "what matches " };
    for (size_t i = 0; i < step->n_captures; i++) {
        const struct session_capture *c = &step->captures[i];
        fprintf(out, "%*scaptures %s from %s%s", INDENT, "", session->variables[c->variable],
                sources[c->source], c->place ? c->place : "");
        if (c->otherwise)
            fprintf(out, ", else \"%s\"", c->otherwise);
        putc('\n', out);
    }
}

static void print_on_fail(const struct session_step *step, FILE *out)
{
    char text[UNITS_TEXT_BYTES];
    fprintf(out, "a failed step %s", on_fail_text(step->on_fail));
    if (step->fail_pause_ns > 0 && step->on_fail != SESSION_STOP_RUN)
        fprintf(out, ", with a pause of %s", units_duration_text(step->fail_pause_ns, text));
}

/* What decides how often the step is done, and what follows it. */
static void print_manner(const struct plan_stream *s, const struct session_step *step, FILE *out)
{
    char text[UNITS_TEXT_BYTES];
    const struct session_step *first = &s->session->steps[0];
    const char *between = "";
    if (step->chance < 1) {
        fprintf(out, "%swith a chance of %g %%", between, step->chance * 100);
        between = ", ";
    }
    if (step->n_times > 1) {
        fprintf(out, "%s%" PRIu32 " times", between, step->n_times);
        between = ", ";
    }
    if (step->n_follow > 0) {
        fprintf(out, "%sfollows %" PRIu32 " redirect%s", between, step->n_follow, plural(step->n_follow));
        between = ", ";
    }
    if (step->until.n_most > 0) {
        fprintf(out, "%suntil ", between);
        print_json(s, step->until.json, step->until.n_json, out);
        fprintf(out, ", every %s, at most %" PRIu32 " times", units_duration_text(step->until.every_ns, text),
                step->until.n_most);
        between = ", ";
    }
    if (step->think.low_ns > 0 || step->think.high_ns > 0) {
        fputs(between, out);
        print_think(&step->think, out);
        between = ", ";
    }
    if (step->on_fail != first->on_fail || step->fail_pause_ns != first->fail_pause_ns) {
        fputs(between, out);
        print_on_fail(step, out);
    }
}

static void print_step(const struct plan_stream *s, const struct session_step *step, bool is_http2,
                       bool is_first, FILE *out)
{
    static const char *const parts[] = {
        [SESSION_BEGIN] = "begin", [SESSION_STEPS] = "steps", [SESSION_END] = "end"
    };
    size_t length;
    char *message = plan_view_message_text(s, &step->request, &length);
    if (!message)
        return;
    fprintf(out, "\n  %-*s%s: ", INDENT - 2, is_first ? parts[step->part] : "", step->name);
    plan_view_start_line(message, is_http2, out);
    putc('\n', out);
    plan_view_message(message, length, is_http2, out);
    free(message);
    struct text_out expected, manner;
    if (text_out_begin(&expected))
        print_expect(s, step, expected.file);
    plan_view_prose(out, "", &expected);
    print_captures(s->session, step, out);
    if (text_out_begin(&manner))
        print_manner(s, step, manner.file);
    plan_view_prose(out, "", &manner);
}

static void print_heading(const struct plan_stream *s, FILE *out)
{
    const struct plan_session *session = s->session;
    char text[UNITS_TEXT_BYTES];
    fprintf(out, "%s: %s", s->name, cookies_text(session->cookies));
    if (session->is_connection_per_pass)
        fputs(", a new connection for each pass", out);
    if (session->pace_ns > 0)
        fprintf(out, ", %s from pass to pass", units_duration_text(session->pace_ns, text));
    if (s->ramp_users_ns > 0)
        fprintf(out, ", the first passes within %s", units_duration_text(s->ramp_users_ns, text));
    if (session->finish_ns > 0)
        fprintf(out, ", %s to finish", units_duration_text(session->finish_ns, text));
    if (session->renew.is_given)
        fputs(session->renew.seconds ? ", begin is renewed in time" : ", begin is renewed when refused", out);
    if (s->target)
        fprintf(out, "   to %s", s->target->url);
}

static void print_mean(const struct plan_stream *s, FILE *out)
{
    const struct session_mean mean = session_mean(s->session);
    char text[UNITS_TEXT_BYTES];
    fprintf(out, "a pass: %s request%s", units_limit_text(round(mean.n_requests * 10) / 10, text),
            plural(mean.n_requests));
    if (mean.think_ns > 0)
        fprintf(out, ", %s of thinking on average", units_duration_text((uint64_t)mean.think_ns, text));
    if (s->model == PLAN_CLOSED && mean.from_to_pass_ns > 0)
        fprintf(out, "; at most %s passes/s",
                units_number_text((double)s->n_users * 1e9 / mean.from_to_pass_ns, text));
}

static void print_session(const struct plan_stream *s, FILE *out)
{
    struct text_out heading, mean, on_fail;
    if (text_out_begin(&heading))
        print_heading(s, heading.file);
    if (text_out_begin(&mean))
        print_mean(s, mean.file);
    if (text_out_begin(&on_fail))
        print_on_fail(&s->session->steps[0], on_fail.file);
    putc('\n', out);
    plan_view_prose(out, "session", &heading);
    plan_view_prose(out, "", &mean);
    plan_view_prose(out, "", &on_fail);
}

void plan_view_sessions(const struct plan *plan, FILE *out)
{
    for (size_t i = 0; i < plan->n_streams; i++) {
        const struct plan_stream *s = &plan->streams[i];
        if (!s->session)
            continue;
        print_session(s, out);
        for (size_t k = 0; k < s->session->n_steps; k++) {
            const struct session_step *step = &s->session->steps[k];
            print_step(s, step, plan_is_http2(plan, s), k == 0 || step[-1].part != step->part, out);
        }
    }
}

/* --- feeds --- */

static const char *order_text(enum plan_order order)
{
    static const char *const texts[] = { [PLAN_SEQUENCE] = "in sequence",
                                         [PLAN_SHUFFLE] = "shuffled in each round",
                                         [PLAN_RANDOM] = "any",
                                         [PLAN_LEND] = "lent to one session at a time" };
    return texts[order];
}

/* How many rows a stream takes at most; UINT64_MAX: not known before it runs. */
static uint64_t n_taken(const struct plan_stream *s, const struct plan_feed *feed)
{
    const bool by_user = feed->take == PLAN_TAKE_USER && s->model == PLAN_CLOSED && s->session;
    return by_user ? s->n_users : plan_first_number(s, s->n_phases);
}

static void say_use(const struct plan_stream *s, const struct plan_feed *feed, FILE *out)
{
    static const char *const whose[] = { [PLAN_TAKE_PASS] = "pass", [PLAN_TAKE_USER] = "user" };
    char text[UNITS_TEXT_BYTES];
    const uint64_t n = n_taken(s, feed);
    const char *who = s->session ? whose[feed->take] : "walk through its requests";
    fprintf(out, "%s: a row per %s, %s", s->name, who, order_text(feed->order));
    if (feed->order == PLAN_LEND || feed->order == PLAN_RANDOM)
        fputs(feed->order == PLAN_LEND ? "; none twice at once" : "; some again and again", out);
    else if (n == UINT64_MAX)
        fprintf(out, "; %s",
                feed->at_end == PLAN_REPEAT ? "again from the first when all are used"
                : feed->at_end == PLAN_STOP ? "the phase ends when all are used"
                                            : "the run ends when all are used");
    else if (n <= feed->n_rows)
        fprintf(out, "; %s of them, none twice", units_count_text(n, text));
    else if (feed->at_end == PLAN_REPEAT)
        fprintf(out, "; each up to %s times", units_count_text((n + feed->n_rows - 1) / feed->n_rows, text));
    else
        fputs("; none twice, and the phase ends with them", out);
}

static void print_use(const struct plan_stream *s, const struct plan_feed *feed, FILE *out)
{
    struct text_out text;
    if (text_out_begin(&text))
        say_use(s, feed, text.file);
    plan_view_prose(out, "", &text);
}

void plan_view_feeds(const struct plan *plan, FILE *out)
{
    char text[UNITS_TEXT_BYTES];
    for (size_t i = 0; i < plan->n_feeds; i++) {
        const struct plan_feed *feed = plan->feeds[i];
        fprintf(out, "\n  %-*s%s%s%s: %s row%s\n", INDENT - 2, "feed", feed->name, feed->name[0] ? ", " : "",
                feed->file ? feed->file : "", units_count_text(feed->n_rows, text),
                plural((double)feed->n_rows));
        for (size_t k = 0; k < plan->n_streams; k++)
            for (size_t j = 0; j < plan->streams[k].n_feeds; j++)
                if (plan->streams[k].feeds[j] == feed)
                    print_use(&plan->streams[k], feed, out);
    }
}
