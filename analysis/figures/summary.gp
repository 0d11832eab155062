# One look at a run: percentiles, time, instances, numbers.
tall = 1.4
key_rows = 2
load folder . '/style.gp'
set key width series_gap
time_px = 0.5 * (right - left) * width - (framed ? 33 : 28)
load folder . '/time.gp'

pick(kind, i, name) = is(kind) && column("style") == i ? column(name) : NaN
stats data using (is("percentile") || is("none") ? column("place") : 0) name "P" nooutput
stats data using (is("percentile") ? column("value") : NaN) name "V" nooutput
stats data using (is("percentile") ? column("hi") : NaN) name "H" nooutput
stats data using (is("percentile") ? column("lo") : NaN) name "L" nooutput
# Of a single request there is no percentile to show: the panel stays empty.
if (!exists("V_min")) { V_min = 1; V_max = 1; P_max = 0 }
n_bars = 0
stats data using (is("instance") ? (n_bars = n_bars + 1) : 0) nooutput
middle = 0.5 * (left + right)
split = bottom + 0.40 * (top - bottom)
gap = (framed ? 66.0 : 56.0) / width
upper_top = top - px(22)
small = f13
set tics font f13
series_used = 0
do for [i=1:n_styles] { series_used = series_used + (strlen(series_name[i]) > 0) }

set multiplot
# Percentiles: one row each, slowest last.
set lmargin at screen left
set rmargin at screen middle - gap / 2
set tmargin at screen upper_top
set bmargin at screen split + px(54)
ms_lo = (exists("L_min") && L_min < V_min ? L_min : V_min) / 1.15
ms_hi = (exists("H_max") && H_max > V_max ? H_max : V_max) * 1.15
stats data using (is("none") ? 1 : 0) name "O" nooutput
if (O_sum > 0) ms_hi = ms_hi * (ms_hi / ms_lo)**0.35 # room for the words in the place of a time
set logscale x
set xrange [ms_lo:ms_hi]
ms_length = (middle - gap / 2 - left) * width
eval ms_x_tics
set yrange [P_max + 0.6:-0.6]
set ytics ("p50" 0, "p90" 1, "p99" 2, "p99.9" 3) scale 0
set grid x y
set label 1004 said(ms_title("time")) at graph 0.5, screen split + px(12) center textcolor rgb ink font f13
beside(i) = (i - (n_styles + 1) / 2.0) * 0.26
plot for [i=1:n_styles] data using (pick("percentile", i, "lo")):(column("place") + beside(i)):(column("hi") - column("lo")):(0) with vectors nohead lw 2 lc rgb colour_of[i] dt solid notitle, \
     for [i=1:n_styles] data using (strlen(strcol("hi")) ? NaN : pick("percentile", i, "lo")):(column("place") + beside(i)):(ms_hi - column("lo")):(0) with vectors head filled size screen 0.01,20 lw 2 lc rgb colour_of[i] dt solid notitle, \
     for [i=1:n_styles] data using (pick("percentile", i, "value")):(column("place") + beside(i)) with points pt marker_of[i] ps 1.6 * mark_size / 0.9 lc rgb colour_of[i] notitle, \
     for [i=1:n_styles] keyentry with points pt marker_of[i] ps 1.6 * mark_size / 0.9 lc rgb colour_of[i] title (has(i) ? said(series_name[i]) : ""), \
     for [i=1:n_styles] data using (pick("percentile", i, "value")):(column("place") + beside(i)):(labelled(strcol("mark"))) with labels center offset 0,0.8 font f15 textcolor rgb colour_of[i] notitle, \
     for [i=1:n_styles] data using (is("none") && column("style") == i ? ms_hi : NaN):(column("place") + beside(i)):(labelled(strcol("note") . strcol("mark") . " ×")) with labels right font f13 textcolor rgb colour_of[i] notitle
unset key
eval unlabel

# Over time: median and p99 of each.
set lmargin at screen middle + gap / 2
set rmargin at screen right
unset logscale x
set xrange [0:X_max]
eval time_tics
set yrange [*:*]
stats data using (is("value") ? column("value") : NaN) name "A" nooutput
stats data using (is("value") ? column("hi") : NaN) name "B" nooutput
ms_lo = A_min / 1.2
ms_hi = (exists("B_max") ? B_max : A_max) * 1.5 # where no second has a p99
ms_length = (upper_top - split) * height - 54
ms_room = 24
eval ms_axis
unset grid
set grid y
eval shades_of(0)
eval shades
cut_px = (upper_top - split) * height
eval cuts
set datafile missing
set label 1004 said(axis_title)
set label 1005 "medians, thin: 99th percentiles; ms" at graph 0, screen upper_top + px(11) left font f12 textcolor rgb faint
plot for [i=1:n_styles] data using (x_middle(0)):(strlen(strcol("value")) ? of(i, "value") : NaN) with linespoints lt i lw 2 ps mark_size * 0.6 notitle, \
     for [i=1:n_styles] data using (x_middle(0)):(strlen(strcol("hi")) ? of(i, "hi") : NaN) with linespoints lt i lw 0.9 ps mark_size * 0.6 notitle
set datafile missing NaN
unset label 1004
unset label 1005
eval unshade
do for [k = 201:220] { unset object k; unset label k }
unset logscale y

# Instances.
set tmargin at screen split - px(14)
set bmargin at screen bottom + px(46)
set lmargin at screen left
set rmargin at screen middle - gap / 2
if (n_bars > 0) {
  set xrange [*:*]
  set yrange [*:*]
  stats data using (is("instance") ? column("value") : NaN) name "N" nooutput
  stats data using (is("instance") ? column("hi") : NaN) name "M" nooutput
  stats data using (is("instance") ? column("place") : NaN) name "S" nooutput
  most = exists("M_max") && M_max > N_max ? M_max : N_max
  set xrange [0.3:S_max + 0.7]
  set yrange [0:1.1 * (most > 0 ? most : 1)]
  stats data using (is("instance") ? note_group(int(column("style")), column("place")) : 0) nooutput
  array group_text[6]
  array group_at[6]
  n_groups = 0
  do for [i=1:n_styles] { if (group_n[i] > 0) { n_groups = n_groups + 1; group_text[n_groups] = tic_said(cut_to(series_name[i], 22)); group_at[n_groups] = group_sum[i] / group_n[i] } }
  eval "set xtics scale 0 (" . tics_in("group_text", "group_at", n_groups) . ")"
  eval count_tics("y", 1.1 * most, 3)
  set ytics scale 0.6
  set boxwidth 0.62
  set label 1004 said("answers of each instance") at graph 0.5, screen bottom + px(10) center font f13
  plot for [i=1:n_styles] data using (pick("instance", i, "place")):(column("value")) with boxes lt i lw 1 dt solid fillstyle transparent solid 0.4 border, \
       for [i=1:n_styles] data using (column("place")):(0.5 * (column("lo") + column("hi"))):(0.5):(pick("instance", i, "hi") - 0.5 * (column("lo") + column("hi"))) with boxxyerror fillcolor rgb ink fillstyle transparent solid 0.13 noborder
}

# Numbers.
set lmargin at screen middle + gap / 2
set rmargin at screen right
unset label 1004
unset border
unset tics
unset grid
set xrange [0:1]
set yrange [0:1]
array fact_text[99]
array fact_ink[99]
array fact_font[99]
array fact_y[99]
n_facts = 0
y_fact = 0.93
put_fact(s, ink_of, font_of) = (n_facts = n_facts < 99 ? n_facts + 1 : 99, fact_text[n_facts] = said(s), fact_ink[n_facts] = ink_of, fact_font[n_facts] = font_of, fact_y[n_facts] = y_fact, y_fact = y_fact - (framed ? 0.12 : 0.09), 0)
# In a column of text, the last part of a line stands below it.
part_at = 0
find_part(s) = (part_at = 0, sum [part_k=1:strlen(s) - 1] (s[part_k:part_k + 1] eq ", " || s[part_k:part_k + 1] eq "  " ? (part_at = part_k, 0) : 0), part_at)
put_parts(s, font_of) = framed || strlen(s) <= 28 || find_part(s) == 0 ? put_fact(s, ink, font_of) : (put_fact(s[1:part_at], ink, font_of), put_fact(s[part_at + 2:*], ink, font_of))
note_fact(i, place, s) = (place == 0 ? (y_fact = y_fact - 0.05, put_fact(series_name[i], colour_of[i], framed ? f15 : f13)) : 0, put_parts(s, framed ? f14 : f12))
stats data using (is("fact") ? note_fact(int(column("style")), column("place"), strcol("note")) : 0) nooutput
do for [k = 1:n_facts] { set label 3000 + k fact_text[k] at graph 0, graph fact_y[k] left font fact_font[k] textcolor rgb fact_ink[k] }
plot NaN notitle
unset multiplot
