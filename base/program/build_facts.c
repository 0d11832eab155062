#include "build_facts.h"

#include "build_commit.h"

const char *build_facts_commit(void)
{
    return BUILD_COMMIT;
}

const char *build_facts_compiler(void)
{
    return BUILD_COMPILER;
}

const char *build_facts_kind(void)
{
    return BUILD_KIND;
}
