# The time axis of figures over time, `time_px` long, or as wide as the plot: tics, cut stretches and shaded phases come from the rows of the figure's CSV.
is(kind) = strcol("kind") eq kind
of(i, name) = is("value") && column("style") == i ? column(name) : NaN
x_middle(unused) = 0.5 * (column("x_s") + column("x_end_s"))
stats data using (column("x_end_s")) name "X" nooutput
set xrange [0:X_max]
array tic_at[99]
array tic_text[99]
array tic_bare[99]
n_tics = 0
if (!exists("time_px")) time_px = (right - left) * width
# Beside a cut a label may have no room.
tic_end_px = -100.0
tic_begin_px(x, label) = x * time_px / X_max - 0.5 * number_px(label)
has_room(x, label) = tic_begin_px(x, label) >= tic_end_px + 3 ? (tic_end_px = tic_begin_px(x, label) + number_px(label), 1) : 0
note_tic(x, label) = (n_tics = n_tics < 99 ? n_tics + 1 : 99, tic_at[n_tics] = x, tic_text[n_tics] = has_room(x, label) ? tic_said(label) : "", tic_bare[n_tics] = "", 0)
stats data using (is("tic") ? note_tic(column("x_s"), strcol("note")) : 0) nooutput
time_tics = "set xtics (" . tics_in("tic_text", "tic_at", n_tics) . ")"
time_tics_bare = "set xtics (" . tics_in("tic_bare", "tic_at", n_tics) . ")"
eval time_tics
axis_title = ""
note_title(label) = (axis_title = label, 0)
stats data using (is("axis") ? note_title(strcol("note")) : 0) nooutput

# A stretch that is cut out is a white gap with its length in it, in few words where a panel is not `cut_px` high enough.
cut_px = plot_height
cut_said(s) = 7 * strlen(s) > cut_px && strstrt(s, " without") ? s[1:strstrt(s, " without") - 1] : s
array cut_from[99]
array cut_end[99]
array cut_text[99]
n_cuts = 0
note_cut(a, b, label) = (n_cuts = n_cuts < 99 ? n_cuts + 1 : 99, cut_from[n_cuts] = a, cut_end[n_cuts] = b, cut_text[n_cuts] = said(label), 0)
cuts = "do for [c = 1:n_cuts] { set object 200 + c rectangle from cut_from[c], graph 0 to cut_end[c], graph 1 behind fillcolor rgb 'white' fillstyle solid border lc rgb '#bbbbbb' dashtype (2,4); set label 200 + c cut_said(cut_text[c]) at 0.5 * (cut_from[c] + cut_end[c]), graph 0.5 center rotate by 90 font f12 textcolor rgb faint }"
stats data using (is("cut") ? note_cut(column("x_s"), column("x_end_s"), strcol("note")) : 0) nooutput

# Pauses and warm-ups of a series are shaded; style 0 means of any series. `eval shades_of(i); eval shades`
array shade_from[99]
array shade_end[99]
n_shaded = 0
quiet_name = ""
note_quiet(s) = (strstrt(quiet_name, s) ? 0 : (quiet_name = quiet_name . (strlen(quiet_name) ? ", " : "") . s), 0)
stats data using (is("quiet") ? note_quiet(strcol("note")) : 0) nooutput
quiet_name = said(quiet_name)
note_shade(a, b) = (n_shaded = n_shaded < 99 ? n_shaded + 1 : 99, shade_from[n_shaded] = a, shade_end[n_shaded] = b, 0)
shades_of(i) = (shades_style = i, "n_shaded = 0; stats data using (is('quiet') && (shades_style == 0 || column('style') == shades_style) ? note_shade(column('x_s'), column('x_end_s')) : 0) nooutput")
shades = "do for [c = 1:n_shaded] { set object 100 + c rectangle from shade_from[c], graph 0 to shade_end[c], graph 1 behind fillcolor rgb shade fillstyle transparent solid 0.16 noborder }"
unshade = 'do for [k = 101:199] { unset object k }'
