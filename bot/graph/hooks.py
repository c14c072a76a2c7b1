"""Who at Meta hears of what: the app's own subscription, subscribed apps, and override URLs (§4.2, §4.3, §5.1)."""

from collections.abc import Mapping, Sequence

from bot.graph.calling import Caller
from bot.graph.credentials import Credentials
from bot.graph.errors import TokenRejected, Unreachable, app_refused
from bot.graph.limits import Limits
from bot.graph.listing import pages
from bot.graph.model import AppSubscription, SubscribedApp
from bot.graph.reading import read_app_subscription, read_subscribed_app
from bot.graph.refusal import UNREADABLE
from bot.graph.transport import Leaf, Request
from bot.secret import Secret

OBJECT = "whatsapp_business_account"


class Hooks:
    """The part of `Graph` about webhooks. Each write makes Meta call the URL with its challenge at once."""

    _caller: Caller
    _credentials: Credentials
    _limits: Limits

    async def app_subscription(self) -> AppSubscription:
        """What our app listens to, asked with its own token. An app without one: inactive, and no URL."""
        try:
            answer = await self._caller.read(self._credentials.as_app("GET", "subscriptions"))
        except TokenRejected as refusal:
            raise app_refused(refusal) from None
        if not isinstance(answer.get("data"), list):
            raise Unreachable(UNREADABLE, sent=True)
        return read_app_subscription(answer)

    async def subscribed_apps(self, account_id: str) -> tuple[SubscribedApp, ...]:
        """The apps that get the account's webhooks; empty: nobody does."""
        request = self._credentials.as_user("GET", account_id, "subscribed_apps")
        nodes = [node async for node in pages(self._caller, request, self._limits)]
        return tuple(app for app in map(read_subscribed_app, nodes) if app)

    async def subscribe_app(self, account_id: str) -> None:
        """Subscribe our app to the account. Deletes an override URL: read `subscribed_apps` first."""
        await self._caller.write(self._subscription(account_id, {}))

    async def override_account(self, account_id: str, *, url: str, verify_token: Secret) -> None:
        """Subscribe our app and send the account's message-like events to `url` (at most 200 characters)."""
        form: dict[str, Leaf] = {"override_callback_uri": url, "verify_token": verify_token}
        await self._caller.write(self._subscription(account_id, form))

    async def clear_account_override(self, account_id: str) -> None:
        """Back to the app's own URL. The same call as `subscribe_app`, and it leaves our app subscribed."""
        await self._caller.write(self._subscription(account_id, {}))

    async def override_number(self, number_id: str, *, url: str, verify_token: Secret) -> None:
        """Send this number's message-like events to `url`; it wins over the account's and the app's."""
        await self._configure(number_id, {"override_callback_uri": url, "verify_token": verify_token})

    async def clear_number_override(self, number_id: str) -> None:
        """Back to the account's URL, or the app's."""
        await self._configure(number_id, {"override_callback_uri": ""})

    async def replace_app_subscription(
        self, *, url: str, verify_token: Secret, fields: Sequence[str]
    ) -> None:
        """Point the whole app at `url`: it moves the events of EVERY account of the app at once."""
        form: dict[str, Leaf] = {
            "object": OBJECT,
            "callback_url": url,
            "verify_token": verify_token,
            "fields": ",".join(fields),
            "include_values": "true",
        }
        try:
            await self._caller.write(self._credentials.as_app("POST", "subscriptions", form=form))
        except TokenRejected as refusal:
            raise app_refused(refusal) from None

    def _subscription(self, account_id: str, form: Mapping[str, Leaf]) -> Request:
        return self._credentials.as_user("POST", account_id, "subscribed_apps", form=form)

    async def _configure(self, number_id: str, configuration: Mapping[str, Leaf]) -> None:
        json = {"webhook_configuration": configuration}
        await self._caller.write(self._credentials.as_user("POST", number_id, json=json))
