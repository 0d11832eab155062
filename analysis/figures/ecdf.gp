# Two panels: cumulative share on a linear axis, the rest on log axes. A line that ends below all attempts has a cross there, and the rest
# goes on as a dotted line.
key_rows = 2
load folder . '/style.gp'
set key width series_gap

of(i, name) = column("style") == i && strcol("kind") eq "line" ? column(name) : NaN
is_end(i) = column("style") == i && strcol("kind") eq "end"
end_of(i, name) = is_end(i) ? column(name) : NaN
stats data using (strcol("kind") eq "line" ? column("value_ms") : NaN) name "V" nooutput
stats data using (column("ccdf") > 0 ? column("ccdf") : NaN) name "C" nooutput
stats data using (strcol("kind") eq "end" ? 1 : 0) name "E" nooutput
ms_lo = V_min / 1.05
ms_hi = V_max * 1.05
# Room for what is written below the dotted lines; above the highest of several.
most_lost = 0
note_lost(v) = (v > most_lost ? (most_lost = v) : 0, 0)
stats data using (strcol("kind") eq "end" ? note_lost(column("ccdf")) : 0) nooutput
below(v) = E_sum > 1 && v == most_lost && v < 0.7 ? NaN : v
above(v) = below(v) == v ? NaN : v
if (E_sum > 0) ms_hi = ms_hi * (ms_hi / ms_lo)**0.25
gap = (framed ? 104.0 : 84.0) / width
middle = 0.5 * (left + right)
set logscale x
ms_length = (middle - gap / 2 - left) * width
eval ms_x_tics
set xrange [ms_lo:ms_hi]
set grid x y
end_x(x) = x > ms_lo ? x : ms_lo
set multiplot
set rmargin at screen middle - gap / 2
set yrange [0:1]
set ytics ("0" 0, "25" 0.25, "50" 0.5, "75" 0.75, "90" 0.9, "100" 1)
eval y_title("% of attempts answered within the time")
eval x_title(ms_title("time"))
plot for [i=1:n_styles] data using (column("value_ms")):(of(i, "cdf")) with steps lt i title (has(i) ? said(series_name[i]) : ""), \
     for [i=1:n_styles] data using (end_x(column("value_ms"))):(end_of(i, "cdf")):(ms_hi - end_x(column("value_ms"))):(0) with vectors nohead lc rgb colour_of[i] lw 1.4 dt (2,3) notitle, \
     for [i=1:n_styles] data using (end_x(column("value_ms"))):(end_of(i, "cdf")) with points pt 2 ps mark_size * 1.3 lw 1.6 lc rgb colour_of[i] notitle

eval unlabel
set lmargin at screen middle + gap / 2
set rmargin at screen right
unset key
set logscale y
set yrange [(exists("C_min") ? C_min / (E_sum > 0 ? 2.5 : 1.5) : 0.1):1] # of requests that all took as long, none took longer
set ytics ("100" 1, "10" 0.1, "1" 0.01, "0.1" 1e-3, "0.01" 1e-4, "0.001" 1e-5, "0.0001" 1e-6)
set label 1003 said(E_sum > 0 ? "% that took longer or failed (log scale)" : "% that took longer (log scale)") at screen middle - gap / 2 + (framed ? 24.0 : 12.0) / width, graph 0.5 center rotate by 90 textcolor rgb ink font f14
plot for [i=1:n_styles] data using (column("value_ms")):(of(i, "ccdf")) with steps lt i notitle, \
     for [i=1:n_styles] data using (end_x(column("value_ms"))):(end_of(i, "ccdf")):(ms_hi - end_x(column("value_ms"))):(0) with vectors nohead lc rgb colour_of[i] lw 1.4 dt (2,3) notitle, \
     for [i=1:n_styles] data using (end_x(column("value_ms"))):(end_of(i, "ccdf")) with points pt 2 ps mark_size * 1.3 lw 1.6 lc rgb colour_of[i] notitle, \
     for [i=1:n_styles] data using (ms_hi):(below(end_of(i, "ccdf"))):(labelled(strcol("note"))) with labels right offset 0,-0.8 font f12 textcolor rgb colour_of[i] notitle, \
     for [i=1:n_styles] data using (ms_hi):(above(end_of(i, "ccdf"))):(labelled(strcol("note"))) with labels right offset 0,0.7 font f12 textcolor rgb colour_of[i] notitle
unset multiplot
