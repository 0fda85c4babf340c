#!/usr/bin/env bash
# Brings Chromium and fonts for `make e2e`, where there is apt-get and the right to use it.
set -euo pipefail

for each in chromium chromium-browser google-chrome google-chrome-stable; do
  command -v "$each" >/dev/null 2>&1 && exit 0
done
as_root=()
if [ "$(id -u)" != 0 ]; then as_root=(sudo -n); fi
if ! command -v apt-get >/dev/null 2>&1 || ! "${as_root[@]}" true 2>/dev/null; then
  echo "Chromium is missing, and cannot be installed from here: that takes apt-get and root. Install it, then run make e2e." >&2
  exit 1
fi
echo "Installing Chromium for the tests in a browser ..."
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends chromium fonts-noto-core >/dev/null
