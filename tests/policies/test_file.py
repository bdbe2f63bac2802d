"""The platform's file of policies: every mistake is a sentence, a broken change changes nothing, and every number has its source."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from client.policies import BUILT_IN, Policies, PoliciesInvalid, Sourced, numbers_of, read
from client.settings import CannotStart
from tests.tables import Tables
from workflows.etiquette import NUMBERS, mistakes
from workflows.policy import INDUSTRY, POLICIES, UNIVERSITY, Policy

DOCUMENTATION = Path(__file__).parents[2] / "docs/policies.md"

PATIENT = """
[patient]
extends = "industry"
version = 3
first = 9
last = 12
sources = {first = "our survey of 2029", last = "as for first"}
"""
WHOLE = "\n".join(
    ["[whole]", "version = 1", *(f"{name} = {value}" for name, value in numbers_of(INDUSTRY).items()), "[whole.sources]"]
    + [f'{name} = "we asked"' for name in NUMBERS]
)


_FILE = Tables("policies.toml", read, PoliciesInvalid)
written, wrong = _FILE.written, _FILE.mistakes


def judged(path: Path) -> tuple[dict[str, Sourced], tuple[str, ...]]:
    """What was read, and what is wrong with it."""
    try:
        return read(path)[0], ()
    except PoliciesInvalid as e:
        return {}, e.mistakes


def test_a_policy_has_the_numbers_of_the_one_that_it_extends_and_its_own(tmp_path: Path) -> None:
    patient = Policies(written(tmp_path, PATIENT)).current()["patient"]
    assert patient.policy == INDUSTRY.model_copy(update={"name": "patient", "version": 3, "first": 9, "last": 12})
    assert (patient.extends, patient.sources["first"], patient.sources["grace"]) == (
        "industry",
        "our survey of 2029",
        NUMBERS["grace"].source,
    )


def test_a_policy_that_extends_none_is_whole(tmp_path: Path) -> None:
    whole = Policies(written(tmp_path, WHOLE)).current()["whole"]
    assert (whole.extends, whole.numbers, set(whole.sources.values())) == (None, numbers_of(INDUSTRY), {"we asked"})


def test_without_a_file_the_built_in_policies_are_in_force() -> None:
    assert dict(Policies(None).by_name()) == POLICIES
    assert {name: one.policy for name, one in BUILT_IN.items()} == POLICIES


def test_the_documentations_example_is_right(tmp_path: Path) -> None:
    found = re.search(r"```toml\n(.*?)```", DOCUMENTATION.read_text(), re.DOTALL)
    assert found
    assert set(read(written(tmp_path, found[1]))[0]) == {"patient"}


def test_the_documentation_has_every_number_with_its_bounds() -> None:
    for number in NUMBERS.values():
        assert f"| `{number.name}` | {number.unit} | {number.least} to {number.most} |" in DOCUMENTATION.read_text()


def test_the_built_in_policies_make_sense_themselves() -> None:
    assert [*mistakes(numbers_of(INDUSTRY)), *mistakes(numbers_of(UNIVERSITY))] == []
    assert set(NUMBERS) == set(Policy.model_fields) - {"name", "version"}
    for number in NUMBERS.values():
        assert number.meaning.lower().startswith((number.unit, f"further {number.unit}")), number.name


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("a = 1", "[a] a policy is a table, such as [patient]."),
        ("['a.b']\nversion = 1", "[?] a policy's id has 1 to 64 letters, digits, '_', '~' or '-'."),
        ("[industry]\nversion = 2\nextends = 'university'", "[industry] is built in and is not replaced: give yours another name"),
        ("[migrations]\nversion = 2\nextends = 'university'", "[migrations] is not a name for a policy: give it another one."),
        ("[a]\nextends = 'legal'\nversion = 1", "[a] extends is one of industry, university."),
        ("[a]\nextends = 3\nversion = 1", "[a] extends is one of industry, university."),
        ("[a]\nextends = 'industry'", "[a] version is a whole number from 1 to 365, and a new one whenever a number changes."),
        ("[a]\nextends = 'industry'\nversion = 0", "[a] version is a whole number from 1 to 365, "),
        ("[a]\nextends = 'industry'\nversion = true", "[a] version is a whole number from 1 to 365, "),
        (
            "[a]\nextends = 'industry'\nversion = 1\nfirts = 7",
            "[a] firts is not known; a policy has extends, version, sources, thank_you, ",
        ),
        ("[a]\nversion = 1\nfirst = 7", "[a] without extends it needs every number, and has no thank_you, nudge, "),
        ("[a]\nextends = 'industry'\nversion = 1\nfirst = 8", "[a] sources.first is needed, since first is not that of industry: "),
        ("[a]\nversion = 1\nfirst = 7", "[a] sources.first is needed: where the number comes from, as a sentence."),
        ("[a]\nextends = 'industry'\nversion = 1\nsources = {first = 'x'}", "[a] sources.first is for a number that is not there."),
        ("[a]\nextends = 'industry'\nversion = 1\nsources = {frist = 'x'}", "[a] sources.frist is not a number of a policy."),
        ("[a]\nextends = 'industry'\nversion = 1\nsources = 'x'", "[a] sources is a table of numbers and where they come from."),
        ("[a]\nextends = 'industry'\nversion = 1\nfirst = 8\nsources.first = ' '", "[a] sources.first is a sentence of at most 300 "),
        ("[a]\nextends = 'industry'\nversion = 1\nfirst = 8\nsources.first = 8", "[a] sources.first is a sentence of at most 300 "),
        ("[a]\nextends = 'industry'\nversion = 1\nfirst = -8", "[a] first is a whole number of business days from 5 to 30: "),
        ("[a]\nextends = 'industry'\nversion = 1\nghost = 0", "[a] ghost is a whole number of business days from 3 to 40: "),
        ("[a]\nextends = 'industry'\nversion = 1\nlistens = 10_000", "[a] listens is a whole number of days from 30 to 365: "),
        ("[a]\nextends = 'industry'\nversion = 1\nfirst = 7.5", "[a] first is a whole number of business days from 5 to 30: "),
        ("[a]\nextends = 'industry'\nversion = 1\nfirst = '7'", "[a] first is a whole number of business days from 5 to 30: "),
        ("[a]\nextends = 'industry'\nversion = 1\nanswer = true", "[a] answer is a whole number of business days from 1 to 20: "),
        ("[a]\nextends = 'industry'\nversion = 1\nthank_you_due = 30", "[a] thank_you_due is a whole number of hours from 3 to 24: "),
        ("[a]\nextends = 'industry'\nversion = 1\nfirst = 10\nsources.first = 's'", "[a] first must be smaller than last: "),
        ("[a]\nextends = 'industry'\nversion = 1\nthank_you = 19\nsources.thank_you = 's'", "[a] the hours of a thank-you must grow: "),
        (
            "[a]\nextends = 'industry'\nversion = 1\noutcome_until = 1\nsources.outcome_until = 's'",
            "[a] rejection_reply must be shorter than outcome_until: ",
        ),
    ],
)
def test_every_mistake_is_one_sentence_with_the_tables_name(tmp_path: Path, text: str, mistake: str) -> None:
    told = wrong(tmp_path, text)
    assert len([one for one in told if one.startswith(mistake)]) == 1, told
    assert all(re.fullmatch(r"\[[^\]]+\] [^\n]+\.", one) for one in told)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    told = wrong(tmp_path, "[a]\nversion = 0\nextends = 'x'\nfirst = 0\n[b]\nextends = 'industry'")
    assert [one.split()[0] for one in told] == ["[a]", "[a]", "[a]", "[a]", "[b]"]


@pytest.mark.parametrize("text", ["[", "[a]\n[a]", "a = " + "9" * 5_000, "a = " + "[" * 5_000, "a = \x00"])
def test_what_is_not_toml_is_one_sentence_too(tmp_path: Path, text: str) -> None:
    """Numbers of thousands of digits and nesting without end included."""
    (told,) = wrong(tmp_path, text)
    assert told.startswith(f"{tmp_path / 'policies.toml'} is not TOML")


def test_a_file_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="cannot be read"):
        Policies(tmp_path / "none.toml")


def test_a_changed_file_is_read_and_a_wrong_one_changes_nothing_and_says_so_once(tmp_path: Path) -> None:
    path = written(tmp_path, PATIENT)
    policies = Policies(path)
    path.write_text(PATIENT.replace("version = 3", "version = 4").replace("first = 9", "first = 8"))
    assert (policies.by_name()["patient"].version, policies.by_name()["patient"].first) == (4, 8)
    path.write_text("[patient]\nversion = 5")
    with capture_logs() as logs:
        assert policies.by_name()["patient"].version == 4
        assert len(policies.mistakes) == 1
    assert [entry["event"] for entry in logs] == ["policies_kept"]
    path.write_text(PATIENT)
    assert (policies.by_name()["patient"].version, policies.mistakes) == (3, ())


def test_a_number_that_changes_needs_a_new_version(tmp_path: Path) -> None:
    """Also of a version that was there before and comes back; a source may change as it likes."""
    path = written(tmp_path, PATIENT)
    policies = Policies(path)
    path.write_text(PATIENT.replace("survey", "long survey"))
    assert policies.current()["patient"].sources["first"] == "our long survey of 2029"
    path.write_text(PATIENT.replace("first = 9", "first = 8"))
    assert policies.by_name()["patient"].first == 9
    sentence = "[patient] has other numbers than its version 3 had before (first): give it a new version."
    assert policies.mistakes == (sentence,)
    path.write_text(PATIENT.replace("first = 9", "first = 8").replace("version = 3", "version = 4"))
    assert policies.by_name()["patient"].first == 8
    path.write_text(PATIENT.replace("last = 12", "last = 13"))
    assert policies.mistakes == (sentence.replace("first", "last"),)
    assert policies.by_name()["patient"].version == 4


NUMBER = st.one_of(st.integers(-3, 100), st.integers(), st.floats(), st.booleans(), st.text(max_size=3), st.just([1]))
KEY = st.sampled_from([*NUMBERS, "version", "extends", "sources", "firts"])
VALUE = st.one_of(NUMBER, st.sampled_from(["industry", "university"]), st.dictionaries(st.sampled_from([*NUMBERS]), st.text(max_size=5)))


def as_toml(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case str():
            return '"' + "".join(f"\\U{ord(c):08X}" for c in value if not 0xD800 <= ord(c) < 0xE000) + '"'
        case list():
            return "[1]"
        case _:
            return "{" + ", ".join(f"{name} = {as_toml(inner)}" for name, inner in value.items()) + "}"


@given(table=st.dictionaries(KEY, VALUE), name=st.text(min_size=1, max_size=3))
def test_whatever_stands_in_a_table_is_a_policy_or_sentences(
    table: dict[str, Any], name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = "\n".join([f"[{as_toml(name)}]", *(f"{key} = {as_toml(value)}" for key, value in table.items())])
    assert tomllib.loads(text)
    path = written(tmp_path_factory.mktemp("policies"), text)
    found, told = judged(path)
    assert bool(found) is not bool(told)
    assert [sentence for sentence in told if not re.fullmatch(r"\[[^\]]+\] [^\n]+\.", sentence)] == []
    assert [sentence for one in found.values() for sentence in mistakes(one.numbers)] == []


@given(numbers=st.fixed_dictionaries({name: st.integers(number.least - 1, number.most + 1) for name, number in NUMBERS.items()}))
def test_numbers_without_a_mistake_make_a_policy(numbers: dict[str, int]) -> None:
    """What the file lets through is no narrower a policy than what is pinned."""
    if not [*mistakes(numbers)]:
        Policy.model_validate({"name": "own", **numbers})


@given(text=st.text(max_size=80))
def test_any_text_is_read_or_is_a_sentence(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("policies") / "policies.toml"
    path.write_bytes(text.encode(errors="surrogatepass"))
    found, told = judged(path)
    assert found == {}
    assert all(sentence.endswith(".") for sentence in told)
