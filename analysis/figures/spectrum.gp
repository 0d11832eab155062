# Percentile spectrum: each further nine has the same room on the x axis.
keys_are_series = 1
load folder . '/style.gp'
set key width series_gap

is(kind) = strcol("kind") eq kind
eval y_title(ms_title("time"))
eval x_title("per cent of attempts with a good answer within this time")
stats data using (column("value_ms")) name "V" nooutput
stats data using (column("inv_tail")) name "T" nooutput
ms_lo = V_min / 1.12
stats data using (column("hi_ms")) name "H" nooutput
ms_hi = exists("H_max") && H_max > V_max ? (H_max < 1.4 * V_max ? 1.04 * H_max : 1.4 * V_max) : 1.08 * V_max
stats data using (is("end") ? 1 : 0) name "E" nooutput
if (E_sum > 0) ms_hi = ms_hi * (ms_hi / ms_lo)**0.2 # room for the ends
set logscale x
# A run of 20 requests has a median and nothing beyond it: one point, which no line shows.
T_end = T_max > 2 ? T_max : 4
set xrange [2:T_end]
drawn_as = T_max > 2 ? "lines" : "linespoints"
# The nines are always labelled, between them all of a rank or none, as there is room.
array tic_text[13] = ["50", "75", "90", "95", "99", "99.5", "99.9", "99.95", "99.99", "99.995", "99.999", "99.9995", "99.9999"]
array tic_at[13] = [2, 4, 10, 20, 100, 200, 1e3, 2e3, 1e4, 2e4, 1e5, 2e5, 1e6]
array tic_rank[13] = [1, 2, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]
array shown_text[13]
array shown_at[13]
tic_px(k) = log(tic_at[k] / 2.0) / log(T_end / 2.0) * (right - left) * width
show_tic(k) = (tics_fit = tics_fit && tic_px(k) - 0.5 * number_px(tic_text[k]) >= tics_end_px + label_gap, tics_end_px = tic_px(k) + 0.5 * number_px(tic_text[k]), n_shown = n_shown + 1, shown_text[n_shown] = tic_text[k], shown_at[n_shown] = tic_at[k], 0)
show_tics(rank) = (tics_fit = 1, tics_end_px = -100, n_shown = 0, sum [k=1:13] (tic_rank[k] <= rank && tic_at[k] <= T_end * 1.0001 ? show_tic(k) : 0), tics_fit)
tics_shown = show_tics(3) || show_tics(2) || show_tics(1)
eval "set xtics (" . tics_in("shown_text", "shown_at", n_shown) . ")"
beyond_px = tics_end_px - (right - left) * width + 3
if (beyond_px > (1 - right) * width) { right = 1 - beyond_px / width; set rmargin at screen right }
set grid x
eval ms_axis
of(i, name) = column("style") == i && (is("line") || is("bound")) ? column(name) : NaN
exact(i) = is("line") ? of(i, "value_ms") : NaN
# Bounds go on from the last time.
array last_exact[6] = [0, 0, 0, 0, 0, 0]
note_exact(i, x) = (i >= 1 && i <= 6 && x > last_exact[i] ? (last_exact[i] = x) : 0, 0)
stats data using (is("line") ? note_exact(int(column("style")), column("inv_tail")) : 0) nooutput
bound(i) = is("bound") || column("inv_tail") == last_exact[i] ? of(i, "value_ms") : NaN
# The end of a line goes up and out of the plot, with a cross at the top and the reason beside it, each series in a row of its own.
n_ends = 0
array ends_x[6]
array ends_y[6]
array ends_text[6]
array ends_from[6] = [0, 0, 0, 0, 0, 0]
note_end(i, x, y, s) = i < 1 || i > 6 ? 0 : (n_ends = n_ends + 1, ends_x[i] = x > 2 ? x : 2, ends_from[i] = n_ends, ends_y[i] = y == y ? y : 0, ends_text[i] = said((y == y && x > 2 ? "" : series_name[i] . ": ") . s), 0)
stats data using (is("end") ? note_end(int(column("style")), column("inv_tail"), column("value_ms"), strcol("note")) : 0) nooutput
do for [i=1:n_styles] {
  if (ends_from[i] > 0) {
    row = 1.02 - 0.06 * ends_from[i]
    if (ends_y[i] > 0 && ends_x[i] > 2) {
      set arrow i from first ends_x[i], first ends_y[i] to first ends_x[i], graph row nohead lc rgb colour_of[i] lw 1.4 dt (2,3)
    }
    set label 20 + i "×" at first ends_x[i], graph row center font f19 textcolor rgb colour_of[i] front
    if (ends_x[i] > 2 * (T_max / 2)**0.6) { set label 30 + i ends_text[i] at first ends_x[i], graph row right offset -1.2,0 font f13 textcolor rgb colour_of[i] front } else { set label 30 + i ends_text[i] at first ends_x[i], graph row left offset 1.2,0 font f13 textcolor rgb colour_of[i] front }
  }
}
hi_of(i) = strlen(strcol("hi_ms")) || !strlen(strcol("lo_ms")) ? of(i, "hi_ms") : of(i, "value_ms") * 0 + ms_hi # no upper end: paler, up to the top
plot for [i=1:n_styles] data using (column("inv_tail")):(of(i, "lo_ms")):(of(i, "hi_ms")) with filledcurves fillcolor rgb colour_of[i] fillstyle transparent solid 0.12 noborder notitle, \
     for [i=1:n_styles] data using (column("inv_tail")):(of(i, "lo_ms")):(hi_of(i)) with filledcurves fillcolor rgb colour_of[i] fillstyle transparent solid 0.07 noborder notitle, \
     for [i=1:n_styles] data using (column("inv_tail")):(exact(i)) with @drawn_as lt i notitle, \
     for [i=1:n_styles] data using (column("inv_tail")):(bound(i)) with lines lc rgb colour_of[i] lw 1.6 dt (2,3) notitle, \
     for [i=1:n_styles] data using (column("inv_tail")):(is("mark") && column("style") == i ? column("value_ms") : NaN):(labelled(strcol("note"))) with labels left offset 0.4 + 1.1 * (i - 1),0.9 font f19 textcolor rgb colour_of[i] notitle, \
     for [i=1:n_styles] keyentry with lines lt i title (has(i) ? said(series_name[i]) : "")
