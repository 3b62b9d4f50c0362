// A loopback server that answers GET with a list of one model and any POST with N chat.completion.chunk events, for measuring clients.
//
//   cc -O2 -o event_server event_server.c && ./event_server PORT N [RATE [stamped]]
//
// PORT 0 takes a free one; the port is printed on the first line. RATE is events per second and connection, 0 = as
// fast as the reader takes them. Each event is an HTTP chunk of its own. With "stamped" the text of each event is the
// time at which it was sent, 16 digits, microseconds of CLOCK_MONOTONIC. One thread, epoll, HTTP/1.1, 127.0.0.1 only.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define BATCH 512           // events in the prepared block
#define REQUEST_LIMIT 65536 // header bytes of a request

static const char *const common =
    "\"id\":\"chatcmpl-B8m1q5vXkq0y7Yh2Zr3Jd4Wc9TzLp\",\"object\":\"chat.completion.chunk\",\"created\":1764000000,"
    "\"model\":\"sim-large-2026-08-07\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_5a3c0f9d21\"";
static const char *const head =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n";

static const char *const models =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 31\r\n\r\n{\"data\":[{\"id\":\"sim-large-1\"}]}";

static char block[BATCH * 512];
static size_t event_size, tail_size, head_size;
static char tail[4096];
static long total_events;
static double rate;
static int is_stamped;
static size_t stamp_at; // where the stamp stands in an event

struct client {
    int fd, is_answering;
    long next;      // events completely written
    long stamp;     // of the event that is partly written
    size_t partial; // bytes written of what comes next
    double started;
    size_t have;
    long body_left; // bytes of the request's body still to come; -1 = in its headers
    char request[REQUEST_LIMIT];
    struct client *previous, *following;
};

static struct client *clients;
static int poller;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static size_t put_chunk(char *out, const char *payload) {
    return (size_t)sprintf(out, "%zx\r\n%s\r\n", strlen(payload), payload);
}

static void prepare(void) {
    char text[2048];
    const char *word = is_stamped ? "0000000000000000" : "word ";
    snprintf(text, sizeof text,
             "data: {%s,\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"logprobs\":null,"
             "\"finish_reason\":null}]}\n\n", common, word);
    event_size = put_chunk(block, text);
    if (is_stamped) stamp_at = (size_t)(strstr(block, word) - block);
    for (int i = 1; i < BATCH; i++) memcpy(block + (size_t)i * event_size, block, event_size);

    snprintf(text, sizeof text,
             "data: {%s,\"choices\":[{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}]}\n\n",
             common);
    tail_size = put_chunk(tail, text);
    snprintf(text, sizeof text,
             "data: {%s,\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":%ld,"
             "\"total_tokens\":%ld}}\n\n", common, total_events, total_events + 12);
    tail_size += put_chunk(tail + tail_size, text);
    tail_size += put_chunk(tail + tail_size, "data: [DONE]\n\n");
    tail_size += (size_t)sprintf(tail + tail_size, "0\r\n\r\n");
    head_size = strlen(head);
}

static void watch(struct client *client, int operation, unsigned events) {
    struct epoll_event event = {.events = events, .data.ptr = client};
    epoll_ctl(poller, operation, client->fd, &event);
}

static void drop(struct client *client) {
    close(client->fd);
    if (client->previous) client->previous->following = client->following; else clients = client->following;
    if (client->following) client->following->previous = client->previous;
    free(client);
}

// Puts the time into the prepared event, or the time it had when its first part was written.
static void stamp(struct client *client) {
    if (client->partial == 0) client->stamp = (long)(now() * 1e6);
    char digits[17];
    snprintf(digits, sizeof digits, "%016ld", client->stamp);
    memcpy(block + stamp_at, digits, 16);
}

// Writes as much as the socket takes; 0 = the client is gone.
static int push(struct client *client, double time) {
    long allowed = total_events;
    if (rate > 0) {
        allowed = (long)((time - client->started) * rate) + 1;
        if (allowed > total_events) allowed = total_events;
    }
    while (client->is_answering) {
        const char *from;
        size_t length;
        int kind;
        if (client->next < 0) {
            from = head, length = head_size, kind = 0;
        } else if (client->next < allowed) {
            long batch = allowed - client->next < BATCH ? allowed - client->next : BATCH;
            if (is_stamped) batch = 1, stamp(client);
            from = block, length = (size_t)batch * event_size, kind = 1;
        } else if (client->next >= total_events) {
            from = tail, length = tail_size, kind = 2;
        } else {
            return 1;
        }
        ssize_t wrote = send(client->fd, from + client->partial, length - client->partial, MSG_NOSIGNAL);
        if (wrote < 0) {
            if (errno != EAGAIN) return 0;
            watch(client, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
            return 1;
        }
        client->partial += (size_t)wrote;
        if (kind == 1) {
            client->next += (long)(client->partial / event_size);
            client->partial %= event_size;
        } else if (client->partial == length) {
            client->partial = 0;
            if (kind == 0) client->next = 0; else client->is_answering = 0;
        }
    }
    watch(client, EPOLL_CTL_MOD, EPOLLIN);
    return 1;
}

// Reads the request; 0 = the client is gone.
static int pull(struct client *client) {
    for (;;) {
        if (client->have == REQUEST_LIMIT) return 0;
        ssize_t got = recv(client->fd, client->request + client->have, REQUEST_LIMIT - client->have, 0);
        if (got == 0) return 0;
        if (got < 0) return errno == EAGAIN;
        if (client->body_left >= 0) {
            client->body_left -= got;
        } else {
            client->have += (size_t)got;
            char *end = memmem(client->request, client->have, "\r\n\r\n", 4);
            if (!end) continue;
            long length = 0;
            for (char *line = client->request; line && line < end; line = memmem(line, (size_t)(end - line), "\r\n", 2)) {
                if (*line == '\r') line += 2;
                if (strncasecmp(line, "content-length:", 15) == 0) length = atol(line + 15);
            }
            client->body_left = length - (long)(client->have - (size_t)(end + 4 - client->request));
        }
        if (client->body_left > 0) continue;
        client->have = 0;
        client->body_left = -1;
        if (memcmp(client->request, "GET ", 4) == 0) {
            // Small enough for the socket's buffer, always.
            if (send(client->fd, models, strlen(models), MSG_NOSIGNAL) < 0) return 0;
            continue;
        }
        client->is_answering = 1;
        client->next = -1;
        client->partial = 0;
        client->started = now();
        return push(client, client->started);
    }
}

static void accept_all(int listener) {
    int fd;
    while ((fd = accept4(listener, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct client *client = malloc(sizeof *client);
        if (!client) {
            close(fd);
            return;
        }
        client->fd = fd;
        client->is_answering = 0;
        client->have = 0;
        client->body_left = -1;
        client->previous = 0;
        client->following = clients;
        if (clients) clients->previous = client;
        clients = client;
        watch(client, EPOLL_CTL_ADD, EPOLLIN);
    }
}

int main(int count, char **arguments) {
    if (count < 3) {
        fprintf(stderr, "usage: %s PORT N [RATE [stamped]]\n", arguments[0]);
        return 64;
    }
    total_events = atol(arguments[2]);
    rate = count > 3 ? atof(arguments[3]) : 0;
    is_stamped = count > 4 && strcmp(arguments[4], "stamped") == 0;
    signal(SIGPIPE, SIG_IGN);
    prepare();

    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(arguments[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 4096) != 0) {
        perror("event_server");
        return 71;
    }
    socklen_t size = sizeof address;
    getsockname(listener, (struct sockaddr *)&address, &size);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);

    poller = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &listener};
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    int timer = -1;
    if (rate > 0) {
        timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
        struct itimerspec each = {.it_interval = {0, 1000000}, .it_value = {0, 1000000}};
        timerfd_settime(timer, 0, &each, 0);
        event.data.ptr = &timer;
        epoll_ctl(poller, EPOLL_CTL_ADD, timer, &event);
    }
    for (;;) {
        struct epoll_event ready[256];
        int n = epoll_wait(poller, ready, 256, -1), ticked = 0;
        for (int i = 0; i < n; i++) {
            if (ready[i].data.ptr == &listener) {
                accept_all(listener);
            } else if (ready[i].data.ptr == &timer) {
                uint64_t ticks;
                ticked = read(timer, &ticks, sizeof ticks) > 0;
            } else {
                struct client *client = ready[i].data.ptr;
                int alive = 1;
                if (ready[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) alive = pull(client);
                if (alive && (ready[i].events & EPOLLOUT)) alive = push(client, now());
                if (!alive) drop(client);
            }
        }
        // After the batch, since a client dropped here might still be named in it.
        if (ticked) {
            double time = now();
            for (struct client *client = clients, *following; client; client = following) {
                following = client->following;
                if (client->is_answering && !push(client, time)) drop(client);
            }
        }
    }
}
