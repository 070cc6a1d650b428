#!/bin/sh
# Builds web/static/cascade.css from web/styles. Only who changes the styles needs this (and npm);
# the built sheet is committed, and tests/web/test_styles.py sees that it fits its sources.
set -eu
export LC_ALL=C  # the order of files is part of the sum
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
kit=${STYLES_KIT:-$(mktemp -d)}
[ -d "$kit/node_modules/sass" ] || npm install --silent --no-audit --no-fund --prefix "$kit" \
    govuk-frontend@6.3.0 sass@1
"$kit/node_modules/.bin/sass" --no-source-map --style=compressed --quiet-deps \
    --load-path="$kit/node_modules" "$root/web/styles/cascade.scss" "$root/web/static/cascade.css.new"
# Which sources it was made of, so that a test can tell a forgotten build.
sum=$(cd "$root/web/styles" && cat cascade.scss _*.scss | sha256sum | cut -d' ' -f1)
{ printf '/* Built by scripts/styles.sh from web/styles, %s */\n' "$sum"; cat "$root/web/static/cascade.css.new"; } \
    > "$root/web/static/cascade.css"
rm -f "$root/web/static/cascade.css.new"
