"""Answers the balancer's health check: 200 while packets are returned and looked at, else 503 with the reason."""
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CHECKS = {
    "packets are not returned": ["nft", "list", "chain", "ip", "appliance", "leaving"],
    "Suricata does not run": ["systemctl", "is-active", "--quiet", "suricata-appliance"],
}


def problems():
    return [name for name, command in CHECKS.items() if not succeeds(command)]


def succeeds(command):
    try:
        return subprocess.run(command, capture_output=True, timeout=2).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


class Health(BaseHTTPRequestHandler):
    def do_GET(self):
        found = problems() if self.path == "/healthz" else ["there is only /healthz"]
        body = ("; ".join(found) or "well").encode()
        self.send_response(503 if found else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    ThreadingHTTPServer(("", int(sys.argv[1])), Health).serve_forever()
