#ifndef CVOCABULARY_H
#define CVOCABULARY_H

// Data that is compiled in, so that a moved program still has it. .ci/make_vocabularies.py tells the layout.

#include <stddef.h>

#pragma clang assume_nonnull begin

/// The tokens of cl100k_base as pairs of tokens.
const unsigned char *cvocabulary_cl100k(size_t *length);

/// The tokens of o200k_base as pairs of tokens.
const unsigned char *cvocabulary_o200k(size_t *length);

/// The character class of every code point.
const unsigned char *cvocabulary_classes(size_t *length);

#pragma clang assume_nonnull end

#endif
