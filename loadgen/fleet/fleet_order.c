#include "fleet_order.h"

#include "err.h"
#include "fleet.h"
#include "json_tree.h"
#include "wire_json.h"

#include <stdlib.h>
#include <string.h>

static json_t *object_of(const struct fleet_order *order)
{
    json_t *words = json_array();
    json_t *out = json_object();
    for (size_t i = 0; i < order->n_words; i++)
        json_tree_append(&words, json_string_nocheck(order->words[i]));
    json_tree_set(&out, "kind", json_integer(order->kind));
    json_tree_set(&out, "code", json_integer(order->code));
    json_tree_set(&out, "words", words);
    json_tree_set(&out, "seed", json_integer((json_int_t)order->seed));
    json_tree_set(&out, "folder", json_string_nocheck(order->folder ? order->folder : ""));
    return out;
}

int fleet_order_give(struct fleet *f, const struct fleet_order *order, struct err *e)
{
    const struct wire_patience patience = fleet_patience();
    json_t *object = object_of(order);
    const int status = wire_json_broadcast(f->wire, WIRE_INPUT, &object, &patience, e);
    json_decref(object);
    return status;
}

static char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return strdup(text ? text : "");
}

static int read_words(struct fleet_order *order, const json_t *words)
{
    order->words = calloc(json_array_size(words) + 1, sizeof *order->words);
    for (size_t i = 0; order->words && i < json_array_size(words); i++) {
        const char *word = json_string_value(json_array_get(words, i));
        order->words[i] = word ? strdup(word) : NULL;
        if (!order->words[i])
            return -1;
        order->n_words++;
    }
    return order->words ? 0 : -1;
}

static int read_order(struct fleet_order *order, const json_t *object, struct err *e)
{
    order->kind = json_integer_value(json_object_get(object, "kind")) == FLEET_ORDER_RUN ? FLEET_ORDER_RUN
                                                                                         : FLEET_ORDER_END;
    order->code = (int)json_integer_value(json_object_get(object, "code"));
    order->seed = (uint64_t)json_integer_value(json_object_get(object, "seed"));
    order->folder = text_of(object, "folder");
    return read_words(order, json_object_get(object, "words")) || !order->folder
               ? err_set(e, ERR_FAILED, "out of memory for an order of rank 0")
               : 0;
}

/* Until rank 0 is lost. */
int fleet_order_await(struct fleet *f, struct fleet_order *order, struct err *e)
{
    const struct wire_patience patience = { .until_ns = UINT64_MAX };
    json_t *object = NULL;
    *order = (struct fleet_order){ .kind = FLEET_ORDER_END };
    int status = wire_json_broadcast(f->wire, WIRE_INPUT, &object, &patience, e);
    if (status == 0)
        status = read_order(order, object, e);
    json_decref(object);
    return status;
}

void fleet_order_fini(struct fleet_order *order)
{
    for (size_t i = 0; i < order->n_words; i++)
        free(order->words[i]);
    free(order->words);
    free(order->folder);
    *order = (struct fleet_order){ .kind = FLEET_ORDER_END };
}
