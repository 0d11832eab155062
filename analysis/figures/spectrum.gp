# Percentile spectrum: each further nine has the same room on the x axis.
load folder . '/style.gp'

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
set xrange [2:(T_max > 2 ? T_max : 4)]
drawn_as = T_max > 2 ? "lines" : "linespoints"
set xtics ("50" 2, "75" 4, "90" 10, "95" 20, "99" 100, "99.5" 200, "99.9" 1e3, "99.95" 2e3, "99.99" 1e4, "99.995" 2e4, "99.999" 1e5, "99.9995" 2e5, "99.9999" 1e6)
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
     for [i=1:n_styles] data using (column("inv_tail")):(is("mark") && column("style") == i ? column("value_ms") : NaN):(labelled(strcol("note"))) with labels left offset 0.4,0.9 font f19 textcolor rgb colour_of[i] notitle, \
     for [i=1:n_styles] keyentry with lines lt i title (has(i) ? said(series_name[i]) : "")
