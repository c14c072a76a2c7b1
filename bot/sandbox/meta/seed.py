"""Ready-made worlds: the demo's small one with numbers in all kinds of trouble, and big ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clock
from bot.sandbox.meta.account import AccountRecord, AppRecord, BusinessRecord
from bot.sandbox.meta.login import LoginConfig, UserRecord
from bot.sandbox.meta.number import NumberRecord
from bot.sandbox.meta.phone import Line
from bot.sandbox.meta.template import TemplateRecord
from bot.sandbox.meta.token import TokenRecord
from bot.sandbox.meta.world import World
from bot.secret import Secret

APP_ID = "670843887433847"
APP_SECRET = "5a9db0xd3m0f4k3s3cr37n0tr3al0000"  # noqa: S105  # of the fake Meta only
TOKEN_TEXT = "EAAGsandboxuser0000000000000000000000000001"  # noqa: S105  # of the fake Meta only
BUSINESS_ID = "506914307656634"
SHOP = "102290129340398"
CAFE = "102290129340399"
SALES_PIN = "402913"
CALLBACK = "https://bot.example/wa"
LOGIN_CONFIG_ID = "1203344556677889"
USER_ID = "122100000000000001"
COLLEAGUE_ID = "122100000000000002"  # another administrator of the same business
STRANGER_ID = "122100000000000077"  # can log in too, but only for another business
STRANGERS_BUSINESS = "506914307656777"
STRANGERS_ACCOUNT = "102290129340777"


@dataclass(frozen=True, slots=True)
class Seed:
    """A world and what the bot needs to be let in. `pins`: number name → its two-step PIN."""

    world: World
    app_id: str
    app_secret: Secret
    token: Secret
    account_ids: tuple[str, ...]
    pins: Mapping[str, Secret]

    @property
    def sales_pin(self) -> str:
        return self.pins["Sales"].reveal()


def small_world(clock: Clock | None = None) -> Seed:
    """Two accounts; the Café's does not have our app among its listeners."""
    world = _empty(clock or Clock(), {SHOP: "Acme Shop", CAFE: "Acme Café"})
    world.accounts[CAFE].unsubscribe_app(APP_ID)
    for place, (number, line) in enumerate(_troubled(world)):
        number.id = str(106540352242922 + place)
        number.last_onboarded_at = world.clock.now() - timedelta(days=90 + place)
        world.add_number(number, line)
    seed = _seed(world, {"Sales": Secret(SALES_PIN), "Support": Secret("771204")})
    _add_stranger(world)
    return seed


def _add_stranger(world: World) -> None:
    """Somebody who can log in and has nothing to do with us."""
    world.add_business(BusinessRecord(STRANGERS_BUSINESS, "Otto's Bakery"))
    world.add_account(AccountRecord(STRANGERS_ACCOUNT, "Otto's Bakery", STRANGERS_BUSINESS))
    world.add_user(UserRecord(STRANGER_ID, "Otto Other", (STRANGERS_ACCOUNT,)))


def many(n: int, accounts: int = 1, clock: Clock | None = None) -> Seed:
    """`n` numbers spread evenly; every tenth is disconnected and needs a code."""
    world = _empty(clock or Clock(), {str(102290129341000 + i): f"Acme {i + 1}" for i in range(accounts)})
    account_ids = tuple(world.accounts)
    for i in range(n):
        number = NumberRecord(
            str(106540352300000 + i), account_ids[i % accounts], _us_display(i), f"Branch {i + 1}"
        )
        number.last_onboarded_at = world.clock.now() - timedelta(days=30, minutes=i)
        if i % 10 == 9:
            number.disconnect()
        world.add_number(number)
    return _seed(world, {})


def _us_display(i: int) -> str:
    """Numbers of the fictional 555-01xx range, one area code after the other; valid for `phonenumbers`."""
    area = (202, 212, 312, 415, 512, 617, 702, 713, 808, 904)[i // 100 % 10]
    return f"+1 {area}-555-01{i % 100:02}"


def _empty(clock: Clock, accounts: Mapping[str, str]) -> World:
    world = World(clock)
    world.add_app(AppRecord(APP_ID, "Acme Ops", APP_SECRET, callback_url=CALLBACK))
    world.add_business(BusinessRecord(BUSINESS_ID, "Acme Inc"))
    world.apps[APP_ID].login_configs[LOGIN_CONFIG_ID] = LoginConfig(LOGIN_CONFIG_ID)
    world.add_user(UserRecord(USER_ID, "Ana Sandbox", tuple(accounts)))
    world.add_user(UserRecord(COLLEAGUE_ID, "Maya Sandbox", tuple(accounts)))
    created = clock.now() - timedelta(days=400)
    for account_id, name in accounts.items():
        account = world.add_account(AccountRecord(account_id, name, BUSINESS_ID, created_at=created))
        account.subscribe_app(APP_ID)
        account.templates = [
            TemplateRecord("1192339204654487", "order_update"),
            TemplateRecord("1192339204654488", "summer_sale", category="MARKETING"),
            TemplateRecord("1192339204654489", "welcome", "de", status="PENDING"),
        ]
    issued = clock.now() - timedelta(days=20)
    targets = tuple(accounts)
    world.add_token(
        TokenRecord(
            TOKEN_TEXT,
            "main",
            APP_ID,
            USER_ID,
            issued,
            targets={"whatsapp_business_management": targets, "whatsapp_business_messaging": targets},
            expires_at=issued + timedelta(days=60),
            data_access_expires_at=issued + timedelta(days=90),
        )
    )
    return world


def _seed(world: World, pins: Mapping[str, Secret]) -> Seed:
    return Seed(world, APP_ID, Secret(APP_SECRET), Secret(TOKEN_TEXT), tuple(world.accounts), pins)


def _troubled(world: World) -> list[tuple[NumberRecord, Line]]:
    """Ids are given by the caller, in this order."""

    def number(account_id: str, display: str, name: str) -> NumberRecord:
        return NumberRecord("", account_id, display, name)

    sales = number(SHOP, "+1 555-010-4821", "Sales")
    sales.disconnect()
    sales.set_pin(SALES_PIN)
    support = number(SHOP, "+1 202-555-0121", "Support")
    support.set_pin("771204")
    returns = number(SHOP, "+61 491 570 156", "Returns")
    returns.disconnect(proven=True)
    returns.status, returns.verified_at = "PENDING", world.clock.now() - timedelta(days=1)
    billing = number(SHOP, "+1 (415) 555-0132", "Billing")
    billing.expire_verification()
    berlin = number(SHOP, "+49 30 23125121", "Berlin")
    berlin.disconnect()
    berlin.status, berlin.country_code = "UNVERIFIED", "DE"
    old_shop = number(SHOP, "+44 20 7946 0123", "Old shop")
    old_shop.ban()
    outlet = number(CAFE, "18005550123", "Outlet")
    outlet.restrict()
    warehouse = number(CAFE, "+33 9 39 98 00 10", "Warehouse")
    warehouse.disconnect(proven=True)
    warehouse.status, warehouse.country_code = "PENDING", "FR"
    warehouse.verified_at = world.clock.now() - timedelta(days=2)
    warehouse.hold_name_review()
    cafe = number(CAFE, "+1 212-555-0167", "Café App")
    cafe.disconnect()
    cafe.put_on_business_app()
    mobile: Line = "mobile"
    lines: list[Line] = [mobile, mobile, mobile, mobile, "landline", "landline", "toll_free", "voip", mobile]
    return list(
        zip([sales, support, returns, billing, berlin, old_shop, outlet, warehouse, cafe], lines, strict=True)
    )
