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

cat <<TEXT
Interlook starts with the services in $folder/services. In another terminal, try:

  $interlook services                        what is published, and where
  $interlook services shop                   one of them
  $interlook services --watch                keeps looking; now edit, add or delete a file in
                                             $folder/services
  $interlook workflow                        the steps each service takes
  $interlook extensions                      whether everything is connected
  curl -s http://127.0.0.1:8080/services     the same as JSON
  curl -s http://127.0.0.1:8080/metrics      figures for Prometheus

Ctrl-C ends it; the addresses stay leased for the next run. 'make clean' forgets them.

TEXT
export QUICKSTART_STATE="$folder" QUICKSTART_SERVICES="$folder/services"
exec "$interlook" run --conf "$here/../conf/quickstart.yml"
