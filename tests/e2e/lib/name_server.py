"""A DNS server for one name, whose addresses a test changes during a run."""

import socket
import struct
import threading
import time


class NameServer:
    """Answers A queries over UDP; `set(...)` changes the answer and returns the time of the change (time.time())."""

    def __init__(self, name, addresses, ttl_s):
        self.name, self.addresses, self.ttl_s = name, list(addresses), ttl_s
        self.n_asked = 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.1)
        self.address = "127.0.0.1:{}".format(self.socket.getsockname()[1])
        self.stops = False
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stops = True
        self.thread.join()
        self.socket.close()

    def set(self, addresses):
        self.addresses = list(addresses)
        return time.time()

    def serve(self):
        while not self.stops:
            try:
                query, sender = self.socket.recvfrom(4096)
            except socket.timeout:
                continue
            self.socket.sendto(self.answer(query), sender)

    def answer(self, query):
        """RFC 1035: the question, then a record per address whose name is a pointer to the question's. Other types: no records."""
        end, labels = 12, []
        while query[end]:
            labels.append(query[end + 1:end + 1 + query[end]].decode())
            end += 1 + query[end]
        question = query[12:end + 5]
        is_known = ".".join(labels).lower() == self.name
        is_a = struct.unpack(">HH", query[end + 1:end + 5]) == (1, 1)
        addresses = self.addresses if is_known and is_a else []
        self.n_asked += is_a
        flags = 0x8580 if is_known else 0x8583
        records = b"".join(struct.pack(">HHHIH", 0xC00C, 1, 1, self.ttl_s, 4) + socket.inet_aton(a) for a in addresses)
        return query[:2] + struct.pack(">HHHHH", flags, 1, len(addresses), 0, 0) + question + records
