/* Words of a log's line, and their texts as they were before the server wrote them. */
#ifndef IMPORT_LOG_TEXT_H
#define IMPORT_LOG_TEXT_H

#include "log_entry.h"

/* Within the line, without quotes. */
struct log_word {
    const char *text;
    size_t length_bytes;
    bool is_quoted;
};

/* The next word: up to a blank, or in quotes, where a backslash protects the next byte, or in brackets. False
 * at the end of the line, or when a quote or a bracket is not closed. */
bool log_text_word(struct log_word *word, const char **at, const char *end);

/* Each writes into the room and returns what it wrote, NUL-terminated. */
/* \" \\ and \xHH undone; a lone "-" becomes "". Control characters become blanks. */
const char *log_text_value(struct log_room *room, const struct log_word *word);
const char *log_text_copy(struct log_room *room, const char *text, size_t length_bytes);
/* A URL, such as a referer: encoded, and with secret parameters hidden, as below. */
const char *log_text_url(struct log_room *room, const struct log_word *word);
/* The request line "METHOD TARGET HTTP/1.1" as method, path and, if the target is a URL, origin. The values
 * of parameters whose names say that they are secret become "hidden". False when there is no request in it.
 */
bool log_text_request(struct log_entry *entry, struct log_room *room, const struct log_word *word);

/* "0.025" in nanoseconds; false when it is no number of seconds. */
bool log_text_seconds(const struct log_word *word, uint64_t *ns);
/* Since the epoch; false for a date that there is not. */
bool log_text_date(int year, int month, int day, int hour, int minute, int second, uint64_t *ns);
/* Two or four digits; -1. */
int log_text_digits(const char *text, size_t n);

#endif
