"""The one way to Temporal: address and credentials from Temporal's own environment configuration, and how everything said is written.

Client, worker and replayer write and read alike: what was not said is left out, and every field has the name that the contract gives it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from google.protobuf.duration_pb2 import Duration
from pydantic_core import SchemaSerializer, core_schema
from temporalio.api.common.v1 import Payload
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest
from temporalio.client import Client, Interceptor
from temporalio.common import HeaderCodecBehavior
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter, ToJsonOptions
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
)
from temporalio.envconfig import ClientConfig, ClientConnectConfig
from temporalio.runtime import Runtime
from temporalio.service import RPCError, RPCStatusCode, TLSConfig

from client.encryption.codec import Codec
from client.encryption.keys import OFF, KeyRing
from client.settings import CannotStart

DEFAULT_ADDRESS: Final = "localhost:7233"
PATIENCE: Final = timedelta(seconds=10)
"""How long a server may take to answer for the first time."""
_CERTIFICATE: Final = re.compile(r"InvalidCertificate\((\w+?)(?:Context)?\b")
_STRANGER: Final = "is of no authority that is known here (TEMPORAL_TLS_SERVER_CA_CERT_PATH)"
_UNTRUSTED: Final = {
    "Expired": "has expired",
    "NotValidYet": "is not valid yet",
    "NotValidForName": "is for another name (TEMPORAL_TLS_SERVER_NAME)",
    "UnknownIssuer": _STRANGER,
    "BadSignature": _STRANGER,
}
"""What is wrong with a certificate, by the transport's name for it."""
_TURNED_AWAY: Final = re.compile(
    r"fatal alert: \w+|after connection: Status { code: (?!PermissionDenied|Unauthenticated)"
    "|InconsistentKeys|NoCertificatesPresented|CertificateParseError"
)
"""How the transport says that what we showed, or did not show, ended it; often by no more than that the first call came to nothing."""
_OURS: Final = "TEMPORAL_TLS_CLIENT_CERT_PATH"


class _AsNamed(PydanticJSONPlainPayloadConverter):
    """JSON without what was not said, each field under the name that the contract gives it (`from`, not `sender`)."""

    def __init__(self) -> None:
        super().__init__(ToJsonOptions(exclude_unset=True))
        self._named = SchemaSerializer(core_schema.any_schema())

    def to_payload(self, value: Any) -> Payload | None:
        return Payload(metadata={"encoding": b"json/plain"}, data=self._named.to_json(value, exclude_unset=True, by_alias=True))


_CONVERTERS: Final = tuple(
    _AsNamed() if isinstance(c, JSONPlainPayloadConverter) else c for c in DefaultPayloadConverter.default_encoding_payload_converters
)
"""Of every connection and every run: a worker makes a converter for each task, and what this one has learnt of a type is learnt once."""


class PayloadConverter(CompositePayloadConverter):
    """Temporal's own, with pydantic for JSON."""

    def __init__(self) -> None:
        super().__init__(*_CONVERTERS)


DATA_CONVERTER: Final = DataConverter(payload_converter_class=PayloadConverter)
"""Without encryption."""


def converter(keys: KeyRing, runtime: Runtime | None = None) -> DataConverter:
    """With these keys. Where they encrypt, also the messages and places of failures are inside. `runtime` counts what cannot be read."""
    codec = Codec(keys, runtime.metric_meter) if runtime else Codec(keys)
    if not keys.encrypts:
        return replace(DATA_CONVERTER, payload_codec=codec)
    return replace(DATA_CONVERTER, payload_codec=codec, failure_converter_class=DefaultFailureConverterWithEncodedAttributes)


async def connect(
    *,
    address: str | None = None,
    namespace: str | None = None,
    runtime: Runtime | None = None,
    interceptors: Sequence[Interceptor] = (),
    patience: timedelta = PATIENCE,
    configured: bool = True,
    keys: KeyRing | None = None,
) -> Client:
    """A connected client of a namespace that exists; CannotStart with the reason otherwise.

    What is not given, the environment says; unless `configured` is false: then nothing of it counts.
    `keys`: without them nothing is encrypted, and what is encrypted is refused with the name of its key.
    """
    config = _configured() if configured else ClientConnectConfig()
    config["target_host"] = where = address or config.get("target_host") or DEFAULT_ADDRESS
    config["namespace"] = namespace or config.get("namespace") or "default"
    try:
        client = await Client.connect(
            **config,
            data_converter=converter(keys or KeyRing(OFF), runtime),
            header_codec_behavior=HeaderCodecBehavior.CODEC,
            interceptors=interceptors,
            runtime=runtime,
            connect_timeout=patience,
        )
        await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=config["namespace"]), timeout=patience)
    except RPCError as e:
        raise CannotStart(_refusal(e, where, config["namespace"])) from None
    except (RuntimeError, ValueError) as e:
        if found := _CERTIFICATE.search(str(e)):
            raise CannotStart(f"Temporal at {where} is not trusted: its certificate {_UNTRUSTED.get(found[1], 'is not right')}.") from None
        tls = config.get("tls")
        if isinstance(tls, TLSConfig) and _TURNED_AWAY.search(str(e)):
            raise CannotStart(f"Temporal at {where} {_mistrusted(tls, str(e))}.") from None
        raise CannotStart(f"Temporal does not answer at {where} (set TEMPORAL_ADDRESS): {_brief(e)}.") from None
    return client


async def retain(client: Client, at_least: timedelta) -> bool:
    """Ended runs are kept that long or longer, since late word is resumed from them. Repeating changes nothing.

    False where the server does not let us set it; then whoever owns the namespace has to.
    """
    service = client.workflow_service
    try:
        now = await service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
        if now.config.workflow_execution_retention_ttl.ToTimedelta() >= at_least:
            return True
        kept = Duration()
        kept.FromTimedelta(at_least)
        longer = NamespaceConfig(workflow_execution_retention_ttl=kept)
        await service.update_namespace(UpdateNamespaceRequest(namespace=client.namespace, config=longer))
    except RPCError as e:
        if e.status in (RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.UNIMPLEMENTED):
            return False
        raise
    return True


def namespace_set() -> str:
    """The namespace that the environment names. CannotStart where that cannot be read."""
    return _configured().get("namespace") or "default"


def _configured() -> ClientConnectConfig:
    file = os.environ.get("TEMPORAL_CONFIG_FILE")
    if file and not Path(file).exists():  # which Temporal would pass over
        raise CannotStart("Temporal's environment configuration cannot be read: TEMPORAL_CONFIG_FILE names no file.")
    try:
        return ClientConfig.load_client_connect_config(config_file_strict=True)
    except (RuntimeError, OSError, ValueError) as e:
        raise CannotStart(f"Temporal's environment configuration cannot be read: {_brief(e)}.") from None


def _refusal(error: RPCError, where: str, namespace: str) -> str:
    match error.status:
        case RPCStatusCode.NOT_FOUND:
            return f"Temporal at {where} has no namespace {namespace}: create it, or set TEMPORAL_NAMESPACE."
        case RPCStatusCode.UNAUTHENTICATED | RPCStatusCode.PERMISSION_DENIED:
            return f"Temporal at {where} refuses these credentials for namespace {namespace}: check TEMPORAL_API_KEY or TEMPORAL_TLS_…."
        case _:
            return f"Temporal does not answer at {where} (set TEMPORAL_ADDRESS): {_brief(error)}."


def _mistrusted(tls: TLSConfig, error: str) -> str:
    """What is wrong with the certificate that we show, by our own clock: the server says little of it, and not always that."""
    if not tls.client_cert:
        return f"closes the connection: it may ask for a certificate of ours ({_OURS})"
    try:
        shown = x509.load_pem_x509_certificates(tls.client_cert)
    except ValueError:
        return f"does not trust us: the file of {_OURS} has no certificate"
    now = datetime.now(UTC)
    if now > min(one.not_valid_after_utc for one in shown):
        return f"does not trust us: the certificate of {_OURS} has expired"
    if now < max(one.not_valid_before_utc for one in shown):
        return f"does not trust us: the certificate of {_OURS} is not valid yet"
    if "InconsistentKeys" in error:
        return f"does not trust us: the certificate of {_OURS} is of another key than that of TEMPORAL_TLS_CLIENT_KEY_PATH"
    return f"closes the connection: it may not know the authority of the certificate of {_OURS}"


def _brief(error: BaseException) -> str:
    """The innermost reason where the transport nests several, else the first line."""
    said = str(error).strip()
    innermost = re.findall(r'(?:message|error): "([^"]+)"', said)
    return (innermost[-1] if innermost else said.splitlines()[0] if said else type(error).__name__).rstrip(".")[:300]
