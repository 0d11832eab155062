"""A certificate authority of the tests, by the openssl program."""

import subprocess
from collections import namedtuple

from programs import PATIENCE_S

Certificate = namedtuple("Certificate", "cert key")


class Authority:
    """Signs certificates."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.cert, self.key = folder / f"{name}.pem", folder / f"{name}.key"
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-days", "2", "-keyout", self.key, "-out", self.cert)

    @staticmethod
    def openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=PATIENCE_S)

    def sign(self, name, names, days=2):
        """A certificate for these alternative names; one of 0 days expires at once."""
        cert, key, request, more = (self.folder / f"{self.name}-{name}.{end}" for end in ("pem", "key", "csr", "ext"))
        more.write_text(f"subjectAltName={names}\n")
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", key, "-out", request)
        self.openssl("x509", "-req", "-in", request, "-CA", self.cert, "-CAkey", self.key, "-CAcreateserial", "-days", days, "-extfile", more,
                     "-out", cert)
        return Certificate(cert, key)
