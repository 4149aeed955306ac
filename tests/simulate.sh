#!/usr/bin/env bash
# Runs the engine's seeded simulation: tests/simulate.sh [SEEDS [FIRST]]
set -euo pipefail
cd "$(dirname "$0")/.."
export INTERLOOK_SEEDS=${1:-10000} INTERLOOK_FIRST_SEED=${2:-1}
exec dotnet run -c Release --project tests/Interlook.Engine.Tests -- -class Interlook.Engine.Tests.Simulation.SimulationTests
