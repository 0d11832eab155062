#include "watch_page.h"

#include "watch_page_parts.h"

#include <stdio.h>
#include <sys/random.h>

enum { NONCE_BYTES = 16 };

/* Drawn anew for each answer, so that nothing that gets into the document can know it. */
static int draw_nonce(char out[static 2 * NONCE_BYTES + 1])
{
    unsigned char bytes[NONCE_BYTES];
    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
        return -1;
    for (size_t i = 0; i < NONCE_BYTES; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    return 0;
}

int watch_page_make(char **body, size_t *body_bytes, char *headers, size_t headers_bytes)
{
    char nonce[2 * NONCE_BYTES + 1];
    FILE *out = draw_nonce(nonce) ? NULL : open_memstream(body, body_bytes);
    if (!out)
        return -1;
    snprintf(headers, headers_bytes,
             "Content-Security-Policy: default-src 'none'; script-src 'nonce-%s'; style-src 'nonce-%s'; "
             "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
             "frame-ancestors 'none'\r\n",
             nonce, nonce);
    fputs((const char *)watch_page_head, out);
    fprintf(out, "<style nonce=\"%s\">\n", nonce);
    fputs((const char *)watch_page_style, out);
    fputs("</style>\n", out);
    fputs((const char *)watch_page_body, out);
    fprintf(out, "<script nonce=\"%s\">\n", nonce);
    fputs((const char *)watch_page_base, out);
    fputs((const char *)watch_page_charts, out);
    fputs((const char *)watch_page_script, out);
    fputs("</script>\n</html>\n", out);
    return fclose(out) ? -1 : 0;
}
