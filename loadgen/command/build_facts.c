#include "build_facts.h"

#include "build_commit.h"
#include "recorder.h"

const struct recorder_build build_facts = {
    .commit = BUILD_COMMIT,
    .compiler = BUILD_COMPILER,
    .kind = BUILD_KIND,
};
