"""`GET /oauth/meta/callback`: the page for whoever comes back from Meta's login. It holds no secret."""

import base64
import hashlib
import re
from html import escape

from aiohttp import web

from bot.config import CALLBACK_PATH
from bot.login.pages import CLOSE, Page
from bot.login.service import Logins
from bot.web.server import Route

_ASKED = ("state", "code", "error")
_STYLE = """
:root{color-scheme:light dark;--ink:#1d1c1d;--soft:#4a4a4e;--paper:#f6f6f7;--card:#fff;--edge:#d5d5da;--mark:#0b6b43}
.bad{--mark:#a3201b}
@media (prefers-color-scheme:dark){
:root{--ink:#f1f1f2;--soft:#c4c4ca;--paper:#17181b;--card:#222428;--edge:#43454c;--mark:#5fd3a0}
.bad{--mark:#ff9d94}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;padding:8vh 1rem;background:var(--paper);color:var(--ink);
font:1.0625rem/1.55 system-ui,sans-serif}
main{max-width:34rem;margin:0 auto;padding:1.75rem 2rem;background:var(--card);border:1px solid var(--edge);
border-top:.3rem solid var(--mark);border-radius:.5rem;overflow-wrap:anywhere}
h1{margin:0 0 1rem;font-size:1.5rem;line-height:1.25}
p{margin:0 0 .9rem}
span{white-space:nowrap}
p.end{margin:1.4rem 0 0;color:var(--soft)}
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode("ascii")
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def routes(logins: Logins) -> tuple[Route, ...]:
    async def arrive(request: web.Request) -> web.StreamResponse:
        return answer(await logins.arrive(_query(request)))

    return (Route("GET", CALLBACK_PATH, arrive),)


def _query(request: web.Request) -> dict[str, str]:
    """What is asked for, each named once: twice the same name is not how Meta sends anybody back."""
    found = {name: request.query.getall(name, []) for name in _ASKED}
    if any(len(values) > 1 for values in found.values()):
        return {}
    return {name: values[0] for name, values in found.items() if values}


def answer(page: Page) -> web.Response:
    """The policy lets its style in; all other headers are those of every answer."""
    headers = {"Content-Security-Policy": _POLICY}
    return web.Response(
        status=page.status, text=html(page), content_type="text/html", charset="utf-8", headers=headers
    )


def _whole(line: str) -> str:
    """The last digits of a number stay on one line with the sign in front of them."""
    return re.sub(r"…[0-9]{4}", r"<span>\g<0></span>", line)


def html(page: Page) -> str:
    lines = "\n".join(f"<p>{_whole(escape(line))}</p>" for line in page.lines)
    good = "good" if page.good else "bad"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(page.title)} – WhatsApp Desk</title>\n<style>{_STYLE}</style>\n</head>\n"
        f'<body class="{good}">\n<main>\n<h1>{escape(page.title)}</h1>\n{lines}\n'
        f'<p class="end">{escape(CLOSE)}</p>\n</main>\n</body>\n</html>\n'
    )
