"""The pages of the fake login: plain, without scripts, and for keyboards and screen readers as for anybody."""

from collections.abc import Collection, Mapping, Sequence
from html import escape
from urllib.parse import urlencode

from bot.sandbox.meta.login import SCOPES, UserRecord

STYLE = """
:root { color-scheme: light dark; --ink: #1c2530; --soft: #55606e; --paper: #fff; --ground: #eef1f5;
  --line: #c5ccd6; --act: #1b5fb8; --on-act: #fff; --bad: #a11c1c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7ebf0; --soft: #a9b4c2; --paper: #1d242d;
  --ground: #12171d; --line: #46515f; --act: #8dbcf7; --on-act: #10161d; --bad: #ff9d94; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 1.5rem 1rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 30rem; margin: 0 auto; padding: 1.5rem; background: var(--paper);
  border: 1px solid var(--line); border-radius: .75rem; }
h1 { margin: 0 0 .5rem; font-size: 1.375rem; line-height: 1.25; }
.soft { color: var(--soft); font-size: .9375rem; }
.bad { color: var(--bad); font-weight: 600; }
fieldset { margin: 1.25rem 0; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .5rem; }
legend { padding: 0 .375rem; font-weight: 600; }
label { display: flex; gap: .625rem; align-items: baseline; padding: .375rem 0; }
input { width: 1.125rem; height: 1.125rem; flex: none; accent-color: var(--act); transform: translateY(.125rem); }
small { display: block; color: var(--soft); overflow-wrap: anywhere; }
.deeds { display: flex; flex-wrap: wrap; gap: .75rem; }
button { font: inherit; font-weight: 600; padding: .625rem 1.25rem; border-radius: .5rem; cursor: pointer;
  border: 1px solid var(--act); background: var(--paper); color: var(--act); }
button.main { background: var(--act); color: var(--on-act); }
a { color: var(--act); }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
h2 { margin: 1.5rem 0 0; }
ul { margin: .375rem 0 0; padding-left: 1.25rem; }
footer { max-width: 30rem; margin: 1rem auto 0; text-align: center; }
"""


def page(title: str, body: str, *, nonce: str) -> str:
    """A whole document. `body` is HTML already."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><style nonce="{nonce}">{STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main>"
        '<footer class="soft">This page stands for Meta’s login. It is part of the sandbox, and nothing '
        "you do here leaves this machine.</footer></body></html>"
    )


def refusal(words: str) -> str:
    """Why there is no login, for the person who followed a link here."""
    return f'<p class="bad" role="alert">{escape(words)}</p><p>Nothing was given away. You can close this page.</p>'


def question(
    *,
    app_name: str,
    user: UserRecord,
    accounts: Mapping[str, str],
    scopes: Sequence[str],
    others: Sequence[tuple[UserRecord, Mapping[str, str]]],
    action: str,
    ticket: str,
    ticked: Collection[str],
    problem: str = "",
) -> str:
    """What the app wants, of whom. `accounts`: id → name; `others`: who else can log in, with the query;
    `ticked`: the accounts and scopes whose boxes are."""
    trouble = f'<p class="bad" role="alert">{escape(problem)}</p>' if problem else ""
    return (
        f"<p><strong>{escape(app_name)}</strong> asks for access. You are logged in as "
        f"<strong>{escape(user.name)}</strong>.</p>{trouble}"
        f'<form method="post" action="{escape(action)}">'
        f'<input type="hidden" name="ticket" value="{escape(ticket)}">'
        + _choices("Which WhatsApp accounts?", "account", accounts, ticked)
        + _choices("What may it do?", "scope", {scope: SCOPES[scope] for scope in scopes}, ticked)
        + '<div class="deeds">'
        f'<button class="main" name="do" value="continue">Continue as {escape(user.name)}</button>'
        '<button name="do" value="cancel">Cancel</button></div></form>' + _others(others, action)
    )


def _choices(legend: str, name: str, rows: Mapping[str, str], ticked: Collection[str]) -> str:
    boxes = "".join(
        f'<label><input type="checkbox" name="{name}" value="{escape(value)}"{" checked" if value in ticked else ""}>'
        f"<span>{escape(words)}<small>{escape(value)}</small></span></label>"
        for value, words in rows.items()
    )
    return f"<fieldset><legend>{escape(legend)}</legend>{boxes or '<p>There is none.</p>'}</fieldset>"


def _others(others: Sequence[tuple[UserRecord, Mapping[str, str]]], action: str) -> str:
    links = "".join(
        f'<li><a href="{escape(f"{action}?{urlencode(query)}")}">Log in as {escape(user.name)}</a></li>'
        for user, query in others
    )
    return f'<h2 class="soft">Somebody else?</h2><ul>{links}</ul>' if links else ""
