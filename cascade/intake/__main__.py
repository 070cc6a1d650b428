"""`python -m cascade.intake FILE` prints what is read in a letter, as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cascade.errors import CascadeError
from cascade.intake import as_labels, read_file


def main(arguments: list[str]) -> int:
    """Print one letter's labels; 2 when it cannot be read."""
    if len(arguments) != 1:
        print("usage: python -m cascade.intake FILE", file=sys.stderr)
        return 2
    try:
        labels = as_labels(read_file(Path(arguments[0])))
    except (CascadeError, OSError) as wrong:
        print(wrong, file=sys.stderr)
        return 2
    print(json.dumps(labels, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
