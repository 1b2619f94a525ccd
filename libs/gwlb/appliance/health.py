"""Answers the balancer's health check: 200 while packets are returned and looked at, else 503 with the reason."""
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CHECKS = {
    "packets are not returned": ["nft", "list", "chain", "ip", "appliance", "leaving"],
    "Suricata is not running": ["systemctl", "is-active", "--quiet", "suricata-appliance"],
}


# Suricata opens its socket when its rules are loaded, minutes after its process runs. It asks for packets of every protocol.
PACKET_SOCKETS = "/proc/net/packet"
EVERY_PROTOCOL = "0003"


def problems():
    found = [name for name, command in CHECKS.items() if not succeeds(command)]
    return found or ([] if looks() else ["Suricata does not inspect packets yet"])


def looks():
    with open(PACKET_SOCKETS) as sockets:
        return any(line.split()[3] == EVERY_PROTOCOL for line in sockets)


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
