# One violin per instance, coloured as its cluster.
key_rows = 0
load folder . '/style.gp'

of(i, kind, name) = column("style") == i && strcol("kind") eq kind ? column(name) : NaN
at(k, name) = strcol("kind") eq "shape" && column("slot") == k ? column(name) : NaN
stats data using (strcol("kind") eq "shape" ? column("value_ms") : NaN) name "V" nooutput
stats data using (column("slot")) name "S" nooutput
n_slots = int(S_max)
short(s) = strlen(s) > 5 ? "…" . s[strlen(s) - 3:*] : s
array style_at[n_slots]
array slot_text[n_slots]
array slot_at[n_slots]
widest_name = 0
note_slot(k, i, id) = (widest_name = strlen(short(id)) > widest_name ? strlen(short(id)) : widest_name, slot_text[k] = tic_said(short(id)), slot_at[k] = k, style_at[k] = i, note_group(i, k))
stats data using (strcol("kind") eq "box" || strcol("kind") eq "few" ? note_slot(int(column("slot")), int(column("style")), strcol("instance")) : 0) nooutput
upright = widest_name * 7.8 + 4 > (right - left) * width / (n_slots + 0.2)

ms_lo = V_min / 1.08
ms_hi = V_max * 1.08
set xrange [0.4:n_slots + 0.6]
eval "set xtics scale 0 (" . tics_in("slot_text", "slot_at", n_slots) . ") font f12" . (upright ? " rotate by 90 right" : "")
eval ms_axis
eval y_title(ms_title("time"))
eval x_title(upright ? "" : "instance")
eval group_names
unset key
set boxwidth 0.12
plot for [k=1:n_slots] data using (k + at(k, "half_width")):(at(k, "value_ms")) with filledcurves closed lt style_at[k] lw 1.2 dt solid fillstyle transparent solid 0.35 border notitle, \
     for [i=1:n_styles] data using (column("slot")):(of(i, "box", "p25_ms")):(of(i, "box", "p5_ms")):(of(i, "box", "p95_ms")):(of(i, "box", "p75_ms")) with candlesticks lw 1.2 dt solid lc rgb ink fillstyle empty notitle, \
     for [i=1:n_styles] data using (column("slot")):(of(i, "box", "p50_ms")) with points pt 7 ps mark_size lc rgb ink notitle, \
     for [i=1:n_styles] data using (column("slot")):(column("style") == i && strcol("kind") eq "few" ? (ms_lo * ms_hi)**0.5 : NaN):(labelled(strcol("note"))) with labels center rotate by 90 font f13 textcolor rgb colour_of[i] notitle
