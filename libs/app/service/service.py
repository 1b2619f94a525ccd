"""The application that instances run: replace it by your own and keep what the platform relies on.

GET /healthz      200 while the region can serve, 503 with the reason when it cannot
GET /, GET /api/  where the answer comes from
POST /api/orders  puts an event on the region's bus; a rule sends it to the queue, from which a worker here takes it

HEAD answers as GET does, without the body, and any other method with 405.

Distributions pass writes on below /api/ only, and take nothing off the path.

A region is failed on purpose by writing a reason to FAIL_FILE, and restored by removing the file. Only root on the
instance can do that, for example through Systems Manager; it is gone after a reboot.

Python's standard library only, so that a plain Amazon Linux 2023 image needs nothing installed.
"""
import datetime
import hashlib
import hmac
import json
import os
import socket
import ssl
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ENV = os.environ.get
PORT = int(ENV("PORT", "8080"))
REGION = ENV("REGION", "us-east-1")
HEALTH_PATH = ENV("HEALTH_PATH", "/healthz")
FAIL_FILE = ENV("FAIL_FILE", "/run/app/fail")
DATABASE = ENV("DATABASE", "")  # host:port for reads in this region, empty when there is none
QUEUE_URL = ENV("QUEUE_URL", "")
BUS_NAME = ENV("BUS_NAME", "")
CERTIFICATE = ENV("CERTIFICATE", "")  # file with key and certificate; plain HTTP without one
WRITES = {"/api/orders": "order"}  # path of a write: kind of event that it becomes
MAX_BODY = 65536  # bytes
CHECK_SECONDS = float(ENV("CHECK_SECONDS", "5"))
TIMEOUT_SECONDS = 2
METADATA = "http://169.254.169.254/latest/"


def log(level, message, **fields):
    print(json.dumps({"level": level, "message": message, "region": REGION, **fields}), flush=True)


def metadata(path):
    ask = urllib.request.Request(METADATA + "api/token", method="PUT", headers={"X-aws-ec2-metadata-token-ttl-seconds": "60"})
    token = urllib.request.urlopen(ask, timeout=TIMEOUT_SECONDS).read().decode()
    get = urllib.request.Request(METADATA + path, headers={"X-aws-ec2-metadata-token": token})
    return urllib.request.urlopen(get, timeout=TIMEOUT_SECONDS).read().decode()


class Credentials:
    """Those of the instance's role, asked for again five minutes before they end."""

    def __init__(self):
        self.lock, self.values, self.until = threading.Lock(), None, 0.0

    def get(self):
        if ENV("AWS_ACCESS_KEY_ID"):
            return ENV("AWS_ACCESS_KEY_ID"), ENV("AWS_SECRET_ACCESS_KEY", ""), ENV("AWS_SESSION_TOKEN", "")
        with self.lock:
            if time.time() > self.until:
                role = "meta-data/iam/security-credentials/"
                found = json.loads(metadata(role + metadata(role).strip()))
                end = datetime.datetime.strptime(found["Expiration"], "%Y-%m-%dT%H:%M:%SZ")
                self.until = end.replace(tzinfo=datetime.timezone.utc).timestamp() - 300
                self.values = found["AccessKeyId"], found["SecretAccessKey"], found["Token"]
            return self.values


CREDENTIALS = Credentials()


def call(service, target, body, url="", version="1.0", timeout=TIMEOUT_SECONDS):
    """One call of an AWS API with JSON, signed with Signature Version 4."""
    url = ENV("AWS_ENDPOINT_URL", "") or url or f"https://{service}.{REGION}.amazonaws.com"
    key, secret, session = CREDENTIALS.get()
    payload = json.dumps(body).encode()
    stamp = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    headers = {
        "content-type": f"application/x-amz-json-{version}",
        "host": urllib.parse.urlsplit(url).netloc,
        "x-amz-date": stamp,
        "x-amz-target": target,
        **({"x-amz-security-token": session} if session else {}),
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    request = "\n".join(["POST", "/", "", lines, names, hashlib.sha256(payload).hexdigest()])
    scope = f"{stamp[:8]}/{REGION}/{service}/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(request.encode()).hexdigest()])
    signature = ("AWS4" + secret).encode()
    for part in [stamp[:8], REGION, service, "aws4_request", text]:
        signature = hmac.new(signature, part.encode(), hashlib.sha256).digest()
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={names}, Signature={signature.hex()}"
    )
    root = "{0.scheme}://{0.netloc}/".format(urllib.parse.urlsplit(url))
    with urllib.request.urlopen(urllib.request.Request(root, payload, headers), timeout=timeout) as answer:
        return json.loads(answer.read() or b"{}")


def check_database():
    """PostgreSQL answers and offers TLS; nobody logs in, so nothing secret is needed for it."""
    host, _, port = DATABASE.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=TIMEOUT_SECONDS) as connection:
        connection.sendall((8).to_bytes(4, "big") + (80877103).to_bytes(4, "big"))
        if connection.recv(1) != b"S":
            raise ConnectionError("the database does not offer TLS")


def check_queue():
    call("sqs", "AmazonSQS.GetQueueAttributes", {"QueueUrl": QUEUE_URL, "AttributeNames": ["QueueArn"]}, QUEUE_URL)


class Health:
    """Checks the dependencies in the background: a slow dependency fails the check, and does not delay the answer."""

    def __init__(self):
        checks = {"database": check_database if DATABASE else None, "queue": check_queue if QUEUE_URL else None}
        self.checks = {name: check for name, check in checks.items() if check}
        self.results, self.checked_at = {name: "not checked yet" for name in self.checks}, time.monotonic()

    def run(self):
        while True:
            for name, check in self.checks.items():
                try:
                    check()
                    result = "ok"
                except Exception as error:  # any failure makes the region unhealthy
                    result = f"{type(error).__name__}: {error}"
                if result != self.results[name]:
                    log("info" if result == "ok" else "error", "health", check=name, result=result)
                self.results[name] = result
            self.checked_at = time.monotonic()
            time.sleep(CHECK_SECONDS)

    def answer(self):
        """Status and body of the health path. It is public: it names what fails, the log says how."""
        failing = [name for name, result in self.results.items() if result != "ok"]
        if self.checks and time.monotonic() - self.checked_at > 6 * CHECK_SECONDS + 10:
            failing.append("checks are stuck")
        if os.path.exists(FAIL_FILE):
            failing.append("the fail file exists")
        return (503 if failing else 200), {"status": "failing" if failing else "ok", "failing": failing}


HEALTH = Health()


def where():
    return {name: ENV(name.upper(), "unknown") for name in ("region", "zone", "colour", "release")}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 65  # longer than the balancer keeps idle connections, so that it is the one that closes

    def __getattr__(self, name):
        if name.startswith("do_"):  # the base class answers 501, which counts as a failure of this target
            return lambda: self.answer(self.no_method)
        raise AttributeError(name)

    def do_GET(self):
        self.answer(self.page)

    do_HEAD = do_GET

    def do_POST(self):
        self.answer(self.write)

    def answer(self, how):
        self.route, self.left = self.path.partition("?")[0], MAX_BODY
        try:
            body = self.body()
        except (OverflowError, ValueError) as error:
            self.close_connection = True
            self.reply(413 if isinstance(error, OverflowError) else 400, {"error": "the body is too long, or its length is unclear"})
            return self.linger()
        # A proxy may treat the body of a GET as the next request.
        self.close_connection |= self.command != "POST" and body != b""
        how(body)

    def page(self, _):
        if self.route == HEALTH_PATH:
            self.reply(*HEALTH.answer())
        elif self.route in ("/", "/api/"):
            self.reply(200, where())
        else:
            self.reply(404, {"error": "there is no such page"})

    def write(self, body):
        kind = WRITES.get(self.route)
        if not kind or not BUS_NAME:
            return self.reply(404, {"error": "there is no such page"})
        try:
            entry = {"Source": "app", "DetailType": kind, "EventBusName": BUS_NAME, "Detail": json.dumps(json.loads(body))}
        except ValueError:
            return self.reply(400, {"error": "the body is not JSON"})
        try:
            failed = call("events", "AWSEvents.PutEvents", {"Entries": [entry]}, version="1.1").get("FailedEntryCount", 0)
        except Exception as error:
            log("error", "event not sent", error=str(error))
            failed = 1
        self.reply(503 if failed else 202, {"accepted": not failed})

    def no_method(self, _):
        self.reply(405, {"error": "there is no such method"}, Allow="POST" if self.route in WRITES else "GET, HEAD")

    def body(self):
        """The whole body, or an error: unread bytes would be parsed as the next request."""
        lengths, codings = (self.headers.get_all(name) or [] for name in ("content-length", "transfer-encoding"))
        if not lengths and [coding.lower() for coding in codings] == ["chunked"]:
            return b"".join(self.chunks())
        if codings or len(lengths) > 1 or not all(map(str.isdecimal, lengths)):
            raise ValueError
        return self.read(int(*lengths))

    def chunks(self):
        """Load balancers send bodies of unknown length in chunks. Sizes and trailers count as part of the body."""
        size = True
        while size:
            size = self.line().partition(b";")[0]
            if size.strip(b"0123456789ABCDEFabcdef"):
                raise ValueError
            size = int(size, 16)
            yield self.read(size)
            if size and self.line():
                raise ValueError
        while self.line():
            pass

    def line(self):
        line = self.rfile.readline(self.left)
        self.left -= len(line)
        if line[-2:] != b"\r\n":
            raise ValueError
        return line[:-2]

    def read(self, size):
        self.left -= size
        if self.left < 0:
            raise OverflowError
        part = self.rfile.read(size)
        if len(part) < size:
            raise ConnectionError("the body ended early")
        return part

    def linger(self):
        """Closed with bytes unread, a connection is reset, and the answer lost."""
        try:
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(1)
            for _ in range(16):
                if not self.rfile.read1(65536):
                    break
        except OSError:
            pass

    def reply(self, status, body, **headers):
        payload = json.dumps(body).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.send_header("Cache-Control", "no-store")
        for name, value in headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(payload)

    def log_message(self, format, *args):
        if getattr(self, "path", "").partition("?")[0] != HEALTH_PATH:
            log("info", "request", line=getattr(self, "requestline", ""), status=str(args[1]) if len(args) > 1 else "")

    def version_string(self):
        return "app"


class Server(ThreadingHTTPServer):
    def __init__(self):
        super().__init__(("", PORT), Handler)
        if CERTIFICATE:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            context.load_cert_chain(CERTIFICATE)
            # The handshake is left to the thread of the connection: one that stays silent must not hold up the others.
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request, client_address):
        log("info", "connection", error=str(sys.exc_info()[1]))


def work():
    """Takes orders from the queue."""
    while True:
        try:
            ask = {"QueueUrl": QUEUE_URL, "WaitTimeSeconds": 20, "MaxNumberOfMessages": 10}
            found = call("sqs", "AmazonSQS.ReceiveMessage", ask, QUEUE_URL, timeout=30)
        except Exception as error:
            log("error", "queue", error=str(error))
            time.sleep(CHECK_SECONDS)
            continue
        for message in found.get("Messages") or []:
            handle(message)


def handle(message):
    """A message that cannot be handled returns to the queue and ends in the dead-letter queue; it does not block others."""
    try:
        log("info", "order", id=message["MessageId"], detail=json.loads(message["Body"]).get("detail"))
        done = {"QueueUrl": QUEUE_URL, "ReceiptHandle": message["ReceiptHandle"]}
        call("sqs", "AmazonSQS.DeleteMessage", done, QUEUE_URL)
    except Exception as error:
        log("error", "order not handled", id=message.get("MessageId"), error=str(error))


if __name__ == "__main__":
    if "ZONE" not in os.environ:
        try:
            os.environ["ZONE"] = metadata("meta-data/placement/availability-zone")
        except (urllib.error.URLError, OSError):
            pass
    for loop in [HEALTH.run] + ([work] if QUEUE_URL else []):
        threading.Thread(target=loop, daemon=True).start()
    server = Server()
    log("info", "started", port=server.server_port, **{"zone": ENV("ZONE", "unknown")})
    server.serve_forever()
