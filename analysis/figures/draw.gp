# Draws one figure:  gnuplot -d -c THIS FOLDER NAME FORMAT OUT
#
# FOLDER is where the scripts are, NAME one of them, FORMAT one of style.gp's, OUT the file to draw. In the working folder lie `data` (the
# figure's CSV) and `text` (title and caption), as analysis/figure_input.h says.
folder = ARG1
format = ARG3
out = ARG4
load folder . '/' . ARG2 . '.gp'
