"""What goes wrong in a tab without anybody seeing it: errors in the console, failed requests, broken policy."""

from playwright.async_api import ConsoleMessage, Page, Request, Response

# Told by the browser as an event only; the console gets it as a line of its own.
_POLICY = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error("policy: " + event.violatedDirective + " " + event.blockedURI + " " + event.sourceFile));
addEventListener("unhandledrejection", (event) => console.error("unhandled: " + event.reason));"""


class Watch:
    """`troubles`: one line each, of every tab that was shown to it."""

    def __init__(self) -> None:
        self.troubles: list[str] = []

    async def over(self, page: Page) -> None:
        await page.add_init_script(_POLICY)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(f"console {message.type}: {message.text}")

    def _failed(self, request: Request) -> None:
        self.troubles.append(f"failed: {request.method} {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.troubles.append(f"{response.status}: {response.request.method} {response.url}")
