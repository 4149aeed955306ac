#!/usr/bin/env bash
# Runs the engine's seeded simulation: tests/simulate.sh SEEDS
set -euo pipefail
cd "$(dirname "$0")/.."
exec dotnet run -c Release --project tests/Interlook.Engine.Tests -- "${1:-10000}"
