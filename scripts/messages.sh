#!/bin/sh
# Brings the catalogue of translations up to what the pages say, then compiles it. Only who
# changes the words needs this; tests/web/test_words.py sees that nothing is left untranslated.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
babel=$root/.venv/bin/pybabel
made=$(mktemp)
cd "$root/web"
"$babel" -q extract -F babel.cfg -k _l --omit-header --sort-output --no-location -o "$made" .
if [ -s translations/vi/LC_MESSAGES/messages.po ]; then
    "$babel" -q update -i "$made" -d translations -l vi --omit-header --ignore-obsolete --no-fuzzy-matching
else
    "$babel" -q init -i "$made" -d translations -l vi
fi
"$babel" -q compile -f -d translations -l vi
rm -f "$made"
