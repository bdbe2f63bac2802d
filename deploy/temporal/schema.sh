#!/bin/sh
# Both databases, brought to the schema of the server's version. What is there already is left as it is.
set -eu
SQL_PASSWORD="$(cat /run/secrets/postgres-password)"
export SQL_PASSWORD
for kind in temporal visibility; do
    case $kind in temporal) database=temporal ;; *) database=temporal_visibility ;; esac
    temporal-sql-tool --db "$database" create
    temporal-sql-tool --db "$database" setup-schema --version 0.0 || true # is there
    temporal-sql-tool --db "$database" update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/$kind/versioned"
done
