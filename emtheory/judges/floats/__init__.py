"""The float judge: double precision with error bounds that are derived, never guessed.

Products: `chain`, `run_bound`, `close`. Spectra: `eigenvalue_discs`, `spectrum_within`. Defects: `tight_residual`,
`norm2_bound`, `similarity_defect`. The error model is stated in `rounding`, and `blas_self_test` probes it.
"""

from emtheory.judges.floats.blas import blas_self_test
from emtheory.judges.floats.comparing import close
from emtheory.judges.floats.discs import Discs, eigenvalue_discs
from emtheory.judges.floats.eigenvalues import Eigenvalues, half_gaps, roots_of_unity
from emtheory.judges.floats.grading import graded_bases
from emtheory.judges.floats.norms import norm2_bound, similarity_defect
from emtheory.judges.floats.pairing import spectrum_within
from emtheory.judges.floats.products import Enclosable, Enclosed, chain, enclose, run_bound
from emtheory.judges.floats.residuals import tight_residual
from emtheory.judges.floats.rounding import gamma

__all__ = [
    "Discs",
    "Eigenvalues",
    "Enclosable",
    "Enclosed",
    "blas_self_test",
    "chain",
    "close",
    "eigenvalue_discs",
    "enclose",
    "gamma",
    "graded_bases",
    "half_gaps",
    "norm2_bound",
    "roots_of_unity",
    "run_bound",
    "similarity_defect",
    "spectrum_within",
    "tight_residual",
]
