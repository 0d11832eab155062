/* Scripts of Postman: `pm.*.set("name", json.x)` is a capture, a test of the status an expectation. Nothing
 * is run, and the rest of a script is noted. */
#ifndef IMPORT_POSTMAN_SCRIPT_H
#define IMPORT_POSTMAN_SCRIPT_H

#include "postman_words.h"

/* Reads the scripts of an item, whose step is `step`; its captures are known to `w` afterwards. */
int postman_script_read(struct postman_words *w, const struct draft_stream *stream, struct draft_step *step,
                        const json_t *item, struct err *e);

#endif
