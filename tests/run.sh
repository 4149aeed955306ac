#!/usr/bin/env bash
# Runs every test project that was built, one after the other because they start servers, and counts what they say.
# tests/run.sh [CONFIGURATION] [PROJECT...]    results are kept in artifacts/tests
set -uo pipefail
cd "$(dirname "$0")/.."

configuration=${1:-Release}
shift || true
results=artifacts/tests
rm -rf "$results"
mkdir -p "$results"

passed=0 failed=0 skipped=0
if [ $# -gt 0 ]; then projects=("$@"); else projects=(tests/*.Tests); fi
for folder in "${projects[@]}"; do
  project=$(basename "$folder")
  assembly=tests/$project/bin/$configuration/net10.0/$project.dll
  if [ ! -f "$assembly" ]; then
    echo "$project was not built in configuration $configuration" >&2
    failed=$((failed + 1))
    continue
  fi
  dotnet "$assembly" -noLogo -noColor -trx "$results/$project.trx"
  code=$?
  # <Counters total="3" executed="3" passed="2" failed="1" ... notExecuted="0" />
  counters=$(grep -o '<Counters [^>]*>' "$results/$project.trx" 2>/dev/null | head -n 1)
  count() { printf '%s' "$counters" | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" | grep . || echo 0; }
  ran=$(count total) good=$(count passed)
  # What is neither passed nor failed was skipped; an error outside a test (a fixture, a crash) leaves an exit code behind.
  bad=$(($(count failed) + $(count error) + $(count timeout) + $(count aborted)))
  if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then
    echo "$project ended with code $code and no failed test: counted as one failure" >&2
    bad=1
  fi
  passed=$((passed + good))
  failed=$((failed + bad))
  [ "$ran" -gt $((good + bad)) ] && skipped=$((skipped + ran - good - bad))
done

# By name at the end, because what a failed test said stands far above.
grep -ho '<UnitTestResult [^>]*outcome="Failed"[^>]*>' "$results"/*.trx 2>/dev/null | sed -n 's/.* testName="\([^"]*\)".*/failed: \1/p'
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
