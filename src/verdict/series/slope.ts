import { formatCount, formatDuration, formatValue } from "../../pipeline/format.ts";
import { studentQuantile } from "./distributions.ts";
import { LAST } from "./last-look.ts";
import { asWritten } from "./show.ts";
import { SlopeLine } from "./slope-line.ts";
import { SETTLED, WithoutOutliers } from "./slope-outliers.ts";
import type { Finding, Part, SeriesRule } from "./types.ts";
import { sideMean } from "./value-stream.ts";

export type SlopeRule = SeriesRule & { readonly slope: NonNullable<SeriesRule["slope"]> };

const HOUR = 3_600_000;
/** A line through fewer looks than this stops nothing: most things rise for a while after a start. */
const ENOUGH_TO_STOP = 12;

interface Bound {
  readonly name: "min" | "max";
  readonly sign: 1 | -1;
  /** Per second. */
  readonly limit: number;
}

/** `slope`: stopped when the interval of the slope, valid at every look, lies beyond the limit. */
export function slope(rule: SlopeRule, alpha: number): Part {
  const { min, max } = rule.slope;
  const bounds: Bound[] = [];
  if (max !== undefined) bounds.push({ name: "max", sign: 1, limit: max });
  if (min !== undefined) bounds.push({ name: "min", sign: -1, limit: min });
  const share = alpha / Math.max(1, bounds.length);
  const threshold = -Math.log((1 - LAST) * share);
  const line = new SlopeLine();
  const cleaned = new WithoutOutliers((t, value) => line.add(t, value));
  let broken: Bound | undefined;
  /** The end of the interval by the test of the last look, where that was what broke the rule. */
  let endAtLast: number | undefined;
  let origin: number | undefined;
  // Time in steps between looks, so that it does not matter how long these are.
  let step: number | undefined;
  let last = 0;
  let looks = 0;

  const excluded = ({ sign, limit }: Pick<Bound, "sign" | "limit">) =>
    line.evidence(sign, (limit * (step ?? 1)) / 1_000, threshold) >= threshold;

  /** The end of the interval towards `sign`: the last slope that the evidence excludes, seen from there; null where it excludes none. */
  const end = (sign: 1 | -1, found: number, error: number): number | null => {
    const { limit } = bounds.find((bound) => bound.sign === sign) ?? { limit: found };
    let [outside, inside] = [limit, found];
    if (!excluded({ sign, limit })) {
      // Whether the limit is in the interval is known; the end lies beyond it.
      inside = sign * limit < sign * found ? limit : found;
      let reach = Math.max(2 * error, 1e-9 * Math.max(Math.abs(found), Math.abs(limit)), 1e-15);
      outside = inside - sign * reach;
      for (let doubled = 0; !excluded({ sign, limit: outside }); doubled += 1) {
        if (doubled === 60) return null;
        reach *= 2;
        outside = inside - sign * reach;
      }
    }
    for (let halved = 0; halved < 24; halved += 1) {
      const middle = (outside + inside) / 2;
      if (excluded({ sign, limit: middle })) outside = middle;
      else inside = middle;
    }
    return outside;
  };

  return {
    past() {},
    take({ at, candidate }) {
      if (broken) return true;
      if (candidate.length === 0) return false;
      origin ??= at;
      if (at > origin) step ??= at - origin;
      last = at;
      looks += 1;
      cleaned.add((at - origin) / (step ?? 1), sideMean(candidate).mean);
      if (line.n < ENOUGH_TO_STOP) return false;
      broken = bounds.find(excluded);
      return broken !== undefined;
    },
    last() {
      const test = line.n < ENOUGH_TO_STOP || broken ? undefined : line.test();
      if (!test) return broken !== undefined;
      const chance = studentQuantile(1 - LAST * share, test.freedom);
      for (const bound of bounds) {
        const near = ((test.slope - bound.sign * chance * test.error) * 1_000) / (step ?? 1);
        if (bound.sign * (near - bound.limit) <= 0) continue;
        broken = bound;
        endAtLast = near;
        return true;
      }
      return false;
    },
    finding(): Finding {
      const span = formatDuration(last - (origin ?? last));
      if (line.n < SETTLED || step === undefined) {
        return {
          phase: "inconclusive",
          reason: `no line through ${formatCount(looks, "look")} over ${span} (${SETTLED} needed)`,
          effect: null,
        };
      }
      const fit = line.fit();
      const [found, error] = [(1_000 * fit.slope) / step, (1_000 * fit.error) / step];
      const low = broken?.sign === 1 && endAtLast !== undefined ? endAtLast : end(1, found, error);
      const high = broken?.sign === -1 && endAtLast !== undefined ? endAtLast : end(-1, found, error);
      const beyond = broken ?? bounds.find(excluded);
      const limit = (beyond ?? bounds[0])?.limit ?? 0;
      const effect = { ratio: limit !== 0 ? found / limit : null, difference: found - limit, low, high };
      const perHour = (value: number | null) =>
        value === null ? "open" : `${formatValue((value * HOUR) / 1_000, rule.unit ?? plain)} per hour`;
      const written = (value: number, direction: 1 | -1) =>
        `${asWritten((value * HOUR) / 1_000, direction, rule.unit ?? plain)} per hour`;
      const text = `slope ${perHour(found)} over ${span}, interval ${perHour(low)} to ${perHour(high)}`;
      if (!beyond) {
        const limits = bounds.map((bound) => `${bound.sign > 0 ? "≤" : "≥"} ${perHour(bound.limit)}`);
        const turns = bounds.flatMap(({ name, sign }) => {
          const near = sign > 0 ? low : high;
          return near === null
            ? []
            : [`slope ${name} ${sign > 0 ? "below" : "above"} ${written(near, sign > 0 ? -1 : 1)}`];
        });
        return {
          phase: "pass",
          reason: `${text}; limit ${limits.join(", ")}`,
          effect,
          ...(turns.length > 0 && { turnedBy: turns.join(" or ") }),
        };
      }
      const against = `${text}, ${beyond.sign > 0 ? ">" : "<"} ${perHour(beyond.limit)}`;
      if (!broken) {
        return {
          phase: "inconclusive",
          reason: `${against}, but ${looks} looks are too few to tell what lasts (${ENOUGH_TO_STOP} needed)`,
          effect,
        };
      }
      const cure = (beyond.sign > 0 ? low : high) ?? found;
      return {
        phase: "fail",
        reason: endAtLast === undefined ? against : `${against}, by the test of the whole bake`,
        effect,
        turnedBy: `slope ${beyond.name}: ${written(cure, beyond.sign)}`,
      };
    },
  };
}

const plain = { unit: "", perSecond: false } as const;
