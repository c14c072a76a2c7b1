"""The harvest tells apart what differs, forgets nothing that the code can draw, and lets nothing faulty pass."""

from pathlib import Path
from typing import Any

from tests.handlers.views.good import BLOCKS, modal, mrkdwn, specimens
from tests.harvest import Harvest, harvested, shape
from tests.harvest_plugin import FEWEST, missing


def window(words: str, **more: Any) -> dict[str, Any]:
    return modal({"type": "section", "text": mrkdwn(words)}, **more)


def test_names_numbers_and_times_make_no_new_shape() -> None:
    first = shape("modal", window("Code for *Sales* until <!date^1^{time}|14:02> · 5 left"))
    assert first == shape("modal", window("Code for *Old shop* until <!date^2^{time}|09:00> · 4 left"))


def test_other_words_parts_ids_and_surfaces_make_a_new_shape() -> None:
    shapes = {
        shape("modal", window("Not sure")),
        shape("modal", window("Almost there")),
        shape("modal", window("Not sure", callback_id="another")),
        shape("modal", modal(*window("Not sure")["blocks"], BLOCKS["alert"])),
        shape("home", window("Not sure")),
    }
    assert len(shapes) == 5


def test_a_harvest_of_nothing_misses_every_id_message_act_and_view() -> None:
    gaps = "\n".join(missing(Harvest()))
    for line in (
        "callback_id 'reconnect.verify'",
        "action_id 'reconnect.open'",
        "direct message 'hand_off'",
        "act 'code.request'",
        "view reconnect_code.enter",
        f"only 0 views and messages, at least {FEWEST}",
    ):
        assert line in gaps, line


def test_what_the_rules_refuse_is_told_by_its_path() -> None:
    harvest = Harvest()
    harvest.add("modal", window("x" * 3001))
    assert any("blocks[0].text.text" in line for line in missing(harvest))


def test_what_one_process_saw_another_keeps_and_a_third_reads(tmp_path: Path) -> None:
    worker, controller = Harvest(), Harvest()
    for _, _, payload in specimens({"message": frozenset(BLOCKS) - {"alert"}}):
        worker.add("message", payload)
    controller.join(worker.tell())
    (tmp_path / "harvest").mkdir()
    (tmp_path / "harvest" / "old.json").write_text("{}")
    controller.keep(tmp_path / "harvest")
    kept = harvested(tmp_path / "harvest")
    assert {p.name for p in kept} == {p.name for p in worker.seen.values()}
    assert len(kept) == len(worker.seen) > len(BLOCKS)
    assert harvested(tmp_path / "nothing") == []
