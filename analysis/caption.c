#include "caption.h"

#include "arms.h"
#include "dataset.h"
#include "units.h"

#include <math.h>
#include <string.h>

void caption_latency(FILE *out, const struct dataset *data)
{
    if (data->headline == METRIC_RESPONSE)
        fputs("Response time: from the moment a request was due to its complete response, successful "
              "requests only. ",
              out);
    else
        fputs("Service time: from the first byte sent to the complete response, successful requests only. ",
              out);
}

static void describe_stream(FILE *out, const struct run_stream *stream)
{
    char text[UNITS_TEXT_BYTES];
    if (stream->open)
        fprintf(out, "%s: %s arrivals", stream->name, stream->arrivals ? stream->arrivals : "scheduled");
    else if (isfinite(stream->users))
        fprintf(out, "%s: %s user%s, each waiting for its answer", stream->name,
                units_count_text((uint64_t)stream->users, text), stream->users > 1 ? "s" : "");
    else
        fprintf(out, "%s: closed model", stream->name);
}

/* Rate of the phases of a stream that are not warm-up: "500/s" or "500/s to 900/s"; nothing in a closed
 * model. */
static void describe_rates(FILE *out, const struct run_json *run, const char *stream)
{
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < run->n_phases; i++) {
        const struct run_phase *phase = &run->phases[i];
        if (phase->warmup || strcmp(phase->stream, stream) != 0 || !isfinite(phase->rate_per_s))
            continue;
        const double end = isfinite(phase->rate_end_per_s) ? phase->rate_end_per_s : phase->rate_per_s;
        least = fmin(least, fmin(phase->rate_per_s, end));
        most = fmax(most, fmax(phase->rate_per_s, end));
    }
    char a[UNITS_TEXT_BYTES], b[UNITS_TEXT_BYTES];
    if (most > least)
        fprintf(out, ", %s to %s per second", units_number_text(least, a), units_number_text(most, b));
    else if (most > 0)
        fprintf(out, ", %s per second", units_number_text(most, a));
}

void caption_load(FILE *out, const struct dataset *data)
{
    enum { STREAMS_NAMED = 6 };
    fputs("Load: ", out);
    for (size_t i = 0; i < data->run.n_streams && i < STREAMS_NAMED; i++) {
        if (i > 0)
            fputs("; ", out);
        describe_stream(out, &data->run.streams[i]);
        describe_rates(out, &data->run, data->run.streams[i].name);
    }
    if (data->run.n_streams > STREAMS_NAMED)
        fprintf(out, "; and %zu more streams", data->run.n_streams - STREAMS_NAMED);
    fputs(". ", out);
}

void caption_counts(FILE *out, const struct dataset *data)
{
    fputs("n = ", out);
    for (size_t i = 0; i < data->n_arms; i++) {
        char text[UNITS_TEXT_BYTES];
        fprintf(out, "%s%s %s",
                i == 0                  ? ""
                : i + 1 == data->n_arms ? " and "
                                        : ", ",
                units_count_text(data->latency[i]->n, text), data->arms[i].label);
    }
    fputs(". ", out);
}

/* "INVALID (R2, R3)": the rules that do not hold stand behind the word. */
static void describe_verdict(FILE *out, const struct run_json *run)
{
    fprintf(out, "Verdict on the generator: %s", run->verdict);
    int n = 0;
    for (size_t i = 0; i < run->n_checks; i++) {
        const struct run_check *check = &run->checks[i];
        if (strcmp(check->level, "OK") == 0)
            continue;
        fprintf(out, n == 0 ? " (%s %s: %s" : "; %s %s: %s", check->rule, check->scope, check->what);
        n++;
    }
    fputs(n ? "). " : ". ", out);
}

void caption_tail(FILE *out, const struct dataset *data)
{
    char text[UNITS_TEXT_BYTES];
    const struct run_json *run = &data->run;
    fprintf(out, "One run of %s, %s%s. ", units_duration_text((uint64_t)(run->duration_s * 1e9), text),
            run->started_utc,
            strcmp(run->end, "done") == 0          ? ""
            : strcmp(run->end, "interrupted") == 0 ? ", interrupted"
                                                   : ", ended early");
    if (data->lost_n > 0)
        fprintf(out, "hist.hlog lacks %s values that the run counted. ",
                units_count_text(data->lost_n, text));
    if (run->emulated)
        fputs("Instances are emulated. ", out);
    describe_verdict(out, run);
    fprintf(out, "Run %s.", run->run_id);
}
