from common import KEY, URL, raises
from tavily import TavilyClient
from tavily.errors import (
    BadRequestError,
    ForbiddenError,
    InvalidAPIKeyError,
    UsageLimitExceededError,
)

client = TavilyClient(api_key=KEY, api_base_url=URL)
found = client.search("who made it", max_results=3, include_answer=True, include_usage=True)
assert len(found["results"]) == 3 and found["answer"] and found["usage"]["credits"] == 1
assert client.search("[[no-output]]")["results"] == []
read = client.extract(["https://example.com/1", "https://example.com/2"])
assert len(read["results"]) == 2
keyless = TavilyClient(api_base_url=URL)
assert keyless.search("without a key")["results"]

task = client.research("what is a mock", model="mini")
states = [client.get_research(task["request_id"]) for _ in range(2)]
assert [state["status"] for state in states] == ["in_progress", "completed"]
assert states[-1]["content"] and states[-1]["sources"]

search = lambda query, **more: lambda: client.search(query, **more)
raises(UsageLimitExceededError, search("[[rate-limit:60]]"))
raises(ForbiddenError, search("[[quota]]"))
raises(ForbiddenError, search("[[quota:433]]"))
raises(ForbiddenError, search("[[refuse]]"))
raises(BadRequestError, search("x" * 401))
raises(BadRequestError, search("x", topic="gossip"))
wrong = TavilyClient(api_key="wrong", api_base_url=URL)
raises(InvalidAPIKeyError, lambda: wrong.search("x"))
print("tavily: search, extract, keyless, research, errors")
