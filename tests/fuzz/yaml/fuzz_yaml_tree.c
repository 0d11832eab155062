/* YAML files: every node of what is accepted knows a place within the file, and its bytes; what is refused is
 * refused with a sentence that can be shown. */
#include "err.h"
#include "fuzz.h"
#include "yaml_tree.h"

#include <string.h>

static void check_node(const struct yaml_file *f, const struct yaml_node *node, unsigned depth)
{
    struct err e;
    char shown[YAML_SHOWN_BYTES];
    size_t n = 0;
    FUZZ_HOLDS(depth <= YAML_DEPTH_MOST && node->line > 0 && node->column > 0 && node->width > 0);
    FUZZ_HOLDS(node->begin_byte <= node->end_byte && node->end_byte <= f->text_bytes);
    FUZZ_HOLDS(yaml_mistake(f, node, &e, "it is %s", yaml_shown(node, shown)) == -1);
    fuzz_sentence(e.text);
    FUZZ_HOLDS((node->kind == YAML_SCALAR) == (node->text != NULL));
    for (const struct yaml_node *item = node->first; item; item = item->next, n++) {
        FUZZ_HOLDS(item->parent == node && (item->key != NULL) == (node->kind == YAML_MAP));
        FUZZ_HOLDS(node->kind == YAML_MAP ? yaml_find(node, item->key->text) == item
                                          : yaml_item(node, n) == item);
        check_node(f, item, depth + 1);
    }
    FUZZ_HOLDS(n == node->n_items);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    struct yaml_file f;
    struct err e = { ERR_NONE, "" };
    if (yaml_parse(&f, "f.yaml", (const char *)data, length_bytes, &e) == 0) {
        FUZZ_HOLDS(f.root->kind == YAML_MAP);
        check_node(&f, f.root, 1);
    } else {
        FUZZ_HOLDS(e.kind == ERR_INPUT);
        fuzz_sentence(e.text);
    }
    yaml_fini(&f);
    return 0;
}
