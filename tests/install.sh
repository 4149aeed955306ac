#!/usr/bin/env bash
# Installs the servers that the tests run against: Debian packages, and in the user's cache Consul, unpacked, and Kubernetes, built.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

packages=(bind9 bind9-dnsutils busybox-static chromium curl dnsmasq-base dnsperf docker.io etcd-client etcd-server haproxy iproute2 iptables iputils-arping iputils-ping knot libfaketime nginx-light procps tcpdump wrk)
cache="${XDG_CACHE_HOME:-$HOME/.cache}/interlook"

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  as_root apt-get update -qq
  # The packages' own services are not wanted: every test starts its server itself.
  printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
  as_root chmod +x /usr/sbin/policy-rc.d
  DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  as_root rm -f /usr/sbin/policy-rc.d
fi

# Consul left Debian after bullseye; its package there is one static binary.
if [ ! -x "$cache/bin/consul" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$cache/bin"
  . "$here/debian.sh"
  apt_for_suite "$work" bullseye
  (cd "$work" && "${apt[@]}" download -qq consul/bullseye)
  dpkg -x "$work"/consul_*.deb "$work/consul"
  install "$work/consul/usr/bin/consul" "$cache/bin/consul"
fi

"$here/kubernetes.sh"
"$here/chart.sh"
