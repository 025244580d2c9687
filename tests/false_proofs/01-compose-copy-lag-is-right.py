"""False: the printed claim is the right one."""

from dataclasses import replace

from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "errata" / "01-compose-copy-lag.py").record

ERRATUM = replace(TRUE, claim=TRUE.correction)  # wrong
