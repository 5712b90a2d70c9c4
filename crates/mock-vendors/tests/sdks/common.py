"""What the scripts share: the mock's address and key, its script and calls, and `raises`."""

import json
import os
import urllib.request

URL, KEY, MOCK = os.environ["MOCK_URL"], os.environ["MOCK_KEY"], os.environ["MOCK"]


def _ask(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{MOCK}{path}", data=data, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def script(vendor, answer, operation=None, times=1):
    _ask("PUT", "/_mock/script", dict(vendor=vendor, answer=answer, operation=operation, times=times))


def calls(operation=None):
    found = _ask("GET", "/_mock/calls")["calls"]
    return [call for call in found if operation in (None, call["operation"])]


def reset():
    _ask("DELETE", "/_mock")


def raises(kind, work, **wanted):
    """The error of `work`, which must be of exactly this kind and have these attributes."""
    try:
        work()
    except Exception as error:
        assert type(error) is kind, f"{type(error)} instead of {kind}: {error}"
        for name, value in wanted.items():
            assert getattr(error, name) == value, (name, getattr(error, name), value)
        return error
    raise AssertionError(f"{kind} was not raised")


def decodes(data, *starts):
    assert any(data.startswith(start) for start in starts), data[:16]
