# Makes the staged files what Debian asks for: compressed manual pages and changelog, and the licenses in one file. Run by CPack, with a folder
# for each package.
file(GLOB pages ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*/usr/share/man/*/*.[1-9])
set(main ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/loadgen/usr/share/doc/${CPACK_PACKAGE_NAME})
file(READ ${main}/LICENSE license)
if(EXISTS ${main}/LICENSE.llhttp)
  file(READ ${main}/LICENSE.llhttp other)
  string(APPEND license "\n\nThe programs contain llhttp:\n\n${other}")
endif()
file(REMOVE ${main}/LICENSE ${main}/LICENSE.llhttp)

string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC) # or SOURCE_DATE_EPOCH
set(changelogs "")
foreach(component IN LISTS CPACK_COMPONENTS_ALL)
  string(TOUPPER ${component} name)
  set(name ${CPACK_DEBIAN_${name}_PACKAGE_NAME})
  set(documents ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/${component}/usr/share/doc/${name})
  file(WRITE ${documents}/copyright "${license}")
  file(WRITE ${documents}/changelog "${name} (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * See the history of the sources.

 -- ${CPACK_PACKAGE_CONTACT}  ${now}
")
  list(APPEND changelogs ${documents}/changelog)
endforeach()
execute_process(COMMAND gzip -9n ${pages} ${changelogs} COMMAND_ERROR_IS_FATAL ANY)
