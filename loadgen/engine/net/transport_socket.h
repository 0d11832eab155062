/* Bytes to and from a connected, non-blocking socket, with the kernel's receive times. What plain and TLS
 * transports have in common. Hot path. */
#ifndef ENGINE_TRANSPORT_SOCKET_H
#define ENGINE_TRANSPORT_SOCKET_H

#include "transport.h"

/* Asks the kernel for receive times (Documentation/networking/timestamping.rst, since 4.14 for TCP). Where it
 * refuses (Unix sockets, old kernels) there are none and nothing else changes. */
void transport_socket_start(const struct sock *sock);
/* As recv() does; notes when the last of these bytes arrived, 0 when that is not known. */
ssize_t transport_socket_receive(struct sock *sock, char *data, size_t most_bytes);
/* As send() does; a peer that has gone is an error and no signal. */
ssize_t transport_socket_send(struct sock *sock, const char *data, size_t length_bytes);

#endif
