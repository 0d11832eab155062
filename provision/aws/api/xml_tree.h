/* A reply in XML, walked by local names: the namespaces of AWS replies differ by service and carry no
 * information. The only file that uses libxml2: no network, no entities, no document type. A `path` names the
 * first descendant along child names, "instanceState/name"; NULL or "" is the node itself. */
#ifndef PROVISION_AWS_XML_TREE_H
#define PROVISION_AWS_XML_TREE_H

#include <stddef.h>

struct xml_node; /* borrowed from its tree */

/* Parses and returns the root of an owned tree, or NULL if it is not well-formed XML or has a document type.
 */
struct xml_node *xml_tree_parse(const char *text, size_t length_bytes);
/* Frees the tree of this root; NULL is fine. */
void xml_tree_free(struct xml_node *root);

const char *xml_tree_name(const struct xml_node *node);
/* The first child element of the element at `path`; the next sibling element of `node`. Together they walk a
 * list of <item> or <member>. */
const struct xml_node *xml_tree_first(const struct xml_node *node, const char *path);
const struct xml_node *xml_tree_next(const struct xml_node *node);
/* The first element of that name in `node` and below, in document order; NULL when there is none. */
const struct xml_node *xml_tree_find(const struct xml_node *node, const char *name);
/* Copies the text of the element at `path` into `out`, cut to fit and safe to print: one line, without
 * terminal controls. Returns its full length; 0 and an empty `out` when there is no such element. */
size_t xml_tree_text(const struct xml_node *node, const char *path, char *out, size_t out_bytes);
/* The same as it came, line ends and controls included. */
size_t xml_tree_raw(const struct xml_node *node, const char *path, char *out, size_t out_bytes);
/* The number of element children of the element at `path`. */
size_t xml_tree_count(const struct xml_node *node, const char *path);

#endif
