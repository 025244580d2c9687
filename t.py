import time
from tests.formulas.theorems import memory_basis
from emtheory.formulas.proving import replayed
t=time.perf_counter(); p=replayed(memory_basis.THEOREM); print(time.perf_counter()-t)
print(p.accepted and (p.accepted.lemmas,p.accepted.unused), p.proved, p.failures, p.superfluous)
print(p.text)
