# Percentile bands over time: one panel per series below each other, all with the same ranges.
key_rows = 2
load folder . '/style.gp'
load folder . '/time.gp'
n_panels = 0

do for [i=1:n_styles] { n_panels = n_panels + (strlen(series_name[i]) > 0) }
stats data using (is("value") ? column("p50_ms") : NaN) name "L" nooutput
stats data using (is("value") ? column("max_ms") : NaN) name "H" nooutput
ms_lo = L_min / 1.25
ms_hi = H_max * 1.15
panel_gap = px(30)
first_gap = px(20)
panel = (top - first_gap - bottom - px(54) - (n_panels - 1) * panel_gap) / n_panels
ms_length = panel * height
ms_room = 22
cut_px = panel * height
eval cuts
stats data using (is("value") ? 1 : 0) name "N" nooutput
# Where a percentile has no time because too many failed, its band goes up to a cross at the top. An arm without any time is a row of crosses.
none(i) = is("value") && column("style") == i && strlen(strcol("none"))
open_from(i) = !none(i) ? NaN : strcol("none") eq "p99" ? column("p90_ms") : strcol("none") eq "p90" ? column("p50_ms") : ms_lo
stats data using (is("value") && strlen(strcol("none")) ? 1 : 0) name "O" nooutput
if (O_sum > 0) ms_hi = ms_hi * (ms_hi / ms_lo)**0.12
cross_ms = ms_hi / (ms_hi / ms_lo)**0.05
dot = N_sum <= 3 * n_panels ? 1.2 : 0.4 # a line of one point is none

set datafile missing
set key width key_gap + 1 samplen 2
set multiplot
k = 0
do for [i=1:n_styles] {
  if (strlen(series_name[i])) {
    panel_top = top - first_gap - k * (panel + panel_gap)
    set tmargin at screen panel_top
    set bmargin at screen panel_top - panel
    k = k + 1
    if (k < n_panels) { eval time_tics_bare; eval no_x_title } else { eval time_tics; eval x_title(axis_title) }
    eval ms_axis
    eval y_title("ms, log scale")
    eval unshade
    eval shades_of(i)
    eval shades
    eval panel_title(series_name[i], panel_top, colour_of[i])
    if (k > 1) { eval unlabel; unset key }
    plot data using (x_middle(0)):(of(i, "p50_ms")):(column("x_s")):(column("x_end_s")):(of(i, "p50_ms")):(of(i, "p90_ms")) with boxxyerror fillcolor rgb colour_of[i] fillstyle transparent solid 0.45 noborder title "p50 to p90", \
         data using (x_middle(0)):(of(i, "p90_ms")):(column("x_s")):(column("x_end_s")):(of(i, "p90_ms")):(of(i, "p99_ms")) with boxxyerror fillcolor rgb colour_of[i] fillstyle transparent solid 0.18 noborder title "p90 to p99", \
             data using (x_middle(0)):(open_from(i)):(column("x_s")):(column("x_end_s")):(open_from(i)):(ms_hi) with boxxyerror fillcolor rgb colour_of[i] fillstyle transparent solid 0.18 noborder notitle, \
         data using (x_middle(0)):(none(i) ? cross_ms : NaN) with points pt 2 ps mark_size * (N_sum > 90 * n_panels ? 0.6 : 1.1) lw 1.4 lc rgb ink notitle, \
     data using (x_middle(0)):(strlen(strcol("p50_ms")) ? of(i, "p50_ms") : NaN) with linespoints lt i lw 2 pt 7 ps mark_size * dot title "median", \
         data using (x_middle(0)):(of(i, "max_ms")) with points pt hollow_of[i] ps mark_size lw 1 lc rgb colour_of[i] title "slowest", \
         keyentry with boxes fillcolor rgb shade fillstyle transparent solid 0.3 noborder title quiet_name
  }
}
unset multiplot
