"""A person at the page, who finds everything by its role and its name, and nothing by how it is built."""

import re

from playwright.async_api import Locator, Page, expect

_CODE = re.compile(r"\b\d{3}[- ]?\d{3}\b")
WITHIN_MS = 15_000  # for the page, the bot, Slack and Meta together, on a busy machine


class Visitor:
    """One tab. `arrive` first; then act, and look with `sees` until it is there."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def region(self, name: str) -> Locator:
        """Channels, Messages, Thread, Phone, Meta or Inspector."""
        return self.page.get_by_role("region", name=name, exact=True)

    @property
    def window(self) -> Locator:
        """The modal on top."""
        return self.page.get_by_role("dialog").last

    @property
    def composer(self) -> Locator:
        return self.region("Messages").get_by_role("textbox", name="Message", exact=True)

    # -- going about ------------------------------------------------------------------------------------

    async def arrive(self, name: str, *, tour: bool = False) -> None:
        """Open the page as this person, ready to type; `tour`: leave the first visit's tour open."""
        await self.page.goto(f"{self.address}/?as=U0{name.upper()}")
        await expect(self.composer).to_be_enabled(timeout=WITHIN_MS)
        if not tour:
            await self.skip_tour()

    async def skip_tour(self) -> None:
        await (
            self.page.get_by_role("region", name="Tour")
            .get_by_role("button", name=re.compile("Skip"))
            .click()
        )

    async def act_as(self, name: str) -> None:
        """Become somebody else in the same tab; `name` as the list begins with it."""
        people = self.page.get_by_role("combobox", name="Act as")
        option = people.get_by_role("option", name=re.compile(f"^{re.escape(name)}", re.IGNORECASE))
        about = self.page.locator(f"#{await people.get_attribute('aria-describedby')}")
        before = await about.inner_text()
        await people.select_option(value=await option.get_attribute("value"))
        await expect(about).not_to_have_text(before)  # the server has told what this person sees

    async def go_to(self, place: str) -> None:
        """A channel, a person or the app in the sidebar."""
        name = re.compile(rf"(^|\W){re.escape(place)}\b", re.IGNORECASE)
        await self.region("Channels").get_by_role("button", name=name).first.click()

    async def type(self, text: str) -> None:
        """Write it into the composer and send it."""
        await self.composer.fill(text)
        await self.region("Messages").get_by_role("button", name="Send", exact=True).click()

    async def leaves(self) -> None:
        """Close what is open."""
        for button in await self.page.get_by_role("button", name="Dismiss").all():
            await button.click()

    # -- in messages ------------------------------------------------------------------------------------

    async def sees(self, text: str, where: str = "Messages") -> None:
        """Until the newest piece with this text stands in that region."""
        there = self.region(where).get_by_text(text).filter(visible=True)  # Home is there, too, and hidden
        await expect(there.last).to_be_visible(timeout=WITHIN_MS)

    async def press(self, name: str, *, beside: str = "", where: str = "Messages") -> None:
        """The newest button of this name; `beside`: the first one after the newest piece with that text."""
        region = self.region(where)
        if beside:
            text = f"(.//*[normalize-space(text())='{beside}'])[last()]"
            await region.locator(f"xpath={text}/following::button[normalize-space()='{name}'][1]").click()
        else:
            await region.get_by_role("button", name=name, exact=True).last.click()

    # -- in a window ------------------------------------------------------------------------------------

    async def reads_window(self, title: str, text: str = "") -> None:
        """Until the window on top has this title and, if asked, says `text`."""
        window = self.page.get_by_role("dialog", name=title, exact=True)
        await expect(window).to_be_visible(timeout=WITHIN_MS)
        if text:
            await expect(window).to_contain_text(text)

    async def enter(self, label: str, text: str) -> None:
        await self.window.get_by_role("textbox", name=label).fill(text)

    async def choose(self, label: str, option: str) -> None:
        """In a select of the window on top."""
        await self.window.get_by_role("combobox", name=label).select_option(label=option)

    async def click(self, name: str) -> None:
        """A button of the window on top."""
        await self.window.get_by_role("button", name=name, exact=True).click()

    async def field_says(self, label: str, error: str) -> None:
        """The error is tied to its field, as somebody who cannot see it hears it."""
        field = self.window.get_by_role("textbox", name=label)
        await expect(field).to_have_attribute("aria-invalid", "true")
        await expect(field).to_have_accessible_description(re.compile(re.escape(error)))

    # -- in the world around ----------------------------------------------------------------------------

    async def opens(self, pane: str) -> None:
        """Phone, Meta or Inspector; in a narrow window Channels and Messages, too."""
        if not await self.region(pane).is_visible():
            tab = self.page.get_by_role("tab", name=re.compile(f"^{pane}"))
            switch = self.page.get_by_role("navigation", name="Panes").get_by_role(
                "button", name=re.compile(f"^{pane}")
            )
            await tab.or_(switch).filter(visible=True).click()
        await expect(self.region(pane)).to_be_visible()

    async def code_of(self, number: str) -> str:
        """The newest code on the phone of this number, as a person reads it from the screen."""
        await self.opens("Phone")
        phones = self.region("Phone").get_by_role("combobox", name="Phone of")
        option = phones.get_by_role("option", name=re.compile(f"^{re.escape(number)} "))
        await phones.select_option(value=await option.get_attribute("value"))
        return await self.code_on_screen()

    async def code_on_screen(self) -> str:
        """The same from the phone that is shown already."""
        newest = self.region("Phone").get_by_role("listitem").get_by_text(_CODE).last
        found = _CODE.search(await newest.inner_text())
        assert found
        return re.sub(r"\D", "", found[0])

    async def turns(self, name: str, panel: str = "Meta") -> None:
        """Press a button or flip a switch in the world around; its name may go on after a colon."""
        await self.opens(panel)
        wanted = re.compile(rf"^{re.escape(name)}(:|$)")
        region = self.region(panel)
        await region.get_by_role("button", name=wanted).or_(region.get_by_role("switch", name=wanted)).click()

    async def skips(self, span: str) -> None:
        """Let time pass: “10 minutes”."""
        await self.turns(f"+{span}")
        await expect(self.region("Meta")).to_contain_text(f"{span} passed.")
