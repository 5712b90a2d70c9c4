import os

from common import KEY, URL, calls, decodes, raises, reset, script

os.environ["FAL_KEY"] = KEY
import urllib.request

import fal_client
from fal_client import client as inner

# The hosts are constants there, and always https.
inner.QUEUE_URL_FORMAT = inner.RUN_URL_FORMAT = f"{URL}/"
inner.REST_URL = inner.CDN_URL = URL

app = "fal-ai/flux/dev"
handle = fal_client.submit(app, {"prompt": "a cat", "num_images": 4})
states = [type(handle.status()), type(handle.status(with_logs=True))]
assert states == [fal_client.InProgress, fal_client.Completed], states
made = handle.get()
assert len(made["images"]) == 4
decodes(urllib.request.urlopen(made["images"][0]["url"]).read(), b"\xff\xd8")
film = fal_client.subscribe("fal-ai/veo2/image-to-video", {"prompt": "it runs", "duration": "5s"})
decodes(urllib.request.urlopen(film["video"]["url"]).read()[4:], b"ftyp")
assert fal_client.subscribe(app, {"prompt": "[[nsfw-black]]"})["has_nsfw_concepts"] == [True]
assert fal_client.status(app, handle.request_id)
assert fal_client.result(app, handle.request_id)["seed"] == 42

endless = fal_client.submit(app, {"prompt": "[[never-done]]"})
endless.cancel()
assert endless.status().error == "Request was cancelled"

get = lambda prompt, **more: lambda: fal_client.subscribe(app, {"prompt": prompt, **more})
refused = raises(inner.FalClientHTTPError, get("[[refuse]]"), status_code=422)
assert refused.message[0]["type"] == "content_policy_violation"
assert refused.response_headers["x-fal-retryable"] == "false"
raises(inner.FalClientHTTPError, get("[[fail]]"), status_code=500, error_type="internal_error")
raises(inner.FalClientHTTPError, get("x", num_images=9), status_code=422)
raises(inner.FalClientHTTPError, get("[[quota]]"), status_code=403)
wrong = fal_client.SyncClient(key="wrong")
raises(inner.FalClientHTTPError, lambda: wrong.submit(app, {"prompt": "x"}), status_code=401)

url = fal_client.upload(b"\x89PNG", "image/png")
assert urllib.request.urlopen(url).read() == b"\x89PNG"

# What was taken before the connection was cut is submitted again by the client.
reset()
script("fal", "rate-limit:0", operation="submit")
fal_client.submit(app, {"prompt": "again"})
assert len(calls("submit")) == 2
print("fal-client: submit, status, result, subscribe, cancel, upload, errors, retries")
