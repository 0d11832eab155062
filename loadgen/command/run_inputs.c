#include "run_inputs.h"

#include "err.h"
#include "input_files.h"
#include "plan.h"
#include "run_options.h"

#include <openssl/evp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BLOCK_BYTES = 64 * 1024, OTHERS_MOST = 3 /* scenario, body, deployment */ };

static void set_hash(EVP_MD_CTX *hash, char out[static RECORDER_SHA256_BYTES])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n;
    if (!EVP_DigestFinal_ex(hash, digest, &n))
        return;
    for (unsigned i = 0; i < n && 2 * i + 2 < RECORDER_SHA256_BYTES; i++)
        snprintf(out + 2 * (size_t)i, 3, "%02x", digest[i]);
}

static void hash_text(EVP_MD_CTX *hash, const char *text, char out[static RECORDER_SHA256_BYTES])
{
    if (EVP_DigestInit_ex(hash, EVP_sha256(), NULL) && EVP_DigestUpdate(hash, text, strlen(text)))
        set_hash(hash, out);
}

static bool take_all(EVP_MD_CTX *hash, FILE *file)
{
    char block[BLOCK_BYTES];
    size_t n;
    bool is_taken = EVP_DigestInit_ex(hash, EVP_sha256(), NULL);
    while (is_taken && (n = fread(block, 1, sizeof block, file)) > 0)
        is_taken = EVP_DigestUpdate(hash, block, n);
    return is_taken && !ferror(file);
}

/* What the plan read is kept in `in`; without it a pipe has been read already, and would block. */
static bool can_be_read_again(const struct input_files *in, const char *path)
{
    struct stat about;
    return in || (stat(path, &about) == 0 && S_ISREG(about.st_mode));
}

static void hash_file(EVP_MD_CTX *hash, struct input_files *in, const char *path,
                      char out[static RECORDER_SHA256_BYTES])
{
    struct err ignored;
    FILE *file = can_be_read_again(in, path) ? input_files_open(in, path, SIZE_MAX, &ignored) : NULL;
    if (!file)
        return;
    if (take_all(hash, file))
        set_hash(hash, out);
    fclose(file);
}

static struct recorder_input *add(struct run_inputs *inputs, const char *what, const char *name)
{
    struct recorder_input *row = &inputs->rows[inputs->n++];
    *row = (struct recorder_input){ .what = what, .name = name };
    return row;
}

static bool is_one_of(const char *path, const struct plan_tls *tls)
{
    const char *const files[] = { tls->ca_file, tls->cert_file, tls->key_file };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (files[i] && strcmp(files[i], path) == 0)
            return true;
    return false;
}

/* Certificates and keys decide with whom a connection is made, not what it sends. */
static bool is_of_tls(const struct plan *plan, const char *path)
{
    bool is_found = is_one_of(path, &plan->target.tls_options);
    for (size_t s = 0; s < plan->n_streams && !is_found; s++)
        is_found = is_one_of(path, &plan_target_of(plan, &plan->streams[s])->tls_options);
    return is_found;
}

/* Several requests may use one file. */
static bool is_known(const struct run_inputs *inputs, const char *path)
{
    for (size_t i = 0; i < inputs->n; i++)
        if (strcmp(inputs->rows[i].name, path) == 0)
            return true;
    return false;
}

static void add_all(struct run_inputs *inputs, EVP_MD_CTX *hash, const struct run_options *o,
                    const struct plan *plan)
{
    const struct plan_deployment *d = &plan->deployment;
    const char *body = o->body_file && strcmp(o->body_file, "-") == 0 ? "/dev/stdin" : o->body_file;
    if (plan->scenario_text)
        hash_text(hash, plan->scenario_text, add(inputs, "scenario", plan->scenario_file)->sha256);
    for (size_t i = 0; i < plan->n_files; i++)
        if (!is_of_tls(plan, plan->files[i]) && !is_known(inputs, plan->files[i]))
            hash_file(hash, o->inputs, plan->files[i], add(inputs, "file", plan->files[i])->sha256);
    if (body)
        hash_file(hash, o->inputs, body, add(inputs, "file", o->body_file)->sha256);
    if (d->present && d->json)
        hash_text(hash, d->json, add(inputs, "deployment", d->file)->sha256);
}

int run_inputs_init(struct run_inputs *inputs, const struct run_options *o, const struct plan *plan,
                    struct err *e)
{
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    *inputs = (struct run_inputs){ .rows = calloc(plan->n_files + OTHERS_MOST, sizeof *inputs->rows) };
    const bool has_memory = hash && inputs->rows;
    if (has_memory)
        add_all(inputs, hash, o, plan);
    EVP_MD_CTX_free(hash);
    return has_memory ? 0 : err_set(e, ERR_FAILED, "out of memory while preparing to record");
}

void run_inputs_fini(struct run_inputs *inputs)
{
    free(inputs->rows);
    *inputs = (struct run_inputs){ 0 };
}
