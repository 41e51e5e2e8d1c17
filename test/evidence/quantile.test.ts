import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Bucket, bucketQuantile } from "../../src/evidence/quantile.ts";

const inf = Number.POSITIVE_INFINITY;
const buckets = (...pairs: readonly (readonly [number, number])[]): Bucket[] =>
  pairs.map(([bound, count]) => ({ bound, count }));

describe("a quantile of a histogram", () => {
  test.each([
    ["inside a bucket", 0.5, buckets([1, 10], [2, 30], [inf, 40]), 1.5],
    ["in the lowest bucket, from 0", 0.1, buckets([1, 10], [2, 30], [inf, 40]), 0.4],
    ["in the highest bucket, its lower bound", 0.99, buckets([1, 10], [2, 30], [inf, 40]), 2],
    ["in a lowest bucket that ends below 0", 0.1, buckets([-1, 10], [inf, 20]), -1],
    ["of buckets in any order", 0.5, buckets([inf, 40], [2, 30], [1, 10]), 1.5],
    ["of buckets out of step", 0.5, buckets([1, 10], [2, 9], [4, 20], [inf, 20]), 1],
    ["without observations", 0.5, buckets([1, 0], [inf, 0]), Number.NaN],
    ["without a bucket +Inf", 0.5, buckets([1, 5], [2, 6]), Number.NaN],
    ["of one bucket", 0.5, buckets([inf, 6]), Number.NaN],
  ])("%s", (_, q, given, expected) => {
    const estimate = bucketQuantile(q, given);
    if (Number.isNaN(expected)) expect(estimate).toBeNaN();
    else expect(estimate).toBeCloseTo(expected, 12);
  });

  test("lies between the bounds of the bucket that holds the true one", () => {
    const bounds = [0.1, 0.2, 0.5, 1, 2, 5];
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.001, max: 4.9, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (seen, q) => {
          const given = [...bounds, inf].map((bound) => ({
            bound,
            count: seen.filter((value) => value <= bound).length,
          }));
          const truth = seen.toSorted((a, b) => a - b)[Math.ceil(q * seen.length - 1e-9) - 1] ?? 0;
          const upper = bounds.find((bound) => truth <= bound) ?? inf;
          const lower = bounds.findLast((bound) => bound < upper) ?? 0;
          const estimate = bucketQuantile(q, given);
          expect(estimate).toBeGreaterThanOrEqual(truth > 0.1 ? lower - 1e-9 : 0);
          expect(estimate).toBeLessThanOrEqual(upper + 1e-9);
        },
      ),
    );
  });
});
