"""The page on which an operator's browser gets its session. No script, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import Final

from starlette.responses import HTMLResponse

_STYLE: Final = (
    ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;padding:0 1rem}"
    "label,input,button{display:block;font:inherit}input{width:100%;box-sizing:border-box;padding:.4rem;margin:.3rem 0 1rem}"
    "button{padding:.5rem 1rem}"
)
_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS: Final = {
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def sign_in(ui: str, wrong: str = "", status: int = 200) -> HTMLResponse:
    """`wrong`: why it was not done. `ui`: where it leads to afterwards."""
    said = f'<p id="wrong" role="alert">{escape(wrong)}</p>' if wrong else ""
    return _page(
        ui,
        status,
        f"""<h1>Read what Temporal keeps</h1>
<p>With a token of the codec server, the Temporal UI at {escape(ui)} shows in this browser for twelve hours what is encrypted.</p>
{said}
<form method="post" action="session">
<label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<button>Sign in</button>
</form>""",
    )


def signed_in(ui: str, name: str) -> HTMLResponse:
    return _page(
        ui,
        200,
        f"""<h1>Signed in as {escape(name)}</h1>
<p><a href="{escape(ui)}">To the Temporal UI</a></p>
<form method="post" action="session/end"><button>Sign out</button></form>""",
    )


def _page(ui: str, status: int, body: str) -> HTMLResponse:
    policy = f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self' {ui}; base-uri 'none'; frame-ancestors 'none'"
    text = f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Codec server</title>
<style>{_STYLE}</style></head>
<body><main>
{body}
</main></body>
</html>
"""
    return HTMLResponse(text, status, {**_HEADERS, "Content-Security-Policy": policy})
