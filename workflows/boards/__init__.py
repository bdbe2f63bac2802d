"""Job boards and schedulers: what each sends, turned into facts. Pure: no input or output, nothing raised, nothing guessed.

signing.py    signature schemes as data, and the one verifier
payload.py    reading what a stranger sends, without ever raising
delivery.py   the typed things: a delivery, the connection's terms, what is read in it, and how facts are said with stable ids
<board>.py    one file per board: its scheme, its handshake, its acknowledgement and its reader

A board is registered by its line here; the contract tests then run for it by themselves.
"""

from __future__ import annotations

from typing import Final

from workflows.boards import ashby, calcom, calendly, greenhouse, lever, recruitee, smartrecruiters, standard, workable
from workflows.boards.delivery import Board

BOARDS: Final[dict[str, Board]] = {
    board.name: board
    for board in (
        standard.BOARD,
        ashby.BOARD,
        greenhouse.BOARD,
        calendly.BOARD,
        calcom.BOARD,
        workable.BOARD,
        recruitee.BOARD,
        lever.BOARD,
        smartrecruiters.BOARD,
    )
}
