"""What schemathesis is told of media types that it does not know: JSON Lines are text."""

import schemathesis

schemathesis.serializer.alias(["application/x-ndjson"], "text/plain")
