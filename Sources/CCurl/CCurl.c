#define _GNU_SOURCE
#include "CCurl.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

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

curl_socket_t ccurl_open_socket(const struct curl_sockaddr *address, int *error) {
#if defined(SOCK_CLOEXEC)
    curl_socket_t descriptor = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
#else
    curl_socket_t descriptor = socket(address->family, address->socktype, address->protocol);
    if (descriptor >= 0) (void)fcntl(descriptor, F_SETFD, FD_CLOEXEC);
#endif
    *error = descriptor < 0 ? errno : 0;
    return descriptor < 0 ? CURL_SOCKET_BAD : descriptor;
}

void ccurl_raise_open_files_limit(long wanted) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
    // The second step is for systems that take less than they name as their hard limit: macOS and its OPEN_MAX.
    const long steps[] = {wanted, 10240};
    for (int i = 0; i < 2; i++) {
        rlim_t target = (rlim_t)steps[i];
        if (limit.rlim_max != RLIM_INFINITY && target > limit.rlim_max) target = limit.rlim_max;
        if (target <= limit.rlim_cur) return;
        struct rlimit raised = {.rlim_cur = target, .rlim_max = limit.rlim_max};
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0) return;
    }
}

long ccurl_open_files_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return -1;
    return (long)limit.rlim_cur;
}

bool ccurl_lacks_descriptors(void) {
    int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    if (descriptor < 0) return errno == EMFILE || errno == ENFILE;
    close(descriptor);
    return false;
}

bool ccurl_has_certificate_file(void) {
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    return info->age >= CURLVERSION_SEVENTH && info->cainfo && access(info->cainfo, R_OK) == 0;
}
