# CPack's Debian package, which `make deb` builds.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/cmake/deb_stage.cmake)

set(CPACK_PACKAGE_CONTACT "The ${PROJECT_NAME} authors") # deb.sh knows a better one
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "loadgen sends HTTP requests to one URL or to several clusters behind a load
balancer and says how fast they answered, which one is faster and how sure
that is, and whether the load generator itself is to blame for any of it.

Results are CSV files, figures, and reports as HTML, LaTeX and text. A lab on
this machine or AWS can be the system under test.")
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates, gnuplot-nox, graphviz, haproxy")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "python3-flask, python3-waitress")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
include(CPack)
