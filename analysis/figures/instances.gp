# Answers per instance: bars, with the even share and its band across each cluster's bars.
load folder . '/style.gp'
set key width key_gap + 1

n_slots = 0
n_bars = 0
short(s) = strlen(s) > 7 ? "…" . s[strlen(s) - 3:*] : s
bars_named = 40
array slot_text[bars_named]
array slot_at[bars_named]
widest_name = 0
name_bar(k, id) = n_bars <= bars_named ? (slot_text[n_bars] = tic_said(short(id)), slot_at[n_bars] = k, widest_name = strlen(short(id)) > widest_name ? strlen(short(id)) : widest_name) : 0
note_slot(k, i, id) = (n_bars = n_bars + 1, n_slots = k, name_bar(k, id), note_group(i, k))
is(kind) = strcol("kind") eq kind
bar(i, name) = is("bar") && column("style") == i ? column(name) : NaN
stats data using (is("bar") ? note_slot(int(column("slot")), int(column("style")), strcol("instance")) : 0) nooutput
crowded = n_bars > bars_named
slot_px = (right - left) * width / (n_slots + 0.4)
upright = !crowded && widest_name * 7.8 + 4 > slot_px
if (upright) set bmargin at screen bottom + px(68)
stats data using (is("bar") ? column("requests_n") : NaN) name "N" nooutput
stats data using (is("bar") ? column("band_hi_n") : NaN) name "B" nooutput
stats data using (is("bar") ? column("err_n") : NaN) name "F" nooutput
most = exists("B_max") && B_max > N_max ? B_max : N_max

# What is said of a cluster, in lines as wide as its bars.
line_text = ""
line_list = ""
put_word(w, most) = (strlen(line_text) && strlen(line_text) + 1 + strlen(w) > most ? (line_list = line_list . line_text . "\n", line_text = w) : (line_text = line_text . (strlen(line_text) ? " " : "") . w), 0)
wrapped(s, most) = (line_text = "", line_list = "", sum [k = 1:words(s)] put_word(word(s, k), most), line_list . line_text)
bars_of(i) = i >= 1 && i <= 6 ? group_n[i] : 1
array note_text[99]
array note_at[99]
n_notes = 0
note_label(x, i, s) = (n_notes = n_notes < 99 ? n_notes + 1 : 99, note_text[n_notes] = said(wrapped(s, slot_px * (bars_of(i) + 0.6) / (format eq "tex" ? 9.0 : 6.6))), note_at[n_notes] = x, 0)
stats data using (is("note") ? note_label(column("slot"), int(column("style")), strcol("note")) : 0) nooutput

set xrange [0.3:n_slots + 0.7]
set yrange [0:(most > 0 ? 1.3 * most : 1)]
eval count_tics("y", 1.3 * most, 7)
if (crowded) { unset xtics } else { eval "set xtics scale 0 (" . tics_in("slot_text", "slot_at", n_bars) . ") font f12" . (upright ? " rotate by 90 right" : "") }
eval y_title("answers")
eval x_title(crowded ? sprintf("%d instances, in the order of the deployment", n_bars) : upright ? "" : "instance")
set boxwidth 0.62
do for [k = 1:n_notes] { set label 2000 + k note_text[k] at note_at[k], graph 0.97 center font f12 textcolor rgb ink }
eval group_names
share(i, name) = is("bar") && column("style") == i && strlen(strcol("expected_n")) ? column(name) : NaN
plot for [i=1:n_styles] data using (column("slot")):(bar(i, "requests_n")) with boxes lt i lw 1 dt solid fillstyle transparent solid (crowded ? 1 : 0.4) border notitle, \
     for [i=1:n_styles] data using (column("slot")):(bar(i, "err_n")) with boxes lc rgb ink lw 1 dt solid fillstyle pattern 4 border title (i == n_styles && F_max > 0 ? "errors" : ""), \
     for [i=1:n_styles] data using (column("slot")):(crowded || !(bar(i, "requests_n") == 0) ? NaN : 0.02 * most):("none") with labels left rotate by 90 font f13 textcolor rgb colour_of[i] notitle, \
     for [i=1:n_styles] data using (column("slot")):(share(i, "expected_n")):(0.5):(0.5 * (column("band_hi_n") - column("band_lo_n"))) with boxxyerror fillcolor rgb ink fillstyle transparent solid 0.13 noborder title (i == n_styles ? "chance band" : ""), \
     for [i=1:n_styles] data using (column("slot") - 0.5):(share(i, "expected_n")):(1):(0) with vectors nohead lc rgb ink lw 1.2 dt solid title (i == n_styles ? "even share" : "")
