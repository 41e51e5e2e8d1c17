/** A small seeded generator (xoshiro128**) with the distributions that worlds are made of. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  normal(): number;
  poisson(mean: number): number;
  /** Mean 1, variance 1 / shape. */
  gamma(shape: number): number;
  /** Student's t with few degrees of freedom. */
  student(dof: number): number;
}

export function random(seed: number): Random {
  let [a, b, c, d] = [seed | 0, 0x9e3779b9, 0x243f6a88, 0xb7e15162];
  const next = () => {
    const r = Math.imul(b, 5);
    const result = Math.imul((r << 7) | (r >>> 25), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return (result >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 20; i += 1) next();
  let spare: number | undefined;
  const normal = () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  const gamma = (shape: number): number => {
    if (shape < 1) return (gamma(shape + 1) * (shape + 1) * (1 - next()) ** (1 / shape)) / shape;
    // Marsaglia and Tsang (2000).
    const e = shape - 1 / 3;
    for (;;) {
      const x = normal();
      const v = (1 + x / Math.sqrt(9 * e)) ** 3;
      if (v > 0 && Math.log(1 - next()) < 0.5 * x * x + e - e * v + e * Math.log(v)) return (e * v) / shape;
    }
  };
  const poisson = (mean: number): number => {
    if (!(mean > 0)) return 0;
    if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = next(); product > limit; product *= next()) count += 1;
    return count;
  };
  return {
    uniform: next,
    normal,
    poisson,
    gamma,
    student: (dof) => normal() / Math.sqrt(gamma(dof / 2)),
  };
}
