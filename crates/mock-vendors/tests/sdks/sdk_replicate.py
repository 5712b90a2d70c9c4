import io
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

import replicate
from common import KEY, URL, calls, decodes, raises
from replicate.exceptions import ModelError, ReplicateError
from replicate.webhook import Webhooks

client = replicate.Client(api_token=KEY, base_url=URL)
flux = "black-forest-labs/flux-dev"
create = lambda prompt, **more: client.models.predictions.create(
    model=flux, input={"prompt": prompt, **more}
)

made = client.run(flux, input={"prompt": "a cat", "num_outputs": 4})
assert len(made) == 4
decodes(urllib.request.urlopen(str(made[0])).read(), b"RIFF")
prediction = create("a cat")
states = [prediction.status]
for _ in range(2):
    prediction.reload()
    states.append(prediction.status)
assert states == ["starting", "processing", "succeeded"], states
assert prediction.progress.percentage == 1.0 or prediction.progress.total == 28
assert prediction.id in [found.id for found in client.predictions.list()]
film = client.run("google/veo-3", input={"prompt": "a cat runs"})
decodes(urllib.request.urlopen(str(film)).read()[4:], b"ftyp")
endless = create("[[never-done]]")
endless.cancel()
assert endless.status == "canceled"
assert client.models.get(flux).name == "flux-dev" and client.models.list().results
stored = client.files.create(io.BytesIO(b"\x89PNG"), filename="a.png", content_type="image/png")
assert client.files.get(stored.id).size == 4

raises(ModelError, lambda: client.run(flux, input={"prompt": "[[refuse]]"}))
raises(ModelError, lambda: client.run(flux, input={"prompt": "[[fail]]"}))
raises(ReplicateError, lambda: create("[[quota]]"), status=402)
raises(ReplicateError, lambda: create("[[rate-limit-bare]]"), status=429)
raises(ReplicateError, lambda: create("x", num_outputs=9), status=422)
raises(ReplicateError, lambda: create("[[retired]]"), status=404)
before = len(calls("predictions.create"))
raises(ReplicateError, lambda: create("[[ambiguous]]"), status=500)
assert len(calls("predictions.create")) == before + 1, "this client does not create twice"
assert "[[ambiguous]]" in [found.input["prompt"] for found in client.predictions.list().results]
wrong = replicate.Client(api_token="wrong", base_url=URL)
raises(ReplicateError, lambda: wrong.models.list(), status=401)

# A webhook, whose signature the client's own code checks.
class Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.send_response(200)
        self.end_headers()
        received.append((dict(self.headers), body))

    def log_message(self, *_):
        pass


received = []
server = HTTPServer(("127.0.0.1", 0), Hook)
worker = threading.Thread(target=server.handle_request)
worker.start()
hook = f"http://127.0.0.1:{server.server_port}/hook?customId=1"
client.models.predictions.create(model=flux, input={"prompt": "x"}, webhook=hook)
worker.join(10)
headers, body = received[0]
Webhooks.validate(headers=headers, body=body, secret=client.webhooks.default.secret(), tolerance=60)
assert '"status":"succeeded"' in body
print("replicate: run, create, reload, list, cancel, models, files, webhook, errors")
