# Throughput over time and below it, for each cluster that has failures, these by class.
key_rows = 2
load folder . '/style.gp'
load folder . '/time.gp'

n_classes = 0
array class_name[16]
class_at(name) = (class_found = 0, sum [k = 1:n_classes] (class_name[k] eq name ? (class_found = k) : 0), class_found ? class_found : (n_classes = n_classes + 1, class_name[n_classes] = name, n_classes))
stats data using (is("error") ? class_at(strcol("class")) : 0) nooutput
stats data using (is("value") ? 1 : 0) name "N" nooutput
# Dark and light by turns, so that neighbours differ in grey.
array class_colour[8] = ["#444444", "#E69F00", "#7A3B69", "#56B4E9", "#00664B", "#F0E442", "#000000", "#CC79A7"]

array x_last[6] = [0, 0, 0, 0, 0, 0]
note_last(i, x) = (x > x_last[i] ? (x_last[i] = x) : 0, 0)
stats data using (is("value") && column("style") >= 1 && column("style") <= 6 ? note_last(int(column("style")), column("x_end_s")) : 0) nooutput
array failing[6] = [0, 0, 0, 0, 0, 0]
n_failing = 0
note_failing(i) = (i >= 1 && i <= 6 && !failing[i] ? (n_failing = n_failing + 1, failing[i] = 1) : 0, 0)
stats data using (is("error") ? note_failing(int(column("style"))) : 0) nooutput
split = n_classes ? bottom + 0.42 * (top - bottom) : bottom
marked = N_sum <= 80
eval shades_of(0)
eval shades
cut_px = (top - split) * height
eval cuts

set multiplot
set bmargin at screen split + px(n_classes ? 8 : 54)
eval y_title("good answers per second")
stats data using (is("value") ? column("ok_per_s") : NaN) name "G" nooutput
stats data using (is("value") ? column("intended_per_s") : NaN) name "I" nooutput
most = exists("G_max") ? G_max : 1
if (exists("I_max") && I_max > most) most = I_max
set yrange [0:(most > 0 ? 1.04 * most : 1)]
eval count_tics("y", 1.04 * most, n_classes ? 5 : 8)
if (n_classes) { eval time_tics_bare } else { eval x_title(axis_title) }
marks(i, hollow) = marked && (column("partial") != 0) == hollow ? of(i, "ok_per_s") : NaN
plot for [i=1:n_styles] data using (column("x_s")):(of(i, "intended_per_s")) with steps lc rgb colour_of[i] lw 1 dt (2,3) title (i == 1 ? "intended" : ""), \
     for [i=1:n_styles] data using (column("x_s")):(of(i, "ok_per_s")) with steps lt i title said(series_name[i]), \
     for [i=1:n_styles] data using (column("x_s")):(column("x_end_s") > x_last[i] - 1e-6 ? of(i, "ok_per_s") : NaN):(column("x_end_s") - column("x_s")):(0) with vectors nohead lt i notitle, \
     for [i=1:n_styles] data using (x_middle(0)):(marks(i, 0)) with points pt marker_of[i] lc rgb colour_of[i] ps mark_size lw 1 notitle, \
     for [i=1:n_styles] data using (x_middle(0)):(marks(i, 1)) with points pt hollow_of[i] lc rgb colour_of[i] ps mark_size lw 1 notitle, \
     keyentry with boxes fillcolor rgb shade fillstyle transparent solid 0.3 noborder title quiet_name

if (n_classes) {
  eval unlabel
  do for [c = 1:n_cuts] { unset label 200 + c } # longer than a panel is high
  set yrange [*:*]
  stats data using (is("error") ? column("err_per_s") : 0) name "E" nooutput
  set yrange [0:E_max * 1.15]
  first_panel = split - px(30)
  panel = (first_panel - bottom - px(54) - (n_failing - 1) * px(24)) / n_failing
  err_step = nice_step(E_max, n_failing > 1 ? 1.5 : 2.5)
  set ytics err_step > 1.1 * E_max ? 0.5 * err_step : err_step # one beside 0 at least
  set key at screen left - 6.0 / width, screen split - px(n_failing > 1 ? 0 : 2) width key_gap + 2
  k = 0
  do for [i=1:n_styles] {
    if (failing[i]) {
      panel_top = first_panel - k * (panel + px(24))
      k = k + 1
      set tmargin at screen panel_top
      set bmargin at screen panel_top - panel
      if (k < n_failing) { eval time_tics_bare; eval no_x_title } else { eval time_tics; eval x_title(axis_title) }
      eval y_title("failed/s")
      if (n_failing > 1) { set label 1003 font f11 }
      set label 1005 said(series_name[i]) at screen right, screen panel_top + px(11) right font f14 textcolor rgb colour_of[i]
      if (k > 1) { unset key }
      plot for [c=1:n_classes] data using (x_middle(0)):(is("error") && column("style") == i && strcol("class") eq class_name[c] ? 0.5 * (column("err_per_s") + column("err_from_per_s")) : NaN):(0.5 * (column("x_end_s") - column("x_s"))):(0.5 * (column("err_per_s") - column("err_from_per_s"))) with boxxyerror fillcolor rgb class_colour[(c - 1) % 8 + 1] fillstyle solid 0.85 noborder notitle, \
           for [c=1:n_classes] keyentry with boxes fillcolor rgb class_colour[(c - 1) % 8 + 1] fillstyle solid 0.85 noborder title said(class_name[c])
    }
  }
}
unset multiplot
