# Health of the generator: panels below each other on one time axis; a panel without data is left out.
tall = 1.35
key_rows = 1
load folder . '/style.gp'
load folder . '/time.gp'

panels = ""
note_panel(name) = (strstrt(panels, name) ? 0 : (panels = panels . name . " "), 0)
stats data using (is("value") ? note_panel(strcol("panel")) : 0) nooutput
n_panels = words(panels)
title_of(p) = p eq "lag" ? "schedule lag, µs" : p eq "load" ? "load, %" : p eq "sends" ? "requests per wake-up" : "receive age, µs"
names_of(p) = p eq "load" ? "event_loop CPU" : p eq "sends" ? "p99 max" : "p50 p99 max"
name_at(p, k) = word(names_of(p), k) eq "event_loop" ? "event loop" : word(names_of(p), k)
shown(name) = name eq "event loop" ? "loop" : name # room is short
set linetype 11 linecolor rgb "#0072B2" linewidth 2 dashtype solid
set linetype 12 linecolor rgb "#E69F00" linewidth 2 dashtype (7,2)
set linetype 13 linecolor rgb "#777777" linewidth 1.6 dashtype (2,2)
line(p, k) = is("value") && strcol("panel") eq p && strcol("metric") eq name_at(p, k) && strlen(strcol("value")) ? column("value") : NaN
limit(p, name) = is("limit") && strcol("panel") eq p && strcol("metric") eq name ? column("value") : NaN
has_limit(p) = strstrt(limited, p) > 0
limited = ""
note_limit(p) = (limited = limited . p . " ", 0)
stats data using (is("limit") && column("value") == column("value") ? note_limit(strcol("panel")) : 0) nooutput
panel_gap = px(34)
panel = (top - bottom - px(54) - (n_panels - 1) * panel_gap) / n_panels
eval shades_of(0)
eval shades
cut_px = panel * height
eval cuts
stats data using (is("limit") && column("value") == column("value") ? 1 : 0) name "R" nooutput

set datafile missing
ms_length = panel * height
ms_room = 18
set key width key_gap + 4 samplen 1.6
set multiplot
do for [k=1:n_panels] {
  p = word(panels, k)
  set tmargin at screen top - (k - 1) * (panel + panel_gap)
  set bmargin at screen top - (k - 1) * (panel + panel_gap) - panel
  set key at screen left - 6.0 / width, screen top - (k - 1) * (panel + panel_gap) + px(22)
  if (k < n_panels) { eval time_tics_bare; eval no_x_title } else { eval time_tics; eval x_title(axis_title) }
  if (k > 1) { eval unlabel }
  unset logscale y
  set yrange [*:*]
  stats data using (is("value") && strcol("panel") eq p ? column("value") : NaN) name "V" nooutput
  if (p eq "lag" || p eq "age") {
    ms_lo = V_min > 0.5 ? V_min / 1.5 : 0.5
    ms_hi = V_max * 1.5
    eval ms_axis
  } else {
    v_top = p eq "load" && R_sum > 0 ? 100 : 1.1 * V_max
    set yrange [0:v_top]
    set ytics autofreq nice_step(v_top, 3)
  }
  set label 1003 said(title_of(p)) at screen right, screen top - (k - 1) * (panel + panel_gap) + px(11) right norotate textcolor rgb ink font f14
  plot for [j=1:words(names_of(p))] data using (x_middle(0)):(line(p, j)) with linespoints lt 10 + j pt 7 ps mark_size * 0.3 title shown(name_at(p, j)), \
       data using (column("x_s")):(limit(p, "busy")):(column("x_end_s") - column("x_s")):(0) with vectors nohead lc rgb "#cc0000" dt (6,4) lw 1.2 title (has_limit(p) ? "limit" : "")
}
unset multiplot
