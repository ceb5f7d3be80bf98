"""Take webhooks and print those whose signature holds; needs only Python.

JINGYI_SECRET=whsec_… python webhook.py 8090
"""

import hmac
import os
import sys
import time
from base64 import b64decode, b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer

SECRET = b64decode(os.environ["JINGYI_SECRET"].removeprefix("whsec_"))


class Taker(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        key, moment = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        made = hmac.new(SECRET, f"{key}.{moment}.".encode() + body, sha256).digest()
        expected = f"v1,{b64encode(made).decode()}"
        holds = hmac.compare_digest(expected, self.headers["webhook-signature"])
        fresh = abs(time.time() - int(moment)) < 300
        self.send_response(204 if holds and fresh else 401)
        self.end_headers()
        if holds and fresh:  # take each `webhook-id` once: it may come again
            print(key, body.decode(), flush=True)


server = HTTPServer(("127.0.0.1", int(sys.argv[1])), Taker)
print(server.server_port, flush=True)
server.serve_forever()
