#include "fleet_inputs.h"

#include "err.h"
#include "input_files.h"
#include "pack.h"

#include <stdlib.h>

enum { FILES_BYTES_MOST = 1 << 30, WORDS_MOST = 1 << 16, FILES_MOST = 1 << 16 };

static int out_of_memory(struct err *e)
{
    return err_set(e, ERR_FAILED, "out of memory for the files of the run");
}

static int check_size(const struct input_files *files, size_t from, struct err *e)
{
    size_t n_bytes = 0;
    for (size_t i = from; i < files->n; i++)
        n_bytes += files->list[i].length_bytes;
    if (n_bytes <= FILES_BYTES_MOST)
        return 0;
    return err_set(e, ERR_INPUT, "the files of the run have %zu MiB, and a fleet can send %d", n_bytes >> 20,
                   FILES_BYTES_MOST >> 20);
}

int fleet_inputs_pack(const struct fleet_inputs *in, size_t from, struct pack *out, struct err *e)
{
    if (check_size(in->files, from, e))
        return -1;
    pack_number(out, in->n_words);
    for (size_t i = 0; i < in->n_words; i++)
        pack_text(out, in->words[i]);
    pack_number(out, in->files->n - from);
    for (size_t i = from; i < in->files->n; i++) {
        const struct input_file *f = &in->files->list[i];
        pack_text(out, f->path);
        pack_text(out, f->word ? f->word : "");
        pack_counted(out, f->bytes, f->length_bytes);
    }
    return out->is_short ? out_of_memory(e) : 0;
}

static int unpack_words(struct fleet_inputs *in, struct unpack *from)
{
    const size_t n = (size_t)unpack_within(from, WORDS_MOST);
    in->words = calloc(n + 1, sizeof *in->words);
    for (; in->words && in->n_words < n; in->n_words++)
        if (!(in->words[in->n_words] = unpack_text(from)))
            return -1;
    return in->words ? 0 : -1;
}

static int unpack_file(struct input_files *files, struct unpack *from, struct err *e)
{
    size_t length;
    char *path = unpack_text(from);
    char *word = unpack_text(from);
    char *bytes = unpack_counted(from, &length);
    int status = -1;
    if (path && word && bytes)
        status = input_files_add(files, path, bytes, length, e);
    else
        free(bytes);
    if (status == 0 && *word) {
        files->list[files->n - 1].word = word;
        word = NULL;
    }
    free(path);
    free(word);
    return status;
}

int fleet_inputs_unpack(struct fleet_inputs *in, struct unpack *from, struct err *e)
{
    int status = unpack_words(in, from);
    in->files->is_complete = true;
    for (uint64_t n = status == 0 ? unpack_within(from, FILES_MOST) : 0; n > 0 && status == 0; n--)
        status = unpack_file(in->files, from, e);
    if (from->is_bad)
        return err_set(e, ERR_FAILED, "the message with the files of the run is broken");
    return status ? out_of_memory(e) : 0;
}

void fleet_inputs_fini(struct fleet_inputs *in)
{
    for (size_t i = 0; i < in->n_words; i++)
        free(in->words[i]);
    free(in->words);
    in->words = NULL;
    in->n_words = 0;
}
