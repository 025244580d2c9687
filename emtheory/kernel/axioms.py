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


def _nilpotent(diagonal: str, value: str) -> tuple[str, str]:
    """The determinant of B, which is a multiple of I and a nilpotent matrix."""
    x = "(real x) " if "x" in value else ""
    return _given(f"(size n 0) (letter A n n) (letter B n n) {x}(real y) (int k)",
                  "(where (>= k 0)) (hypothesis h (= (^ A k) (zero n n))) "
                  f"(hypothesis g (= B (+ {diagonal} (scale y A))))", f"(= (number (det B)) (number {value}))",
                  f"{HORN_JOHNSON}, 2.4.P3: every eigenvalue of a nilpotent matrix is 0")  # fmt: skip


_A, _B, _C = "(letter A n n)", "(letter B m m)", "(letter C q q)"
_SQUARE = f"(size n 0) {_A}"
_AT_LEAST_0 = "(hypothesis h (>= (number p) (number 0)))"
_EQUAL = "(hypothesis h (= (number p) (number q)))"

_NUMBERS = " ".join(f"(letter {x} 1 1)" for x in ["a", "b", "c", "d"])


def _abs(x: str) -> str:
    """|x| of a 1 x 1 term, as a term."""
    return f"(number (sqrt (^ (det {x}) 2)))"


def _tanh(x: str) -> str:
    return f"(number (tanh (det {x})))"


_RISING = "(hypothesis g1 (>= g (zero 1 1))) (hypothesis h1 (>= x (zero 1 1)))"
_GAIN = "(hypothesis h (= (number (* p (inv p))) (number 1)))(hypothesis g1 (= g (number (* p (inv (tanh p))))))"
_ROW = "(size n 1) (letter r 1 n) (letter x n 1) (letter a 1 1)"
_PRODUCT = "(hypothesis product (= a (* r x)))"
_COLUMN, _ENTRY = "(* r (selector j n 1))", "(* (transpose (selector j n 1)) x)"


def _ordered(side: str, a: str, b: str) -> str:
    return f"(>= {a} {b})" if side == "above" else f"(>= {b} {a})"


def _each(relation: str) -> str:
    return f"(hypothesis each (for ((int j)) ((>= j 1) (<= j n)) {relation}))"


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
    "antisymmetric": _given("(letter A 1 1) (letter B 1 1)", "(hypothesis h (>= A B)) (hypothesis g (>= B A))",
                            "(= A B)"),
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
    "sinh-cubic": _given("(real p)", _AT_LEAST_0, "(>= (number (sinh p)) (number (+ p (* 1/6 (^ p 3)))))",
                         f"{RUDIN}, theorem 8.6: the power series of exp"),
    "cosh-of-double": _given("(real p)", "", "(= (number (cosh (* 2 p))) (number (+ (^ (cosh p) 2) (^ (sinh p) 2))))"),
    "tanh": _given("(real p)", "", "(= (number (* (tanh p) (cosh p))) (number (sinh p)))"),
    "cosh-at-least-1": _given("(real p)", "", "(>= (number (cosh p)) (number 1))"),
    "cosh-not-0": _given("(real p)", "", "(= (number (* (cosh p) (inv (cosh p)))) (number 1))"),
    "unit-hyperbola": _given("(real p)", "", "(= (number (^ (cosh p) 2)) (number (+ 1 (^ (sinh p) 2))))"),
    "tanh-at-0": _given("", "", "(= (number (tanh 0)) (number 0))"),
    "sinh-at-0": _given("", "", "(= (number (sinh 0)) (number 0))"),
    "cosh-at-0": _given("", "", "(= (number (cosh 0)) (number 1))"),
    # absolute values of 1 x 1 terms
    "absolute-at-least-0": _given("(letter a 1 1)", "", f"(>= {_abs('a')} (zero 1 1))"),
    "absolute-above": _given("(letter a 1 1)", "", f"(>= {_abs('a')} a)"),
    "absolute-of-opposite": _given("(letter a 1 1) (letter b 1 1)", "(hypothesis h (= a (- b)))",
                                   f"(>= {_abs('a')} {_abs('b')})"),
    "absolute-of-equals": _given("(letter a 1 1) (letter b 1 1)", "(hypothesis h (= a b))",
                                 f"(>= {_abs('a')} {_abs('b')})"),
    "absolute-of-zero": _given("(letter a 1 1)", "(hypothesis h (= a (zero 1 1)))", f"(>= (zero 1 1) {_abs('a')})"),
    "absolute-of-minus": _given("(letter a 1 1)", "", f"(>= (+ {_abs('a')} a) (zero 1 1))"),
    "absolute-squared": _given("(letter a 1 1)", "", f"(>= (* {_abs('a')} {_abs('a')}) (* a a))"),
    "at-least-of-equals": _given("(letter a 1 1) (letter b 1 1)", "(hypothesis h (= b a))", "(>= a b)"),
    "triangle": _given("(letter a 1 1) (letter b 1 1) (letter c 1 1)", "(hypothesis h (= c (+ a b)))",
                       f"(>= (+ {_abs('a')} {_abs('b')}) {_abs('c')})", f"{RUDIN}, theorem 1.33"),
    "row-bound": _given(f"{_ROW} (letter y n 1)",
                        _PRODUCT + _each(f"(>= (* (transpose (selector j n 1)) y) {_abs(_ENTRY)})"),
                        f"(>= (sum j 1 n (* {_abs(_COLUMN)} (transpose (selector j n 1)) y)) {_abs('a')})",
                        f"{RUDIN}, theorem 1.33"),
    "row-sum": _given(f"{_ROW} (letter w 1 1) (letter c 1 1)",
                      f"{_PRODUCT} (hypothesis row (>= w (sum j 1 n {_abs(_COLUMN)})))"
                      + _each(f"(>= c {_abs(_ENTRY)})"), f"(>= (* w c) {_abs('a')})", f"{HORN_JOHNSON}, 5.6.5"),
    **{f"row-mean-{side}": _given("(size n 0) (letter r 1 n) (letter x n 1) (letter c 1 1)",
                                  f"(hypothesis row (= (sum j 1 n (number (^ (det {_COLUMN}) 2))) (identity 1)))"
                                  + _each(_ordered(side, _ENTRY, "c")),
                                  _ordered(side, f"(sum j 1 n (scale (^ (det {_COLUMN}) 2) {_ENTRY}))", "c"))
       for side in ("above", "below")},
    # tanh: mean values and Taylor's theorem with |tanh'| <= 1 and |tanh''| <= 4/(3 root 3)
    "tanh-of-sign": _given("(real p) (letter a 1 1) (letter b 1 1)",
                           "(hypothesis g (= (* (transpose b) b) (identity 1))) (hypothesis h (= a (scale p b)))",
                           f"(= {_tanh('a')} (scale (tanh p) b))"),
    **{f"tanh-of-signed-{side}": _given("(letter b 1 1) (letter g 1 1) (letter x 1 1) (letter c 1 1)",
                                        "(hypothesis s (= (* (transpose b) b) (identity 1)))"
                                        "(hypothesis k (>= g (zero 1 1)))"
                                        f"(hypothesis h {_ordered(side, '(* (transpose b) x)', 'c')})",
                                        _ordered(side, f"(* (transpose b) {_tanh('(* g x)')})", _tanh("(* g c)")))
       for side in ("above", "below")},
    "tanh-within": _given("(real g) (real b) (real c) (letter x 1 1) (letter d 1 1)",
                          "(hypothesis g1 (>= (number g) (number 0))) (hypothesis b1 (>= (number b) (number 0)))"
                          "(hypothesis c1 (>= (number c) (number 0)))"
                          "(hypothesis x1 (>= (number (^ b 2)) (* (transpose x) x)))"
                          "(hypothesis d1 (>= (number (^ c 2)) (* (transpose d) d)))",
                          "(>= (number (^ (tanh (+ (* g b) c)) 2)) "
                          f"(* {_tanh('(+ (scale g x) d)')} {_tanh('(+ (scale g x) d)')}))"),
    "tanh-of-sign-at-least": _given("(letter b 1 1) (letter x 1 1) (real p)",
                                    "(hypothesis s (= (* (transpose b) b) (identity 1)))"
                                    "(hypothesis h (>= (* (transpose b) x) (number p)))",
                                    f"(>= (* (transpose b) {_tanh('x')}) (number (tanh p)))"),
    "tanh-odd": _given("(real p) (real q)", "(hypothesis h (= (number p) (number (- q))))",
                       "(>= (number (tanh p)) (number (- (tanh q))))"),
    "tanh-below-1": _given("(real p)", "", "(>= (number 1) (number (tanh p)))"),
    "tanh-of-part": _given("(real g) (letter x 1 1)",
                           "(hypothesis g1 (>= (number g) (number 0))) (hypothesis x0 (>= x (zero 1 1)))"
                           "(hypothesis x1 (>= (identity 1) x))",
                           f"(>= {_tanh('(scale g x)')} (scale (tanh g) x))",
                           f"{RUDIN}, theorem 5.15: tanh is concave for x >= 0"),
    "signed-at-least": _given("(letter b 1 1) (letter x 1 1) (real c)",
                              "(hypothesis s (= (* (transpose b) b) (identity 1)))"
                              "(hypothesis c1 (>= (number c) (number 0)))"
                              "(hypothesis x1 (>= (number (^ c 2)) (* (transpose x) x)))",
                              "(>= (+ (* (transpose b) x) (number c)) (number 0))"),
    "tanh-at-most-1": _given("(letter a 1 1)", "", f"(>= (identity 1) (* {_tanh('a')} {_tanh('a')}))"),
    "tanh-at-least-0": _given("(letter g 1 1) (letter x 1 1)", _RISING, f"(>= {_tanh('(* g x)')} (zero 1 1))"),
    "tanh-level": _given("(real p)", _AT_LEAST_0, "(>= (number (tanh p)) (number 0))"),
    "tanh-gain": _given("(real p) (letter g 1 1)", _GAIN, "(= (scale (tanh p) g) (number p))"),
    "tanh-gain-at-least-1": _given("(real p) (letter g 1 1)", _GAIN, "(>= g (identity 1))"),
    "tanh-tangent": _given("(letter g 1 1) (letter x 1 1) (letter z 1 1)", _RISING
                           + "(hypothesis k (>= z (zero 1 1)))",
                           f"(>= (+ {_tanh('(* g x)')} (* (- (identity 1) (* {_tanh('(* g x)')} {_tanh('(* g x)')})) "
                           f"g (- z x))) {_tanh('(* g z)')})", f"{RUDIN}, theorem 5.15: tanh is concave for x >= 0"),
    "tanh-chord": _given("(letter g 1 1) (letter b 1 1) (letter x 1 1) (letter z 1 1)",
                         "(hypothesis g1 (>= g (zero 1 1))) (hypothesis g2 (>= b (zero 1 1)))"
                         "(hypothesis g3 (>= x b)) (hypothesis g4 (>= z x))",
                         f"(>= (* {_tanh('(* g x)')} (- z b)) (+ (* {_tanh('(* g b)')} (- z x)) "
                         f"(* {_tanh('(* g z)')} (- x b))))", f"{RUDIN}, theorem 5.15: tanh is concave for x >= 0"),
    "tanh-above-chord": _given("(letter g 1 1) (letter x 1 1) (letter z 1 1) (real k)", _RISING
                               + f"(hypothesis k1 (>= z x)) (hypothesis f (>= {_tanh('(* g z)')} (scale k z)))",
                               f"(>= {_tanh('(* g x)')} (scale k x))",
                               f"{RUDIN}, theorem 5.15: tanh is concave for x >= 0"),
    "tanh-of-equal": _given("(letter a 1 1) (letter b 1 1)", "(hypothesis h (= a b))",
                            f"(= {_tanh('a')} {_tanh('b')})"),
    "tanh-of-zero": _given("(letter a 1 1)", "(hypothesis h (= a (zero 1 1)))", f"(= {_tanh('a')} (zero 1 1))"),
    "tanh-lipschitz": _given(_NUMBERS, "(hypothesis g (= c (- a b)))"
                             f"(hypothesis h (= d (- {_tanh('a')} {_tanh('b')})))",
                             f"(>= {_abs('c')} {_abs('d')})", f"{RUDIN}, theorem 5.10"),
    "tanh-cubic": _given("(letter a 1 1) (letter b 1 1) (letter d 1 1)",
                         f"(hypothesis g (= a b)) (hypothesis h (= d (- {_tanh('a')} b)))",
                         f"(>= (scale 1/3 (* {_abs('b')} {_abs('b')} {_abs('b')})) {_abs('d')})",
                         f"{RUDIN}, theorem 5.15"),
    "tanh-quadratic": _given(_NUMBERS, "(hypothesis g (= c (+ a b)))"
                             f"(hypothesis h (= d (- {_tanh('c')} (+ {_tanh('a')} "
                             f"(* (- (identity 1) (* {_tanh('a')} {_tanh('a')})) b)))))",
                             f"(>= (scale (* 2/9 (sqrt 3)) (* b b)) {_abs('d')})", f"{RUDIN}, theorem 5.15"),
    "tanh-between": _given(" ".join(f"(letter {x} 1 1)" for x in "abcduvsp"),
                           "(hypothesis g1 (= b (+ a u))) (hypothesis g2 (= c (+ a v))) (hypothesis g3 (= s (- u v)))"
                           f"(hypothesis h (= d (- {_tanh('b')} (+ {_tanh('c')} "
                           f"(* (- (identity 1) (* {_tanh('a')} {_tanh('a')})) s)))))"
                           f"(hypothesis k1 (>= p {_abs('u')})) (hypothesis k2 (>= p {_abs('v')}))",
                           f"(>= (scale (* 4/9 (sqrt 3)) (* p {_abs('s')})) {_abs('d')})", f"{RUDIN}, theorem 5.10"),
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
    "det-of-nilpotent": _nilpotent("(scale x (identity n))", "(^ x n)"),
    "det-of-unipotent": _nilpotent("(identity n)", "1"),
    "det-of-diagonal": _given("(size s 0) (letter a 1 1 (1 s)) (letter p 1 1 (0 s)) (letter A s s)",
                              "(hypothesis start (= (p 0) (identity 1))) (hypothesis next (for ((int t)) "
                              "((>= t 0) (<= t (- s 1))) (= (p (+ t 1)) (* (p t) (a (+ t 1)))))) (hypothesis diagonal "
                              "(= A (sum i 1 s (* (selector i s 1) (a i) (transpose (selector i s 1))))))",
                              "(= (number (det A)) (p s))", f"{HORN_JOHNSON}, 0.9.1"),
    "two-sided-inverse": _given(f"{_SQUARE} (letter B n n)", "(hypothesis h (= (* A B) (identity n)))",
                                "(= (* B A) (identity n))", f"{HORN_JOHNSON}, 0.5"),
    # ranks
    "left-inverse": _given("(size n 0) (size m 0) (letter X n m) (letter Y m n)",
                           "(hypothesis h (= (* X Y) (identity n)))", "(>= (number m) (number n))",
                           f"{HORN_JOHNSON}, 0.4.5: n = rank XY is at most rank Y, and this at most m"),
    "left-inverses": _given("(size n 0) (size q 0) (size m 0) (letter X n m) (letter V q m) (letter Y m n) "
                            "(letter Z m q)", "(hypothesis a (= (* X Y) (identity n))) "
                            "(hypothesis b (= (* V Y) (zero q n))) (hypothesis c (= (* V Z) (identity q)))",
                            "(>= (number m) (number (+ n q)))",
                            f"{HORN_JOHNSON}, 0.4.5: [X; V] [Y Z] is block triangular with I on its diagonal"),
    # block columns of the identity
    "selectors": _given("(size s 0) (size n 0) (int i) (int j)",
                        "(where (>= i 1) (<= i s) (>= j 1) (<= j s))",
                        "(= (* (transpose (selector i s n)) (selector j s n)) (scale (delta i j) (identity n)))",
                        f"{HORN_JOHNSON}, 0.7"),
    "selector-nested": _given("(size s 0) (size n 0) (int i) (int j)",
                              "(where (>= i 1) (<= i s) (>= j 1) (<= j n) (>= (+ (* (- i 1) n) j) 1)"
                              " (<= (+ (* (- i 1) n) j) (* s n)))",
                              "(= (selector (+ (* (- i 1) n) j) (* s n) 1) (* (selector i s n) (selector j n 1)))",
                              f"{HORN_JOHNSON}, 0.7"),
    "selectors-complete": _given("(size s 0) (size n 0)", "",
                                 "(= (sum i 1 s (* (selector i s n) (transpose (selector i s n)))) (identity (* s n)))",
                                 f"{HORN_JOHNSON}, 0.7"),
}  # fmt: skip
