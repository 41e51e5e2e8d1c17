import { alternatives, usualDivision } from "./counts.ts";
import { normalQuantile } from "./distributions.ts";

/** What is caught nine times in ten is caught as long as chance is not worse than this many standard deviations. */
const NINE_IN_TEN = normalQuantile(0.9);
/** Log evidence that the spread over alternatives, correlations and scale costs a comparison of values. */
const VALUE_PRICE = 3.6;
/** Bounding the dispersion from above costs about this factor in counts, and so many looks before anything is known. */
const DISPERSION_PRICE = 1.25;
const LEAST_LOOKS = 3;
const LARGEST = 1_000;

/** What two sides were counted, or are going to be counted, over a bake. */
export interface CountVolume {
  /** Events that the candidate has while it is healthy, and events of its control, over the time that is asked about. */
  readonly candidate: number;
  readonly baseline: number;
  /** Factor by which bursts reduce what the counts tell; 1 where they are independent. */
  readonly inflation: number;
  /** Ratio that is still tolerated, 1 or above. */
  readonly tolerated: number;
  /** Log evidence needed: −log of the share of the budget. */
  readonly threshold: number;
}

/** Whether a rate `ratio` times the healthy one would be caught nine times in ten: normal approximation of the log likelihood ratio. */
function caught(ratio: number, { candidate, baseline, inflation, tolerated, threshold }: CountVolume): boolean {
  const odds = (tolerated * candidate) / baseline;
  const [x, y] = [candidate * ratio, baseline];
  return alternatives.some(({ times, weight }) => {
    const step = Math.log((1 + times * odds) / (1 + odds));
    const [perCandidate, perBaseline] = [Math.log(times) - step, -step];
    const mean = x * perCandidate + y * perBaseline;
    const deviation = Math.sqrt(x * perCandidate ** 2 + y * perBaseline ** 2);
    const needed = threshold - Math.log((1 - usualDivision.bets) * weight);
    return mean - NINE_IN_TEN * Math.sqrt(inflation) * deviation >= needed * inflation * DISPERSION_PRICE;
  });
}

/** The smallest ratio of rates that would be caught nine times in ten; null where even {@link LARGEST} times would not. */
export function detectableRatio(volume: CountVolume): number | null {
  if (!(volume.candidate > 0 && volume.baseline > 0)) return null;
  let [low, high] = [0, Math.log(LARGEST)];
  if (!caught(LARGEST, volume)) return null;
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (caught(Math.exp(middle), volume)) high = middle;
    else low = middle;
  }
  return Math.exp(high);
}

/** By how many times the volume must grow for `ratio` to be caught nine times in ten; null where no volume would do. */
export function volumeFor(ratio: number, volume: CountVolume): number | null {
  const grown = (factor: number) => ({
    ...volume,
    candidate: volume.candidate * factor,
    baseline: volume.baseline * factor,
  });
  if (!(ratio > volume.tolerated) || !(volume.candidate > 0 && volume.baseline > 0)) return null;
  let [low, high] = [Math.log(1e-6), Math.log(1e6)];
  if (!caught(ratio, grown(1e6))) return null;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (caught(ratio, grown(Math.exp(middle)))) high = middle;
    else low = middle;
  }
  return Math.exp(high);
}

/**
 * The smallest lasting shift of plain values, in the units of `deviation`, that would be caught nine times in ten.
 * `deviation` is the standard deviation of one look's difference, `persistence` how many looks are worth one.
 */
export function detectableShift(
  deviation: number,
  persistence: number,
  looks: number,
  threshold: number,
): number | null {
  if (looks < LEAST_LOOKS || !(deviation >= 0)) return null;
  const worth = Math.max(1, looks / Math.max(1, persistence));
  return (deviation * (Math.sqrt(2 * (threshold + VALUE_PRICE)) + NINE_IN_TEN)) / Math.sqrt(worth);
}

/** So many looks until a lasting `shift` would be caught nine times in ten (see {@link detectableShift}); null where no number would do. */
export function looksFor(shift: number, deviation: number, persistence: number, threshold: number): number | null {
  if (!(shift > 0) || !(deviation >= 0)) return null;
  const errors = ((Math.sqrt(2 * (threshold + VALUE_PRICE)) + NINE_IN_TEN) * deviation) / shift;
  return Math.max(LEAST_LOOKS, Math.ceil(errors ** 2 * Math.max(1, persistence)));
}

/** What is known before a bake: rates of the control, in events and exposures per hour. */
export interface BakePlan {
  /** Events of the control per exposure. */
  readonly rate: number;
  /** Exposures (requests, lines) per hour of the candidate and of its control. */
  readonly candidatePerHour: number;
  readonly baselinePerHour: number;
  readonly hours: number;
  readonly tolerance: number;
  readonly falseAlarm: number;
  readonly checks: number;
}

/** What a comparison of counts can see in a bake: the ratio caught nine times in ten, and the hours after which twice the rate is. */
export function foresee(plan: BakePlan): { readonly ratio: number | null; readonly hoursForDouble: number | null } {
  const volume: CountVolume = {
    candidate: plan.rate * plan.candidatePerHour * plan.hours,
    baseline: plan.rate * plan.baselinePerHour * plan.hours,
    inflation: 1,
    tolerated: 1 + Math.max(0, plan.tolerance),
    threshold: -Math.log(plan.falseAlarm / Math.max(1, plan.checks)),
  };
  const factor = volumeFor(2, volume);
  return { ratio: detectableRatio(volume), hoursForDouble: factor === null ? null : factor * plan.hours };
}
