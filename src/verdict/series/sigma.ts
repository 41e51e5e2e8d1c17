import { formatNumber } from "../../pipeline/format.ts";
import { logSumExp, normalTail, studentQuantile } from "./distributions.ts";
import { History, type Profile } from "./history.ts";
import { shown } from "./show.ts";
import type { Finding, Look, Part, SeriesRule } from "./types.ts";
import { sideMean } from "./value-stream.ts";

export type SigmaRule = SeriesRule & { readonly sigma: NonNullable<SeriesRule["sigma"]> };

/** Fewer past values than this have no spread worth the name. */
const ENOUGH = 10;
/** So many independent values of the past double the variance of a distance from its centre. */
const FEW = 3;
/** Multiples of the limit that are bet on: far out is rarer than out. */
const HEIGHTS = [1, 1.5, 2] as const;
/** One stray value stops nothing, not even at the first look, where the arithmetic would allow it. */
const LEAST_HITS = 2;
/** Shares of looks beyond the limit that an unhealthy candidate may have. */
const SHARES = [0.03, 0.1, 0.3, 0.7, 0.97] as const;

/**
 * `sigma`: single values may stray beyond the limit as often as they did before the deploy; a candidate whose values do
 * so more often is stopped. With a control on both sides of the deploy the difference to it is judged instead.
 */
export function sigma(rule: SigmaRule, alpha: number): Part {
  const { max, sameHour } = rule.sigma;
  const threshold = -Math.log(alpha);
  const own = new History();
  const gaps = new History();
  let levels: readonly Height[] = [];
  let profile: Profile | undefined;
  let paired = false;
  let limit = max;
  let looks = 0;
  let beyond = 0;
  let latest = { value: Number.NaN, centre: Number.NaN, distance: 0 };
  let worst = latest;
  let first: { at: number; value: number } | undefined;
  let broken = false;

  const start = () => {
    paired = gaps.points >= ENOUGH;
    const history = paired ? gaps : own;
    if (history.points < ENOUGH) return undefined;
    const made = history.profile(sameHour);
    // A short past misplaces the centre too.
    limit = max * Math.sqrt(1 + FEW / Math.max(1, made.independent));
    levels = HEIGHTS.map((height) => new Height(height * limit, made));
    return made;
  };

  return {
    past({ at, candidate, baseline }: Look) {
      if (candidate.length === 0) return;
      const { mean } = sideMean(candidate);
      own.add(at, mean);
      if (baseline.length > 0) gaps.add(at, mean - sideMean(baseline).mean);
    },
    take({ at, candidate, baseline }: Look) {
      if (broken) return true;
      if (candidate.length === 0) return false;
      profile ??= start();
      if (!profile || (paired && baseline.length === 0)) return false;
      const { mean } = sideMean(candidate);
      const control = paired ? sideMean(baseline).mean : 0;
      const centre = profile.centre(at) + control;
      const distance = distanceOf(mean - centre, profile.spread, centre);
      latest = { value: mean, centre, distance };
      if (Math.abs(distance) > Math.abs(worst.distance) || looks === 0) worst = latest;
      looks += 1;
      const hit = Math.abs(distance) > limit;
      if (hit) {
        beyond += 1;
        first ??= { at, value: mean };
      }
      for (const level of levels) level.add(distance);
      const evidence = logSumExp(levels.map((level) => level.evidence)) - Math.log(levels.length);
      broken = hit && beyond >= LEAST_HITS && evidence >= threshold;
      return broken;
    },
    finding(): Finding {
      if (!profile || looks === 0) {
        const known = Math.max(own.points, gaps.points);
        const reason =
          known < ENOUGH
            ? `a past of ${known} values is too short for a spread (${ENOUGH} needed)`
            : "no value could be set beside its past";
        return { phase: "inconclusive", reason, effect: null };
      }
      const told = broken ? latest : worst;
      const reference = `${sameHour ? "its past at that hour" : "its past"}${paired ? ", moved as the control moved" : ""}`;
      const line = `${shown(told.value, rule)} is ${formatNumber(Math.abs(told.distance))}σ ${told.distance < 0 ? "below" : "above"} ${reference} (${shown(told.centre, rule)}, σ ${shown(profile.spread, rule)})`;
      const effect = {
        ratio: told.centre !== 0 ? told.value / told.centre : null,
        difference: told.value - told.centre,
        low: null,
        high: null,
      };
      const violation = first ? { firstViolation: first } : {};
      if (!broken) {
        return {
          phase: "pass",
          reason: `${beyond === 0 ? "at most " : ""}${line}; ${beyond} of ${looks} looks beyond ${formatNumber(limit)}σ`,
          effect,
          ...violation,
        };
      }
      return {
        phase: "fail",
        reason: `${line}; ${beyond} of ${looks} looks beyond ${formatNumber(limit)}σ, where ${formatNumber(100 * (levels[0]?.chance ?? 0))}% would be usual`,
        effect,
        turnedBy: `sigma max: ${formatNumber(Math.ceil(Math.abs(told.distance) * 10) / 10)}`,
        ...violation,
      };
    },
  };
}

/** Evidence that values lie further out than one limit more often than they should. */
class Height {
  readonly chance: number;
  readonly #limit: number;
  readonly #correlation: number;
  readonly #wealth = SHARES.map(() => 0);
  #before: number | undefined;

  constructor(limit: number, { correlation, independent, exceedance }: Profile) {
    this.#limit = limit;
    this.#correlation = correlation;
    this.chance = Math.max(exceedance(limit), studentChance(limit, independent));
  }

  add(distance: number): void {
    const conditional = conditionalChance(this.#limit, this.#before, this.#correlation);
    const expected = Math.min(0.95, Math.max(this.chance, conditional));
    this.#before = distance;
    const hit = Math.abs(distance) > this.#limit;
    for (let i = 0; i < SHARES.length; i += 1) {
      const share = Math.max(SHARES[i] ?? 0, expected);
      const step = hit ? share / expected : (1 - share) / (1 - expected);
      this.#wealth[i] = (this.#wealth[i] ?? 0) + Math.log(step);
    }
  }

  get evidence(): number {
    return logSumExp(this.#wealth) - Math.log(SHARES.length);
  }
}

/** Past without any spread: every other value is infinitely far, up to rounding. */
function distanceOf(stray: number, spread: number, centre: number): number {
  const least = Math.abs(centre) * 1e-9;
  if (Math.abs(stray) <= least) return 0;
  return stray / Math.max(spread, least, 1e-300);
}

/** P(|T| > limit), where the spread itself is only known from so many `independent` values. */
function studentChance(limit: number, independent: number): number {
  let low = 1e-12;
  let high = 0.5;
  for (let step = 0; step < 50; step += 1) {
    const middle = Math.sqrt(low * high);
    if (studentQuantile(1 - middle, Math.max(2, independent / 2)) > limit) low = middle;
    else high = middle;
  }
  return 2 * high;
}

/** Chance to lie beyond the limit for a Gaussian series that was `before` spreads away at the look before. */
function conditionalChance(limit: number, before: number | undefined, correlation: number): number {
  if (before === undefined || correlation < 0.05) return 0;
  const centre = correlation * Math.max(-2 * limit, Math.min(2 * limit, before));
  const rest = Math.sqrt(1 - correlation * correlation);
  return normalTail((limit - centre) / rest) + normalTail((limit + centre) / rest);
}
