# Processor time per request of each generator, from `folder`/closed-summary.csv. Style only; the numbers are the file's.
set datafile separator comma
set datafile missing NaN # a line goes on over the other generators' rows
set terminal svg size 900,440 font "sans,13" background "white"
set output folder . "/bench.svg"
summary = folder . "/closed-summary.csv"
names = system("tail -n +2 '" . summary . "' | cut -d , -f 3 | awk '!seen[$0]++'")
array colour[7] = [ "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000" ]
array point[7] = [ 7, 4, 8, 10, 12, 14, 1 ]

set multiplot layout 1,2
set logscale x
set logscale y 2
set grid y lc rgb "#dddddd"
set xtics ("64" 64, "256" 256, "1 000" 1000, "10 000" 10000)
set xrange [45:14000]
set xlabel "connections"
set ylabel "processor time per request (µs)"
set bmargin 6.5
set key outside center bottom horizontal reverse Left samplen 3 width 1
do for [tls = 0:1] {
  set title (tls ? "TLS" : "plain HTTP") . ", one core, closed loop: lower is better"
  plot for [i = 1:words(names)] summary skip 1 \
    using (strcol(3) eq word(names, i) && $1 == tls ? $2 : NaN):5 \
    with linespoints lw 2 lc rgb colour[i] pt point[i] ps 0.9 title word(names, i)
}
unset multiplot
