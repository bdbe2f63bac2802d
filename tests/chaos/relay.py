"""Relays between the parts: what goes through them can be slow, stand still, be cut off, or not get through at all.

The one before the mail server understands the conversation: it can refuse one recipient for now, and lose the connection at any point. It
keeps what the server has acknowledged, whether or not its sender heard so.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

HOST: Final = "127.0.0.1"
AT_ONCE: Final = 65_536
TOO_LONG: Final = 60.0
"""Seconds for which a conversation about mail may say nothing."""


class Relay:
    """Whoever connects to `port` is connected to `target`, as the weather has it."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self.delay = 0.0
        """Seconds for which everything is held up, each way."""
        self.through = asyncio.Event()
        """Cleared: what is connected stays so, and nothing comes through."""
        self.through.set()
        self.partitioned = False
        """Nobody gets through, and what was connected is cut off."""
        self._open: set[asyncio.StreamWriter] = set()
        self._carrying: set[asyncio.Task[None]] = set()

    def cut(self) -> None:
        """Resets every connection."""
        for writer in tuple(self._open):
            writer.transport.abort()

    def part(self) -> None:
        self.partitioned = True
        self.cut()

    def clear(self) -> None:
        """As if nothing had been."""
        stood, self.delay, self.partitioned = not self.through.is_set(), 0.0, False
        self.through.set()
        if stood:
            self.cut()  # what stood still for long is lost, and a new connection is quicker than to find out

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[None]:
        server = await asyncio.start_server(self._connected, HOST, 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()
            self.cut()
            for task in tuple(self._carrying):
                task.cancel()
            await asyncio.gather(*self._carrying, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError, ValueError):
            if self.partitioned:
                writer.transport.abort()
                return
            try:
                there, back = await asyncio.open_connection(HOST, self.target)
            except OSError:  # nobody is there: neither does whoever asked get through
                writer.transport.abort()
                return
            self._open |= {writer, back}
            try:
                await self._between(reader, writer, there, back)
            finally:
                self._open -= {writer, back}
                for end in (writer, back):
                    end.transport.abort()

    async def _between(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, there: asyncio.StreamReader, back: asyncio.StreamWriter
    ) -> None:
        ways = [asyncio.create_task(self._carry(reader, back)), asyncio.create_task(self._carry(there, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _carry(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(AT_ONCE):
                if self.delay:
                    await asyncio.sleep(self.delay)
                await self.through.wait()
                to.write(data)
                await to.drain()


MOODS: Final = (
    "refuses the message",
    "is lost at the data",
    "is lost amid the data",
    "is lost after the data",
    "takes it unheard",
    "is slow",
)
"""What may become of a message while the weather is bad."""


class MailRelay(Relay):
    """`mood`: None takes every message to the server; else what becomes of all of them."""

    def __init__(self, target: int) -> None:
        super().__init__(target)
        self.mood: str | None = None
        self.refused_for_now: set[str] = set()
        """Recipients to whom nothing can be sent at the moment."""
        self.turned_away: Counter[str] = Counter()
        """Recipient -> attempts that were refused for now."""
        self.taken: defaultdict[str, list[bytes]] = defaultdict(list)
        """Recipient -> messages that the server acknowledged, whether or not their sender heard so."""

    async def _between(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, there: asyncio.StreamReader, back: asyncio.StreamWriter
    ) -> None:
        async with asyncio.timeout(TOO_LONG):
            await self._answers(there, writer)
            recipient = ""
            while line := await self._line(reader):
                if line[:4].upper() == b"RCPT":
                    found = re.search(rb"<([^>]*)>", line)
                    recipient = found[1].decode() if found else ""
                    if recipient in self.refused_for_now:
                        self.turned_away[recipient] += 1
                        writer.write(b"450 4.2.1 come again\r\n")
                        continue
                back.write(line)
                answer = await self._answers(there, writer)
                if (
                    line[:4].upper() == b"DATA"
                    and answer.startswith(b"354")
                    and not await self._message(recipient, reader, writer, there, back)
                ):
                    return

    async def _message(
        self,
        recipient: str,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        there: asyncio.StreamReader,
        back: asyncio.StreamWriter,
    ) -> bool:
        """Whether the conversation goes on."""
        if self.mood == "is lost at the data":
            return False
        lines = [await self._line(reader)]
        while lines[-1] not in (b".\r\n", b""):
            lines.append(await self._line(reader))
        match self.mood:
            case "refuses the message":
                writer.write(b"451 4.3.0 not now\r\n")
                await writer.drain()
                return False
            case "is lost after the data":
                return False
            case "is lost amid the data":
                back.write(b"".join(lines[: len(lines) // 2]))
                await back.drain()
                return False
            case "is slow":
                await asyncio.sleep(1.5)
            case _:
                pass
        back.write(b"".join(lines))
        answer = await self._read(there)
        if answer.startswith(b"250"):
            self.taken[recipient].append(b"".join(lines[:-1]))
        if self.mood == "takes it unheard":
            return False
        writer.write(answer)
        await writer.drain()
        return True

    async def _line(self, reader: asyncio.StreamReader) -> bytes:
        line = await reader.readline()
        await self.through.wait()
        if self.delay:
            await asyncio.sleep(self.delay)
        return line

    async def _read(self, there: asyncio.StreamReader) -> bytes:
        """The server's whole answer; ConnectionError where there is none."""
        answer = line = await there.readline()
        while line[3:4] == b"-":
            line = await there.readline()
            answer += line
        if not line:
            raise ConnectionError
        return answer

    async def _answers(self, there: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        answer = await self._read(there)
        writer.write(answer)
        await writer.drain()
        return answer
