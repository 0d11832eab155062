/* Moves bytes to and from a connected, non-blocking socket, with the kernel's receive times: the common part
 * of plain and TLS transports. Hot path. */
#ifndef ENGINE_TRANSPORT_SOCKET_H
#define ENGINE_TRANSPORT_SOCKET_H

#include "transport.h"

/* Requests receive times from the kernel (Documentation/networking/timestamping.rst, since 4.14 for TCP).
 * Where it refuses (Unix sockets, old kernels) there are none, and nothing else changes. */
void transport_socket_start(const struct sock *sock);
/* Makes the kernel stamp packets from now on: it begins some time after the first socket asks, too late for
 * the first answers of a run. Returns a socket to close at the end, -1 where there are no stamps. */
int transport_socket_stamps_early(void);
/* Like recv(); also notes when the last of these bytes arrived, 0 when unknown. */
ssize_t transport_socket_receive(struct sock *sock, char *data, size_t most_bytes);
/* Like send(); a vanished peer is an error, not a signal. */
ssize_t transport_socket_send(struct sock *sock, const char *data, size_t length_bytes);

#endif
