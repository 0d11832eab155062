"""An independent check of Signature Version 4, stricter than AWS: see "Create a signed AWS API request" in the AWS IAM user guide."""

import calendar
import hashlib
import hmac
import time

HEADERS_ALWAYS = {"content-type", "host", "x-amz-date"}
SKEW_MOST_S = 300


class Refused(Exception):
    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def parse(authorization):
    algorithm, _, rest = authorization.partition(" ")
    if algorithm != "AWS4-HMAC-SHA256":
        raise Refused("MissingAuthenticationToken", f"algorithm {algorithm!r}")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    if set(parts) != {"Credential", "SignedHeaders", "Signature"}:
        raise Refused("IncompleteSignature", f"parts {sorted(parts)}")
    return parts


def single_headers(headers):
    """A list of (name, value) as a dict; a name that comes twice is refused."""
    found = {}
    for name, value in headers:
        if name.lower() in found:
            raise Refused("IncompleteSignature", f"the header {name} came twice")
        found[name.lower()] = " ".join(value.split())
    return found


def signature(secret, scope, stamp, canonical):
    key = b"AWS4" + secret.encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def check(method, target, headers, body, keys, region, service, now_s=None):
    """Returns the access key id, or raises Refused. `keys` maps key ids to (secret, token or None)."""
    found = single_headers(headers)
    parts = parse(found.get("authorization", ""))
    key_id, _, scope = parts["Credential"].partition("/")
    stamp = found.get("x-amz-date", "")
    signed = parts["SignedHeaders"].split(";")
    if scope != f"{stamp[:8]}/{region}/{service}/aws4_request":
        raise Refused("SignatureDoesNotMatch", f"the scope {scope} is not that of {service} in {region} on {stamp[:8]}")
    if signed != sorted(signed) or len(set(signed)) != len(signed):
        raise Refused("SignatureDoesNotMatch", f"signed headers out of order: {signed}")
    must = HEADERS_ALWAYS | {name for name in found if name.startswith("x-amz-")}
    if not must <= set(signed) or not set(signed) <= set(found):
        raise Refused("SignatureDoesNotMatch", f"signed headers {signed} must hold {sorted(must)} and be there")
    if method != "POST" or target != "/":
        raise Refused("SignatureDoesNotMatch", f"{method} {target}: only POST / is safe with every libcurl")
    age_s = (now_s or time.time()) - calendar.timegm(time.strptime(stamp, "%Y%m%dT%H%M%SZ"))
    if abs(age_s) > SKEW_MOST_S:
        raise Refused("RequestExpired", f"the request is {age_s:.0f} s old")
    if key_id not in keys:
        raise Refused("InvalidClientTokenId", "the access key id is unknown")
    secret, token = keys[key_id]
    if found.get("x-amz-security-token") != token:
        raise Refused("InvalidClientTokenId", "the security token is not that of the key")
    canonical = "\n".join([method, target, "", *(f"{name}:{found[name]}" for name in signed), "", ";".join(signed),
                           hashlib.sha256(body).hexdigest()])
    if not hmac.compare_digest(signature(secret, scope, stamp, canonical), parts["Signature"]):
        # AWS really does send the canonical request back, token and all.
        raise Refused("SignatureDoesNotMatch", f"The request signature we calculated does not match.\n\n{canonical}")
    return key_id
