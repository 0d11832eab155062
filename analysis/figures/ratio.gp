# Ratio by percentile on a log axis, with the margin of no interest and what the same cluster twice gave.
key_rows = 2
load folder . '/style.gp'

array name_at[8]
array place_at[8]
note_name(k, s) = (name_at[k] = tic_said(s), place_at[k] = k - 1, 0)
stats data using (note_name(int(column("place")) + 1, strcol("name"))) nooutput
stats data using (column("place")) name "P" nooutput
stats data using (column("ratio")) name "R" nooutput
stats data using (column("lo")) name "L" nooutput
stats data using (column("hi")) name "H" nooutput
stats data using (column("margin")) name "M" nooutput
lowest = R_min < 1 / (1 + M_max) ? R_min : 1 / (1 + M_max)
if (exists("L_min") && L_min < lowest) lowest = L_min
highest = R_max > 1 + M_max ? R_max : 1 + M_max
if (exists("H_max") && H_max > highest) highest = H_max
ms_lo = lowest / 1.06
ms_hi = highest * 1.06
eval ms_axis
set xrange [-0.6:P_max + 0.6]
eval "set xtics scale 0 (" . tics_in("name_at", "place_at", int(P_max) + 1) . ")"
eval y_title("times as long (log scale)")
eval x_title("percentile")
set object 1 rectangle from graph 0, first 1 / (1 + M_max) to graph 1, first 1 + M_max behind fillcolor rgb "#e4e4e4" fillstyle solid noborder
set arrow 1 from graph 0, first 1 to graph 1, first 1 nohead lc rgb ink lw 1.2
label_at(r) = sprintf("%.2f", r)
end_at(text, r) = text eq "" ? r : real(text) # few pairs have no interval: the point stands alone
plot data using (column("place") - 0.1):(column("aa_lo")):(0):(column("aa_hi") - column("aa_lo")) with vectors nohead lc rgb "#9a9a9a" lw 9 dt solid title "same cluster twice", \
     for [i=1:n_styles] data using (column("place")):(column("style") == i ? column("ratio") : NaN):(end_at(strcol("lo"), column("ratio"))):(end_at(strcol("hi"), column("ratio"))) with yerrorbars pt marker_of[i] ps 1.6 * mark_size / 0.9 lw 2 dt solid lc rgb colour_of[i] title said(series_name[i]), \
     for [i=1:n_styles] data using (column("place") + 0.08):(column("style") == i ? column("ratio") : NaN):(label_at(column("ratio"))) with labels left font f14 textcolor rgb ink notitle, \
     keyentry with boxes fillcolor rgb "#e4e4e4" fillstyle solid noborder title said(sprintf("within %g %%", 100 * M_max))
