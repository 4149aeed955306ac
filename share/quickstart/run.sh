#!/usr/bin/env bash
# Runs the quickstart configuration in a folder of its own: share/quickstart/run.sh INTERLOOK FOLDER
set -euo pipefail

interlook=$1
folder=$2
here=$(dirname "$0")

mkdir -p "$folder/services"
# Services that were changed here on an earlier run stay as they are.
for file in "$here"/services/*.yml; do
  [ -e "$folder/services/$(basename "$file")" ] || cp "$file" "$folder/services/"
done

show() { printf '  %-48s %s\n' "$1" "$2"; }
printf 'Interlook starts with the services in %s/services. In another terminal, try:\n\n' "$folder"
show "$interlook services" 'what is published, and where'
show "$interlook services shop" 'one of them'
show "$interlook services --watch" "keeps looking; now edit, add or delete a file there"
show "$interlook workflow" 'the steps each service takes'
show "$interlook extensions" 'whether everything is connected'
show 'curl -s http://127.0.0.1:8080/services' 'the same as JSON'
show 'curl -s http://127.0.0.1:8080/metrics' 'figures for Prometheus'
printf "\nCtrl-C ends it; the addresses stay leased for the next run. 'make clean' forgets them.\n\n"

export QUICKSTART_STATE="$folder" QUICKSTART_SERVICES="$folder/services"
exec "$interlook" run --conf "$here/../conf/quickstart.yml"
