#!/usr/bin/env bash
# Builds tests/chart/render.go, which renders the Helm chart for the tests, with the Go and the libraries of bookworm. Nothing is installed.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache="${XDG_CACHE_HOME:-$HOME/.cache}/interlook"
source="$here/chart/render.go"
# The name says which source it was made from: a changed one is built anew.
target="$cache/chart/$(sha256sum "$source" | cut -c 1-16)/render-chart"
[ -x "$target" ] && exit 0

. "$here/debian.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
apt_for_suite "$work" bookworm
libraries=(google-uuid huandu-xstrings imdario-mergo masterminds-goutils masterminds-semver masterminds-sprig mitchellh-copystructure
           mitchellh-reflectwalk shopspring-decimal spf13-cast)
cd "$work"
"${apt[@]}" download -qq golang-1.19-{go,src}/bookworm golang-golang-x-crypto-dev/bookworm golang-gopkg-yaml.v3-dev/bookworm \
  $(printf 'golang-github-%s-dev/bookworm ' "${libraries[@]}")
for package in ./*.deb; do dpkg -x "$package" packages; done
export GOROOT="$work/packages/usr/lib/go-1.19" GOPATH="$work/packages/usr/share/gocode" GOCACHE="$work/build-cache" GO111MODULE=off CGO_ENABLED=0 GOFLAGS=
nice -n 10 "$GOROOT/bin/go" build -trimpath -ldflags '-s -w' -o "$work/render-chart" "$source"
mkdir -p "$(dirname "$target")"
mv "$work/render-chart" "$target.new.$$"
mv "$target.new.$$" "$target"
