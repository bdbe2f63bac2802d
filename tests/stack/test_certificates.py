"""TLS to Temporal by its own environment configuration: it works, and whatever is wrong with a certificate is one sentence."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from client.connection import connect
from client.embedded import Stack
from client.settings import CannotStart

PEM = serialization.Encoding.PEM


@dataclass(frozen=True)
class Authority:
    """Who signs the certificates of these tests."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def new(cls, called: str = "authority of these tests") -> Authority:
        """Two that one side knows need two names: of one name only the first is tried."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = named(called)
        made = begun(name, name, key, datetime.now(UTC) + timedelta(days=1))
        return cls(key, made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).sign(key, hashes.SHA256()))

    def issue(self, folder: Path, until: datetime, host: str = "127.0.0.1") -> ssl.SSLContext:
        """What a server shows that is `host` until then."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = begun(named("temporal"), self.certificate.subject, key, until)
        where = x509.IPAddress(ipaddress.ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
        signed = made.add_extension(x509.SubjectAlternativeName([where]), critical=False).sign(self.key, hashes.SHA256())
        (folder / "chain.pem").write_bytes(signed.public_bytes(PEM))
        private = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / "key.pem").write_bytes(private)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "chain.pem", folder / "key.pem")
        context.set_alpn_protocols(["h2"])
        return context

    def certify(self, folder: Path, until: datetime) -> x509.Certificate:
        """What we show until then: client.pem, with its client.key."""
        key = ec.generate_private_key(ec.SECP256R1())
        signed = begun(named("afterword"), self.certificate.subject, key, until).sign(self.key, hashes.SHA256())
        (folder / "client.pem").write_bytes(signed.public_bytes(PEM))
        private = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (folder / "client.key").write_bytes(private)
        return signed

    def trusted(self, folder: Path) -> Path:
        file = folder / "authority.pem"
        file.write_bytes(self.certificate.public_bytes(PEM))
        return file


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def begun(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, until: datetime) -> x509.CertificateBuilder:
    serial, since = x509.random_serial_number(), until - timedelta(days=30)
    made = x509.CertificateBuilder(issuer, subject, key.public_key(), serial, since, until)
    return made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


@asynccontextmanager
async def before(server: Stack, context: ssl.SSLContext, callers: set[asyncio.StreamWriter] | None = None) -> AsyncGenerator[str]:
    """TLS in front of that server; where it listens. `callers`: is told of everybody who calls."""

    async def passes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if callers is not None:
            callers.add(writer)
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", server.ports.temporal)

        async def pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError):
                while content := await source.read(65536):
                    sink.write(content)
                    await sink.drain()
            sink.close()

        await asyncio.gather(pipe(reader, inner_writer), pipe(inner_reader, writer))

    listening = await asyncio.start_server(passes, "127.0.0.1", 0, ssl=context)
    try:
        yield f"127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    finally:
        listening.close()


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Authority:
    """Temporal's environment trusts it."""
    made = Authority.new()
    monkeypatch.setenv("TEMPORAL_TLS", "true")
    monkeypatch.setenv("TEMPORAL_TLS_SERVER_CA_CERT_PATH", str(made.trusted(tmp_path)))
    return made


def tomorrow() -> datetime:
    return datetime.now(UTC) + timedelta(days=1)


async def test_behind_tls_it_is_reached_by_temporals_environment(server: Stack, authority: Authority, tmp_path: Path) -> None:
    async with before(server, authority.issue(tmp_path, tomorrow())) as where:
        client = await connect(address=where)
        assert client.namespace == "default"


@dataclass(frozen=True)
class Wrong:
    """A server's certificate that no client should take."""

    why: str
    until: timedelta = timedelta(days=1)
    host: str = "127.0.0.1"
    known: bool = True
    """Whether the authority that signed it is."""


@pytest.mark.parametrize(
    "wrong",
    [
        Wrong("has expired", until=timedelta(days=-1)),
        Wrong("is not valid yet", until=timedelta(days=60)),
        Wrong("is for another name (TEMPORAL_TLS_SERVER_NAME)", host="elsewhere.example"),
        Wrong("is of no authority that is known here (TEMPORAL_TLS_SERVER_CA_CERT_PATH)", known=False),
    ],
    ids=lambda wrong: wrong.why.partition(" (")[0],
)
async def test_a_certificate_that_is_not_right_is_one_sentence(server: Stack, authority: Authority, tmp_path: Path, wrong: Wrong) -> None:
    issuer = authority if wrong.known else Authority.new()
    context = issuer.issue(tmp_path, datetime.now(UTC) + wrong.until, wrong.host)
    async with before(server, context) as where:
        with pytest.raises(CannotStart) as said:
            await connect(address=where, patience=timedelta(seconds=5))
    assert str(said.value) == f"Temporal at {where} is not trusted: its certificate {wrong.why}."


async def test_a_certificate_that_is_not_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TEMPORAL_TLS_SERVER_CA_CERT_PATH", str(tmp_path / "nowhere.pem"))
    with pytest.raises(CannotStart) as said:
        await connect()
    assert str(said.value).startswith("Temporal's environment configuration cannot be read: ")
    assert "\n" not in str(said.value)


@dataclass(frozen=True)
class Ours:
    """A certificate of ours that no server should take."""

    said: str
    until: timedelta = timedelta(days=1)
    known: bool = True
    """Whether the authority that signed it is."""
    key: bool = True
    """Whether its own key is beside it."""
    cut: bool = False
    """Whether the file was cut off."""


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Temporal's environment shows what is in this folder."""
    monkeypatch.setenv("TEMPORAL_TLS_CLIENT_CERT_PATH", str(tmp_path / "client.pem"))
    monkeypatch.setenv("TEMPORAL_TLS_CLIENT_KEY_PATH", str(tmp_path / "client.key"))
    return tmp_path


def asking(authority: Authority, folder: Path) -> ssl.SSLContext:
    """A server that takes nobody whom the authority has not signed."""
    context = authority.issue(folder, tomorrow())
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority.trusted(folder))
    return context


async def test_a_server_that_asks_who_we_are_is_shown_our_certificate(server: Stack, authority: Authority, shown: Path) -> None:
    authority.certify(shown, tomorrow())
    async with before(server, asking(authority, shown)) as where:
        assert (await connect(address=where)).namespace == "default"


@pytest.mark.parametrize(
    "ours",
    [
        Ours("does not trust us: the certificate of TEMPORAL_TLS_CLIENT_CERT_PATH has expired", until=timedelta(days=-1)),
        Ours("does not trust us: the certificate of TEMPORAL_TLS_CLIENT_CERT_PATH is not valid yet", until=timedelta(days=60)),
        Ours("closes the connection: it may not know the authority of the certificate of TEMPORAL_TLS_CLIENT_CERT_PATH", known=False),
        Ours(
            "does not trust us: the certificate of TEMPORAL_TLS_CLIENT_CERT_PATH "
            "is of another key than that of TEMPORAL_TLS_CLIENT_KEY_PATH",
            key=False,
        ),
        Ours("does not trust us: the file of TEMPORAL_TLS_CLIENT_CERT_PATH has no certificate", cut=True),
    ],
    ids=("expired", "not yet", "a stranger's", "another key", "cut off"),
)
async def test_a_certificate_of_ours_that_is_not_right_is_one_sentence(
    server: Stack, authority: Authority, shown: Path, ours: Ours
) -> None:
    signer = authority if ours.known else Authority.new()
    signer.certify(shown, datetime.now(UTC) + ours.until)
    if not ours.key:
        private = (shown / "client.key").read_bytes()
        signer.certify(shown, datetime.now(UTC) + ours.until)
        (shown / "client.key").write_bytes(private)
    if ours.cut:
        (shown / "client.pem").write_text("-----BEGIN CERT")
    async with before(server, asking(authority, shown)) as where:
        with pytest.raises(CannotStart) as said:
            await connect(address=where, patience=timedelta(seconds=5))
    assert str(said.value) == f"Temporal at {where} {ours.said}."


async def test_a_server_that_asks_who_we_are_and_is_shown_nothing_is_one_sentence(
    server: Stack, authority: Authority, tmp_path: Path
) -> None:
    async with before(server, asking(authority, tmp_path)) as where:
        with pytest.raises(CannotStart) as said:
            await connect(address=where, patience=timedelta(seconds=5))
    sentence = "closes the connection: it may ask for a certificate of ours (TEMPORAL_TLS_CLIENT_CERT_PATH)."
    assert str(said.value) == f"Temporal at {where} {sentence}"
