# Percentile spectrum: each further nine has the same room on the x axis.
load folder . '/style.gp'

eval y_title(ms_title("time"))
eval x_title("per cent of requests within this time")
stats data using (column("value_ms")) name "V" nooutput
stats data using (column("inv_tail")) name "T" nooutput
ms_lo = V_min / 1.12
stats data using (column("hi_ms")) name "H" nooutput
ms_hi = exists("H_max") && H_max > V_max ? (H_max < 1.4 * V_max ? 1.04 * H_max : 1.4 * V_max) : 1.08 * V_max
set logscale x
# A run of 20 requests has a median and nothing beyond it: one point, which no line shows.
set xrange [2:(T_max > 2 ? T_max : 4)]
drawn_as = T_max > 2 ? "lines" : "linespoints"
set xtics ("50" 2, "75" 4, "90" 10, "95" 20, "99" 100, "99.5" 200, "99.9" 1e3, "99.95" 2e3, "99.99" 1e4, "99.995" 2e4, "99.999" 1e5, "99.9995" 2e5, "99.9999" 1e6)
set grid x
eval ms_axis
of(i, name) = column("style") == i ? column(name) : NaN
plot for [i=1:n_styles] data using (column("inv_tail")):(of(i, "lo_ms")):(of(i, "hi_ms")) with filledcurves fillcolor rgb colour_of[i] notitle, \
     for [i=1:n_styles] data using (column("inv_tail")):(of(i, "value_ms")) with @drawn_as lt i title said(series_name[i])
