const Z99 = 2.326;

/**
 * The median of the slopes between all pairs of points, and the one that bounds it from below at 99 % by Kendall's
 * statistic (Sen 1968). Points without a number are left out.
 */
export function theilSen(points: readonly (readonly [t: number, value: number])[]): { slope: number; low: number } {
  const known = points.filter(([, value]) => !Number.isNaN(value));
  const n = known.length;
  const slopes = new Float64Array((n * (n - 1)) / 2);
  let filled = 0;
  for (let i = 0; i < n; i += 1) {
    const [t, value] = known[i] ?? [0, 0];
    for (let j = 0; j < i; j += 1) {
      const [before, earlier] = known[j] ?? [0, 0];
      slopes[filled] = (value - earlier) / (t - before);
      filled += 1;
    }
  }
  slopes.sort();
  const spread = Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const rank = Math.floor((slopes.length - Z99 * spread) / 2);
  return {
    slope: slopes[slopes.length >> 1] ?? Number.NaN,
    low: rank < 0 ? Number.NEGATIVE_INFINITY : (slopes[rank] ?? Number.NEGATIVE_INFINITY),
  };
}
