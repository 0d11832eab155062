# Writes build_commit.h, which names the commit that is built, only if it has changed. Run at each build: cmake -D SOURCE=... -D HEADER=... -P
set(commit "")
find_program(git git)
set(git_here ${git} -c safe.directory=* -C ${SOURCE}) # also as root in somebody's clone, as `sudo make install` does
if(git AND EXISTS ${SOURCE}/.git) # not that of a tree around an unpacked archive
  execute_process(COMMAND ${git_here} rev-parse --short=12 HEAD OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  execute_process(COMMAND ${git_here} --no-optional-locks diff --quiet HEAD -- RESULT_VARIABLE changed OUTPUT_QUIET ERROR_QUIET)
  if(commit AND changed)
    string(APPEND commit "+")
  endif()
endif()
file(CONFIGURE OUTPUT ${HEADER} CONTENT "#define BUILD_COMMIT \"${commit}\"\n" @ONLY)
