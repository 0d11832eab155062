# What all figures share. Each NAME.gp begins with `load folder . '/style.gp'` and is started by draw.gp.
# Formats: svg and png have title and caption in the picture; pdf, tex (cairolatex) and web (svg) are as wide as a column of text and leave
# them to the page.
# No file here holds a number that was measured. What was measured, and every name, comes from the columns of `data`, and is only ever the
# value of a variable: gnuplot runs what it finds in backticks, so no name may become part of a command, neither by `eval` nor by a macro.
# What is given to `eval` is written here, and names variables.

if (GPVAL_VERSION < 5.4) exit error "gnuplot 5.4 or later is needed"
framed = format eq "svg" || format eq "png"

# --- text ---
set encoding utf8
set datafile separator "\t"
set datafile commentschars ""
# `data` and `text` have the first two in the place of a double quote and a backslash, which gnuplot would interpret, and the third in front of
# a name that it would take for no number.
quote = "\001"
backslash = "\002"
no_number = "\003"
# LaTeX's special characters in what is not written for it, and '?' for what its fonts lack, as analysis/report_tex_text.c has it.
tex_plain = " \n!'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]abcdefghijklmnopqrstuvwxyz…¡¢£¤¥¦§¨©ª«¬®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ"
tex_special = "$%&#_{}"
tex_of(c) = c eq no_number ? "" : strstrt(tex_plain, c) ? c : strstrt(tex_special, c) ? "\\" . c : c eq quote ? "\\textquotedblright{}" : c eq backslash ? "\\textbackslash{}" : c eq "~" ? "\\textasciitilde{}" : c eq "^" ? "\\textasciicircum{}" : c eq "<" ? "\\textless{}" : c eq ">" ? "\\textgreater{}" : c eq "|" ? "\\textbar{}" : c eq '`' ? "\\textasciigrave{}" : "?"
shown_of(c) = format eq "tex" ? tex_of(c) : c eq quote ? '"' : c eq backslash ? "\\" : c eq no_number ? "" : c
# The text as it is to be shown.
said(s) = (said_text = "", sum [said_k = 1:strlen(s)] (said_text = said_text . shown_of(s[said_k:said_k]), 0), said_text)
# The same as the label of a tic, where '%' would begin a format.
tic_said(s) = (said_text = "", sum [said_k = 1:strlen(s)] (said_text = said_text . shown_of(s[said_k:said_k]) . (s[said_k:said_k] eq "%" ? "%" : ""), 0), said_text)
# The same for the plot style `labels`, which takes a backslash for an escape.
labelled(s) = (label_text = "", label_from = said(s), sum [label_k = 1:strlen(label_from)] (label_text = label_text . (label_from[label_k:label_k] eq "\\" ? "\\\\" : label_from[label_k:label_k]), 0), label_text)
cut_to(s, n) = strlen(s) > n ? s[1:n - 1] . "…" : s
# "texts[1] places[1], texts[2] places[2]": the tics in two arrays, for `eval "set xtics (" . tics_in(...) . ")"`.
tics_in(texts, places, n) = (tics_list = "", sum [tics_k = 1:n] (tics_list = tics_list . (tics_k > 1 ? ", " : "") . sprintf("%s[%d] %s[%d]", texts, tics_k, places, tics_k), 0), tics_list)

title_text = ""
caption_text = ""
text_lines = -1
note_line(s) = (text_lines < 0 ? (title_text = s[2:*]) : (caption_text = caption_text . (text_lines > 0 ? "\n" : "") . s[2:*]), text_lines = text_lines + 1, 0)
stats 'text' using (note_line(strcol(1))) nooutput
title_text = said(cut_to(title_text, 100))
caption_text = said(caption_text)
data = 'data'

# --- data ---
set datafile columnheaders
set datafile missing NaN
# The series by style: their names, and the highest style in use.
array series_name[6] = ["", "", "", "", "", ""]
n_styles = 0
note_series(i, name) = (i >= 1 && i <= 6 ? (series_name[i] = cut_to(name, 40), n_styles = i > n_styles ? i : n_styles) : 0)
stats data using (note_series(column("style"), strcol("series"))) nooutput
# Terminals take letters for wider than they are, which leaves long entries of a key too much room and short ones too little. The key's width
# where the series are its longest entries.
longest_name = 0
n_series = 0
do for [i=1:6] {
  n_series = n_series + (strlen(series_name[i]) > 0)
  longest_name = strlen(series_name[i]) > longest_name ? strlen(series_name[i]) : longest_name
}
key_gap = format eq "svg" || format eq "web" ? -3 : -0.5
series_gap = longest_name >= 24 ? key_gap : key_gap < -1 ? 1.5 - longest_name * 4.5 / 24 : 1.0 - longest_name * 1.5 / 24
series_px = n_series * (9.6 * (longest_name + series_gap) + 61)

# --- size, in pixels: title, key, plot, caption below each other; a figure may set `tall` (1 = the usual height), `key_rows` and
#     `key_rows_framed` before, or `keys_are_series`: its key has nothing else, and rows as it needs ---
if (!exists("tall")) tall = 1.0
if (!exists("key_rows")) key_rows = 1
if (!exists("key_rows_framed")) key_rows_framed = key_rows > 0
width = framed ? 960 : 560
if (exists("keys_are_series")) { key_rows = ceil(series_px / (width - (framed ? 108 : 90))); key_rows_framed = key_rows }
plot_height = (framed ? 480 : 370) * tall
line_height = format eq "svg" ? 18.2 : 16.5
key_height = 6 + 20 * (framed ? key_rows_framed : key_rows)
head_height = key_height + (framed ? 40 : 4)
foot_height = framed ? line_height * text_lines + 14 : 6
height = head_height + plot_height + foot_height
# Screen coordinates of the plot, and of a distance in pixels.
top = 1 - head_height / height
bottom = foot_height / height
px(n) = n / height
left = (framed ? 78.0 : 76.0) / width
right = 1 - (framed ? 30.0 : 14.0) / width

# Fonts are asked for in pixels of the svg; other terminals count in points.
points_per_px = format eq "png" ? 0.75 : format eq "pdf" ? 0.49 : format eq "tex" ? 0.6 : 1.0 # pdfcairo counts in larger ones
column_cm = 12.2 # of text in LaTeX's article
sized(n) = sprintf(",%.4g", n * points_per_px)
f11 = sized(11); f15 = sized(15); f12 = sized(12); f13 = sized(13); f14 = sized(14); f19 = sized(19)
fonts = "DejaVu Sans,Helvetica,Arial,sans-serif"
if (format eq "svg") set terminal svg size width,height font fonts . sized(15) noenhanced rounded background "white"
if (format eq "web") set terminal svg size width,height font fonts . sized(15) noenhanced rounded
if (format eq "png") set terminal pngcairo size 2*width,2*height fontscale 2 linewidth 2 pointscale 2 dashlength 1.6 font "DejaVu Sans" . sized(15) noenhanced rounded
if (format eq "pdf") set terminal pdfcairo size column_cm cm,(column_cm * height / width) cm font "DejaVu Sans" . sized(15) fontscale 1 dashlength 1.6 linewidth 0.75 pointscale 0.6 noenhanced rounded
if (format eq "tex") set terminal cairolatex pdf input size column_cm cm,(column_cm * height / width) cm font f15 linewidth 0.6 pointscale 0.6 rounded
set output out

# --- colours: Okabe and Ito's, which colour-blind readers can tell apart; dash and marker always say the same thing ---
array colour_of[6] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00"]
array marker_of[6] = [7, 9, 5, 13, 11, 15]
array hollow_of[6] = [6, 8, 4, 12, 10, 14]
set linetype 1 linecolor rgb colour_of[1] linewidth 2.4 dashtype solid pointtype 7
set linetype 2 linecolor rgb colour_of[2] linewidth 2.4 dashtype (9,4) pointtype 9
set linetype 3 linecolor rgb colour_of[3] linewidth 2.4 dashtype (9,3,2,3) pointtype 5
set linetype 4 linecolor rgb colour_of[4] linewidth 2.4 dashtype (3,3) pointtype 13
set linetype 5 linecolor rgb colour_of[5] linewidth 2.4 dashtype (14,3) pointtype 11
set linetype 6 linecolor rgb colour_of[6] linewidth 2.4 dashtype (5,3,1,3) pointtype 15
set linetype cycle 20
mark_size = format eq "svg" || format eq "web" ? 0.55 : 0.9
ink = "#222222"
faint = "#777777"
shade = "#8c8c8c"

# --- frame ---
set border 3 linecolor rgb ink linewidth 0.8
set tics nomirror out scale 0.6 textcolor rgb ink font f13
set grid y linecolor rgb "#dddddd" linewidth 0.7 dashtype solid
set style fill transparent solid 0.18 noborder
set lmargin at screen left
set rmargin at screen right
set tmargin at screen top
set bmargin at screen bottom + px(54)
# Axis titles at fixed places: terminals disagree on the width of letters. `eval y_title("..."); eval x_title("...")`
y_title(s) = (y_said = said(s), 'set label 1003 y_said at screen 9.0 / width, graph 0.5 center rotate by 90 textcolor rgb ink font f14')
x_title(s) = (x_said = said(s), 'set label 1004 x_said at graph 0.5, screen bottom + px(8) center textcolor rgb ink font f14')
no_x_title = "unset label 1004"
# The key stands in its own row above the plot, so that it never covers data.
set key at screen left - 6.0 / width, screen top + px(key_height - 2) left top reverse Left horizontal maxrows 1 samplen 2.6 width key_gap textcolor rgb ink font f14
if (framed) {
  set label 1001 title_text at screen 16.0 / width, screen 1 - px(24) left font f19 textcolor rgb ink
  set label 1002 caption_text at screen 16.0 / width, screen bottom - px(line_height) left font f12 textcolor rgb "#444444"
}
unlabel = 'unset label 1001; unset label 1002'

# Pixels that a number takes as the label of a tic: DejaVu Sans' digits are twice as wide as its point. Labels keep label_gap apart.
number_px(s) = 13 * (0.636 * strlen(s) - (strstrt(s, ".") ? 0.318 : 0))
label_gap = 9

# A round distance between tics, for about n of them up to `most`.
nice_step(most, n) = (nice_raw = (most > 0 ? most : 1) / n, nice_power = 10.0**floor(log10(nice_raw)), nice_raw / nice_power > 5 ? 10 * nice_power : nice_raw / nice_power > 2 ? 5 * nice_power : nice_raw / nice_power > 1 ? 2 * nice_power : nice_power)

# Some n tics of a count axis, x or y, from 0 to `most`; more than five digits would reach the title. `eval count_tics("y", most, n)`
count_text(v) = v == 0 ? "0" : count_most >= 1e6 ? sprintf("%gM", v / 1e6) : count_most >= 1e5 ? sprintf("%gk", v / 1e3) : sprintf("%g", v)
array count_label[50]
array count_at[50]
note_count(k) = (count_label[k] = count_text((k - 1) * count_step), count_at[k] = (k - 1) * count_step, 0)
count_tics(axis, most, n) = (count_most = most > 0 ? most : 1.0, count_step = nice_step(count_most, n), count_n = 1 + int(count_most / count_step), sum [k=1:count_n] note_count(k), "set " . axis . "tics (" . tics_in("count_label", "count_at", count_n) . ")")

# --- axes in milliseconds on a log scale. Set ms_lo and ms_hi, and for another axis than y of the whole plot its ms_length and, for a y axis,
#     the ms_room that a label needs, in pixels; then `eval ms_axis` for the y axis, or ms_x_tics, where labels need their width. Labels: the
#     closest of the lists that leaves each its room. ---
array ms_lists[7] = [ \
  "1 1.05 1.1 1.15 1.2 1.25 1.3 1.35 1.4 1.45 1.5 1.6 1.7 1.8 1.9 2 2.1 2.2 2.3 2.4 2.5 2.6 2.7 2.8 2.9 3 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 3.9 4 4.2 4.4 4.6 4.8 5 5.2 5.4 5.6 5.8 6 6.5 7 7.5 8 8.5 9 9.5", \
  "1 1.1 1.2 1.3 1.4 1.5 1.6 1.8 2 2.2 2.4 2.6 2.8 3 3.2 3.4 3.6 3.8 4 4.5 5 5.5 6 6.5 7 7.5 8 8.5 9 9.5", \
  "1 1.2 1.4 1.6 1.8 2 2.5 3 3.5 4 4.5 5 6 7 8 9", \
  "1 1.5 2 2.5 3 4 5 6 8", "1 1.5 2 3 5 7", "1 2 5", "1" ]
ms_length = plot_height - 54
ms_room = 30
ms_text(v) = v < 1e6 ? sprintf("%g", v) : sprintf("%.0f", v)
array ms_at[400]
array ms_label[400]
ms_px(v) = log(v / ms_lo) / log(ms_hi / ms_lo) * ms_length
ms_need(a, b) = ms_is_x ? 0.5 * (number_px(ms_text(a)) + number_px(ms_text(b))) + label_gap : ms_room
ms_add(v) = (ms_last > 0 && ms_px(v) - ms_px(ms_last) < ms_need(ms_last, v) ? (ms_fits = 0) : 0, ms_last = v, ms_n = ms_n < 400 ? ms_n + 1 : 400, ms_at[ms_n] = v, ms_label[ms_n] = ms_text(v), 0)
ms_tic(v) = v >= ms_lo * 0.999 && v <= ms_hi * 1.001 ? ms_add(v) : 0
ms_tics = 'ms_fits = 0; do for [ms_i = 1:7] { if (!ms_fits) { ms_n = 0; ms_last = 0; ms_fits = 1; do for [k = -6:6] { do for [m in ms_lists[ms_i]] { ms_unused = ms_tic(m * 10.0**k) } } } }'
ms_axis = 'set logscale y; set yrange [ms_lo:ms_hi]; ms_is_x = 0; eval ms_tics; eval "set ytics (" . tics_in("ms_label", "ms_at", ms_n) . ")"'
ms_x_tics = 'ms_is_x = 1; eval ms_tics; eval "set xtics (" . tics_in("ms_label", "ms_at", ms_n) . ")"'
has(i) = strlen(series_name[i]) > 0
ms_title(what) = what . ", ms (log scale)"
# The name of a panel, above it. `eval panel_title(name, top of the panel on the screen, colour)`
panel_title(s, at, c) = (panel_said = said(s), panel_at = at + px(11), panel_ink = c, 'set label 1005 panel_said at screen left, screen panel_at left font f14 textcolor rgb panel_ink')
# Series stand in grey by their places too: their names above their groups. `eval group_names`; note_group(style, place) before.
array group_sum[6] = [0, 0, 0, 0, 0, 0]
array group_n[6] = [0, 0, 0, 0, 0, 0]
note_group(i, x) = (i >= 1 && i <= 6 ? (group_sum[i] = group_sum[i] + x, group_n[i] = group_n[i] + 1) : 0, 0)
group_names = 'set tmargin at screen top - px(22); do for [i=1:n_styles] { if (group_n[i] > 0) { set label 1100 + i said(series_name[i]) at first group_sum[i] / group_n[i], screen top - px(11) center font f14 textcolor rgb colour_of[i] } }'
