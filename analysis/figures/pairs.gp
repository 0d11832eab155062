# Paired runs: slopes on the left, controls beside them, and ratios in the order of running on the right.
key_rows = 3
key_rows_framed = 2
load folder . '/style.gp'

is(kind, r) = strcol("kind") eq kind && strcol("role") eq r
role(k, r, name) = is(k, r) ? column(name) : NaN
ordered(o) = strcol("order") eq o ? from_ms("ab") : NaN
stats data using (column("value_ms")) name "V" nooutput
stats data using (column("ratio")) name "R" nooutput
stats data using (column("place")) name "P" nooutput
stats data using (column("centre")) name "M" nooutput
stats data using (strlen(strcol("lost")) ? 1 : 0) name "O" nooutput
stats data using (int(column("is_apart")) ? 1 : 0) name "A" nooutput
label_a = ""
label_b = ""
label_c = ""
n_first_a = 0
n_first_b = 0
note_pair(r, s, o) = r eq "a" ? (label_a = cut_to(s, 24), n_first_a = n_first_a + (o eq "AB"), n_first_b = n_first_b + (o eq "BA"), 0) : (label_b = cut_to(s, 24), 0)
stats data using (strcol("kind") eq "ab" ? note_pair(strcol("role"), strcol("label"), strcol("order")) : (label_c = cut_to(strcol("label"), 16), 0)) nooutput
has_controls = strlen(label_c) > 0
middle = left + 0.44 * (right - left)
gap = 100.0 / width

set key width key_gap + (framed ? 1 : -2)
set multiplot
set rmargin at screen middle - gap / 2
ms_lo = V_min / 1.03
ms_hi = V_max * 1.03
# A run without a time is a cross at the top, to which its pair's line goes.
if (O_sum > 0) ms_hi = ms_hi * (ms_hi / ms_lo)**0.15
cross_ms = ms_hi / (ms_hi / ms_lo)**0.05
lost(r) = strcol("lost") eq r || strcol("lost") eq "both"
place_of(k, r) = k eq "aa" ? (r eq "a" ? control_from : control_to) : (r eq "a" ? 1 : 2)
from_ms(k) = strcol("kind") eq k && strcol("role") eq "a" && !(strcol("lost") eq "both") ? (lost("a") ? cross_ms : column("value_ms")) : NaN
to_ms(k) = from_ms(k) == from_ms(k) ? (lost("b") ? cross_ms : column("other_ms")) - from_ms(k) : NaN
eval ms_axis
# Controls have a place of their own: both of their runs are of the same cluster.
control_from = 3
control_to = 3.6
set xrange [0.75:(has_controls ? control_to + 0.4 : 2.25)]
set xtics scale 0 (tic_said(label_a) 1, tic_said(label_b) 2)
if (has_controls) { set xtics add (tic_said(label_c . " twice") (control_from + control_to) / 2) }
eval y_title(ms_title("time"))
plot data using (1):(ordered("AB")):(1):(to_ms("ab")) with vectors nohead lc rgb ink lw 1 dt solid title (n_first_a ? said(label_a . " first") : ""), \
     data using (1):(ordered("BA")):(1):(to_ms("ab")) with vectors nohead lc rgb ink lw 1 dt (5,4) title (n_first_b ? said(label_b . " first") : ""), \
     data using (1):(ordered("side")):(1):(to_ms("ab")) with vectors nohead lc rgb ink lw 1 dt solid notitle, \
     for [i=1:n_styles] data using (strcol("role") eq "a" ? 1 : 2):(strcol("kind") eq "ab" && column("style") == i ? column("value_ms") : NaN) with points pt marker_of[i] ps mark_size * 1.3 lc rgb colour_of[i] notitle, \
     data using (control_from):(from_ms("aa")):(control_to - control_from):(to_ms("aa")) with vectors nohead lc rgb "#a5a5a5" lw 1.2 dt solid notitle, \
     data using (strcol("role") eq "a" ? control_from : control_to):(strcol("kind") eq "aa" ? column("value_ms") : NaN) with points pt 6 ps mark_size * 1.3 lw 1.4 lc rgb faint notitle, \
     data using (place_of(strcol("kind"), strcol("role"))):(lost(strcol("role")) ? cross_ms : NaN) with points pt 2 ps mark_size * 1.3 lw 1.6 lc rgb ink notitle

eval unlabel
set lmargin at screen middle + gap / 2
set rmargin at screen right
ms_lo = (exists("R_min") && R_min < 1 ? R_min : 1) / 1.03
ms_hi = (exists("R_max") && R_max > 1 ? R_max : 1) * 1.03
if (O_sum > 0) { ms_lo = ms_lo / 1.3; ms_hi = ms_hi * 1.3 }
arrow_ms(up) = up ? ms_hi / (ms_hi / ms_lo)**0.04 : ms_lo * (ms_hi / ms_lo)**0.04
eval ms_axis
set xrange [0.4:P_max + 0.6]
set xtics autofreq scale 0.6
set xtics (P_max > 10 ? nice_step(P_max, 10) : 1)
set label 1003 said("ratio (log scale)") at screen middle - gap / 2 + 32.0 / width, graph 0.5 center rotate by 90 textcolor rgb ink font f14
eval x_title("order of running")
set key at screen middle + gap / 2 - 6.0 / width, screen top + px(key_height - 2)
set arrow 1 from graph 0, first 1 to graph 1, first 1 nohead lc rgb ink lw 1
if (exists("M_max")) set arrow 2 from graph 0, first M_max to graph 1, first M_max nohead lc rgb colour_of[2] lw 1.6 dt (9,4)
plot data using (column("place")):(role("ab", "a", "ratio")) with points pt 9 ps mark_size * 1.4 lc rgb colour_of[2] title said(label_b . " to " . label_a), \
     data using (column("place")):(role("aa", "a", "ratio")) with points pt 6 ps mark_size * 1.4 lw 1.4 lc rgb faint title (has_controls ? said(label_c . " to itself") : ""), \
     data using (column("place")):(int(column("is_apart")) ? role("ab", "a", "ratio") : NaN) with points pt 6 ps mark_size * 2.6 lw 1.2 lc rgb ink notitle, \
     data using (column("place")):(is("ab", "a") && strcol("lost") eq "b" ? arrow_ms(1) : NaN):(0):(arrow_ms(1) * ((ms_hi / ms_lo)**0.035 - 1)) with vectors head filled size screen 0.012,20 lw 2 dt solid lc rgb colour_of[2] notitle, \
     data using (column("place")):(is("ab", "a") && strcol("lost") eq "a" ? arrow_ms(0) : NaN):(0):(arrow_ms(0) * ((ms_lo / ms_hi)**0.035 - 1)) with vectors head filled size screen 0.012,20 lw 2 dt solid lc rgb colour_of[2] notitle
unset multiplot
