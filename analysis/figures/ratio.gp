# Ratio by percentile on a log axis, with the margin declared in advance and, as circles, the same cluster against itself.
key_rows = 2
key_rows_framed = 2
load folder . '/style.gp'

array name_at[8]
array place_at[8]
note_name(k, s) = (name_at[k] = tic_said(s), place_at[k] = k - 1, 0)
is(kind) = strcol("kind") eq kind
stats data using (note_name(int(column("place")) + 1, strcol("name"))) nooutput
stats data using (column("place")) name "P" nooutput
stats data using (is("ab") ? column("ratio") : NaN) name "R" nooutput
stats data using (column("lo")) name "L" nooutput
stats data using (column("hi")) name "H" nooutput
stats data using (is("aa") ? column("ratio") : NaN) name "C" nooutput
stats data using (column("margin")) name "M" nooutput
has_controls = exists("C_min")
stats data using (is("higher") || is("lower") ? 1 : 0) name "O" nooutput
lowest = exists("R_min") && R_min < 1 / (1 + M_max) ? R_min : 1 / (1 + M_max)
if (exists("L_min") && L_min < lowest) lowest = L_min
highest = exists("R_max") && R_max > 1 + M_max ? R_max : 1 + M_max
if (exists("H_max") && H_max > highest) highest = H_max
# The axis grows for controls up to four times its length; one beyond stands at its end as an arrow with its ratio.
reach = (highest / lowest)**1.5
if (has_controls && C_min < lowest) lowest = C_min > lowest / reach ? C_min : lowest / reach
if (has_controls && C_max > highest) highest = C_max < highest * reach ? C_max : highest * reach
ms_lo = lowest / (highest / lowest)**0.06
ms_hi = highest * (highest / lowest)**0.06
# Room for the arrows of percentiles without a ratio.
if (O_sum > 0) { ms_room_for = (ms_hi / ms_lo)**0.12; ms_lo = ms_lo / ms_room_for; ms_hi = ms_hi * ms_room_for }
arrow_from(up) = up ? ms_hi / (ms_hi / ms_lo)**0.08 : ms_lo * (ms_hi / ms_lo)**0.08
arrow_to(up) = up ? ms_hi / (ms_hi / ms_lo)**0.01 : ms_lo * (ms_hi / ms_lo)**0.01
direction(up, i) = is(up ? "higher" : "lower") && column("style") == i ? arrow_from(up) : NaN
eval ms_axis
set xrange [-0.6:P_max + 0.6]
eval "set xtics scale 0 (" . tics_in("name_at", "place_at", int(P_max) + 1) . ")"
eval y_title("times as long (log scale)")
eval x_title("percentile")
set object 1 rectangle from graph 0, first 1 / (1 + M_max) to graph 1, first 1 + M_max behind fillcolor rgb "#e4e4e4" fillstyle solid noborder
set arrow 1 from graph 0, first 1 to graph 1, first 1 nohead lc rgb ink lw 1.2
label_at(r) = sprintf("%.2f", r)
end_at(text, r) = text eq "" ? r : real(text) # few pairs have no interval: the point stands alone
is_open = 'is("ab") && strlen(strcol("lo")) && !strlen(strcol("hi"))' # no upper end: an arrow out of the plot
control = ""
short(s) = strstrt(s, " (") > 1 ? s[1:strstrt(s, " (") - 1] : s
note_control(s) = (control = cut_to(short(s), 16), 0)
stats data using (is("aa") ? note_control(strcol("series")) : 0) nooutput
array compared[6] = [0, 0, 0, 0, 0, 0] # the series whose ratios these are; the controls' own need no entry
note_compared(i) = (i >= 1 && i <= 6 ? (compared[i] = 1) : 0, 0)
stats data using (!is("aa") ? note_compared(int(column("style"))) : 0) nooutput
inside(r) = r >= lowest && r <= highest ? r : NaN
above(r) = r > highest ? highest : NaN
below(r) = r < lowest ? lowest : NaN
beside = -0.12
plot data using (column("place") + beside):(is("aa") ? inside(column("ratio")) : NaN) with points pt 6 ps mark_size * 1.4 lw 1.6 lc rgb faint title (has_controls ? said(control . " against itself") : ""), \
     data using (column("place") + beside):(is("aa") ? above(column("ratio")) : NaN) with points pt 9 ps mark_size * 1.6 lc rgb faint notitle, \
     data using (column("place") + beside):(is("aa") ? below(column("ratio")) : NaN) with points pt 11 ps mark_size * 1.6 lc rgb faint notitle, \
     data using (column("place") + beside - 0.03):(is("aa") ? above(column("ratio")) : NaN):(label_at(column("ratio"))) with labels right font f12 textcolor rgb faint notitle, \
     data using (column("place") + beside - 0.03):(is("aa") ? below(column("ratio")) : NaN):(label_at(column("ratio"))) with labels right font f12 textcolor rgb faint notitle, \
     for [i=1:n_styles] data using (column("place")):(is("ab") && column("style") == i ? column("ratio") : NaN):(end_at(strcol("lo"), column("ratio"))):(end_at(strcol("hi"), column("ratio"))) with yerrorbars pt marker_of[i] ps 1.6 * mark_size / 0.9 lw 2 dt solid lc rgb colour_of[i] title (compared[i] ? said(series_name[i]) : ""), \
     for [i=1:n_styles] data using (column("place")):(@is_open && column("style") == i ? column("ratio") : NaN):(0):(ms_hi - column("ratio")) with vectors head filled size screen 0.012,20 lw 2 dt solid lc rgb colour_of[i] notitle, \
     for [i=1:n_styles] data using (column("place") + 0.08):(is("ab") && column("style") == i ? column("ratio") : NaN):(label_at(column("ratio"))) with labels left font f14 textcolor rgb ink notitle, \
     keyentry with boxes fillcolor rgb "#e4e4e4" fillstyle solid noborder title said(sprintf("within %g %%", 100 * M_max)), \
     for [i=1:n_styles] for [up=0:1] data using (column("place")):(direction(up, i)):(0):(arrow_to(up) - arrow_from(up)) with vectors head filled size screen 0.012,20 lw 2 dt solid lc rgb colour_of[i] notitle, \
     for [i=1:n_styles] for [up=0:1] data using (column("place") + 0.08):(direction(up, i)):(labelled(strcol("note"))) with labels left font f14 textcolor rgb ink notitle
