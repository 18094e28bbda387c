"""A server on loopback that answers as Overpass does, with what a test tells it to."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

STATUS = "Connected as: 1\nCurrent time: x\nAnnounced endpoint: none\nRate limit: 2\n{}\n"
FREE = "2 slots available now."


class FakeOverpass:
    """Answers each question by the first of ``replies`` that is left; the last one stays."""

    def __init__(self):
        self.url = ""
        self.status = (200, STATUS.format(FREE))
        self.replies = []
        self.asked = []
        self.agents = set()
        self.at_once = self.most_at_once = 0

    def answer(self, question):
        self.asked.append(question)
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send(*self.server.fake.status)

    def do_POST(self):
        fake = self.server.fake
        fake.at_once += 1
        fake.most_at_once = max(fake.at_once, fake.most_at_once)
        fake.agents.add(self.headers["User-Agent"])
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.send(*fake.answer(parse_qs(body)["data"][0]))
        fake.at_once -= 1

    def send(self, code, body):
        content = body if isinstance(body, bytes) else body.encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@contextmanager
def overpass_server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.fake = FakeOverpass()
    server.fake.url = f"http://127.0.0.1:{server.server_port}/api"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
