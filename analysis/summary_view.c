#include "summary_view.h"

#include "dataset.h"
#include "err.h"
#include "summary_input.h"

int summary_view(FILE *out, const struct dataset *data, const char *folder, struct err *e)
{
    struct summary_input in;
    int status = summary_input_init(&in, data, e);
    if (status == 0) {
        in.summary.term = term_look(out);
        in.summary.folder = folder;
        for (size_t i = 0; i < data->whole.n; i++)
            summary_line(&in.summary, out, i == 0 ? "files" : "", "%s", data->whole.notes[i].text);
        if (summary_print(&in.summary, out))
            status = err_set(e, ERR_FAILED, "out of memory");
    }
    summary_input_fini(&in);
    return status;
}
