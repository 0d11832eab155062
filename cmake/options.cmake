# Compiler options for our own code (target `strict`), sanitizers, and the one function that makes a layer.
add_library(strict INTERFACE)
target_compile_definitions(strict INTERFACE _GNU_SOURCE _FILE_OFFSET_BITS=64 LOADGEN_VERSION="${PROJECT_VERSION}")
target_compile_options(strict INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wvla
  -Wpointer-arith -Wwrite-strings -Wformat=2 -fno-common $<$<BOOL:${LOADGEN_WERROR}>:-Werror>)
target_link_libraries(strict INTERFACE m)

# The tests are linked with their layers into hundreds of programs, which gold does in two thirds of the time of the usual linker.
if(BUILD_TESTING AND NOT LOADGEN_FUZZ)
  include(CheckLinkerFlag)
  check_linker_flag(C -fuse-ld=gold has_gold)
  if(has_gold)
    add_link_options(-fuse-ld=gold)
  endif()
endif()

if(LOADGEN_SANITIZE)
  add_compile_options(-fsanitize=${LOADGEN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${LOADGEN_SANITIZE})
endif()
if(LOADGEN_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()
if(LOADGEN_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic) # of threads, whose counts gcovr would else find negative
  add_link_options(--coverage)
endif()

# loadgen_layer(NAME FOLDER...): a static library of all C files in the folders. It sees their headers and those of the layers that it
# links with, and no others. Every header must compile alone, which the builds with tests check.
function(loadgen_layer name)
  set(folders ${ARGN})
  set(sources "")
  foreach(folder IN LISTS folders)
    file(GLOB found CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.c)
    list(APPEND sources ${found})
  endforeach()
  list(FILTER sources EXCLUDE REGEX "/([a-z_]*main|[a-z_]*_mpi)\\.c$") # those of programs
  add_library(${name} STATIC ${sources})
  foreach(folder IN LISTS folders)
    target_include_directories(${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/${folder})
  endforeach()
  target_link_libraries(${name} PRIVATE strict)
  if(BUILD_TESTING) # it checks the sources; the programs need not wait for it
    loadgen_check_headers(${name} ${folders})
  endif()
endfunction()

function(loadgen_check_headers name)
  set(units "")
  foreach(folder IN LISTS ARGN)
    file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.h)
    foreach(header IN LISTS headers)
      get_filename_component(stem ${header} NAME_WE)
      set(unit ${CMAKE_CURRENT_BINARY_DIR}/alone/${stem}.c)
      file(CONFIGURE OUTPUT ${unit} CONTENT "#include \"${header}\"\ntypedef int alone_${stem};\n")
      list(APPEND units ${unit})
    endforeach()
  endforeach()
  if(units)
    add_library(${name}_headers OBJECT ${units})
    target_link_libraries(${name}_headers PRIVATE ${name} strict)
  endif()
endfunction()
