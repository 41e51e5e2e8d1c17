/**
 * The few distributions that the verdict needs. No library: those that are kept up either bring fifty packages for four
 * functions or are several times the size of the rest of the bundle.
 */

/** P(Z > z) of the standard normal, relative error below 1.3e-7 (Chebyshev fit of erfc, Numerical Recipes 6.2). */
export function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 2 / (2 + x);
  let d = 0;
  let dd = 0;
  for (let i = erfcCoefficients.length - 1; i > 0; i -= 1) {
    [d, dd] = [(4 * t - 2) * d - dd + (erfcCoefficients[i] ?? 0), d];
  }
  const tail = 0.5 * t * Math.exp(-x * x + 0.5 * ((erfcCoefficients[0] ?? 0) + (4 * t - 2) * d) - dd);
  return z >= 0 ? tail : 1 - tail;
}

const erfcCoefficients = [
  -1.3026537197817094, 0.64196979235649, 1.9476473204185836e-2, -9.561514786808631e-3, -9.46595344482036e-4,
  3.66839497852761e-4, 4.2523324806907e-5, -2.0278578112534e-5, -1.624290004647e-6, 1.30365583558e-6, 1.5626441722e-8,
  -8.5238095915e-8, 6.529054439e-9, 5.059343495e-9, -9.91364156e-10, -2.27365122e-10, 9.6467911e-11, 2.394038e-12,
  -6.886027e-12, 8.94487e-13, 3.13092e-13, -1.12708e-13, 3.81e-16, 7.106e-15,
];

/** z with P(Z ≤ z) = p (0..1; the ends give infinities): Acklam's fit with one Halley step, relative error below 1e-9. */
export function normalQuantile(p: number): number {
  if (!(p > 0)) return Number.NEGATIVE_INFINITY;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  if (p > 0.5) return -normalQuantile(1 - p);
  const start = p < 0.02425 ? outerQuantile(Math.sqrt(-2 * Math.log(p))) : innerQuantile(p - 0.5);
  const error = (normalTail(-start) - p) * Math.sqrt(2 * Math.PI) * Math.exp((start * start) / 2);
  return start - error / (1 + (start * error) / 2);
}

function outerQuantile(q: number): number {
  return (
    polynomial(
      q,
      [
        2.938163982698783, 4.374664141464968, -2.549732539343734, -2.400758277161838, -3.223964580411365e-1,
        -7.784894002430293e-3,
      ],
    ) / polynomial(q, [1, 3.754408661907416, 2.445134137142996, 3.224671290700398e-1, 7.784695709041462e-3])
  );
}

function innerQuantile(q: number): number {
  const r = q * q;
  return (
    (q *
      polynomial(
        r,
        [
          2.506628277459239, -3.066479806614716e1, 1.38357751867269e2, -2.759285104469687e2, 2.209460984245205e2,
          -3.969683028665376e1,
        ],
      )) /
    polynomial(
      r,
      [1, -1.328068155288572e1, 6.680131188771972e1, -1.556989798598866e2, 1.615858368580409e2, -5.447609879822406e1],
    )
  );
}

function polynomial(x: number, coefficients: readonly number[]): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}

/** t with P(T ≤ t) = p for Student's t (dof above 0): exact for 1 and 2, else Hill's expansion (Algorithm 396), error below 1%. */
export function studentQuantile(p: number, dof: number): number {
  if (!(p > 0 && p < 1) || p === 0.5)
    return p === 0.5 ? 0 : p >= 1 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  if (p < 0.5) return -studentQuantile(1 - p, dof);
  if (dof <= 1) return Math.tan(Math.PI * (p - 0.5));
  if (dof === 2) return (2 * p - 1) * Math.sqrt(2 / (4 * p * (1 - p)));
  const both = 2 * (1 - p);
  const a = 1 / (dof - 0.5);
  const b = 48 / (a * a);
  let c = (((20700 * a) / b - 98) * a - 16) * a + 96.36;
  const d = ((94.5 / (b + c) - 3) / b + 1) * Math.sqrt((a * Math.PI) / 2) * dof;
  let y = (d * both) ** (2 / dof);
  if (y > 0.05 + a) {
    const x = normalQuantile(both / 2);
    y = x * x;
    if (dof < 5) c += 0.3 * (dof - 4.5) * (x + 0.6);
    c += (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b;
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x;
    y = Math.expm1(a * y * y);
  } else {
    y =
      ((1 / (((dof + 6) / (dof * y) - 0.089 * d - 0.822) * (dof + 2) * 3) + 0.5 / (dof + 4)) * y - 1) *
        ((dof + 1) / (dof + 2)) +
      1 / y;
  }
  return Math.sqrt(dof * y);
}

/** x with P(χ² ≤ x) = p: Wilson and Hilferty (1931), error below 2% for dof of 3 and more and p from 1% to 99%. */
export function chiSquareQuantile(p: number, dof: number): number {
  return chiSquareAt(normalQuantile(p), dof);
}

/** {@link chiSquareQuantile} for a p whose normal quantile is known. */
export function chiSquareAt(z: number, dof: number): number {
  const share = 2 / (9 * dof);
  const root = Math.max(0, 1 - share + z * Math.sqrt(share));
  return dof * root * root * root;
}

/** log(Σ exp(terms)) without overflow; −∞ of nothing. */
export function logSumExp(terms: readonly number[]): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const term of terms) if (term > most) most = term;
  if (!Number.isFinite(most)) return most;
  let sum = 0;
  for (const term of terms) sum += Math.exp(term - most);
  return most + Math.log(sum);
}
