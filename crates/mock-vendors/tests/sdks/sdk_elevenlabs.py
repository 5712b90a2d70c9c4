import base64

from common import KEY, URL, calls, decodes, raises, script
from elevenlabs import ElevenLabs
from elevenlabs.core.api_error import ApiError
from elevenlabs.errors import UnprocessableEntityError

client = ElevenLabs(api_key=KEY, base_url=URL)
tts, george = client.text_to_speech, "JBFqnCBsd6RMkjVDRZzb"
speak = lambda text, **more: b"".join(
    tts.convert(more.pop("voice", george), text=text, **more)
)

decodes(speak("hello"), b"\xff\xfb")
decodes(speak("hello", output_format="wav_24000"), b"RIFF")
decodes(speak("hello", output_format="opus_48000_64"), b"OggS")
decodes(b"".join(tts.stream(george, text="hello")), b"\xff\xfb")
timed = tts.convert_with_timestamps(george, text="hello")
decodes(base64.b64decode(timed.audio_base_64), b"\xff\xfb")
assert timed.alignment.characters == list("hello")
assert "George" in [voice.name for voice in client.voices.get_all().voices]
assert any(model.can_do_text_to_speech for model in client.models.list())
assert client.user.subscription.get().character_limit == 100_000

status = lambda error: error.body["detail"]["status"]
for words, code, name in [
    ("[[quota]]", 401, "quota_exceeded"),
    ("[[quota:400]]", 400, "quota_exceeded"),
    ("[[auth]]", 401, "invalid_api_key"),
    ("[[refuse]]", 401, "detected_unusual_activity"),
    ("[[rate-limit:60]]", 429, "too_many_concurrent_requests"),
    ("[[busy]]", 429, "system_busy"),
]:
    error = raises(ApiError, lambda: speak(words), status_code=code)
    assert status(error) == name, error
error = raises(ApiError, lambda: speak("x", voice="nobody"), status_code=404)
assert status(error) == "voice_not_found"
error = raises(ApiError, lambda: speak("x" * 10_001), status_code=400)
assert status(error) == "max_character_limit_exceeded"
raises(UnprocessableEntityError, lambda: speak("x", seed=-1))
wrong = ElevenLabs(api_key="wrong", base_url=URL)
raises(ApiError, lambda: b"".join(wrong.text_to_speech.convert(george, text="x")), status_code=401)

# The client repeats JSON calls that were made and charged.
script("elevenlabs", "ambiguous", operation="with-timestamps")
before = len(calls("with-timestamps"))
tts.convert_with_timestamps(george, text="twice")
assert len(calls("with-timestamps")) == before + 2
print("elevenlabs: speech, stream, timestamps, voices, models, subscription, errors, retries")
