# Manual pages and shell completions, which the programs print from their tables of options, so that neither can differ from `--help`.
function(loadgen_manual)
  set(folder ${CMAKE_BINARY_DIR}/manual)
  set(documents loadgen/scenarios/README.md provision/topologies/README.md results/README.md cmake/manual.sh cmake/markdown_man.awk)
  list(TRANSFORM documents PREPEND ${CMAKE_SOURCE_DIR}/)
  add_custom_command(OUTPUT ${folder}/made
    COMMAND ${CMAKE_SOURCE_DIR}/cmake/manual.sh ${CMAKE_BINARY_DIR}/bin ${folder} ${PROJECT_VERSION} ${LOADGEN_DATE} ${ARGN}
    COMMAND ${CMAKE_COMMAND} -E touch ${folder}/made
    DEPENDS ${ARGN} ${documents})
  add_custom_target(manual ALL DEPENDS ${folder}/made)
  install(DIRECTORY ${folder}/man1 ${folder}/man5 DESTINATION ${CMAKE_INSTALL_MANDIR} PATTERN "loadgen-fleet*" EXCLUDE)
  install(DIRECTORY ${folder}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT fleet FILES_MATCHING PATTERN "loadgen-fleet*")

  # Each shell finds them below the prefix, by the name of the program.
  set(bash ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  set(fish ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
  foreach(program IN LISTS ARGN)
    set(component ${CMAKE_INSTALL_DEFAULT_COMPONENT_NAME})
    if(program STREQUAL loadgen-fleet)
      set(component fleet)
    endif()
    install(FILES ${folder}/completions/bash DESTINATION ${bash} RENAME ${program} COMPONENT ${component})
    install(FILES ${folder}/completions/fish DESTINATION ${fish} RENAME ${program}.fish COMPONENT ${component})
  endforeach()
  foreach(zsh site-functions vendor-completions) # the second is where Debian's zsh looks below /usr
    install(FILES ${folder}/completions/zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/${zsh} RENAME _loadgen)
  endforeach()
endfunction()
