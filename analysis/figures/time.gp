# The time axis of figures over time: tics, cut stretches and shaded phases come from the rows of the figure's CSV.
is(kind) = strcol("kind") eq kind
of(i, name) = is("value") && column("style") == i ? column(name) : NaN
x_middle(unused) = 0.5 * (column("x_s") + column("x_end_s"))
stats data using (column("x_end_s")) name "X" nooutput
set xrange [0:X_max]
tic_list = ""
tic_list_bare = ""
note_tic(x, label) = (tic_list = tic_list . (strlen(tic_list) ? ", " : "") . sprintf("'%s' %.9g", label, x), tic_list_bare = tic_list_bare . (strlen(tic_list_bare) ? ", " : "") . sprintf("'' %.9g", x), 0)
stats data using (is("tic") ? note_tic(column("x_s"), strcol("note")) : 0) nooutput
time_tics = "set xtics (" . tic_list . ")"
time_tics_bare = "set xtics (" . tic_list_bare . ")"
eval time_tics
axis_title = ""
note_title(label) = (axis_title = label, 0)
stats data using (is("axis") ? note_title(strcol("note")) : 0) nooutput

# A stretch that is cut out is a white gap with its length in it.
n_objects = 200
cuts = ""
note_cut(a, b, label) = (n_objects = n_objects + 1, cuts = cuts . sprintf("set object %d rectangle from %.9g, graph 0 to %.9g, graph 1 behind fillcolor rgb 'white' fillstyle solid border lc rgb '#bbbbbb' dashtype (2,4); set label %d \"%s\" at %.9g, graph 0.5 center rotate by 90 font f12 textcolor rgb faint; ", n_objects, a, b, n_objects, label, (a + b) / 2), 0)
stats data using (is("cut") ? note_cut(column("x_s"), column("x_end_s"), strcol("note")) : 0) nooutput

# Pauses and warm-ups of a series are shaded; style 0 means of any series. `eval shades_of(i); eval shades`
n_shaded = 0
quiet_name = ""
note_quiet(s) = (strstrt(quiet_name, s) ? 0 : (quiet_name = quiet_name . (strlen(quiet_name) ? ", " : "") . s), 0)
stats data using (is("quiet") ? note_quiet(strcol("note")) : 0) nooutput
note_shade(a, b) = (n_shaded = n_shaded + 1, shades = shades . sprintf("set object %d rectangle from %.9g, graph 0 to %.9g, graph 1 behind fillcolor rgb shade fillstyle transparent solid 0.16 noborder; ", 100 + n_shaded, a, b), 0)
shades_of(i) = sprintf("shades = ''; n_shaded = 0; stats data using (is('quiet') && (%d == 0 || column('style') == %d) ? note_shade(column('x_s'), column('x_end_s')) : 0) nooutput", i, i)
unshade = 'do for [k = 101:199] { unset object k }'
