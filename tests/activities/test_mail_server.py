"""The mail server's address, as settings say it, and what is asked of it: TLS with a good certificate, and login."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import pytest

from activities.handover import MailServer
from activities.mail import compose, sender_of
from activities.notices import Notices
from tests.activities.sending import FOLLOW_UP, FROM, STARTED, failure, send
from tests.activities.servers import Post, knows, mail_server
from tests.parts import needs
from workflows import names


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mx", MailServer("mx", 25)),
        ("smtp://mx:1025/", MailServer("mx", 1025)),
        ("smtp://mx?starttls=1", MailServer("mx", 587, starttls=True)),
        ("smtp://mx:25?starttls=0", MailServer("mx", 25, starttls=False)),
        ("smtps://a%40b:p%3Aw@mx", MailServer("mx", 465, tls=True, starttls=False, user="a@b", password="p:w")),
        ("smtp://[::1]:2525", MailServer("::1", 2525)),
    ],
)
def test_the_server_is_read_from_one_address(url: str, server: MailServer) -> None:
    """Scheme, login, host, port, and whether TLS is asked for."""
    assert MailServer.at(url) == server


@pytest.mark.parametrize(
    "url", ["", "mx", "http://mx", "smtp://", "smtp://u:secret@mx:port", "smtp://u:secret@mx?tls=1", "smtp://u:secret@mx/x"]
)
def test_an_address_that_is_none_is_refused_without_its_password(url: str) -> None:
    """One sentence that says how it is written."""
    with pytest.raises(ValueError, match="smtp://user") as raised:
        MailServer.at(url)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("mail_from", ["", "Afterword", "a@b\r\nBcc: c@d", "two words@example.com"])
def test_a_sender_that_is_no_address_is_refused_at_the_start(mail_from: str) -> None:
    """Not only when the first message is due."""
    with pytest.raises(ValueError, match="e-mail address"):
        Notices("smtp://mx", mail_from)


def test_a_message_is_the_same_to_the_byte_but_for_its_boundaries() -> None:
    """Nothing in it but the notice and the moment of the attempt."""
    one, two = (compose(FOLLOW_UP, sender_of(FROM), STARTED) for _ in range(2))
    assert one.message_id == two.message_id
    assert len(one.content) == len(two.content)


# -- TLS and login ----------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate that nobody vouches for."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1".split()  # noqa: SIM905 -- as it is typed
    subprocess.run([*command, "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True)
    return key, cert


@needs("openssl")
@pytest.mark.parametrize("trusted", [True, False])
async def test_starttls_trusts_only_a_good_certificate(
    certificate: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    trusted: bool,  # noqa: FBT001 -- a parameter of the test
) -> None:
    """With login; where the certificate is not trusted nothing is sent, neither password nor message."""
    key, cert = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    login = knows("user", "p:w")
    async with mail_server(Post(), tls_context=context, require_starttls=True, authenticator=login, auth_required=True) as post:
        url = f"smtp://user:p%3Aw@127.0.0.1:{post.port}?starttls=1"
        if trusted:
            await send(url)
            wrong = await failure(url.replace("p%3Aw", "wrong"))
            assert wrong.type == names.REFUSED
        else:
            assert (await failure(url)).type == names.REFUSED
    assert len(post.taken) == (1 if trusted else 0)


async def test_tls_that_is_asked_for_and_not_offered_is_refused() -> None:
    """Never in the clear instead."""
    async with mail_server(Post()) as post:
        assert (await failure(f"{post.url}?starttls=1")).type == names.REFUSED
    assert post.taken == []
