#!/usr/bin/env bash
# Builds the Kubernetes API server that the tests run against, once: from the source package of bookworm, which is the whole tree of
# Kubernetes, with the Go of bookworm. Neither is installed. Puts the server, and a kubectl of its version, into the user's cache.
set -euo pipefail

version=1.20.2
cache="${XDG_CACHE_HOME:-$HOME/.cache}/interlook"
target="$cache/kubernetes-$version"
[ -d "$target" ] && exit 0

here=$(cd "$(dirname "$0")" && pwd)
. "$here/debian.sh"
mkdir -p "$cache"
# One build at a time; who waited finds the work done.
exec 9> "$cache/kubernetes.lock"
flock 9
[ -d "$target" ] && exit 0
echo "tests/kubernetes.sh: building a Kubernetes API server, once; this takes some minutes" >&2
renice -n 10 $$ >/dev/null

# Beside the target, so that the last step is a rename; what an interrupted build left is swept by the next.
work="$cache/kubernetes.build"
rm -rf "$work"
mkdir -p "$work/result"
trap 'rm -rf "$work"' EXIT
apt_for_suite "$work" bookworm
cd "$work"
"${apt[@]}" source -qq --download-only kubernetes/bookworm
"${apt[@]}" download -qq golang-1.19-{go,src}/bookworm golang-github-modern-go-reflect2-dev/bookworm kubernetes-client/bookworm
for package in ./*.deb; do dpkg -x "$package" packages; done

# Kubernetes of that time builds in GOPATH mode with what its tree vendors. Debian's patches concern kubectl alone.
export GOROOT="$work/packages/usr/lib/go-1.19" GOPATH="$work/go" GOCACHE="$work/build-cache" GO111MODULE=off CGO_ENABLED=0 GOFLAGS=
tree="$GOPATH/src/k8s.io/kubernetes"
mkdir -p "$tree"
tar -xzf kubernetes_*.orig.tar.gz -C "$tree" --strip-components=1
cd "$tree"
# Its version of this library knows maps as Go had them before 1.18: with it, the first custom resource would end the server.
rm -r vendor/github.com/modern-go/reflect2
cp -r "$work/packages/usr/share/gocode/src/github.com/modern-go/reflect2" vendor/github.com/modern-go/

# The description of all types is generated, and no part of the source.
"$GOROOT/bin/go" build -o "$work/openapi-gen" k8s.io/kubernetes/vendor/k8s.io/kube-openapi/cmd/openapi-gen
described=$(grep -rlE --include='*.go' '\+k8s:openapi-gen=' staging/src/k8s.io pkg cmd |
  grep -vE '^staging/src/k8s.io/(code-generator|sample-apiserver|sample-controller)/|/testdata/' | xargs -n 1 dirname | sort -u |
  sed -e 's,^staging/src/,vendor/,' -e 's,^,k8s.io/kubernetes/,' | paste -sd ,)
PATH="$GOROOT/bin:$PATH" "$work/openapi-gen" --output-file-base zz_generated.openapi --output-package k8s.io/kubernetes/pkg/generated/openapi \
  --go-header-file /dev/null --report-filename "$work/report" --input-dirs "$described"

# The version is kept twice: what the program prints, and what the API answers.
stamps=()
for kept in component-base/version client-go/pkg/version; do
  kept=k8s.io/kubernetes/vendor/k8s.io/$kept
  stamps+=("-X $kept.gitVersion=v$version" "-X $kept.gitMajor=1" "-X $kept.gitMinor=20" "-X $kept.gitTreeState=clean")
done
# Without the tag it would bring the clients of five clouds.
"$GOROOT/bin/go" build -tags providerless -trimpath -ldflags "-s -w ${stamps[*]}" -o "$work/result/kube-apiserver" k8s.io/kubernetes/cmd/kube-apiserver
install "$work/packages/usr/bin/kubectl" "$work/result/kubectl"
mv -T "$work/result" "$target"
