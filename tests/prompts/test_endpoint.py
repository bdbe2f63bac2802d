"""Which endpoint of the file takes the prompts: one at most, and what makes no sense is a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from client.webhooks import Webhooks, WebhooksInvalid, read
from tests.prompts.backend import SECRET


def table(name: str, prompts: str) -> str:
    said = f'[{name}]\nurl = "https://platform.example.com/{name}"\nsecrets = ["{SECRET}"]\n'
    return said + (f"prompts = {prompts}\n" if prompts else "")


def test_the_one_that_says_so_takes_the_prompts_and_events_too(tmp_path: Path) -> None:
    file = tmp_path / "webhooks.toml"
    file.write_text(table("events", "") + table("also", "false") + table("prompts", "true"))
    webhooks = Webhooks(file)
    taking = webhooks.prompting()
    assert taking is not None
    assert taking.id == "prompts"
    assert sorted(webhooks.current()) == ["also", "events", "prompts"]


@pytest.mark.parametrize("prompts", ["", "false"])
def test_without_one_there_is_none(tmp_path: Path, prompts: str) -> None:
    file = tmp_path / "webhooks.toml"
    file.write_text(table("events", prompts))
    assert Webhooks(file).prompting() is None
    assert Webhooks(None).prompting() is None


@pytest.mark.parametrize(
    ("said", "mistakes"),
    [
        (table("b", "true") + table("a", "true"), ("prompts = true is for one endpoint, and a, b have it.",)),
        (table("a", "1"), ("[a] prompts is true or false.",)),
        (table("a", '"yes"'), ("[a] prompts is true or false.",)),
    ],
)
def test_what_makes_no_sense_is_a_sentence(tmp_path: Path, said: str, mistakes: tuple[str, ...]) -> None:
    file = tmp_path / "webhooks.toml"
    file.write_text(said)
    with pytest.raises(WebhooksInvalid) as raised:
        read(file)
    assert raised.value.mistakes == mistakes
