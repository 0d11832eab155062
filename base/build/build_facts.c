#include "build_facts.h"

#include "build_commit.h"
#include "version.h"

const struct build build_facts = {
    .commit = BUILD_COMMIT,
    .compiler = BUILD_COMPILER,
    .kind = BUILD_KIND,
};
