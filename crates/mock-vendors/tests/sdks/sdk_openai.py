import base64
import io

import openai
from common import KEY, URL, calls, decodes, raises, reset

client = openai.OpenAI(api_key=KEY, base_url=URL, max_retries=0)
chat = lambda prompt, **more: client.chat.completions.create(
    model="gpt-5.5", messages=[{"role": "user", "content": prompt}], **more
)
draw = lambda prompt, **more: client.images.generate(
    model="gpt-image-2.6-flare", prompt=prompt, **more
)

said = chat("a haiku")
assert "a haiku" in said.choices[0].message.content and said.usage.total_tokens > 0
pieces = list(chat("a haiku", stream=True, stream_options={"include_usage": True}))
text = "".join(piece.choices[0].delta.content or "" for piece in pieces if piece.choices)
assert "a haiku" in text and pieces[-1].usage.total_tokens > 0
schema = {"name": "s", "schema": {"type": "object", "properties": {"title": {"type": "string"}}}}
fitting = chat("x", response_format={"type": "json_schema", "json_schema": schema})
assert fitting.choices[0].message.content == '{"title":"mock"}'
assert chat("[[refuse]]").choices[0].message.refusal
assert chat("[[refuse-output]]").choices[0].finish_reason == "content_filter"

made = draw("a cat", n=4, size="1024x1024", output_format="webp")
assert len(made.data) == 4
decodes(base64.b64decode(made.data[0].b64_json), b"RIFF")
assert len(draw("[[partial:3/4]]", n=4).data) == 3 and draw("[[no-output]]").data == []
png = io.BytesIO(base64.b64decode(draw("a cat").data[0].b64_json))
png.name = "cat.png"
edited = client.images.edit(model="gpt-image-2.6-flare", image=[png], prompt="at night")
decodes(base64.b64decode(edited.data[0].b64_json), b"\x89PNG")

speak = lambda text, **more: client.audio.speech.create(
    model="gpt-4o-mini-tts", voice="alloy", input=text, **more
)
decodes(speak("hello").content, b"\xff")
decodes(speak("hello", response_format="wav").content, b"RIFF")

film = client.videos.create(model="kling-2.6", prompt="a cat runs", seconds="8", size="1280x720")
states = [client.videos.retrieve(film.id).status for _ in range(2)]
assert (film.status, states) == ("queued", ["in_progress", "completed"]), states
decodes(client.videos.download_content(film.id).content[4:], b"ftyp")

ends = {model.id: model.shutdown_date for model in client.models.list()}
assert ends["gpt-image-1.5"] == "2026-12-01" or str(ends["gpt-image-1.5"]) == "2026-12-01"

raises(openai.BadRequestError, lambda: draw("[[refuse]]"), code="moderation_blocked")
raises(openai.RateLimitError, lambda: draw("[[rate-limit:2]]"), code="rate_limit_exceeded")
raises(openai.RateLimitError, lambda: draw("[[quota]]"), code="insufficient_quota")
raises(openai.InternalServerError, lambda: draw("[[ambiguous]]"), status_code=500)
raises(openai.InternalServerError, lambda: draw("[[unavailable]]"), status_code=503)
raises(openai.NotFoundError, lambda: client.images.generate(model="dall-e-3", prompt="x"))
raises(openai.BadRequestError, lambda: draw("x" * 32_001), param="prompt")
raises(openai.BadRequestError, lambda: draw("x", quality="hd"), param="quality")
raises(openai.BadRequestError, lambda: draw("x", response_format="url"), code="unknown_parameter")
raises(openai.APIConnectionError, lambda: draw("[[cut]]"))
wrong = openai.OpenAI(api_key="wrong", base_url=URL, max_retries=0)
raises(openai.AuthenticationError, lambda: wrong.models.list(), code="invalid_api_key")

# A picture that was made is made again by the client's own retries.
reset()
retrying = openai.OpenAI(api_key=KEY, base_url=URL, max_retries=2)
raises(
    openai.InternalServerError,
    lambda: retrying.images.generate(model="gpt-image-2.6-flare", prompt="[[ambiguous]]"),
)
assert len([call for call in calls() if call["created"]]) == 3
print("openai: chat, stream, JSON, images, edits, speech, videos, models, errors, retries")
