"""What is said with a policy's name is pinned by content, so that no later file reaches an open application."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from client.refusals import Fault, Invalid
from workflows.facts import DetailsChanged, Fact
from workflows.policy import POLICIES, Policy

InForce = Callable[[], Mapping[str, Policy]]
"""The policies by name, asked anew each time: a platform's file may have changed."""


def built_in() -> Mapping[str, Policy]:
    """What is in force where there is no file."""
    return POLICIES


def policy_named(name: str, policies: Mapping[str, Policy], *place: str | int) -> Policy:
    """The policy of that name; Invalid, at that place of the message, where there is none."""
    if name not in policies:
        raise Invalid(
            "There is no policy of that name.", (Fault(place, f"there is no policy of that name; known: {', '.join(sorted(policies))}"),)
        )
    return policies[name]


def with_policy(fact: Fact, policies: Mapping[str, Policy], *place: str | int) -> Fact:
    """The fact with the policy that it names, pinned; `place` is its own in the message. Invalid."""
    if not isinstance(fact, DetailsChanged) or not isinstance(fact.policy, str):
        return fact
    return fact.model_copy(update={"policy": policy_named(fact.policy, policies, *place, "policy")})
