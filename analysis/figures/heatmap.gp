# Latency heatmap: one panel per series. Darker is more, so that it reads in grey as well.
key_rows = 0
load folder . '/style.gp'
load folder . '/time.gp'

n_panels = 0
do for [i=1:n_styles] { n_panels = n_panels + (strlen(series_name[i]) > 0) }
stats data using (is("value") ? column("lo_ms") : NaN) name "L" nooutput
stats data using (is("value") ? column("hi_ms") : NaN) name "H" nooutput
stats data using (is("value") ? column("count_n") : NaN) name "N" nooutput
ms_lo = L_min
ms_hi = H_max
panel_gap = px(30)
first_gap = px(20)
panel = (top - first_gap - bottom - px(54) - (n_panels - 1) * panel_gap) / n_panels
ms_length = panel * height
ms_room = 22
right = 1 - 98.0 / width
set palette defined (0 "#e8f1f8", 0.25 "#a6c8e0", 0.5 "#5b9bc8", 0.75 "#1f5f99", 1 "#08254a")
set logscale cb
set cbrange [1:(N_max > 1 ? N_max : 2)]
set colorbox user origin screen right + 14.0 / width, screen bottom + px(54) size screen 15.0 / width, screen top - first_gap - bottom - px(54)
set cbtics font f12 scale 0.4
set format cb "%.0s%c" # 10000 would reach the title beside it
set label 1006 "good answers in a cell" at screen 1 - 12.0 / width, screen (bottom + px(54) + top - first_gap) / 2 center rotate by 90 font f13 textcolor rgb ink
unset key
set style fill solid 1 noborder
unset grid
cut_px = panel * height
eval cuts
set rmargin at screen right

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
    eval panel_title(series_name[i], panel_top, colour_of[i])
    if (k > 1) { eval unlabel; unset label 1006; unset colorbox }
    plot data using (x_middle(0)):(of(i, "lo_ms")):(column("x_s")):(column("x_end_s")):(of(i, "lo_ms")):(of(i, "hi_ms")):(column("count_n")) with boxxyerror linecolor palette fillstyle solid 1 noborder notitle
  }
}
unset multiplot
