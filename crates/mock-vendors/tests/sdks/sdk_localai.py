"""Local servers are used through OpenAI's client, with any key."""

import openai
from common import URL, decodes, raises

client = openai.OpenAI(api_key="any", base_url=URL, max_retries=0)
raises(openai.AuthenticationError, lambda: client.models.list())
client = openai.OpenAI(api_key="mock-localai-key", base_url=URL, max_retries=0)
said = client.chat.completions.create(
    model="qwen3-8b", messages=[{"role": "user", "content": "a haiku"}], max_tokens=100
)
assert "a haiku" in said.choices[0].message.content
assert client.images.generate(model="flux.1-dev", prompt="a cat").data[0].url
spoken = client.audio.speech.create(model="piper-en", voice="alloy", input="hello")
decodes(spoken.content, b"RIFF")
raises(openai.NotFoundError, lambda: client.images.edit(image=b"x", prompt="x"))
error = raises(
    openai.RateLimitError, lambda: client.images.generate(model="flux.1-dev", prompt="[[quota]]")
)
assert str(error.code) == "429", error.code
print("localai through openai: chat, pictures, speech, errors")
