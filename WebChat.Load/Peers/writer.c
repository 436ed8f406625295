/* How fast this machine can be: one log of frames, a place in it for each reader, and one send() to each
 * that is behind. Nothing is checked, stored or kept for those who come back. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { most_readers = 20000, log_size = 1 << 26, buffer_size = 4096, events = 512 };

struct reader {
	int socket, is_open, filled;
	size_t place;
	unsigned char buffer[buffer_size];
};

static struct reader *readers[most_readers];
static int count;
static unsigned char *frames;
static size_t end;

/* The client does not check the accept key; nobody else is to talk to this. */
static const char switching[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

/* Moves the log to its beginning when it is full: nobody may be behind by more than it holds. */
static void make_room(size_t length)
{
	if (end + length <= log_size)
		return;
	size_t first = end;
	for (int i = 0; i < count; i++)
		if (readers[i]->is_open && readers[i]->place < first)
			first = readers[i]->place;
	memmove(frames, frames + first, end - first);
	end -= first;
	for (int i = 0; i < count; i++)
		readers[i]->place -= readers[i]->is_open ? first : readers[i]->place;
	if (end + length > log_size)
		exit(1);
}

static void append(const unsigned char *payload, size_t length)
{
	make_room(length + 4);
	frames[end++] = 0x81;
	if (length >= 126) {
		frames[end++] = 126;
		frames[end++] = length >> 8;
	}
	frames[end++] = length;
	memcpy(frames + end, payload, length);
	end += length;
}

/* Takes every whole frame of a client. */
static void hear(struct reader *reader)
{
	int at = 0;
	for (;;) {
		unsigned char *frame = reader->buffer + at;
		int left = reader->filled - at, head = 6;
		if (left < 8)
			break;
		size_t length = frame[1] & 127;
		if (length == 126) {
			length = frame[2] << 8 | frame[3];
			head = 8;
		}
		if ((size_t)left < head + length)
			break;
		for (size_t i = 0; i < length; i++)
			frame[head + i] ^= frame[head - 4 + i % 4];
		if ((frame[0] & 15) == 1)
			append(frame + head, length);
		at += head + length;
	}
	memmove(reader->buffer, reader->buffer + at, reader->filled -= at);
}

static void admit(int server, int epoll)
{
	for (;;) {
		int one = 1, socket = accept4(server, NULL, NULL, SOCK_NONBLOCK);
		if (socket < 0)
			return;
		setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		struct reader *reader = calloc(1, sizeof *reader);
		reader->socket = socket;
		readers[count++] = reader;
		struct epoll_event wanted = { .events = EPOLLIN, .data.ptr = reader };
		epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &wanted);
	}
}

static void dismiss(struct reader *reader)
{
	close(reader->socket);
	for (int i = 0; i < count; i++)
		if (readers[i] == reader)
			readers[i] = readers[--count];
	free(reader);
}

static void receive(struct reader *reader)
{
	ssize_t read = recv(reader->socket, reader->buffer + reader->filled, buffer_size - reader->filled, 0);
	if (read < 0 && errno == EAGAIN)
		return;
	if (read <= 0) {
		dismiss(reader);
		return;
	}
	reader->filled += read;
	if (reader->is_open) {
		hear(reader);
	} else if (memmem(reader->buffer, reader->filled, "\r\n\r\n", 4)) {
		reader->is_open = 1;
		reader->filled = 0;
		reader->place = end;
		send(reader->socket, switching, strlen(switching), MSG_NOSIGNAL);
	}
}

/* Returns whether somebody could not take all. */
static int pass(void)
{
	int is_behind = 0;
	for (int i = 0; i < count; i++) {
		struct reader *reader = readers[i];
		if (!reader->is_open || reader->place == end)
			continue;
		ssize_t sent = send(reader->socket, frames + reader->place, end - reader->place, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent > 0)
			reader->place += sent;
		is_behind |= reader->place < end;
	}
	return is_behind;
}

int main(int argc, char **argv)
{
	int one = 1, epoll = epoll_create1(0), server = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), is_behind = 0;
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(argc > 1 ? atoi(argv[1]) : 0), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct epoll_event wanted = { .events = EPOLLIN }, ready[events];
	frames = malloc(log_size);
	setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(server, (struct sockaddr *)&address, sizeof address) || listen(server, 4096)) {
		perror("writer");
		return 1;
	}
	epoll_ctl(epoll, EPOLL_CTL_ADD, server, &wanted);
	for (;;) {
		int found = epoll_wait(epoll, ready, events, is_behind ? 0 : -1);
		for (int i = 0; i < found; i++)
			if (ready[i].data.ptr)
				receive(ready[i].data.ptr);
			else
				admit(server, epoll);
		is_behind = pass();
	}
}
