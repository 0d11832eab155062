# The provider's measurements beside the generator's, panels below each other on one time axis.
tall = 1.3
key_rows = 2
load folder . '/style.gp'
load folder . '/time.gp'

panels = ""
note_panel(name) = (strstrt(panels, name) ? 0 : (panels = panels . name . " "), 0)
stats data using (is("value") ? note_panel(strcol("panel")) : 0) nooutput
ordered = ""
do for [p in "requests time cpu credits"] { if (strstrt(panels, p)) { ordered = ordered . p . " " } }
n_panels = words(ordered)
title_of(p) = p eq "requests" ? "requests per second" : p eq "time" ? "mean time, ms" : p eq "cpu" ? "processor load, %" : "CPU credits"
pale(i) = "#90" . colour_of[i][2:7]
line(p, s, i, name) = is("value") && strcol("panel") eq p && strcol("source") eq s && column("style") == i ? column(name) : NaN
panel_gap = px(26)
panel = (top - bottom - px(54) - (n_panels - 1) * panel_gap) / n_panels
eval shades_of(0)
eval shades
cut_px = panel * height
eval cuts

set multiplot
do for [k=1:n_panels] {
  p = word(ordered, k)
  set tmargin at screen top - (k - 1) * (panel + panel_gap)
  set bmargin at screen top - (k - 1) * (panel + panel_gap) - panel
  if (k < n_panels) { eval time_tics_bare; eval no_x_title } else { eval time_tics; eval x_title(axis_title) }
  if (k > 1) { eval unlabel; unset key }
  set yrange [*:*]
  stats data using (is("value") && strcol("panel") eq p ? column("value") : NaN) name "V" nooutput
  v_top = 1.1 * (V_max > 0 ? V_max : 1)
  set yrange [0:v_top]
  set ytics autofreq nice_step(v_top, 3)
  set label 1003 said(title_of(p)) at screen right, screen top - (k - 1) * (panel + panel_gap) + px(10) right norotate textcolor rgb ink font f13
  plot for [i=1:n_styles] data using (column("x_s")):(line(p, "provider", i, "value")):(column("x_end_s") - column("x_s")):(0) with vectors nohead lw 5 dt solid lc rgb pale(i) notitle, \
       for [i=1:n_styles] data using (x_middle(0)):(line(p, "generator", i, "value")) with linespoints lt i lw 1.6 ps mark_size * 0.6 title said(series_name[i]), \
       keyentry with lines lw 5 lc rgb "#909a9a9a" title "provider"
}
unset multiplot
