"""Scenarios for the shop of shop.py. Each request carries `X-Mark: {user}-{counter}`; see shop_log.py.

A `$` in front of a name is filled in by `write`.
"""

import string

BUYERS = """
  - name: buyers
    $model
    session:
      $session
      steps:
        - name: login
          method: POST
          path: /login
          headers: { x-mark: "{user}-{counter}" }
          json: { user: "{users.name}", password: "{users.password}" }
          expect: { json: { $$.state: ok } }
          capture: { token: { json: $$.auth.token } }
          think: { uniform: [1ms, 20ms] }
        - name: search
          path: "/search?q={goods.title}"
          headers: { x-mark: "{user}-{counter}", accept-encoding: gzip }
          capture: { id: { json: "$$.hits[0].id" } }
          think: { exponential: 10ms, most: 40ms }
        - name: order
          method: POST
          path: /orders
          headers: { authorization: "Bearer {token}", x-mark: "{user}-{counter}" }
          json: { item: "{id|number}", note: "for {users.name}", gift: false }
          follow: 1
          expect: { contains: Thank you }
          think: 3ms
        - { name: logout, method: POST, path: /logout, headers: { x-mark: "{user}-{counter}" }, expect: { status: 204 } }
    phases: $phases
"""

READERS = """
  - name: readers
    $model
    session:
      cookies: none
      $session
      begin:
        - name: token
          method: POST
          path: /oauth/token
          headers: { x-mark: "{user}-0" }
          form: { grant_type: client_credentials, client_id: "{users.name}", client_secret: "{users.password}" }
          capture: { token: { json: $$.access_token }, life: { json: $$.expires_in } }
      steps:
        - name: list
          path: /v1/items
          headers: { authorization: "Bearer {token}", x-mark: "{user}-{counter}" }
          capture: { first: { json: "$$.items[0].id" } }
          think: $think
        - name: item
          path: "/v1/items/{first}"
          headers: { authorization: "Bearer {token}", x-mark: "{user}-{counter}" }
          expect: { json: { $$.id: "{first}" } }
          think: $think
    phases: $phases
"""

# Names and titles that need escaping wherever they go.
NAMES = ["anna", 'b"ob', "c&d e", "\u00e9va", "f/\\g", "h%2Bi", "<j>", "k'l"]


def quoted(text):
    return '"' + text.replace('"', '""') + '"'


def write(folder, url, stream, users="take: user", goods="order: shuffle", n_users=8, n_goods=50, **filled):
    """Writes shop.yaml and its feeds, of as many rows, and returns its path."""
    names = [f"{NAMES[i % len(NAMES)]}{i}" for i in range(n_users)]
    titles = [f"good {i}: {NAMES[i % len(NAMES)]}" for i in range(n_goods)]
    (folder / "users.csv").write_text("name,password\n" + "".join(f"{quoted(name)},{quoted('pw-' + name)}\n" for name in names))
    (folder / "goods.csv").write_text("title\n" + "".join(f"{quoted(title)}\n" for title in titles))
    feeds = f"  users: {{ file: users.csv, {users} }}\n" + (f"  goods: {{ file: goods.csv, {goods} }}\n" if stream is BUYERS else "")
    path = folder / "shop.yaml"
    path.write_text(f"target: {url}\nseed: 7\nfeeds:\n{feeds}streams:" +
                    string.Template(stream).substitute({"session": "", "think": "0s", **filled}))
    return path
