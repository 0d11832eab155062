# Response time against achieved load: medians thin, 99th percentiles thick, hollow where a threshold was missed.
load 'style.gp'

at(i, p, held, name) = column("style") == i && column("p_ppm") == p && (held < 0 || column("held") == held) ? column(name) : NaN
stats data using (column("p_ppm") == 500000 || column("p_ppm") == 990000 ? column("value_ms") : NaN) name "V" nooutput
stats data using (column("achieved_per_s")) name "A" nooutput
stats data using (column("offered_per_s")) name "O" nooutput
first_saturated = 0.0
note_saturated(x) = (first_saturated == 0 || x < first_saturated ? (first_saturated = x) : 0, 0)
stats data using (column("saturated") > 0 ? note_saturated(column("offered_per_s")) : 0) nooutput
ms_lo = V_min / 1.3
ms_hi = V_max * 1.3
eval ms_axis
set xrange [0:1.05 * (O_max > A_max ? O_max : A_max)]
set grid x y
eval y_title(ms_title("response time"))
eval x_title("achieved requests per second")
if (first_saturated > 0) {
  set arrow 1 from first first_saturated, graph 0 to first first_saturated, graph 1 nohead lc rgb faint dt (6,4) lw 1.2
  set label 20 sprintf("less than 99 %% of %g/s achieved", first_saturated) at first first_saturated, graph 0.04 right offset -0.5,0 font f12 textcolor rgb faint
}
plot for [i=1:n_styles] data using (column("achieved_per_s")):(at(i, 990000, -1, "value_ms")) with lines lt i lw 2.4 title (has(i) ? said(series_name[i] . " p99") : ""), \
     for [i=1:n_styles] data using (column("achieved_per_s")):(at(i, 500000, -1, "value_ms")) with lines lt i lw 1.1 title (has(i) ? said(series_name[i] . " p50") : ""), \
     for [i=1:n_styles] data using (column("achieved_per_s")):(at(i, 990000, 1, "value_ms")):(column("lo_ms")):(column("hi_ms")) with yerrorbars pt marker_of[i] ps mark_size lw 1 dt solid lc rgb colour_of[i] notitle, \
     for [i=1:n_styles] data using (column("achieved_per_s")):(at(i, 990000, 0, "value_ms")):(column("lo_ms")):(column("hi_ms")) with yerrorbars pt hollow_of[i] ps mark_size lw 1 dt solid lc rgb colour_of[i] notitle, \
     for [i=1:n_styles] data using (column("achieved_per_s")):(at(i, 500000, 1, "value_ms")) with points pt marker_of[i] ps mark_size * 0.8 lc rgb colour_of[i] notitle, \
     for [i=1:n_styles] data using (column("achieved_per_s")):(at(i, 500000, 0, "value_ms")) with points pt hollow_of[i] ps mark_size * 0.8 lw 1 lc rgb colour_of[i] notitle
