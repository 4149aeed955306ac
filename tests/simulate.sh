#!/usr/bin/env bash
# Runs the seeded simulations, of the engine and of the External IP claims: tests/simulate.sh [SEEDS [FIRST]]
set -euo pipefail
cd "$(dirname "$0")/.."
export INTERLOOK_SEEDS=${1:-10000} INTERLOOK_FIRST_SEED=${2:-1}
dotnet run -c Release --project tests/Interlook.Engine.Tests -- -class Interlook.Engine.Tests.Simulation.SimulationTests
dotnet run -c Release --project tests/Interlook.Extensions.Tests -- -class Interlook.Extensions.Tests.ExternalIp.Simulation.SimulationTests
