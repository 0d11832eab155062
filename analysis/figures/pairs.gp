# Paired runs: slopes on the left, ratios in the order of running on the right.
key_rows = 3
key_rows_framed = 2
load folder . '/style.gp'

role(k, r, name) = strcol("kind") eq k && strcol("role") eq r ? column(name) : NaN
ordered(o, r, name) = strcol("kind") eq "ab" && strcol("order") eq o && strcol("role") eq r ? column(name) : NaN
stats data using (column("value_ms")) name "V" nooutput
stats data using (column("ratio")) name "R" nooutput
stats data using (column("place")) name "P" nooutput
log_sum = 0.0
log_n = 0
stats data using (strcol("kind") eq "ab" && strcol("role") eq "a" ? (log_n = log_n + 1, log_sum = log_sum + log(column("ratio"))) : 0) nooutput
mean_ratio = log_n ? exp(log_sum / log_n) : NaN
label_a = ""
label_b = ""
note_labels(s, r) = (r eq "a" ? (label_a = cut_to(s, 24)) : (label_b = cut_to(s, 24)), 0)
stats data using (strcol("kind") eq "ab" ? note_labels(strcol("label"), strcol("role")) : 0) nooutput
middle = left + 0.42 * (right - left)
gap = 100.0 / width

set key width key_gap + (framed ? 1 : -2)
set multiplot
set rmargin at screen middle - gap / 2
ms_lo = V_min / 1.03
ms_hi = V_max * 1.03
eval ms_axis
set xrange [0.75:2.25]
set xtics scale 0 (tic_said(label_a) 1, tic_said(label_b) 2)
eval y_title(ms_title("time"))
plot data using (1):(role("aa", "a", "value_ms")):(1):(column("other_ms") - column("value_ms")) with vectors nohead lc rgb "#b5b5b5" lw 1.2 dt solid title "same twice", \
     data using (1):(ordered("AB", "a", "value_ms")):(1):(column("other_ms") - column("value_ms")) with vectors nohead lc rgb ink lw 1 dt solid title (said(label_a) . " first"), \
     data using (1):(ordered("BA", "a", "value_ms")):(1):(column("other_ms") - column("value_ms")) with vectors nohead lc rgb ink lw 1 dt (5,4) title (said(label_b) . " first"), \
     data using (1):(ordered("side", "a", "value_ms")):(1):(column("other_ms") - column("value_ms")) with vectors nohead lc rgb ink lw 1 dt solid notitle, \
     for [i=1:n_styles] data using (strcol("role") eq "a" ? 1 : 2):(strcol("kind") eq "ab" && column("style") == i ? column("value_ms") : NaN) with points pt marker_of[i] ps mark_size * 1.3 lc rgb colour_of[i] notitle

eval unlabel
unset key
set lmargin at screen middle + gap / 2
set rmargin at screen right
ms_lo = (R_min < 1 ? R_min : 1) / 1.03
ms_hi = (R_max > 1 ? R_max : 1) * 1.03
eval ms_axis
set xrange [0.4:P_max + 0.6]
set xtics autofreq scale 0.6
set xtics nice_step(P_max, 10)
set label 1003 said("ratio " . label_b . " to " . label_a . " (log scale)") at screen middle - gap / 2 + 32.0 / width, graph 0.5 center rotate by 90 textcolor rgb ink font f14
eval x_title("order of running")
set arrow 1 from graph 0, first 1 to graph 1, first 1 nohead lc rgb ink lw 1
set arrow 2 from graph 0, first mean_ratio to graph 1, first mean_ratio nohead lc rgb colour_of[2] lw 1.6 dt (9,4)
plot data using (column("place")):(role("ab", "a", "ratio")) with points pt 9 ps mark_size * 1.4 lc rgb colour_of[2] notitle, \
     data using (column("place")):(role("aa", "a", "ratio")) with points pt 6 ps mark_size * 1.4 lc rgb "#8a8a8a" notitle
unset multiplot
