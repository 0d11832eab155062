# Answers per instance: bars, with the even share and its band across each cluster's bars.
load 'style.gp'

n_slots = 0
n_bars = 0
short(s) = strlen(s) > 7 ? "…" . s[strlen(s) - 3:*] : s
slot_list = ""
note_slot(k, id) = (n_bars = n_bars + 1, n_slots = k, slot_list = slot_list . sprintf("%s\"%s\" %d", strlen(slot_list) ? ", " : "", said(short(id)), k), 0)
is(kind) = strcol("kind") eq kind
bar(i, name) = is("bar") && column("style") == i ? column(name) : NaN
stats data using (is("bar") ? note_slot(int(column("slot")), strcol("instance")) : 0) nooutput
crowded = n_bars > 40
stats data using (is("bar") ? column("requests_n") : NaN) name "N" nooutput
stats data using (is("bar") ? column("band_hi_n") : NaN) name "B" nooutput
most = exists("B_max") && B_max > N_max ? B_max : N_max

set xrange [0.3:n_slots + 0.7]
set yrange [0:(most > 0 ? 1.14 * most : 1)]
if (crowded) { unset xtics } else { eval "set xtics scale 0 (" . slot_list . ")" }
eval y_title("answers")
eval x_title(crowded ? sprintf("%d instances, in the order of the deployment", n_bars) : "instance")
set boxwidth 0.62
note_count = 0
note_label(x, s) = (note_count = note_count + 1, note_list = note_list . sprintf("set label %d \"%s\" at %g, graph 0.955 center font f12 textcolor rgb ink; ", 2000 + note_count, said(s), x), 0)
note_list = ""
stats data using (is("note") ? note_label(column("slot"), strcol("note")) : 0) nooutput
eval note_list
share(i, name) = is("bar") && column("style") == i && strlen(strcol("expected_n")) ? column(name) : NaN
plot for [i=1:n_styles] data using (column("slot")):(bar(i, "requests_n")) with boxes lt i lw 1 dt solid fillstyle transparent solid (crowded ? 1 : 0.4) border title said(series_name[i]), \
     for [i=1:n_styles] data using (column("slot")):(share(i, "expected_n")):(0.5):(0.5 * (column("band_hi_n") - column("band_lo_n"))) with boxxyerror fillcolor rgb ink fillstyle transparent solid 0.13 noborder title (i == n_styles ? "band by chance" : ""), \
     for [i=1:n_styles] data using (column("slot") - 0.5):(share(i, "expected_n")):(1):(0) with vectors nohead lc rgb ink lw 1.2 dt solid title (i == n_styles ? "even share" : "")
