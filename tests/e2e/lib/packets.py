"""An independent witness of the times: packets on the loopback device with kernel timestamps."""

import ctypes
import socket
import struct

ETH_P_ALL, SO_ATTACH_FILTER, SO_TIMESTAMPNS, SO_RCVBUFFORCE, SOL_PACKET, PACKET_STATISTICS, PACKET_OUTGOING = 3, 26, 35, 33, 263, 6, 4
ETHERNET_BYTES, SNAP_BYTES, BUFFER_BYTES = 14, 128, 64 << 20


def port_filter(port):
    """Classic BPF: packets from or to this TCP port of IPv4 without options, the first bytes of each."""
    load_half, jump_equal, give = 0x28, 0x15, 0x06
    return b"".join(struct.pack("HBBI", *step) for step in (
        (load_half, 0, 0, ETHERNET_BYTES + 20), (jump_equal, 2, 0, port), (load_half, 0, 0, ETHERNET_BYTES + 22), (jump_equal, 0, 1, port),
        (give, 0, 0, SNAP_BYTES), (give, 0, 0, 0)))


class Packets:
    """Captures from now on; the kernel buffers packets until they are read. PermissionError where that is not allowed."""

    def __init__(self, port):
        self.port = port
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        program = ctypes.create_string_buffer(port_filter(port))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HL", len(program) // 8, ctypes.addressof(program)))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.socket.bind(("lo", ETH_P_ALL))
        self.socket.setblocking(False)

    def with_data(self):
        """(time in ns, whether it goes to the port) of each packet that carries data, in order. Fails if one was lost."""
        found = []
        while True:
            try:
                data, control, _, address = self.socket.recvmsg(SNAP_BYTES, 256)
            except BlockingIOError:
                break
            if address[2] == PACKET_OUTGOING:
                continue  # loopback shows each packet twice, leaving and arriving
            ip = data[ETHERNET_BYTES:]
            tcp = ip[20:]
            n_bytes = struct.unpack("!H", ip[2:4])[0] - 20 - 4 * (tcp[12] >> 4)
            if n_bytes:
                seconds, ns = struct.unpack("qq", next(value for level, kind, value in control if kind == SO_TIMESTAMPNS))
                found.append((seconds * 10**9 + ns, struct.unpack("!H", tcp[2:4])[0] == self.port))
        lost = struct.unpack("II", self.socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[1]
        self.socket.close()
        assert lost == 0, f"{lost} packets were not captured"
        return found


def service_times_ns(packets):
    """From the packet with a request to the last one of its response, on one connection without pipelining."""
    found, sent_ns, last_ns = [], None, None
    for at_ns, is_request in packets + [(0, True)]:
        if not is_request:
            last_ns = at_ns
        elif sent_ns is None or last_ns is not None:
            if last_ns is not None:
                found.append(last_ns - sent_ns)
            sent_ns, last_ns = at_ns, None
    return found
