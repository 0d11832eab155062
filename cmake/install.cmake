# What is installed beside the programs and their manual pages.

# loadgen_data(FOLDER...): files that the programs read. They are share/loadgen/<path in the sources> of an installation, by a link also of
# the build tree, and are found from the place of the running program (base/system/paths.c).
function(loadgen_data)
  file(RELATIVE_PATH layer ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  set(links ${CMAKE_BINARY_DIR}/share/loadgen/${layer})
  file(MAKE_DIRECTORY ${links})
  foreach(folder IN LISTS ARGN)
    file(RELATIVE_PATH target ${links} ${CMAKE_CURRENT_SOURCE_DIR}/${folder})
    file(CREATE_LINK ${target} ${links}/${folder} SYMBOLIC)
    install(DIRECTORY ${folder} DESTINATION share/loadgen/${layer}
      PATTERN example.svg EXCLUDE PATTERN __pycache__ EXCLUDE)
  endforeach()
endfunction()

# Documents keep their place in the sources, so that the links between them work.
function(loadgen_documents)
  foreach(document IN LISTS ARGN)
    get_filename_component(folder ${document} DIRECTORY)
    install(FILES ${document} DESTINATION ${CMAKE_INSTALL_DOCDIR}/${folder})
  endforeach()
  install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} PATTERN "*.py" EXCLUDE) # a tool of the tree
  if(NOT libllhttp_FOUND) # the programs contain it
    install(FILES /usr/share/doc/node-llhttp/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME LICENSE.llhttp OPTIONAL)
  endif()
endfunction()
