import { formatAgainst, formatNumber, formatPercent } from "../../pipeline/format.ts";
import { detectableRatio } from "./power.ts";
import { RateStream } from "./rate.ts";
import { asWritten, shown, shownRate } from "./show.ts";
import type { Finding, Part, Reading, SeriesRule } from "./types.ts";

/** A limit is known exactly: it stands for a control of so many times the volume. */
const EXACT = 1e6;

export type LimitRule = SeriesRule & { readonly limits: NonNullable<SeriesRule["limits"]> };

/** `min` and `max`: of values look by look, tolerating N of M; of rates (values with a total) over all looks together. */
export function limits(rule: LimitRule, alpha: number): Part {
  let part: Part | undefined;
  return {
    past() {},
    take(look) {
      const reading = look.candidate[0] ?? look.boundless?.[0];
      if (!reading) return false;
      part ??= reading.total === undefined ? valueLimits(rule) : rateLimits(rule, alpha);
      return part.take(look);
    },
    finding: () => part?.finding() ?? { phase: "inconclusive", reason: "nothing was measured", effect: null },
  };
}

interface Bound {
  readonly name: "min" | "max";
  readonly sign: 1 | -1;
  readonly limit: number;
}

function boundsOf({ limits: { min, max } }: LimitRule): readonly Bound[] {
  const bounds: Bound[] = [];
  if (max !== undefined) bounds.push({ name: "max", sign: 1, limit: max });
  if (min !== undefined) bounds.push({ name: "min", sign: -1, limit: min });
  return bounds;
}

function worstFor(sign: 1 | -1, readings: readonly Reading[], more: readonly Reading[]): number {
  let worst = sign * Number.NEGATIVE_INFINITY;
  for (const { value } of readings) if (sign * value > sign * worst) worst = value;
  for (const { value } of more) if (sign * value > sign * worst) worst = value;
  return worst;
}

function valueLimits(rule: LimitRule): Part {
  const bounds = boundsOf(rule);
  const { failures, of } = rule.tolerate ?? { failures: 0, of: 1 };
  const recent = bounds.map((): number[] => []);
  const farthest = bounds.map(({ sign }) => -sign * Number.POSITIVE_INFINITY);
  let last = Number.NaN;
  let first: { at: number; value: number } | undefined;
  let broken: { bound: Bound; worst: number; count: number; cure: number } | undefined;
  const shownBounds = bounds.map(({ sign, limit }) => `${sign > 0 ? "≤" : "≥"} ${shown(limit, rule)}`).join(", ");

  return {
    past() {},
    take({ at, candidate, boundless = [] }) {
      if (broken) return true;
      if (candidate.length + boundless.length === 0) return false;
      for (let i = 0; i < bounds.length; i += 1) {
        const bound = bounds[i];
        if (!bound) continue;
        const worst = worstFor(bound.sign, candidate, boundless);
        if (i === 0) last = worst;
        farthest[i] = bound.sign > 0 ? Math.max(farthest[i] ?? worst, worst) : Math.min(farthest[i] ?? worst, worst);
        const values = recent[i] ?? [];
        values.push(bound.sign * worst);
        if (values.length > of) values.shift();
        if (!values.some((value) => value > bound.sign * bound.limit)) continue;
        if (bound.sign * worst > bound.sign * bound.limit) first ??= { at, value: worst };
        const beyond = values.filter((value) => value > bound.sign * bound.limit);
        if (beyond.length <= failures) continue;
        const cure = [...beyond].sort((a, b) => b - a)[failures] ?? bound.sign * worst;
        broken = { bound, worst, count: beyond.length, cure: bound.sign * cure };
        return true;
      }
      return false;
    },
    finding(): Finding {
      const violation = first ? { firstViolation: first } : {};
      if (!broken) {
        const turns = bounds.flatMap(({ name, sign }, i) => {
          const reached = farthest[i] ?? Number.NaN;
          if (rule.tolerate || !Number.isFinite(reached)) return [];
          return [
            `${name} ${sign > 0 ? "below" : "above"} ${asWritten(reached, sign > 0 ? -1 : 1, rule.unit ?? plain)}`,
          ];
        });
        return {
          phase: "pass",
          reason: `${shown(last, rule)} ${shownBounds}`,
          effect: null,
          ...(turns.length > 0 && { turnedBy: turns.join(" or ") }),
          ...violation,
        };
      }
      const { bound, worst, count, cure } = broken;
      const value = formatAgainst(worst, bound.limit, rule.unit ?? { unit: "", perSecond: false });
      const tally = of > 1 ? `: ${count} of the last ${of} looks broke the rule, ${failures} tolerated` : "";
      return {
        phase: "fail",
        reason: `${value} ${bound.sign > 0 ? ">" : "<"} ${shown(bound.limit, rule)}${tally}`,
        effect: {
          ratio: bound.limit !== 0 ? worst / bound.limit : null,
          difference: worst - bound.limit,
          low: null,
          high: null,
        },
        ...(Number.isFinite(cure) && { turnedBy: `${bound.name}: ${asWritten(cure, bound.sign, rule.unit ?? plain)}` }),
        ...violation,
      };
    },
  };
}

function rateLimits(rule: LimitRule, alpha: number): Part {
  const bounds = boundsOf(rule);
  const threshold = -Math.log(alpha / bounds.length);
  // "At least 99% good" is "at most 1% not good", where small numbers tell much.
  const streams = bounds.map(({ sign, limit }) => {
    const turned = sign < 0 && limit < 1;
    return { turned, stream: turned ? new RateStream(1 - limit, 1) : new RateStream(limit, sign) };
  });
  let events = 0;
  let total = 0;
  let broken: number | undefined;

  return {
    past() {},
    take({ candidate }) {
      if (broken !== undefined) return true;
      let x = 0;
      let n = 0;
      for (const reading of candidate) {
        x += reading.value;
        n += reading.total ?? 0;
      }
      if (n === 0) return false;
      events += x;
      total += n;
      for (const [i, { turned, stream }] of streams.entries()) {
        stream.add(turned ? Math.max(0, n - x) : x, n);
        if (stream.evidence(threshold) >= threshold) {
          broken = i;
          return true;
        }
      }
      return false;
    },
    finding(): Finding {
      const beyond = bounds.findIndex(({ sign, limit }) => sign * (events / total) > sign * limit);
      const index = broken ?? Math.max(0, beyond);
      const bound = bounds[index];
      const judged = streams[index];
      if (!bound || !judged || total === 0)
        return { phase: "inconclusive", reason: "nothing was counted", effect: null };
      const { stream, turned } = judged;
      const [near, far] = [stream.limit(1, threshold), stream.limit(-1, threshold)];
      // No more can happen than was counted, unless it already has.
      const most = events <= total ? Math.min(1, far) : far;
      const interval = turned ? [1 - most, 1 - near] : [near, most];
      // The bets know of the limit alone: whether it lies in the interval is what they say, not only the mixture.
      const beside = broken === undefined ? Math.min : Math.max;
      const apart = broken === undefined ? Math.max : Math.min;
      const low = bound.sign > 0 ? beside(interval[0] ?? 0, bound.limit) : (interval[0] ?? 0);
      const high = bound.sign > 0 ? (interval[1] ?? 1) : apart(interval[1] ?? 1, bound.limit);
      const ratio = bound.limit > 0 ? events / total / bound.limit : null;
      const effect = {
        ratio,
        difference: events / total - bound.limit,
        low: bound.limit > 0 ? low / bound.limit : null,
        high: bound.limit > 0 ? high / bound.limit : null,
      };
      const rate = shownRate(events, total, true);
      const range = `interval ${formatPercent(low)} to ${formatPercent(high)}`;
      const limit = formatPercent(bound.limit);
      if (broken !== undefined) {
        const near = bound.sign > 0 ? low : high;
        // Where only the bets exclude the limit, what they would say of another is not known, but no rate is beyond itself.
        const cure = Math.abs(near - bound.limit) > 1e-9 ? near : events / total;
        return {
          phase: "fail",
          reason: `${rate} ${bound.sign > 0 ? ">" : "<"} ${limit}, ${range}`,
          effect,
          turnedBy: `${bound.name}: ${asWritten(cure, bound.sign, percent)}`,
        };
      }
      if (beyond >= 0) {
        return {
          phase: "inconclusive",
          reason: `${rate} ${bound.sign > 0 ? ">" : "<"} ${limit}, but ${formatNumber(total)} are too few to be sure: ${range}`,
          effect,
          turnedBy: `${bound.name}: ${asWritten(events / total, bound.sign, percent)}`,
        };
      }
      const end = bound.sign > 0 ? low : high;
      const turnedBy =
        end > 0 && end < 1
          ? `${bound.name} ${bound.sign > 0 ? "below" : "above"} ${asWritten(end, bound.sign > 0 ? -1 : 1, percent)}`
          : undefined;
      return {
        phase: "pass",
        reason: `${rate} ${bound.sign > 0 ? "≤" : "≥"} ${limit}, ${range}`,
        effect,
        ...(turnedBy !== undefined && { turnedBy }),
        ...(turned || bound.sign > 0 ? seenOf(stream, turned ? 1 - bound.limit : bound.limit, threshold) : {}),
      };
    },
  };
}

/** The multiple of the limit that so much volume would have caught nine times in ten; a limit of zero needs no volume. */
function seenOf(stream: RateStream, limit: number, threshold: number): { readonly sees?: number | null } {
  if (!(limit > 0)) return {};
  const { dispersion, persistence } = stream.inflation();
  const events = limit * stream.total;
  return {
    sees: detectableRatio({
      candidate: events,
      baseline: events * EXACT,
      inflation: Number.isFinite(dispersion) ? dispersion * persistence : 1,
      tolerated: 1,
      threshold,
    }),
  };
}

const percent = { unit: "%", perSecond: false } as const;
const plain = { unit: "", perSecond: false } as const;
