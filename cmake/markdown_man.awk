# From a document in Markdown, as far as ours use it, to a manual page in man(7) macros: headings, paragraphs, lists, code, tables, links.
#   awk -v page=loadgen-scenario -v about='scenario files' -v date=2026-11-29 -v source='loadgen 0.1.0' -v see='loadgen (1)' -f ...
# A row of a table becomes an entry: its first cell, and below it the others, the last column with its heading if that is "default".

function flush() {
    if (text != "")
        print inline(text)
    text = ""
}

# Characters that troff reads as its own.
function plain(s,    out, i, c) {
    out = ""
    for (i = 1; i <= length(s); i++) {
        c = substr(s, i, 1)
        if (c == "\\") out = out "\\e"
        else if (c == "-") out = out "\\-"
        else if (c == "^") out = out "\\(ha"
        else if (c == "~") out = out "\\(ti"
        else if (c == "'") out = out "\\(aq"
        else if (c == "`") out = out "\\(ga"
        else if (c == "\001") out = out "|"
        else out = out c
    }
    return out
}

# `code` and **strong** in bold, *word* in italics, links by their text.
function inline(s,    out, at, end) {
    out = ""
    while ((at = match(s, /`[^`]*`|\*\*[^*]*\*\*|\*[A-Za-z][^*]*\*|\[[^]]*\]\([^)]*\)/)) > 0) {
        out = out plain(substr(s, 1, at - 1))
        end = substr(s, at, RLENGTH)
        s = substr(s, at + RLENGTH)
        if (end ~ /^`/) out = out "\\fB" plain(substr(end, 2, length(end) - 2)) "\\fR"
        else if (end ~ /^\*\*/) out = out "\\fB" plain(substr(end, 3, length(end) - 4)) "\\fR"
        else if (end ~ /^\*/) out = out "\\fI" plain(substr(end, 2, length(end) - 2)) "\\fR"
        else { sub(/\]\(.*/, "", end); out = out plain(substr(end, 2)) }
    }
    out = out plain(s)
    return (out ~ /^[.]/ ? "\\&" : "") out
}

function trim(s) { sub(/^ +/, "", s); sub(/ +$/, "", s); return s }

function paragraph() { flush(); if (fresh) fresh = 0; else print ".PP" }

function end_list() { flush(); if (listed) listed = 0 }

function table_row(line,    n, cells, i, rest, cell) {
    sub(/^\| */, "", line); sub(/ *\|$/, "", line)
    gsub(/\\\|/, "\001", line)
    n = split(line, cells, / *\| */)
    if (!headed) {
        for (i = 1; i <= n; i++) heads[i] = trim(cells[i])
        headed = 1
        return
    }
    if (cells[1] ~ /^:?-+:?$/) return
    rest = ""
    for (i = 2; i <= n; i++) {
        cell = trim(cells[i])
        if (cell == "") continue
        if (heads[i] == "default" && cell == "required") cell = (rest != "" ? ". " : "") "Required"
        else if (heads[i] == "default") cell = (rest != "" ? ". " : "") "Default: " cell
        else if (n > 3 || (n == 3 && i == 3 && heads[3] != "default")) cell = (rest != "" ? "; " : "") (n > 3 ? heads[i] ": " : "") cell
        rest = rest cell
    }
    print ".TP\n" bold(inline(trim(cells[1])))
    print (rest == "" ? "\\&" : inline(rest))
    fresh = 0
}

# The term of an entry is bold as a whole.
function bold(s) { gsub(/\\f[BR]/, "", s); return "\\fB" s "\\fR" }

BEGIN {
    title = toupper(page)
    print ".TH " title " 5 " date " \"" source "\" \"loadgen manual\""
    print ".SH NAME"
    print plain(page) " \\- " plain(about)
}

/^```/ {
    end_list()
    coding = !coding
    print coding ? (fresh ? "" : ".sp\n") ".RS 4\n.nf" : ".fi\n.RE"
    fresh = 0
    next
}
coding {
    print ($0 == "" ? ".sp" : (plain($0) ~ /^[.]/ ? "\\&" : "") plain($0))
    next
}
/^\|/ { end_list(); table_row($0); next }
{ headed = 0 }
/^# / { print ".SH DESCRIPTION"; fresh = 1; next }
/^## / { end_list(); s = toupper(substr($0, 4)); gsub(/`/, "", s); print ".SH \"" plain(s) "\""; fresh = 1; next }
/^### / { end_list(); s = substr($0, 5); gsub(/`/, "", s); print ".SS \"" plain(s) "\""; fresh = 1; next }
/^!\[/ { next }
/^- / { flush(); listed = 1; print ".IP \\(bu 2"; text = substr($0, 3); fresh = 0; next }
/^[0-9]+\. / { flush(); listed = 1; print ".IP " $1 " 4"; s = $0; sub(/^[0-9]+\. /, "", s); text = s; fresh = 0; next }
/^$/ { if (listed) flush(); else flush(); begun = 0; listed = 0; next }
{
    if (!listed && !begun) { paragraph(); begun = 1 }
    text = text (text == "" ? "" : " ") trim($0)
}
END {
    flush()
    print ".SH \"SEE ALSO\""
    n = split(see, pages, / /)
    for (i = 1; i <= n; i++) {
        s = pages[i]; sub(/\(.*/, "", s)
        print ".BR " plain(s) " (" substr(pages[i], length(s) + 2, 1) ")" (i < n ? "," : "")
    }
}
