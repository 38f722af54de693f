"""Asks servers for addresses: politely, several times if need be, and never without end."""

from __future__ import annotations

import asyncio
import ssl
from collections import defaultdict
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import httpx

from docset.linkcheck.answer import OK, Answer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

__all__ = ["Manners", "ask_all"]

_GONE = frozenset({404, 410})
_BUSY = frozenset({429, 503})
_LATER = _BUSY | {500, 502, 504}
"""Answers that may be better after a while."""
_FOR_GOOD = frozenset({301, 308})


@dataclass(frozen=True)
class Manners:
    """How servers are asked; times are in seconds."""

    user_agent: str
    timeout: float = 20.0
    attempts: int = 3
    first_pause: float = 1.0
    longest_pause: float = 60.0
    connections: int = 16
    connections_per_host: int = 2
    redirects: int = 10


def ask_all(addresses: Iterable[str], manners: Manners) -> dict[str, Answer]:
    """Return what became of each address."""
    return asyncio.run(_ask_all(list(addresses), manners))


async def _ask_all(addresses: list[str], manners: Manners) -> dict[str, Answer]:
    async with _client(manners) as client:
        asker = _Asker(client, manners)
        answers = await asyncio.gather(*map(asker.ask, addresses))
    return dict(zip(addresses, answers, strict=True))


@asynccontextmanager
async def _client(manners: Manners) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        headers={"User-Agent": manners.user_agent},
        timeout=manners.timeout,
        # Who waits for a connection would be taken for a server that does not answer.
        limits=httpx.Limits(max_connections=None),
        verify=ssl.create_default_context(),
    ) as client:
        yield client


class _Asker:
    def __init__(self, client: httpx.AsyncClient, manners: Manners) -> None:
        self._client = client
        self._manners = manners
        self._connections = asyncio.Semaphore(manners.connections)
        self._hosts = defaultdict[str, asyncio.Semaphore](
            lambda: asyncio.Semaphore(manners.connections_per_host)
        )

    async def ask(self, address: str) -> Answer:
        """Return what became of an address, after as many attempts as it takes."""
        async with self._hosts[urlsplit(address).netloc]:
            for attempt in range(self._manners.attempts):
                async with self._connections:
                    answer, pause = await self._try(address)
                if pause is None or attempt + 1 == self._manners.attempts:
                    break
                pause = max(pause, self._manners.first_pause * 2**attempt)
                if pause > self._manners.longest_pause:
                    break
                await asyncio.sleep(pause)
            return answer

    async def _try(self, address: str) -> tuple[Answer, float | None]:
        """Return an answer, and after how many seconds a better one may come; None for never."""
        page, _, fragment = address.partition("#")
        try:
            async with asyncio.timeout(self._manners.timeout * 2):
                return await self._follow(page, unquote(fragment))
        except (httpx.TimeoutException, TimeoutError):
            message = f"no answer within {self._manners.timeout:g} seconds"
            return Answer("links.unreachable", message), 0.0
        except httpx.TooManyRedirects:
            return Answer(
                "links.unreachable", "leads from one redirect to the next, without end"
            ), None
        except httpx.TransportError as error:
            if reason := _distrust(error):
                return Answer("links.tls", f"the certificate is not trusted: {reason}"), None
            return Answer("links.unreachable", f"no connection: {_cause(error)}"), 0.0
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
            return Answer("links.unreachable", f"is no address: {error}"), None

    async def _follow(self, page: str, fragment: str) -> tuple[Answer, float | None]:
        response, moved_to = await self._through_redirects("GET" if fragment else "HEAD", page)
        busy = response.status_code in _BUSY
        if response.is_error and response.request.method == "HEAD" and not busy:
            # Many servers answer HEAD with an error and GET with the page.
            response, moved_to = await self._through_redirects("GET", page)
        if response.status_code in _LATER:
            status = f"answers {response.status_code} {response.reason_phrase}"
            return Answer("links.unreachable", status), _retry_after(response)
        return _judge(response, moved_to, fragment), None

    async def _through_redirects(self, method: str, address: str) -> tuple[httpx.Response, str]:
        """Return the last answer, and the address that the first one moved to for good."""
        request = self._client.build_request(method, address)
        moved_to, for_good = "", True
        for _ in range(self._manners.redirects):
            response = await self._client.send(request)
            if response.next_request is None:
                return response, moved_to
            for_good = for_good and response.status_code in _FOR_GOOD
            request = response.next_request
            if for_good:
                moved_to = str(request.url)
        raise httpx.TooManyRedirects("too many redirects", request=request)


def _judge(response: httpx.Response, moved_to: str, fragment: str) -> Answer:
    status = f"{response.status_code} {response.reason_phrase}"
    if response.status_code in _GONE:
        return Answer(
            "links.gone", f"the page is gone ({status}): remove the link or find a new one"
        )
    if response.is_error:
        return Answer("links.unreachable", f"answers {status}")
    if fragment and not _has_anchor(response, fragment):
        return Answer("links.anchor", f"the page has no anchor #{fragment}")
    if moved_to:
        target = f"{moved_to}#{fragment}" if fragment else moved_to
        return Answer("links.moved", f"write {target}: the page has moved there for good")
    return OK


def _has_anchor(response: httpx.Response, fragment: str) -> bool:
    """Tell whether a page has the anchor; only HTML can be looked into."""
    if "html" not in response.headers.get("Content-Type", ""):
        return True
    anchors = _Anchors()
    anchors.feed(response.text)
    return fragment in anchors.found


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        names = {"id", "name"} if tag == "a" else {"id"}
        self.found |= {value for name, value in attributes if name in names and value}


def _retry_after(response: httpx.Response) -> float:
    """Return how long the server asks to wait, in seconds; 0 when it does not."""
    value = response.headers.get("Retry-After", "")
    if value.isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    return max(0.0, (moment.astimezone(UTC) - datetime.now(UTC)).total_seconds())


def _distrust(error: BaseException) -> str:
    """Return why a certificate is not trusted; empty when that is not the trouble."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message
        cause = cause.__cause__ or cause.__context__
    return ""


def _cause(error: Exception) -> str:
    return str(error) or type(error).__name__
