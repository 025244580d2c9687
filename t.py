import time,sys
from importlib import import_module
from emtheory.formulas.proving import replayed
for n in sys.argv[1:]:
    T=import_module("tests.formulas.theorems."+n).THEOREM
    t=time.perf_counter(); p=replayed(T); print(n,round(time.perf_counter()-t,2),"s; proved",len(p.proved),"of",len(T.conclusions), "text",len(p.text))
    print(p.accepted and (p.accepted.lemmas,p.accepted.theorems,p.accepted.unused)); [print("  UNSAYABLE",k,v) for k,v in p.unsayable.items()]
    for s,r in p.failures: print("  FAIL",s.words,"|",s.formula,"|",r[:300])
