#include "comparison_output.h"

#include "comparison.h"
#include "err.h"
#include "gate.h"
#include "json_out.h"
#include "json_tree.h"
#include "text_out.h"

#include <math.h>
#include <stdlib.h>

static const char SCHEMA[] = "loadgen-comparison/1";

static json_t *real_if(bool is_known, double value)
{
    return json_tree_real(is_known ? value : NAN);
}

static json_t *text_or_null(const char *text)
{
    return json_tree_text_or_null(text);
}

static void set_interval(json_t **object, const char *name, const struct decide_interval *i)
{
    json_tree_set(object, name, json_tree_real(i->value));
    json_tree_set(object, "lo", json_tree_real(i->lo));
    json_tree_set(object, "hi", json_tree_real(i->hi));
}

/* One arm's number: the typical run's. */
static json_t *typical_json(const struct decide_time *t, bool is_rate)
{
    json_t *object = json_object();
    const double unit = is_rate ? 1 : 1000;
    const bool is_bound = t->state == ATTEMPT_AT_LEAST || t->state == ATTEMPT_FAILED;
    json_tree_set(&object, is_rate ? "value_per_s" : "value_us",
                  real_if(t->state == ATTEMPT_EXACT, t->value / unit));
    if (!is_rate)
        json_tree_set(&object, "at_least_us", real_if(is_bound && t->at_least > 0, t->at_least / unit));
    json_tree_set(&object, "state", text_or_null(attempt_state_name(t->state)));
    return object;
}

static json_t *number_json(const struct comparison *c, enum sample_value value)
{
    const struct decide_result *r = &c->results[value];
    const struct decide_interval ratio = comparison_ratio(c, value);
    char words[COMPARISON_WORDS_BYTES];
    json_t *object = json_object();
    json_tree_set(&object, "pairs_n", json_tree_count(r->n_pairs));
    json_tree_set(&object, "a", typical_json(&r->typical_a, value == SAMPLE_RATE));
    json_tree_set(&object, "b", typical_json(&r->typical_b, value == SAMPLE_RATE));
    set_interval(&object, "ratio", &ratio);
    json_tree_set(&object, "beyond", real_if(r->method == DECIDE_SIGN_TEST, r->signs.beyond));
    json_tree_set(&object, "method",
                  c->within_run ? json_null() : json_tree_text(decide_method_name(r->method)));
    json_tree_set(&object, "p", json_tree_real(r->p));
    json_tree_set(&object, "p_holm", json_tree_real(r->p_holm));
    json_tree_set(&object, "decision", json_tree_text(decide_outcome_name(r->outcome)));
    json_tree_set(&object, "reason", text_or_null(decide_reason_name(r->reason)));
    json_tree_set(&object, "pairs_more_n", json_tree_count(r->n_more));
    json_tree_set(&object, "words", json_tree_text(comparison_decision(c, value, words)));
    return object;
}

static json_t *percentiles_json(const struct comparison *c)
{
    json_t *object = json_object();
    for (int i = SAMPLE_P50; i < SAMPLE_RATE; i++)
        json_tree_set(&object, sample_value_name((enum sample_value)i), number_json(c, (enum sample_value)i));
    return object;
}

static json_t *failed_json(const struct comparison *c)
{
    const struct decide_failures *f = &c->results[c->primary].failures;
    const struct decide_interval unknown = { NAN, NAN, NAN };
    json_t *object = json_object();
    json_tree_set(&object, "a_ratio", real_if(f->n > 0, f->a));
    json_tree_set(&object, "b_ratio", real_if(f->n > 0, f->b));
    set_interval(&object, "difference", f->n > 0 ? &f->difference : &unknown);
    return object;
}

static json_t *run_json(const struct sample *s)
{
    json_t *object = json_object();
    char name[16];
    json_tree_set(&object, "run_id", json_tree_text(s->run_id));
    json_tree_set(&object, "cluster", json_tree_text(s->cluster));
    for (int i = SAMPLE_P50; i < SAMPLE_RATE; i++) {
        snprintf(name, sizeof name, "%s_us", sample_value_name((enum sample_value)i));
        json_tree_set(&object, name, json_tree_real(s->value[i] / 1000));
    }
    json_tree_set(&object, "good_per_s", json_tree_real(s->value[SAMPLE_RATE]));
    json_tree_set(&object, "attempts_n", json_tree_count(s->attempts_n));
    json_tree_set(&object, "ok_n", json_tree_count(s->ok_n));
    json_tree_set(&object, "failed_n", json_tree_count(s->failed_n));
    json_tree_set(&object, "end", json_tree_text(s->end));
    return object;
}

static json_t *pairs_json(const struct comparison *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->n_pairs + c->n_controls; i++) {
        const struct comparison_pair *pair = &c->pairs[i];
        json_t *object = json_object();
        json_tree_set(&object, "pair", json_tree_count(pair->number));
        json_tree_set(&object, "kind", json_string(pair->is_control ? "aa" : "ab"));
        json_tree_set(&object, "order", json_tree_text(pair->order));
        json_tree_set(&object, "a", run_json(&pair->a));
        json_tree_set(&object, "b", run_json(&pair->b));
        json_tree_append(&list, object);
    }
    return list;
}

static json_t *notes_json(const struct comparison *c)
{
    struct note_list notes = comparison_notes(c);
    json_t *list = notes.is_short ? NULL : json_array();
    const char *heading = "";
    for (size_t i = 0; i < notes.n; i++) {
        json_t *object = json_object();
        heading = *notes.rows[i].heading ? notes.rows[i].heading : heading;
        json_tree_set(&object, "heading", json_tree_text(heading));
        json_tree_set(&object, "text", json_tree_text(notes.rows[i].text));
        json_tree_append(&list, object);
    }
    note_list_fini(&notes);
    return list;
}

static json_t *gate_json(const struct gates *gates, size_t i, const struct comparison *c)
{
    const struct gate *gate = &gates->rows[i];
    const struct decide_limit *found = &gate->found;
    const struct decide_interval percent = { 100 * gate->change.value, 100 * gate->change.lo,
                                             100 * gate->change.hi };
    char line[GATE_LINE_BYTES];
    json_t *object = json_object();
    json_tree_set(&object, "gate", json_tree_text(gate->text));
    json_tree_set(&object, "metric", json_tree_text(gate_metric_name(gate)));
    json_tree_set(&object, "result", json_tree_text(gate_word_name(gate->word)));
    json_tree_set(&object, "unit", json_string(gate->is_of_failed ? "points" : "percent"));
    json_tree_set(&object, "limit", json_tree_real(100 * gate->limit));
    set_interval(&object, "change", &percent);
    json_tree_set(&object, "reason", text_or_null(decide_reason_name(found->reason)));
    json_tree_set(&object, "p", json_tree_real(found->p));
    json_tree_set(&object, "p_holm", json_tree_real(found->p_holm));
    json_tree_set(&object, "pairs_n", json_tree_count(found->n_pairs));
    json_tree_set(&object, "pairs_more_n", json_tree_count(found->n_more));
    json_tree_set(&object, "words", json_tree_text(gate_line(gates, i, c, line)));
    return object;
}

static json_t *gates_json(const struct gates *gates, const struct comparison *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < gates->n; i++)
        json_tree_append(&list, gate_json(gates, i, c));
    return list;
}

static json_t *tool_json(void)
{
    json_t *object = json_object();
    json_tree_set(&object, "name", json_string("loadgen"));
    json_tree_set(&object, "version", json_string(LOADGEN_VERSION));
    return object;
}

static json_t *arm_json(const struct sample *s)
{
    json_t *object = json_object();
    json_tree_set(&object, "name", json_tree_text(s->label));
    json_tree_set(&object, "cluster", json_tree_text(s->cluster));
    json_tree_set(&object, "protocol", json_tree_text(s->protocol));
    return object;
}

static json_t *sentence_json(const struct comparison *c)
{
    struct text_out text;
    json_t *string = NULL;
    if (text_out_begin(&text))
        comparison_sentence(text.file, c);
    char *sentence = text_out_end(&text);
    if (sentence)
        string = json_tree_text(sentence);
    free(sentence);
    return string;
}

static json_t *tree_of(const struct comparison *c, const struct gates *gates)
{
    const struct comparison_pair *pair = comparison_first(c);
    const char *kind = c->within_run ? "clusters" : c->is_campaign ? "campaign" : "runs";
    json_t *object = json_object();
    json_tree_set(&object, "schema", json_string(SCHEMA));
    json_tree_set(&object, "tool", tool_json());
    json_tree_set(&object, "sentence", sentence_json(c));
    json_tree_set(&object, "kind", json_string(kind));
    json_tree_set(&object, "a", pair ? arm_json(&pair->a) : json_null());
    json_tree_set(&object, "b", pair ? arm_json(&pair->b) : json_null());
    json_tree_set(&object, "pairs_n", json_tree_count(c->n_pairs));
    json_tree_set(&object, "controls_n", json_tree_count(c->n_controls));
    json_tree_set(&object, "pairs_missing_n", json_tree_count(c->n_missing));
    json_tree_set(&object, "pairs_broken_n", json_tree_count(c->n_broken));
    json_tree_set(&object, "runs_unpaired_n", json_tree_count(c->n_unpaired_a + c->n_unpaired_b));
    json_tree_set(&object, "primary", json_tree_text(sample_value_name(c->primary)));
    json_tree_set(&object, "margin", json_tree_real(c->margin));
    json_tree_set(&object, "times", json_tree_text(metric_name(pair ? pair->a.headline : METRIC_SERVICE)));
    json_tree_set(&object, "percentiles", percentiles_json(c));
    json_tree_set(&object, "rate", number_json(c, SAMPLE_RATE));
    json_tree_set(&object, "failed", failed_json(c));
    json_tree_set(&object, "gates", gates_json(gates, c));
    json_tree_set(&object, "fails_undecided", json_boolean(gates->fails_undecided));
    json_tree_set(&object, "exit_code", json_integer(gate_exit_code(gates, c)));
    json_tree_set(&object, "notes", notes_json(c));
    json_tree_set(&object, "pairs", pairs_json(c));
    return object;
}

int comparison_json(FILE *out, const struct comparison *c, const struct gates *gates, struct err *e)
{
    json_t *tree = tree_of(c, gates);
    const int status = tree ? json_out_write(out, tree) : err_set(e, ERR_FAILED, "out of memory");
    if (tree && status)
        err_errno(e, ERR_FAILED, "cannot write the comparison");
    json_decref(tree);
    return status;
}
