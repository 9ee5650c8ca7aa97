# The page, for the Makefile.
.PHONY: web test-web

web: js ## build the page into target/web
	cd web && npm ci --no-audit --no-fund && npm run build

test-web: component conformance-inputs ## build the page and test it in Chromium
	@if ! command -v npm >/dev/null; then echo "SKIPPED test-web: there is no Node (npm)"; \
	elif ! web/scripts/chromium; then echo "SKIPPED test-web: there is no Chromium (on Debian: apt-get install chromium)"; \
	else $(MAKE) web && cd web && npm test; fi
