"""False: the correction is added, not subtracted."""

from dataclasses import replace

from emtheory.judges.symbolic import at, definition, family, strong_induction, total
from emtheory.theorems.files import bundled, load
from emtheory.theory.algebra import C, k, kappa, s, t

TRUE = load(bundled() / "serial-writing.py").record

u, v, recoded = family("u", kappa, 1), family("v", kappa, 1), family("ṽ", kappa, 1)


def derivation():
    written = total(C(k) @ u(t - s - 1 + k), (k, s + 2 - t, s))
    again = total(C(k) @ recoded(t - s - 1 + k), (k, s + 2 - t, s))
    corrected = definition(v(t), u(t) + written, where=[t >= 1, t <= s])
    recoding = definition(recoded(t), v(t) + again, where=[t >= 1, t <= s])
    given = [at(recoding, {t: t}), corrected]
    yield "v has the effective inputs u", strong_induction(t, 1, recoded(t), u(t), given, where=[t <= s])  # wrong


THEOREM = replace(TRUE, derivation=derivation)
