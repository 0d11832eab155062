/* YAML, written so that it reads back as what was put in: a text that YAML could take for anything else is
 * quoted, and what a terminal or an editor would not show as it is, is escaped. Write errors stay in the
 * stream (ferror). */
#ifndef IMPORT_YAML_OUT_H
#define IMPORT_YAML_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* A document under construction: the caller opens maps, lists and their items, and ends each. */
struct yaml_out {
    FILE *file;
    unsigned depth;
    bool begins_item; /* the next key is the first of a list's item */
};

void yaml_out_begin(struct yaml_out *y, FILE *file);
/* `# TEXT`, wrapped, at the current depth; an empty text is an empty comment line. */
void yaml_out_comment(struct yaml_out *y, const char *text);
void yaml_out_blank(struct yaml_out *y);

/* `KEY:` and what is below it, until yaml_out_end. */
void yaml_out_open(struct yaml_out *y, const char *key);
/* An item of the open list that is a map, until yaml_out_end. */
void yaml_out_item(struct yaml_out *y);
void yaml_out_end(struct yaml_out *y);

/* `KEY: TEXT`; several lines become a literal block where that is exact. */
void yaml_out_text(struct yaml_out *y, const char *key, const char *text);
/* `KEY: `, for a value that the caller writes, with the end of the line. */
void yaml_out_begin_value(struct yaml_out *y, const char *key);
/* `KEY: WORD` as it is: numbers, durations, true, and flow collections that the caller made. */
void yaml_out_word(struct yaml_out *y, const char *key, const char *word);
void yaml_out_count(struct yaml_out *y, const char *key, uint64_t n);
/* An item of the open list that is a text, or a word as it is. */
void yaml_out_item_text(struct yaml_out *y, const char *text);
void yaml_out_item_word(struct yaml_out *y, const char *word);

/* The text as a scalar on one line, quoted only where it has to be. */
void yaml_out_scalar(FILE *out, const char *text);
/* Whether the text can be written at all: it is UTF-8. */
bool yaml_out_holds(const char *text, size_t length_bytes);

#endif
