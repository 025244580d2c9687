"""The axioms and the lemmas of the trusted base, as data: each is a statement, whose letters and numbers stand for any.

`AXIOMS` maps names to pairs (statement, reference); the reference of an elementary one is empty. The conditions after
`where` and the hypotheses are shown wherever one is used.
"""

FAMILY = "(given (size n 0) (size m 0) (letter F n m (* *)) {})"
DOUBLE = "(given (size n 0) (size m 0) (letter G n m (* *) (* *)) (int a) (int b) (int c) (int d))"
HORN_JOHNSON = "R. A. Horn, C. R. Johnson, Matrix Analysis, 2nd ed., Cambridge 2013"
RUDIN = "W. Rudin, Principles of Mathematical Analysis, 3rd ed., McGraw-Hill 1976"


def _family(numbers: str, conditions: str, equation: str) -> tuple[str, str]:
    given = FAMILY.format(" ".join(f"(int {name})" for name in numbers.split()))
    return f"(statement 1 {given} (where {conditions}) (conclusion it {equation}))", ""


def _given(given: str, rest: str, equation: str, reference: str = "") -> tuple[str, str]:
    return f"(statement 1 (given {given}) {rest} (conclusion it {equation}))", reference


def _swap(outer: str, inner: str) -> tuple[str, str]:
    left, right = f"({outer} i a b ({inner} j c d (G i j)))", f"({inner} j c d ({outer} i a b (G i j)))"
    return f"(statement 1 {DOUBLE} (conclusion it (= {left} {right})))", ""


def _triangular(rows: str, letters: str, diagonal: str) -> tuple[str, str]:
    given = f"(size n 0) (size m 0) {letters}"
    return _given(given, "", f"(= (number (det (block {rows}))) (number (* {diagonal})))", f"{HORN_JOHNSON}, 0.9.4")


_A, _B, _C = "(letter A n n)", "(letter B m m)", "(letter C q q)"
_SQUARE = f"(size n 0) {_A}"
_AT_LEAST_0 = "(hypothesis h (>= (number p) (number 0)))"
_EQUAL = "(hypothesis h (= (number p) (number q)))"

AXIOMS: dict[str, tuple[str, str]] = {
    # sums
    "single": _family("a", "", "(= (sum i a a (F i)) (F a))"),
    "empty": _family("a b", "(>= a (+ b 1))", "(= (sum i a b (F i)) (zero n m))"),
    "cut": _family("a b c", "(>= (+ b 1) a) (>= c b)",
                   "(= (sum i a c (F i)) (+ (sum i a b (F i)) (sum i (+ b 1) c (F i))))"),
    "shift": _family("a b d", "", "(= (sum i a b (F i)) (sum i (+ a d) (+ b d) (F (- i d))))"),
    "flip": _family("a b", "", "(= (sum i a b (F i)) (sum i (- b) (- a) (F (- i))))"),
    "orient": _family("a b", "(>= (+ b 1) a)", "(= (sum i a b (F i)) (oriented i a b (F i)))"),
    "chain": _family("a b c", "", "(= (oriented i a c (F i)) (+ (oriented i a b (F i)) (oriented i (+ b 1) c (F i))))"),
    "swap": _swap("sum", "sum"),
    "swap-oriented": _swap("oriented", "oriented"),
    "swap-inner-oriented": _swap("sum", "oriented"),
    # indices
    "equal-index": _family("i j", "(>= i j) (>= j i)", "(= (F i) (F j))"),
    "same": _given("(int i) (int j)", "(where (>= i j) (>= j i))", "(= (number (delta i j)) (number 1))"),
    "apart": _given("(int i) (int j)", "(where (>= i (+ j 1)))", "(= (number (delta i j)) (number 0))"),
    # powers
    "power": _given(f"{_SQUARE} (int e) (int f)", "(where (>= e 0) (>= f 0))", "(= (* (^ A e) (^ A f)) (^ A (+ e f)))"),
    "scalar-power": _given("(real p) (int e) (int f)", "(where (>= e 0) (>= f 0))",
                           "(= (number (* (^ p e) (^ p f))) (number (^ p (+ e f))))"),
    "power-of-power": _given("(real p) (int e) (int f)", "(where (>= e 0) (>= f 0))",
                             "(= (number (^ (^ p e) f)) (number (^ p (* e f))))"),
    "power-of-one": _given("(int e)", "", "(= (number (^ 1 e)) (number 1))"),
    "power-of-product": _given("(real p) (real q) (int e)", "(where (>= e 0))",
                               "(= (number (^ (* p q) e)) (number (* (^ p e) (^ q e))))"),
    # numbers
    "entry": _given("(letter A 1 1)", "", "(= A (number (det A)))"),
    "antisymmetric": _given("(real p) (real q)",
                            "(hypothesis h (>= (number p) (number q))) (hypothesis g (>= (number q) (number p)))",
                            "(= (number p) (number q))"),
    "definite": _given("(size n 0) (letter v n 1)", "(hypothesis h (= (* (transpose v) v) (zero 1 1)))",
                       "(= v (zero n 1))"),
    "inverse": _given("(real p) (real q)", "(hypothesis h (= (number (* p q)) (number 1)))",
                      "(= (number (* p (inv p))) (number 1))"),
    "root": _given("(real p)", _AT_LEAST_0, "(= (number (^ (sqrt p) 2)) (number p))"),
    "root-at-least-0": _given("(real p)", _AT_LEAST_0, "(>= (number (sqrt p)) (number 0))"),
    "sum-at-least-0": _given(
        "(letter F 1 1 (* *)) (int a) (int b)",
        "(hypothesis h (for ((int i)) ((>= i a) (<= i b)) (>= (F i) (number 0))))",
        "(>= (sum i a b (F i)) (number 0))"),
    "sum-not-0": _given("(real p) (real q)", f"""(hypothesis n (= (number (* p (inv p))) (number 1))) {_AT_LEAST_0}
                        (hypothesis g (>= (number q) (number 0)))""",
                        "(= (number (* (+ p q) (inv (+ p q)))) (number 1))"),
    # functions
    **{f"{f}-of-equals": _given("(real p) (real q)", _EQUAL, f"(= (number ({f} p)) (number ({f} q)))")
       for f in ("cosh", "exp", "inv", "sinh", "sqrt", "tanh")},
    "exp-of-sum": _given("(real p) (real q)", "", "(= (number (exp (+ p q))) (number (* (exp p) (exp q))))",
                         f"{RUDIN}, theorem 8.6"),
    "exp-at-0": _given("", "", "(= (number (exp 0)) (number 1))", f"{RUDIN}, theorem 8.6"),
    "cosh": _given("(real p)", "", "(= (number (* 2 (cosh p))) (number (+ (exp p) (exp (- p)))))"),
    "sinh": _given("(real p)", "", "(= (number (* 2 (sinh p))) (number (- (exp p) (exp (- p)))))"),
    "sinh-of-double": _given("(real p)", "", "(= (number (sinh (* 2 p))) (number (* 2 (sinh p) (cosh p))))"),
    "cosh-of-double": _given("(real p)", "", "(= (number (cosh (* 2 p))) (number (+ (^ (cosh p) 2) (^ (sinh p) 2))))"),
    "tanh": _given("(real p)", "", "(= (number (* (tanh p) (cosh p))) (number (sinh p)))"),
    "cosh-at-least-1": _given("(real p)", "", "(>= (number (cosh p)) (number 1))"),
    "cosh-not-0": _given("(real p)", "", "(= (number (* (cosh p) (inv (cosh p)))) (number 1))"),
    "unit-hyperbola": _given("(real p)", "", "(= (number (^ (cosh p) 2)) (number (+ 1 (^ (sinh p) 2))))"),
    "tanh-at-0": _given("", "", "(= (number (tanh 0)) (number 0))"),
    "sinh-at-0": _given("", "", "(= (number (sinh 0)) (number 0))"),
    "cosh-at-0": _given("", "", "(= (number (cosh 0)) (number 1))"),
    # determinants
    "det-of-equals": _given(f"{_SQUARE} (letter B n n)", "(hypothesis h (= A B))",
                            "(= (number (det A)) (number (det B)))"),
    "det-of-product": _given(f"{_SQUARE} (letter B n n)", "", "(= (number (det (* A B))) (number (* (det A) (det B))))",
                             f"{HORN_JOHNSON}, 0.3.5"),
    "det-of-transpose": _given(_SQUARE, "", "(= (number (det (transpose A))) (number (det A)))",
                               f"{HORN_JOHNSON}, 0.3.2"),
    "det-of-scalar": _given("(size n 0) (real c)", "", "(= (number (det (scale c (identity n)))) (number (^ c n)))",
                            f"{HORN_JOHNSON}, 0.3"),
    "det-of-upper-2": _triangular("(A X) ((zero m n) B)", f"{_A} {_B} (letter X n m)", "(det A) (det B)"),
    "det-of-lower-2": _triangular("(A (zero n m)) (X B)", f"{_A} {_B} (letter X m n)", "(det A) (det B)"),
    "det-of-upper-3": _triangular("(A X Y) ((zero m n) B Z) ((zero q n) (zero q m) C)",
                                  f"(size q 0) {_A} {_B} {_C} (letter X n m) (letter Y n q) (letter Z m q)",
                                  "(det A) (det B) (det C)"),
    "det-of-lower-3": _triangular("(A (zero n m) (zero n q)) (X B (zero m q)) (Y Z C)",
                                  f"(size q 0) {_A} {_B} {_C} (letter X m n) (letter Y q n) (letter Z q m)",
                                  "(det A) (det B) (det C)"),
    # block columns of the identity
    "selectors": _given("(size s 0) (size n 0) (int i) (int j)",
                        "(where (>= i 1) (<= i s) (>= j 1) (<= j s))",
                        "(= (* (transpose (selector i s n)) (selector j s n)) (scale (delta i j) (identity n)))",
                        f"{HORN_JOHNSON}, 0.7"),
    "selectors-complete": _given("(size s 0) (size n 0)", "",
                                 "(= (sum i 1 s (* (selector i s n) (transpose (selector i s n)))) (identity (* s n)))",
                                 f"{HORN_JOHNSON}, 0.7"),
}  # fmt: skip
