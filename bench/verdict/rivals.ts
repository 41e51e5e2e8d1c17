import { normalQuantile, normalTail } from "../../src/verdict/series/distributions.ts";

/** The values of one simulated bake as the rivals see them: one number a look and side, the past first. */
export interface Track {
  readonly candidate: readonly number[];
  readonly baseline: readonly number[];
  /** The candidate's past, or the control's first looks where there is none. */
  readonly past: readonly number[];
}

/** A rule that is applied at every look: a score, and the score from which it stops the candidate. */
export interface Rival {
  readonly name: string;
  /** A score for each look; the higher the worse. */
  scores(track: Track): number[];
  /** As people use it. */
  readonly usual: number;
  /** Whether its threshold can be chosen so that it raises no more false alarms than allowed. */
  readonly adjustable: boolean;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: readonly number[]) => {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / Math.max(1, values.length - 1));
};

/** The value over the healthy level; 2 is "twice the usual". */
export const fixedLimit: Rival = {
  name: "fixed limit",
  usual: 2,
  adjustable: true,
  scores: ({ candidate, past }) => {
    const level = mean(past);
    return candidate.map((value) => (level > 0 ? value / level : value > 0 ? Number.MAX_VALUE : 0));
  },
};

/** Standard deviations above the past. */
export const sigmas: Rival = {
  name: "3σ at every look",
  usual: 3,
  adjustable: true,
  scores: ({ candidate, past }) => {
    const [level, spread] = [mean(past), deviation(past)];
    return candidate.map((value) => (spread > 0 ? (value - level) / spread : value > level ? Number.MAX_VALUE : 0));
  },
};

/** −log10 of the one-sided p of the Mann–Whitney test of all values so far (normal approximation, ties corrected). */
export const mannWhitney: Rival = {
  name: "Mann–Whitney at every look",
  usual: 2,
  adjustable: true,
  scores: ({ candidate, baseline }) => {
    const seen = new Map<number, number>();
    let wins = 0;
    let ties = 0;
    const see = (value: number) => {
      const before = seen.get(value) ?? 0;
      ties += 3 * before * (before + 1);
      seen.set(value, before + 1);
    };
    return candidate.map((x, i) => {
      const y = baseline[i] ?? 0;
      for (let j = 0; j < i; j += 1) {
        wins += beats(x, baseline[j] ?? 0) + beats(candidate[j] ?? 0, y);
      }
      wins += beats(x, y);
      see(x);
      see(y);
      const [n, count] = [i + 1, 2 * (i + 1)];
      const variance = ((n * n) / 12) * (count + 1 - ties / (count * (count - 1)));
      return i < 2 || variance <= 0 ? 0 : -Math.log10(normalTail((wins - (n * n) / 2 - 0.5) / Math.sqrt(variance)));
    });
  },
};

function beats(x: number, y: number): number {
  return x > y ? 1 : x === y ? 0.5 : 0;
}

/**
 * The procedure that Kayenta's judge publishes: Mann–Whitney with the Hodges–Lehmann interval at 98 %; "high" where its
 * lower end lies above a quarter of the estimate; once an hour, from 50 points on. Score 1 is "high".
 */
export const kayenta: Rival = {
  name: "Kayenta's procedure",
  usual: 0.5,
  adjustable: false,
  scores: ({ candidate, baseline }) =>
    candidate.map((_, i) => {
      // Its pairs of values grow with the square of the looks: beyond a day it is not run.
      if (candidate.length > 288) return 0;
      if ((i + 1) % 12 !== 0 || i + 1 < 50) return 0;
      return isHigh(candidate.slice(0, i + 1), baseline.slice(0, i + 1)) ? 1 : 0;
    }),
};

function isHigh(xs: readonly number[], ys: readonly number[]): boolean {
  const [n, m] = [xs.length, ys.length];
  const differences = new Float64Array(n * m);
  for (let i = 0; i < n; i += 1) for (let j = 0; j < m; j += 1) differences[i * m + j] = (xs[i] ?? 0) - (ys[j] ?? 0);
  differences.sort();
  const offset = Math.floor((n * m) / 2 + normalQuantile(0.01) * Math.sqrt((n * m * (n + m + 1)) / 12));
  const low = differences[Math.max(0, offset)] ?? 0;
  const estimate = differences[(n * m) >> 1] ?? 0;
  return low > 0.25 * estimate && estimate > 0;
}

export const rivals: readonly Rival[] = [fixedLimit, sigmas, mannWhitney, kayenta];
