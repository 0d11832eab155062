# Writes build_commit.h, which names the commit that is built, only if it has changed. Run at each build: cmake -D SOURCE=... -D HEADER=... -P
set(commit "")
find_program(git git)
if(git AND EXISTS ${SOURCE}/.git) # not that of a tree around an unpacked archive
  execute_process(COMMAND ${git} -C ${SOURCE} rev-parse --short=12 HEAD OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  execute_process(COMMAND ${git} -C ${SOURCE} --no-optional-locks diff --quiet HEAD -- RESULT_VARIABLE changed OUTPUT_QUIET ERROR_QUIET)
  if(commit AND changed)
    string(APPEND commit "+")
  endif()
endif()
file(CONFIGURE OUTPUT ${HEADER} CONTENT "#define BUILD_COMMIT \"${commit}\"\n" @ONLY)
