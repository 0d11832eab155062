/* What this program was built from, with what. */
#ifndef BUILD_FACTS_H
#define BUILD_FACTS_H

/* The commit, with "+" when the sources had changed since; "" when they were in no repository of their own.
 */
const char *build_facts_commit(void);
/* Such as "GNU 12.2.0". */
const char *build_facts_compiler(void);
/* Such as "Release". */
const char *build_facts_kind(void);

#endif
