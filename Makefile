# One configuration for everything, so that nothing is built twice.
CONFIGURATION ?= Release
OUTPUT := artifacts/interlook
RESTORE := $(if $(filter true,$(CI)),-p:RestoreLockedMode=true,)
SEEDS ?= 10000
FIRST ?= 1

export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

.PHONY: help run build test bench simulate format clean docs

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Run the quickstart, with nothing to install: make run [ARGS='--docker']
	@$(OUTPUT)/interlook quickstart $(ARGS)

build: ## Leave a runnable artifacts/interlook/interlook
	@dotnet publish src/Interlook.Host -c $(CONFIGURATION) -o $(OUTPUT) -v quiet

test: build ## Install what the tests need, and run every test
	@tests/install.sh
	@dotnet build Interlook.slnx -c $(CONFIGURATION) $(RESTORE) -v quiet
	@INTERLOOK_PROGRAM=$(CURDIR)/$(OUTPUT)/interlook tests/run.sh $(CONFIGURATION)

bench: build ## Run the benchmarks: make bench [ARGS='...']
	@dotnet run -c $(CONFIGURATION) --project bench/Interlook.Bench -- $(ARGS)

simulate: ## Run the seeded simulations: make simulate SEEDS=100000 [FIRST=1]
	@tests/simulate.sh $(SEEDS) $(FIRST)

docs: build ## Write the generated pages anew
	@$(OUTPUT)/interlook docs configuration > docs/configuration.md
	@INTERLOOK_WRITE_GOLDEN=1 dotnet run -c $(CONFIGURATION) --project tests/Interlook.Api.Tests -- -noLogo \
	  -class Interlook.Api.Tests.TelemetryDocumentTests -class Interlook.Api.Tests.OpenApiTests
	@INTERLOOK_WRITE_GOLDEN=1 dotnet run -c $(CONFIGURATION) --project tests/Interlook.Documentation.Tests -- -noLogo \
	  -class Interlook.Documentation.Tests.ExtensionsPageTests -class Interlook.Documentation.Tests.WorkedExampleTests

format: ## Bring the code into its format
	@dotnet format Interlook.slnx --exclude-diagnostics IDE0130

clean: ## Remove everything that was built
	@rm -rf artifacts
	@find . -type d \( -name bin -o -name obj \) -not -path './.git/*' -prune -exec rm -rf {} +
