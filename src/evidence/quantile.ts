/** The observations in a bucket and all below it, up to `bound` (inclusive). */
export interface Bucket {
  readonly bound: number;
  readonly count: number;
}

/**
 * The quantile `q` (0..1) of a cumulative histogram, by linear interpolation inside the bucket that holds it: the rules
 * of `histogram_quantile` in https://prometheus.io/docs/prometheus/latest/querying/functions/. In the highest bucket it
 * is that bucket's lower bound; in a lowest bucket with a bound of 0 or less, that bound. NaN without observations or
 * without a bucket `+Inf`.
 */
export function bucketQuantile(q: number, unordered: readonly Bucket[]): number {
  const buckets = unordered.toSorted((a, b) => a.bound - b.bound);
  const highest = buckets.at(-1);
  if (buckets.length < 2 || highest?.bound !== Number.POSITIVE_INFINITY || !(q >= 0 && q <= 1)) return Number.NaN;
  // Buckets that are read while the service counts may be out of step by an observation.
  let most = 0;
  const counts = buckets.map(({ count }) => {
    most = Math.max(most, count);
    return most;
  });
  const total = most;
  if (!(total > 0)) return Number.NaN;
  const rank = q * total;
  const index = counts.findIndex((count) => count >= rank);
  const bound = buckets[index]?.bound ?? Number.NaN;
  if (index === buckets.length - 1) return buckets[index - 1]?.bound ?? Number.NaN;
  if (index === 0 && bound <= 0) return bound;
  const start = index === 0 ? 0 : (buckets[index - 1]?.bound ?? Number.NaN);
  const below = index === 0 ? 0 : (counts[index - 1] ?? Number.NaN);
  const inside = (counts[index] ?? Number.NaN) - below;
  return inside > 0 ? start + ((bound - start) * (rank - below)) / inside : bound;
}
