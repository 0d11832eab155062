/* The command line and the files of a fleet, in a message: what is accepted can be packed and read again. */
#include "err.h"
#include "fleet_inputs.h"
#include "fuzz.h"
#include "input_files.h"
#include "pack.h"

#include <string.h>

static void check_again(const struct fleet_inputs *in)
{
    struct input_files files = { 0 };
    struct fleet_inputs again = { .files = &files };
    struct pack p = { 0 };
    struct err e;
    FUZZ_HOLDS(fleet_inputs_pack(in, 0, &p, &e) == 0);
    struct unpack u = { .at = p.bytes, .end = p.bytes + p.n };
    FUZZ_HOLDS(fleet_inputs_unpack(&again, &u, &e) == 0 && u.at == u.end);
    FUZZ_HOLDS(again.n_words == in->n_words && files.n == in->files->n);
    for (size_t i = 0; i < in->n_words; i++)
        FUZZ_HOLDS(strcmp(in->words[i], again.words[i]) == 0);
    for (size_t i = 0; i < files.n; i++)
        FUZZ_HOLDS(files.list[i].length_bytes == in->files->list[i].length_bytes);
    pack_fini(&p);
    fleet_inputs_fini(&again);
    input_files_fini(&files);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    struct input_files files = { 0 };
    struct fleet_inputs in = { .files = &files };
    struct err e = { ERR_NONE, "" };
    if (fleet_inputs_unpack(&in, &(struct unpack){ .at = data, .end = data + length_bytes }, &e))
        fuzz_sentence(e.text);
    else
        check_again(&in);
    fleet_inputs_fini(&in);
    input_files_fini(&files);
    return 0;
}
