"""False: the step may be 0."""

from dataclasses import replace

from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "gsemm-reduction.py").record

identity_readout, _ = TRUE.hypotheses


THEOREM = replace(
    TRUE,
    hypotheses={identity_readout: TRUE.hypotheses[identity_readout]},
    examples={"a = 0": (*next(iter(TRUE.examples.values()))[:4], (1, 1, 0), 1)},
)  # wrong
