# Response time against answered load: medians thin, 99th percentiles thick; hollow beyond what the cluster sustains; grey crosses where
# loadgen was the limit, which no line joins.
key_rows = 2
load folder . '/style.gp'
set key width series_gap

array limits[6] = [0, 0, 0, 0, 0, 0]
note_limit(i, x) = (i >= 1 && i <= 6 ? (limits[i] = x) : 0, 0)
stats data using (column("sustains_per_s") > 0 ? note_limit(int(column("style")), column("sustains_per_s")) : 0) nooutput
result(s) = strcol("result") eq s
fault = "generator"
at(i, p, name) = column("style") == i && column("p_ppm") == p && !result(fault) ? column(name) : NaN
held(i, p, name) = result("held") ? at(i, p, name) : NaN
over(i, p, name) = result("held") ? NaN : at(i, p, name)
faulty(p, name) = column("p_ppm") == p && result(fault) ? column(name) : NaN
stats data using (column("value_ms")) name "V" nooutput
stats data using (column("achieved_per_s")) name "A" nooutput
stats data using (result(fault) ? 1 : 0) name "F" nooutput
stats data using (strcol("state") eq "failed" && column("p_ppm") == 990000 ? 1 : 0) name "O" nooutput
ms_lo = V_min / 1.3
ms_hi = V_max * 1.3
if (O_sum > 0) ms_hi = ms_hi * (ms_hi / ms_lo)**0.12
cross_ms = ms_hi / (ms_hi / ms_lo)**0.05
lost(i) = strcol("state") eq "failed" && column("style") == i && column("p_ppm") == 990000 ? cross_ms : NaN
eval ms_axis
set xrange [0:1.05 * A_max]
eval count_tics("x", 1.05 * A_max, framed ? 10 : 6)
set grid x y
eval y_title(ms_title("response time"))
eval x_title("good answers per second")
do for [i=1:n_styles] {
  if (limits[i] > 0) {
    set arrow i from first limits[i], graph 0 to first limits[i], graph 1 nohead lc rgb colour_of[i] dt (3,4) lw 1
    set label 20 + i said(sprintf(limits[i] < 100 ? "%.3g/s " : "%.0f/s ", limits[i])) at first limits[i], graph (1.03 - 0.06 * i) right font f12 textcolor rgb colour_of[i]
  }
}
plot for [i=1:n_styles] data using (column("achieved_per_s")):(at(i, 990000, "value_ms")) with lines lt i lw 2.4 notitle, \
     for [i=1:n_styles] data using (column("achieved_per_s")):(at(i, 500000, "value_ms")) with lines lt i lw 1.1 notitle, \
     for [i=1:n_styles] data using (column("achieved_per_s")):(held(i, 990000, "value_ms")) with points pt marker_of[i] ps mark_size * 1.2 lc rgb colour_of[i] notitle, \
     for [i=1:n_styles] data using (column("achieved_per_s")):(over(i, 990000, "value_ms")) with points pt hollow_of[i] ps mark_size * 1.2 lw 1.4 lc rgb colour_of[i] notitle, \
     for [i=1:n_styles] data using (column("achieved_per_s")):(held(i, 500000, "value_ms")) with points pt marker_of[i] ps mark_size * 0.8 lc rgb colour_of[i] notitle, \
     for [i=1:n_styles] data using (column("achieved_per_s")):(over(i, 500000, "value_ms")) with points pt hollow_of[i] ps mark_size * 0.8 lw 1 lc rgb colour_of[i] notitle, \
     for [i=1:n_styles] keyentry with lines lt i lw 2.4 title (has(i) ? said(series_name[i]) : ""), \
     keyentry with lines lc rgb ink lw 2.4 title "p99", keyentry with lines lc rgb ink lw 1.1 title "p50", \
     data using (column("achieved_per_s")):(faulty(990000, "value_ms")) with points pt 2 ps mark_size * 1.2 lw 1.4 lc rgb faint title (F_sum > 0 ? "loadgen" : ""), \
     for [i=1:n_styles] data using (column("achieved_per_s")):(lost(i)) with points pt 2 ps mark_size * 1.3 lw 1.8 lc rgb colour_of[i] notitle, \
     for [i=1:n_styles] data using (column("achieved_per_s")):(column("style") == i && column("p_ppm") == 990000 ? column("value_ms") : NaN):(labelled(strcol("mark"))) with labels left offset 0.7,0.6 font f15 textcolor rgb colour_of[i] notitle
