from common import KEY, URL, calls, decodes, raises, script
from google import genai
from google.genai import errors, types

client = genai.Client(api_key=KEY, http_options=types.HttpOptions(base_url=URL))
models = client.models

# Text, whole and in pieces, JSON by a schema, with sources.
said = models.generate_content(model="gemini-3.8-flash", contents="a haiku about the sea")
assert "a haiku about the sea" in said.text and said.usage_metadata.total_token_count > 0
pieces = list(models.generate_content_stream(model="gemini-3.8-flash", contents="a haiku"))
assert len(pieces) == 2 and "a haiku" in "".join(piece.text for piece in pieces)
schema = {"type": "object", "properties": {"title": {"type": "string"}, "seconds": {"type": "integer"}}}
config = types.GenerateContentConfig(response_mime_type="application/json", response_json_schema=schema)
fitting = models.generate_content(model="gemini-3.8-flash", contents="segments", config=config)
assert fitting.parsed == {"title": "mock", "seconds": 1} or '"title"' in fitting.text
tools = types.GenerateContentConfig(tools=[types.Tool(google_search=types.GoogleSearch())])
grounded = models.generate_content(model="gemini-3.8-flash", contents="news", config=tools)
assert grounded.candidates[0].grounding_metadata.grounding_chunks[0].web.domain == "example.com"

# Pictures, made and edited; speech.
config = types.GenerateContentConfig(
    response_modalities=["TEXT", "IMAGE"],
    image_config=types.ImageConfig(aspect_ratio="16:9", image_size="1K"),
)
drawn = models.generate_content(model="gemini-3.1-flash-image", contents="a cat", config=config)
picture = next(part.inline_data for part in drawn.candidates[0].content.parts if part.inline_data)
decodes(picture.data, b"\x89PNG")
source = types.Part.from_bytes(data=picture.data, mime_type="image/png")
edited = models.generate_content(
    model="gemini-3.1-flash-image", contents=[source, "make it night"], config=config
)
assert any(part.inline_data for part in edited.candidates[0].content.parts)
voice = types.VoiceConfig(prebuilt_voice_config=types.PrebuiltVoiceConfig(voice_name="Kore"))
config = types.GenerateContentConfig(
    response_modalities=["AUDIO"], speech_config=types.SpeechConfig(voice_config=voice)
)
spoken = models.generate_content(model="gemini-3.8-flash-tts", contents="hello", config=config)
assert spoken.candidates[0].content.parts[0].inline_data.mime_type.startswith("audio/L16")

# Refusals that look like success.
refused = models.generate_content(model="gemini-3.8-flash", contents="[[refuse]]")
assert refused.prompt_feedback.block_reason == types.BlockedReason.SAFETY and not refused.candidates
withheld = models.generate_content(model="gemini-3.1-flash-image", contents="[[refuse-output]]")
assert withheld.candidates[0].finish_reason == types.FinishReason.IMAGE_SAFETY

# A film, in the background.
create = client.interactions.create
film = create(
    model="gemini-omni-1.1-flash",
    input="a cat runs",
    background=True,
    response_format={"type": "video", "aspect_ratio": "16:9", "duration": "5s", "delivery": "uri"},
)
assert film.status in ("queued", "in_progress"), film.status
states = [client.interactions.get(id=film.id).status for _ in range(2)]
assert states == ["in_progress", "completed"], states
done = client.interactions.get(id=film.id)
content = done.steps[0].content[0]
# The client finds the name of a file in addresses of https alone.
uri = content.uri.replace("http:", "https:")
decodes(client.files.download(file=uri)[4:], b"ftyp")
failed = create(model="gemini-omni-1.1-flash", input="[[fail]]", background=True)
states = [client.interactions.get(id=failed.id).status for _ in range(2)]
assert states[-1] == "failed", states
endless = create(model="gemini-omni-1.1-flash", input="[[never-done]]", background=True)
assert client.interactions.cancel(id=endless.id).status == "cancelled"

assert "gemini-3.8-flash" in [model.name.removeprefix("models/") for model in models.list()]

# Errors.
ask = lambda prompt, **more: lambda: models.generate_content(
    model=more.get("model", "gemini-3.8-flash"), contents=prompt, config=more.get("config")
)
raises(errors.ClientError, ask("[[429-day]]"), code=429, status="RESOURCE_EXHAUSTED")
raises(errors.ServerError, ask("[[unavailable]]"), code=503, status="UNAVAILABLE")
raises(errors.ServerError, ask("[[array-error]]"), code=503, status="UNAVAILABLE")
raises(errors.ServerError, ask("[[ambiguous]]"), code=500)
raises(errors.ClientError, ask("a cat", model="gemini-2.5-flash-image"), code=404, status="NOT_FOUND")
wrong = genai.Client(api_key="wrong", http_options=types.HttpOptions(base_url=URL))
generate = lambda: wrong.models.generate_content(model="gemini-3.8-flash", contents="x")
raises(errors.ClientError, generate, code=400)
hot = types.GenerateContentConfig(temperature=3.5)
raises(errors.ClientError, ask("x", config=hot), code=400, status="INVALID_ARGUMENT")
number = lambda: create(
    model="gemini-omni-1.1-flash", input="x", response_format={"type": "video", "duration": "11s"}
)
error = None
try:
    number()
except Exception as found:
    error = found
assert error is not None and "400" in f"{error} {getattr(error, 'status_code', '')}", error

# Interactions are created again after a 503, by the client itself.
before = len(calls("interactions.create"))
script("gemini", "ambiguous", operation="interactions.create")
create(model="gemini-omni-1.1-flash", input="twice", background=True)
assert len(calls("interactions.create")) == before + 2
print("google-genai: text, stream, JSON, grounding, image, edit, speech, film, errors, retries")
