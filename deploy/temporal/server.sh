#!/bin/sh
# Temporal's server, configured by its own template from the environment; the password comes from a file.
set -eu
POSTGRES_PWD="$(cat /run/secrets/postgres-password)"
TEMPORAL_BROADCAST_ADDRESS="$(hostname -i | cut -d' ' -f1)"
export POSTGRES_PWD TEMPORAL_BROADCAST_ADDRESS BIND_ON_IP=0.0.0.0
exec temporal-server start
