#include "plan_view.h"

#include "plan_view_message.h"
#include "text_out.h"
#include "units.h"

#include <inttypes.h>

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

static void print_heading(const struct plan *plan, FILE *out)
{
    char targets[PLAN_TARGETS_TEXT_BYTES];
    const struct plan_deployment *d = &plan->deployment;
    fprintf(out, "%s   %zu stream%s   %s", plan->name, plan->n_streams, plural(plan->n_streams),
            plan_targets_text(plan, targets));
    if (d->present)
        fprintf(out, "   %s: %s%s", d->provider ? d->provider : "deployment", d->topology ? d->topology : "",
                d->emulated ? " (emulated)" : "");
    fputs("\n\n", out);
}

/* How much is sent in all; `is_about`: not all of it is known in advance. */
struct amount {
    uint64_t n_requests, n_passes;
    bool is_about;
};

static struct amount total_of(const struct plan *plan)
{
    struct amount a = { 0 };
    for (size_t i = 0; i < plan->n_streams; i++) {
        const struct plan_stream *s = &plan->streams[i];
        a.is_about = a.is_about || (s->model == PLAN_OPEN && s->arrivals == PLAN_POISSON);
        for (size_t k = 0; k < s->n_phases; k++) {
            *(s->session ? &a.n_passes : &a.n_requests) += s->phases[k].n_requests;
            a.is_about = a.is_about || s->phases[k].kind == PLAN_PHASE_DURATION;
        }
    }
    return a;
}

static void say_total(const struct plan *plan, FILE *out)
{
    char text[UNITS_TEXT_BYTES];
    char share[SHARE_TEXT_BYTES];
    const struct plan_length length = plan_length(plan);
    const struct amount total = total_of(plan);
    const uint64_t n_connections = plan_n_connections(plan);
    const char *about = total.is_about ? "about " : "";
    if (total.n_requests > 0)
        fprintf(out, "%s%s request%s, ", about, units_count_text(total.n_requests, text),
                plural(total.n_requests));
    if (total.n_passes > 0)
        fprintf(out, "%s%s pass%s, ", about, units_count_text(total.n_passes, text),
                total.n_passes == 1 ? "" : "es");
    if (length.ns > 0)
        fprintf(out, "%s%s, ", length.is_least ? "more than " : "", units_duration_text(length.ns, text));
    fprintf(out, "at most %s connection%s, ", units_count_text(n_connections, text), plural(n_connections));
    if (share_count(&plan->share) > 1)
        fprintf(out, "%u shares, this one (%s) with ", share_count(&plan->share),
                share_text(&plan->share, share));
    fprintf(out, "%u thread%s, seed %" PRIu64, plan->n_threads, plural(plan->n_threads), plan->seed);
}

static void print_total(const struct plan *plan, FILE *out)
{
    struct text_out text;
    if (text_out_begin(&text))
        say_total(plan, text.file);
    putc('\n', out);
    plan_view_prose(out, "in total", &text);
}

void plan_view_print(const struct plan *plan, FILE *out)
{
    print_heading(plan, out);
    plan_view_table(plan, out);
    plan_view_requests(plan, out);
    plan_view_sessions(plan, out);
    plan_view_feeds(plan, out);
    for (size_t i = 0; i < plan->n_thresholds; i++)
        fprintf(out, "%s%s%s\n", i ? "              " : "\n  thresholds  ", plan->thresholds[i].text,
                plan->thresholds[i].aborts ? "   (ends the run at once)" : "");
    plan_view_shares(plan, out);
    plan_view_threads(plan, out);
    print_total(plan, out);
}
