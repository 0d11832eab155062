# Manual pages: each program prints its own from the table of its options, so page and `--help` cannot differ.
function(loadgen_man_pages)
  set(pages "")
  foreach(program IN LISTS ARGN)
    set(page ${CMAKE_BINARY_DIR}/man/${program}.1)
    add_custom_command(OUTPUT ${page} COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/man
      COMMAND ${program} --man > ${page} DEPENDS ${program})
    list(APPEND pages ${page})
  endforeach()
  add_custom_target(man ALL DEPENDS ${pages})
  install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endfunction()
