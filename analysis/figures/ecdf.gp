# Two panels: cumulative share on a linear axis, share that took longer on log axes.
key_rows = 2
load folder . '/style.gp'

of(i, name) = column("style") == i ? column(name) : NaN
stats data using (column("value_ms")) name "V" nooutput
stats data using (column("ccdf") > 0 ? column("ccdf") : NaN) name "C" nooutput
ms_lo = V_min / 1.05
ms_hi = V_max * 1.05
gap = (framed ? 104.0 : 84.0) / width
middle = 0.5 * (left + right)
set logscale x
ms_length = (middle - gap / 2 - left) * width
ms_room = ms_hi > 800 ? 36 : 26
eval ms_x_tics
set xrange [ms_lo:ms_hi]
set grid x y
set multiplot
set rmargin at screen middle - gap / 2
set yrange [0:1]
set ytics ("0" 0, "25" 0.25, "50" 0.5, "75" 0.75, "90" 0.9, "100" 1)
eval y_title("% of requests done within the time")
eval x_title(ms_title("time"))
plot for [i=1:n_styles] data using (column("value_ms")):(of(i, "cdf")) with steps lt i title said(series_name[i])

eval unlabel
set lmargin at screen middle + gap / 2
set rmargin at screen right
unset key
set logscale y
set yrange [(exists("C_min") ? C_min / 1.5 : 0.1):1] # of requests that all took as long, none took longer
set ytics ("100" 1, "10" 0.1, "1" 0.01, "0.1" 1e-3, "0.01" 1e-4, "0.001" 1e-5, "0.0001" 1e-6)
set label 1003 said("% of requests that took longer (log scale)") at screen middle - gap / 2 + 30.0 / width, graph 0.5 center rotate by 90 textcolor rgb ink font f14
plot for [i=1:n_styles] data using (column("value_ms")):(of(i, "ccdf")) with steps lt i notitle
unset multiplot
