"""Every kind of output decodes: pictures by Pillow, films and sounds by ffprobe where it is."""

import base64
import io
import json
import shutil
import subprocess
import urllib.request

from common import MOCK
from PIL import Image


def ask(path, body, key):
    request = urllib.request.Request(f"{MOCK}{path}", data=json.dumps(body).encode())
    request.add_header("content-type", "application/json")
    request.add_header(*key)
    with urllib.request.urlopen(request) as answer:
        return answer.read()


OPENAI = ("authorization", "Bearer mock-openai-key")
SPEECH = ("xi-api-key", "mock-elevenlabs-key")

for size in ["1024x1024", "17x33", "1536x1024"]:
    for kind in ["png", "jpeg", "webp"]:
        for words in ["a cat", "a dog at night", "[[nsfw-black]]"]:
            body = dict(prompt=words, size=size, output_format=kind, model="gpt-image-2.6-flare")
            answer = json.loads(ask("/openai/v1/images/generations", body, OPENAI))
            picture = Image.open(io.BytesIO(base64.b64decode(answer["data"][0]["b64_json"])))
            picture.load()
            assert (picture.format.lower(), "%dx%d" % picture.size) == (kind, size)
            most = max(high for _, high in picture.convert("RGB").getextrema())
            assert (most <= 2) == (words == "[[nsfw-black]]"), (kind, words, most)


def probed(data):
    told = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_format"]
    run = subprocess.run(told + ["-of", "json", "-"], input=data, capture_output=True)
    assert run.returncode == 0 and not run.stderr, run.stderr
    return json.loads(run.stdout)


if shutil.which("ffprobe"):
    for seconds in [4, 5, 8, 12]:
        body = dict(model="wan2.1-t2v", prompt="x", seconds=seconds, response_format="b64_json")
        answer = json.loads(ask("/localai/video", body, ("accept", "*/*")))
        told = probed(base64.b64decode(answer["data"][0]["b64_json"]))["streams"][0]
        assert told["codec_name"] == "h264" and int(told["nb_read_frames"]) == 12
        assert abs(float(told["duration"]) - seconds) < 0.01, told["duration"]
    for name, codec in [
        ("mp3_44100_128", "mp3"),
        ("mp3_44100_32", "mp3"),
        ("mp3_22050_32", "mp3"),
        ("mp3_24000_48", "mp3"),
        ("wav_24000", "pcm_s16le"),
        ("opus_48000_64", "opus"),
    ]:
        path = f"/elevenlabs/v1/text-to-speech/JBFqnCBsd6RMkjVDRZzb?output_format={name}"
        told = probed(ask(path, dict(text="as long as this takes to say"), SPEECH))["streams"][0]
        assert told["codec_name"] == codec, told
        if codec == "mp3":
            assert told["sample_rate"] == name.split("_")[1], told
            assert int(told["bit_rate"]) == int(name.split("_")[2]) * 1000, told
    for name in ["aac", "flac"]:
        body = dict(model="tts-1", voice="alloy", input="x", response_format=name)
        assert probed(ask("/openai/v1/audio/speech", body, OPENAI))["streams"][0]["codec_name"] == name
    print("media: pictures, films and sounds decode")
else:
    print("media: pictures decode; there is no ffprobe for films and sounds")
