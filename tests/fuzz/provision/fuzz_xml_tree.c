/* A reply in XML is refused, or can be walked to its end. */
#include "fuzz.h"

#include "xml_tree.h"

static size_t walk(const struct xml_node *node, unsigned depth)
{
    char text[64];
    FUZZ_HOLDS(xml_tree_name(node) != NULL);
    xml_tree_text(node, NULL, text, sizeof text);
    size_t n = 0;
    for (const struct xml_node *child = xml_tree_first(node, ""); child && depth < 64;
         child = xml_tree_next(child))
        n += 1 + walk(child, depth + 1);
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xml_node *root = xml_tree_parse((const char *)data, size);
    if (root) {
        FUZZ_HOLDS(xml_tree_find(root, xml_tree_name(root)) == root);
        walk(root, 0);
    }
    xml_tree_free(root);
    return 0;
}
