# CPack's Debian packages, which `make deb` builds: loadgen, and loadgen-fleet where MPI was found, so that the first needs no MPI.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/cmake/deb_stage.cmake)

set(CPACK_PACKAGE_CONTACT "The ${PROJECT_NAME} authors") # deb.sh knows a better one
set(CPACK_DEBIAN_LOADGEN_DESCRIPTION "loadgen sends HTTP requests to one URL or to several clusters behind a load
balancer and says how fast they answered, which one is faster and how sure
that is, and whether the load generator itself is to blame for any of it.

Results are CSV files, figures, and reports as HTML, LaTeX and text. A lab on
this machine or AWS can be the system under test.")
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_LOADGEN_PACKAGE_NAME loadgen)
set(CPACK_DEBIAN_LOADGEN_PACKAGE_RECOMMENDS "ca-certificates, gnuplot-nox, graphviz, haproxy")
set(CPACK_DEBIAN_LOADGEN_PACKAGE_SUGGESTS "python3-flask, python3-waitress")

set(CPACK_DEBIAN_FLEET_DESCRIPTION "loadgen-fleet sends one scenario from many machines: its ranks under MPI
share the load, start together, and end in one run folder. mpirun, srun or the
MPI operator of Kubernetes starts them.")
set(CPACK_DEBIAN_FLEET_PACKAGE_NAME loadgen-fleet)
set(CPACK_DEBIAN_FLEET_PACKAGE_DEPENDS "loadgen (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_FLEET_PACKAGE_RECOMMENDS "openmpi-bin")

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE) # a package for each
set(CPACK_COMPONENTS_ALL loadgen)
if(TARGET loadgen-fleet)
  list(APPEND CPACK_COMPONENTS_ALL fleet)
endif()
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
include(CPack)
