# Makes the staged files what Debian asks for: compressed manual pages and changelog, and the licenses in one file. Run by CPack.
file(GLOB_RECURSE pages ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/man/*.[1-9])
set(documents ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/doc/${CPACK_PACKAGE_NAME})
file(READ ${documents}/LICENSE license)
if(EXISTS ${documents}/LICENSE.llhttp)
  file(READ ${documents}/LICENSE.llhttp other)
  string(APPEND license "\n\nThe programs contain llhttp:\n\n${other}")
endif()
file(REMOVE ${documents}/LICENSE ${documents}/LICENSE.llhttp)
file(WRITE ${documents}/copyright "${license}")

string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC) # or SOURCE_DATE_EPOCH
file(WRITE ${documents}/changelog "${CPACK_PACKAGE_NAME} (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * See the history of the sources.

 -- ${CPACK_PACKAGE_CONTACT}  ${now}
")
execute_process(COMMAND gzip -9n ${pages} ${documents}/changelog COMMAND_ERROR_IS_FATAL ANY)
