#include "CVocabulary.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char cl100k[] = {
#embed "cl100k_base.pairs"
};

static const unsigned char o200k[] = {
#embed "o200k_base.pairs"
};

static const unsigned char classes[] = {
#embed "classes.table"
};

const unsigned char *cvocabulary_cl100k(size_t *length) {
    *length = sizeof cl100k;
    return cl100k;
}

const unsigned char *cvocabulary_o200k(size_t *length) {
    *length = sizeof o200k;
    return o200k;
}

const unsigned char *cvocabulary_classes(size_t *length) {
    *length = sizeof classes;
    return classes;
}
