"""Recraft has no client of its own: its documents use OpenAI's with another base URL."""

import base64
import urllib.request

import openai
from common import KEY, URL, calls, decodes, raises

client = openai.OpenAI(api_key=KEY, base_url=URL, max_retries=0)
draw = lambda prompt, **more: client.images.generate(
    prompt=prompt, model=more.pop("model", "recraftv4_1"), extra_body=more.pop("body", None), **more
)

made = draw("a cat", n=2, size="1024x1024")
assert len(made.data) == 2 and made.model_extra["credits"] == 80
decodes(urllib.request.urlopen(made.data[0].url).read(), b"RIFF")
inline = draw("a cat", response_format="b64_json", body={"image_format": "png"})
decodes(base64.b64decode(inline.data[0].b64_json), b"\x89PNG")
vector = draw("a cat", model="recraftv4_1_vector")
decodes(urllib.request.urlopen(vector.data[0].url).read(), b"<svg")
assert calls("file")[0]["key"] is None

flagged = draw("[[nsfw-black]]", body={"calculate_features": True})
assert flagged.data[0].model_extra["features"]["nsfw_score"] > 0.9
raises(openai.BadRequestError, lambda: draw("[[refuse]]"), code="content_policy_violation")
raises(openai.BadRequestError, lambda: draw("x" * 1001, model="recraftv3"))
raises(openai.BadRequestError, lambda: draw("x", size="1000x1000"))
raises(openai.RateLimitError, lambda: draw("[[rate-limit-bare]]"))
raises(openai.InternalServerError, lambda: draw("[[fail]]"))
wrong = openai.OpenAI(api_key="wrong", base_url=URL, max_retries=0)
raises(openai.AuthenticationError, lambda: wrong.images.generate(prompt="x"))
print("recraft through openai: pictures, base64, vectors, flags, errors")
