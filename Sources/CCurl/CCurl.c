#define _GNU_SOURCE
#include "CCurl.h"

#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static CURLcode outcome = CURLE_FAILED_INIT;

static void initialize(void) {
    outcome = curl_global_init(CURL_GLOBAL_DEFAULT);
}

CURLcode ccurl_initialize(void) {
    pthread_once(&once, initialize);
    return outcome;
}

void ccurl_name_thread(const char *name) {
#if defined(__APPLE__)
    pthread_setname_np(name);
#else
    pthread_setname_np(pthread_self(), name);
#endif
}
