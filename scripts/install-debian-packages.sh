#!/usr/bin/env bash
# Installs the Debian packages that tests need: a browser for the editor, a broker, a database and a queue for the
# examples, and the tools that make networks for the proofs. Needs root if something is missing.
set -euo pipefail

declare -A package_of=(
  [chromium]=chromium
  [mosquitto]=mosquitto
  [mosquitto_sub]=mosquitto-clients
  [influxd]=influxdb
  [influx]=influxdb-client
  [redis-server]=redis-server
  [redis-sentinel]=redis-sentinel
  [ip]=iproute2
)
missing=()
for command in "${!package_of[@]}"; do
  command -v "$command" >/dev/null || missing+=("${package_of[$command]}")
done
[ ${#missing[@]} -gt 0 ] || exit 0
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
