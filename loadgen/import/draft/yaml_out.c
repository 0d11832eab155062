#include "yaml_out.h"

#include "utf8.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

enum { WIDTH = 100, INDENT = 2 };

void yaml_out_begin(struct yaml_out *y, FILE *file)
{
    *y = (struct yaml_out){ .file = file };
}

static void indent(struct yaml_out *y)
{
    const unsigned columns = y->depth * INDENT - (y->begins_item ? INDENT : 0);
    fprintf(y->file, "%*s%s", (int)columns, "", y->begins_item ? "- " : "");
    y->begins_item = false;
}

void yaml_out_blank(struct yaml_out *y)
{
    fputc('\n', y->file);
}

/* What an editor shows as nothing, or as a new line. */
static bool is_invisible(uint32_t code)
{
    return utf8_is_harmful(code) || code == 0xA0 || code == 0xAD || code == 0xFEFF || code == 0x2028 ||
           code == 0x2029 || code == 0x85 || (code >= 0x200B && code <= 0x200F) || (code & 0xFFFE) == 0xFFFE;
}

/* In place: '?' for what an editor would not show. */
static void show_all(char *text)
{
    uint32_t code = 0;
    char *out = text;
    for (size_t n; *text; text += n) {
        n = utf8_decode(text, &code);
        if (n == 0 || is_invisible(code)) {
            n = n > 0 ? n : 1;
            *out++ = '?';
            continue;
        }
        memmove(out, text, n);
        out += n;
    }
    *out = '\0';
}

/* One line of a comment; what is not text becomes a question mark. */
static void comment_line(struct yaml_out *y, const char *text, size_t length)
{
    char line[512];
    const size_t n = length < sizeof line - 1 ? length : sizeof line - 1;
    memcpy(line, text, n);
    line[n] = '\0';
    utf8_trim(line);
    utf8_line(line);
    show_all(line);
    fprintf(y->file, "%*s#%s%s\n", (int)(y->depth * INDENT), "", n > 0 ? " " : "", line);
}

/* Bytes of `text` that fit on a line of `room`: up to a blank, or all of a longer word. */
static size_t line_length(const char *text, size_t room)
{
    const size_t end = strcspn(text, "\n");
    if (end <= room)
        return end;
    size_t at = room;
    while (at > 0 && text[at] != ' ')
        at--;
    return at > 0 && strspn(text, " ") < at ? at : strcspn(text, " \n");
}

void yaml_out_comment(struct yaml_out *y, const char *text)
{
    const size_t hang = strspn(text, " ");
    bool is_first = true;
    do {
        char line[512];
        const size_t room = WIDTH - y->depth * INDENT - 2 - (is_first ? 0 : hang);
        size_t n = line_length(text, room);
        n = n < sizeof line / 2 ? n : sizeof line / 2;
        const int length = snprintf(line, sizeof line, "%*s%.*s", is_first ? 0 : (int)hang, "", (int)n, text);
        comment_line(y, line, (size_t)length);
        text += n;
        text += *text == ' ' || *text == '\n';
        is_first = false;
    } while (*text);
}

static bool is_word_of_yaml(const char *text)
{
    static const char *const words[] = { "yes", "no", "on", "off", "true", "false", "null", "y", "n", "~" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    return false;
}

/* Letters, digits and a few marks that mean nothing in YAML; a digit, dot or sign in front could be a number.
 */
static bool is_plain(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_/$";
    static const char more[] = "$abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_/0123456789-+.;=() ";
    const size_t length = strlen(text);
    return length > 0 && strchr(letters, *text) && strspn(text, more) == length && text[length - 1] != ' ' &&
           !is_word_of_yaml(text);
}

static void escape(FILE *out, uint32_t code)
{
    static const char shorts[] = "\nn\tt\rr\"\"\\\\";
    for (const char *s = shorts; *s; s += 2)
        if (code == (unsigned char)s[0]) {
            fprintf(out, "\\%c", s[1]);
            return;
        }
    if (code < 0x100)
        fprintf(out, "\\x%02" PRIX32, code);
    else if (code < 0x10000)
        fprintf(out, "\\u%04" PRIX32, code);
    else
        fprintf(out, "\\U%08" PRIX32, code);
}

static void quoted(FILE *out, const char *text)
{
    uint32_t code = 0;
    fputc('"', out);
    for (size_t n; *text; text += n) {
        n = utf8_decode(text, &code);
        if (n == 0) { /* callers ask yaml_out_holds first */
            n = 1;
            fputs("\\uFFFD", out);
        } else if (code < ' ' || code == '"' || code == '\\' || is_invisible(code))
            escape(out, code);
        else
            fwrite(text, 1, n, out);
    }
    fputc('"', out);
}

/* Whether single quotes, in which nothing is escaped, read better: JSON, regular expressions. */
static bool is_single(const char *text)
{
    uint32_t code = 0;
    if (!strpbrk(text, "\"\\"))
        return false;
    for (size_t n; *text; text += n) {
        n = utf8_decode(text, &code);
        if (n == 0 || code < ' ' || is_invisible(code))
            return false;
    }
    return true;
}

static void single(FILE *out, const char *text)
{
    fputc('\'', out);
    for (; *text; text++) {
        if (*text == '\'')
            fputc('\'', out);
        fputc(*text, out);
    }
    fputc('\'', out);
}

void yaml_out_scalar(FILE *out, const char *text)
{
    if (is_plain(text))
        fputs(text, out);
    else if (is_single(text))
        single(out, text);
    else
        quoted(out, text);
}

bool yaml_out_holds(const char *text, size_t length_bytes)
{
    return strlen(text) == length_bytes && utf8_is_valid(text);
}

/* Whether a literal block gives exactly this text: more than one line, nothing to escape, and at most one
 * line end behind it. */
static bool is_block(const char *text)
{
    const size_t length = strlen(text);
    const char *first = strchr(text, '\n');
    uint32_t code = 0;
    if (!first || !first[1] || strchr(" \t\n", *text) || strstr(text + length - 2, "\n\n"))
        return false;
    for (size_t n; *text; text += n) {
        n = utf8_decode(text, &code);
        if (n == 0 || (code != '\n' && (code < ' ' || is_invisible(code))))
            return false;
    }
    return true;
}

static void block(struct yaml_out *y, const char *text)
{
    fputs(text[strlen(text) - 1] == '\n' ? "|\n" : "|-\n", y->file);
    while (*text) {
        const size_t n = strcspn(text, "\n");
        if (n > 0)
            fprintf(y->file, "%*s%.*s", (int)((y->depth + 1) * INDENT), "", (int)n, text);
        fputc('\n', y->file);
        text += n + (text[n] == '\n');
    }
}

static void key_of(struct yaml_out *y, const char *key)
{
    indent(y);
    yaml_out_scalar(y->file, key);
    fputc(':', y->file);
}

void yaml_out_open(struct yaml_out *y, const char *key)
{
    key_of(y, key);
    fputc('\n', y->file);
    y->depth++;
}

void yaml_out_item(struct yaml_out *y)
{
    y->depth++;
    y->begins_item = true;
}

void yaml_out_end(struct yaml_out *y)
{
    y->depth--;
    y->begins_item = false;
}

void yaml_out_text(struct yaml_out *y, const char *key, const char *text)
{
    key_of(y, key);
    fputc(' ', y->file);
    if (is_block(text)) {
        block(y, text);
        return;
    }
    yaml_out_scalar(y->file, text);
    fputc('\n', y->file);
}

void yaml_out_word(struct yaml_out *y, const char *key, const char *word)
{
    key_of(y, key);
    fprintf(y->file, " %s\n", word);
}

void yaml_out_count(struct yaml_out *y, const char *key, uint64_t n)
{
    key_of(y, key);
    fprintf(y->file, " %" PRIu64 "\n", n);
}

void yaml_out_item_text(struct yaml_out *y, const char *text)
{
    fprintf(y->file, "%*s- ", (int)(y->depth * INDENT), "");
    yaml_out_scalar(y->file, text);
    fputc('\n', y->file);
}

void yaml_out_item_word(struct yaml_out *y, const char *word)
{
    fprintf(y->file, "%*s- %s\n", (int)(y->depth * INDENT), "", word);
}

void yaml_out_begin_value(struct yaml_out *y, const char *key)
{
    key_of(y, key);
    fputc(' ', y->file);
}
