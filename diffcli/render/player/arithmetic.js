/* The arithmetic of the page: runs a recording (diffcli/execute/recording.py) again at other inputs.

   Numbers are doubles, and each operation gives what double precision gives in NumPy and SciPy,
   infinities and NaN included. No dependencies; in Node `require` returns the same object. */
"use strict";

const DiffcliArithmetic = (() => {
  const HALF_LOG_TAU = Math.log(2 * Math.PI) / 2;
  const EULER = 0.5772156649015329; // minus the derivative of gamma at 1

  /* B2, B4, ..., B16: what the expansions for large arguments are made of. */
  const BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510];

  /* From here on those expansions are right to the last digits. */
  const LARGE = 12;

  const isPole = (x) => x <= 0 && Math.floor(x) === x;

  /* Hurwitz's zeta function of a whole s > 1 and q > 0: the sum of (q + k)^-s, by Euler's and Maclaurin's
     formula once q is large (NIST Handbook of Mathematical Functions, 25.11(iii)). */
  function zeta(s, q) {
    let total = 0;
    for (; q < LARGE; q += 1) total += Math.pow(q, -s);
    let term = Math.pow(q, -s);
    total += Math.pow(q, 1 - s) / (s - 1) + term / 2;
    term *= s / q / 2;
    for (let k = 0; k < BERNOULLI.length; k += 1) {
      total += BERNOULLI[k] * term;
      const even = 2 * k + 2;
      term *= ((s + even - 1) * (s + even)) / (q * q * (even + 1) * (even + 2));
    }
    return total;
  }

  /* log(gamma(2 + z)) for |z| <= 1/2: the Taylor series at 2 (NIST Handbook 5.7.3), whose
     coefficients are zeta(k, 2) / k. */
  const AT_TWO = [];
  function logGammaNearTwo(z) {
    if (AT_TWO.length === 0) for (let k = 2; k < 34; k += 1) AT_TWO.push(((k % 2 ? -1 : 1) * zeta(k, 2)) / k);
    let total = 0;
    for (let k = AT_TWO.length - 1; k >= 0; k -= 1) total = (total + AT_TWO[k]) * z;
    return (total + 1 - EULER) * z;
  }

  /* What Stirling's series adds to his formula (NIST Handbook 5.11.1). */
  function stirling(x) {
    let series = 0;
    for (let k = BERNOULLI.length - 1; k >= 0; k -= 1) series = series / (x * x) + BERNOULLI[k] / ((2 * k + 2) * (2 * k + 1));
    return series / x;
  }

  function lgamma(x) {
    if (Math.abs(x) === Infinity) return x; // SciPy's, on the left too
    if (isPole(x)) return Infinity;
    if (x < 0.5) {
      // reflection: gamma(x) gamma(1 - x) = pi / sin(pi x)
      return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * (x - Math.round(x))))) - lgamma(1 - x);
    }
    if (x <= 1.5) return logGammaNearTwo(x - 1) - Math.log1p(x - 1);
    if (x <= 2.5) return logGammaNearTwo(x - 2);
    let product = 1;
    for (; x < LARGE; x += 1) product *= x;
    return (x - 0.5) * Math.log(x) - x + HALF_LOG_TAU + stirling(x) - Math.log(product);
  }

  /* Step by step from the nearest number to 2: whole numbers get their factorials exactly. */
  function gamma(x) {
    if (x === 0) return 1 / x;
    if (isPole(x)) return NaN;
    if (x > 172) return Infinity;
    if (x < -190) return 0;
    const whole = Math.round(x);
    let result = Math.exp(logGammaNearTwo(x - whole));
    for (let k = 1; k <= whole - 2; k += 1) result *= x - k;
    for (let k = 0; k < 2 - whole; k += 1) result /= x + k;
    return result;
  }

  const signOfGamma = (x) => (x > 0 || Math.floor(x) % 2 === 0 ? 1 : -1);

  /* Recurrence to a large argument, then the asymptotic series (NIST Handbook 5.5.2, 5.11.2). */
  function digamma(x) {
    if (x === 0) return -1 / x;
    if (isPole(x)) return NaN;
    if (x === Infinity) return Infinity;
    if (x < 0) return digamma(1 - x) - Math.PI / Math.tan(Math.PI * (x - Math.round(x)));
    let total = 0;
    for (; x < LARGE; x += 1) total -= 1 / x;
    let series = 0;
    for (let k = BERNOULLI.length - 1; k >= 0; k -= 1) series = (series + BERNOULLI[k] / (2 * k + 2)) / (x * x);
    return total + Math.log(x) - 0.5 / x - series;
  }

  function factorial(n) {
    let product = 1;
    for (let k = 2; k <= n; k += 1) product *= k;
    return product;
  }

  /* Negative arguments by reflection (NIST Handbook 5.15.6). */
  function polygamma(x, n) {
    if (n === 0) return digamma(x);
    if (isPole(x)) return n % 2 ? Infinity : -Infinity;
    if (x < 0) return (n % 2 ? -1 : 1) * polygamma(1 - x, n) - Math.pow(Math.PI, n + 1) * cotangent(x, n);
    return (n % 2 ? 1 : -1) * factorial(n) * zeta(n + 1, x);
  }

  /* sin(pi x) to all digits. */
  function sine(x) {
    const whole = Math.round(x);
    return Math.sin(Math.PI * (x - whole)) * (whole % 2 ? -1 : 1);
  }

  /* The derivative of order n of the cotangent at pi x: a polynomial in it, c, whose derivative is -(1 + c^2). */
  function cotangent(x, n) {
    const rest = x - Math.round(x);
    const c = Math.sin(Math.PI * (0.5 - Math.abs(rest))) / Math.sin(Math.PI * rest);
    let coefficients = [0, 1];
    for (let step = 0; step < n; step += 1) {
      const slopes = coefficients.slice(1).map((coefficient, k) => (k + 1) * coefficient);
      const next = new Array(slopes.length + 2).fill(0);
      slopes.forEach((slope, k) => {
        next[k] -= slope;
        next[k + 2] -= slope;
      });
      coefficients = next;
    }
    return coefficients.reduceRight((total, coefficient) => total * c + coefficient, 0);
  }

  /* a^-power - (a + b)^-power, for a > 0 and |b| < a. */
  const fallen = (a, b, power) => -Math.expm1(-power * Math.log1p(b / a)) * Math.pow(a, -power);

  /* polygamma(a, n) - polygamma(a + b, n) for a > 0 and |b| < a/2: recurrence to a large argument, then the
     difference of the asymptotic series, term by term (NIST Handbook 5.15.5, 5.15.9). */
  function closeDifference(a, b, n) {
    let total = 0;
    for (; a < LARGE; a += 1) total += factorial(n) * fallen(a, b, n + 1);
    total += n === 0 ? Math.log1p(b / a) : factorial(n - 1) * fallen(a, b, n);
    total += (factorial(n) / 2) * fallen(a, b, n + 1);
    BERNOULLI.forEach((number, k) => {
      total += number * (factorial(2 * k + n + 1) / factorial(2 * k + 2)) * fallen(a, b, 2 * k + 2 + n);
    });
    return n % 2 ? total : -total;
  }

  function polygamma_difference(a, b, n) {
    if (a > 0 && a < Infinity && Math.abs(b) < a / 2) return closeDifference(a, b, n);
    if (n === 0 && a < 0 && a > -Infinity && Math.abs(b) < -a / 2 && !isPole(a)) {
      const rest = a - Math.round(a);
      return -closeDifference(1 - a - b, b, 0) - (Math.PI * sine(b)) / (sine(rest) * sine(rest + b));
    }
    return polygamma(a, n) - polygamma(a + b, n);
  }

  function beta(a, b) {
    if (isPole(a)) return betaAtPole(a, b);
    if (isPole(b)) return betaAtPole(b, a);
    if (isPole(a + b)) return 0;
    if (Math.abs(a) < Math.abs(b)) [a, b] = [b, a];
    if (Math.abs(a) < 75) return (gamma(a) / gamma(a + b)) * gamma(b);
    const [small, large] = a < b ? [a, b] : [b, a];
    if (large === Infinity) return small > 0 ? 0 : NaN;
    if (small > -large / 2) {
      // lgamma(large) - lgamma(large + small), whose leading terms cancel
      const ratio = small - (large - 0.5) * Math.log1p(small / large) - small * Math.log(large + small) + stirling(large) - stirling(large + small);
      return Math.abs(small) < 75 ? gamma(small) * Math.exp(ratio) : signOfGamma(small) * Math.exp(ratio + lgamma(small));
    }
    return signOfGamma(a) * signOfGamma(b) * signOfGamma(a + b) * Math.exp(lgamma(a) - lgamma(a + b) + lgamma(b));
  }

  /* Two poles of the three may cancel. */
  function betaAtPole(pole, other) {
    if (Math.floor(other) !== other || 1 - pole - other <= 0) return Infinity;
    return (other % 2 ? -1 : 1) * beta(1 - pole - other, other);
  }

  /* For |x| < 1 the series of positive terms (NIST Handbook 7.6.2). */
  function erf(x) {
    if (Math.abs(x) >= 1) return x > 0 ? 1 - erfc(x) : erfc(-x) - 1;
    let term = x;
    let total = x;
    for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(total); k += 1) {
      term *= (2 * x * x) / (2 * k + 1);
      total += term;
    }
    return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
  }

  /* For x >= 1 the continued fraction (NIST Handbook 7.9.1), from as deep as its convergence asks for.
     The square is rounded, as in SciPy: far out both lose the same digits. */
  function erfc(x) {
    if (x < 1) return x <= -1 ? 2 - erfc(-x) : 1 - erf(x);
    if (x > 28) return 0;
    let fraction = x;
    for (let k = 12 + Math.ceil(200 / (x * x)); k > 0; k -= 1) fraction = x + k / 2 / fraction;
    return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
  }

  /* A formula of S. Winitzki's (2008), and steps of Halley's method, which triple its digits. */
  function erfinv(x) {
    const size = Math.abs(x);
    if (size === 0 || !(size < 1)) return size === 1 ? x * Infinity : size === 0 ? x : NaN;
    const logarithm = Math.log1p(-size) + Math.log1p(size);
    const half = 2 / (0.147 * Math.PI) + logarithm / 2;
    let y = Math.sqrt(Math.max(Math.sqrt(half * half - logarithm / 0.147) - half, 0));
    for (let k = 0; k < 3; k += 1) {
      const rest = size < 0.5 ? erf(y) - size : 1 - size - erfc(y);
      const step = ((rest * Math.sqrt(Math.PI)) / 2) * Math.exp(y * y);
      y -= step / (1 + y * step);
    }
    return x < 0 ? -y : y;
  }

  /* JavaScript has NaN where IEEE 754 has 1: powers of 1, and infinite powers of -1. */
  function pow(a, b) {
    return a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : Math.pow(a, b);
  }

  function weigh(upstream, local) {
    const product = upstream * local;
    return product !== product && upstream === 0 ? 0 : product;
  }

  const operations = {
    neg: (x) => -x,
    abs: (x) => Math.abs(x),
    sign: (x) => Math.sign(x),
    floor: (x) => Math.floor(x),
    ceil: (x) => Math.ceil(x),
    sqrt: (x) => Math.sqrt(x),
    cbrt: (x) => Math.cbrt(x),
    exp: (x) => Math.exp(x),
    expm1: (x) => Math.expm1(x),
    log: (x) => Math.log(x),
    log2: (x) => Math.log2(x),
    log10: (x) => Math.log10(x),
    log1p: (x) => Math.log1p(x),
    sin: (x) => Math.sin(x),
    cos: (x) => Math.cos(x),
    tan: (x) => Math.tan(x),
    asin: (x) => Math.asin(x),
    acos: (x) => Math.acos(x),
    atan: (x) => Math.atan(x),
    sinh: (x) => Math.sinh(x),
    cosh: (x) => Math.cosh(x),
    tanh: (x) => Math.tanh(x),
    asinh: (x) => Math.asinh(x),
    acosh: (x) => Math.acosh(x),
    atanh: (x) => Math.atanh(x),
    erf,
    erfc,
    erfinv,
    gamma,
    lgamma,
    digamma,
    add: (a, b) => a + b,
    sub: (a, b) => a - b,
    mul: (a, b) => a * b,
    truediv: (a, b) => a / b,
    pow,
    maximum: (a, b) => Math.max(a, b),
    minimum: (a, b) => Math.min(a, b),
    hypot: (a, b) => Math.hypot(a, b),
    atan2: (a, b) => Math.atan2(a, b),
    weigh,
    xlogy: (x, y) => (x === 0 && y === y ? 0 : x * Math.log(y)),
    xlog1py: (x, y) => (x === 0 && y === y ? 0 : x * Math.log1p(y)),
    beta,
    polygamma,
    polygamma_difference,
    less: (a, b) => (a < b ? 1 : 0),
    less_equal: (a, b) => (a <= b ? 1 : 0),
    equal: (a, b) => (a === b ? 1 : 0),
    precedes: (a, b) => (a < b || (b !== b && a === a) ? 1 : 0),
    both: (a, b) => (a !== 0 && b !== 0 ? 1 : 0),
    either: (a, b) => (a !== 0 || b !== 0 ? 1 : 0),
    not: (a) => (a === 0 ? 1 : 0),
    select: (condition, a, b) => (condition !== 0 ? a : b),
  };

  /* A number of a document, where infinities and NaN are words. */
  function number(value) {
    return { inf: Infinity, "-inf": -Infinity, nan: NaN }[value] ?? value;
  }

  /* Runs a recording. `inputs` has the elements of each input node, in C order, by its number.

     Returns `scalars`, in which the elements of node n are at recording.places[n], and `failed`,
     the guards that turned out otherwise: if there are any, the numbers are not those of the graph. */
  function run(recording, inputs) {
    const { names, code, constants, guards } = recording;
    const functions = names.map((name) => {
      if (!Object.hasOwn(operations, name)) throw new Error(`unknown operation: ${name}`);
      return operations[name];
    });
    const values = [];
    for (const [node, [first, count]] of Object.entries(recording.inputs)) {
      const given = inputs[node];
      if (!given || given.length !== count) throw new Error(`input ${node} needs ${count} numbers`);
      for (let k = 0; k < count; k += 1) values[first + k] = number(given[k]);
    }
    for (const constant of constants) values.push(number(constant));
    for (let place = 0; place < code.length; ) {
      const compute = functions[code[place]];
      const [a, b, c] = [code[place + 1], code[place + 2], code[place + 3]];
      values.push(compute(values[a], values[b], values[c]));
      place += 1 + compute.length;
    }
    return { scalars: Float64Array.from(values), failed: guards.filter(([place, outcome]) => values[place] !== outcome) };
  }

  return { operations, run };
})();

if (typeof module !== "undefined") module.exports = DiffcliArithmetic;
