/* The commit and the compiler that the programs were built from: a library of its own, so that a new commit
 * compiles one file and links little. */
#ifndef BASE_BUILD_FACTS_H
#define BASE_BUILD_FACTS_H

struct build;

extern const struct build build_facts;

#endif
