import { ERROR, FATAL, WARN } from "./level.ts";
import { safeTemplate } from "./safe.ts";
import type { Signature } from "./signature.ts";
import type { LevelCounts, Tally } from "./tally.ts";
import type { LogCounts, SilentSource } from "./types.ts";

/** What else a look has to tell beside its counts. */
export interface LookNotes {
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
  readonly signatures: boolean;
  /** Whether a time before the window or control machines were read, now or in an earlier look. */
  readonly compared: boolean;
  readonly cutLines: number;
  readonly bytes: number;
  /** Events before the window and on control machines, of all looks. */
  readonly linesBefore: number;
  /** Events in the window, of all looks. */
  readonly linesSoFar: number;
  /** Who has fallen silent; absent where no time before the window was read. */
  readonly silent?: readonly SilentSource[];
}

/** Probability by chance, over all kinds together, below which a kind counts as risen. */
const CHANCE = 0.001;
/** Kinds listed; the most frequent ones. */
const MOST_LISTED = 50;

/** The counts of a tally as the rest of the house sees them. */
export function reportOf(tally: Tally, notes: LookNotes): LogCounts {
  const data = tally.data();
  const lines = sum(data.levels, 0);
  const unreadable = [...notes.unreadable];
  if (data.lateMore > 0) {
    unreadable.push({
      path: "(events after the window)",
      reason: `${data.lateMore} events are dated after the end of the window: more than can be kept for later; check the clocks`,
    });
  }
  const kinds = notes.signatures ? tally.signatures.report() : [];
  const mixed = kinds.filter(({ coarse, before }) => coarse && before > 0);
  if (mixed.length > 0) {
    const count = mixed.reduce((total, one) => total + one.count, 0);
    unreadable.push({
      path: "(kinds of errors)",
      reason: `${count} errors are of so many kinds that new ones cannot be told from known ones; leave out by "ignore" what is no error, or write messages whose words stay the same`,
    });
  }
  const dated = Number.isFinite(data.first);
  return {
    lines,
    errors: sum(data.levels, ERROR),
    fatal: sum(data.levels, FATAL),
    ...(dated ? { first: data.first, last: data.last } : {}),
    ...(data.sample === "" ? {} : { sample: data.sample }),
    unreadable,
    requests: data.requests,
    ...(notes.compared
      ? { baseline: { lines: sum(data.before, 0), errors: sum(data.before, ERROR), fatal: sum(data.before, FATAL) } }
      : {}),
    bucketWidth: data.width,
    buckets: data.buckets.map(([start, levels]) => ({
      start,
      lines: sum(levels, 0),
      errors: sum(levels, ERROR),
      fatal: sum(levels, FATAL),
      warnings: levels[WARN] ?? 0,
    })),
    sources: data.sources.map(([name, counts]) => ({ name, ...counts })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    ...(notes.silent && { silent: notes.silent }),
    ...(notes.signatures ? signaturesOf(kinds, notes.linesSoFar, notes.linesBefore) : {}),
    cutLines: notes.cutLines,
    bytes: notes.bytes,
  };
}

function signaturesOf(found: readonly Signature[], lines: number, before: number) {
  const all = found.map((one) => ({ ...one, template: safeTemplate(one.template, one.sample) }));
  const fresh = all.filter((one) => one.before === 0);
  return {
    newSignatures: fresh.slice(0, MOST_LISTED),
    newSignatureCount: fresh.length,
    risenSignatures: risen(all, before, lines).slice(0, MOST_LISTED),
    unsorted: all.reduce((total, one) => total + (one.coarse ? one.count : 0), 0),
  };
}

/**
 * Kinds seen before whose share of all events has at least doubled, where that is not chance: given the events of the
 * kind, those in the window are binomial with the window's share of all events (the conditional test for two Poisson
 * rates), and the probability of so many is below 0.1% divided by the number of kinds.
 */
export function risen(all: readonly Signature[], linesBefore: number, lines: number): Signature[] {
  const share = lines / (lines + linesBefore);
  return all.filter((one) => {
    if (one.before === 0 || one.count / lines < (2 * one.before) / linesBefore) return false;
    return upperTail(one.count, one.count + one.before, share) < CHANCE / all.length;
  });
}

/** P(X ≥ k) for X binomial with n trials of probability p, summed until further terms no longer matter. */
function upperTail(k: number, n: number, p: number): number {
  if (p >= 1) return 1;
  let term = Math.exp(logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p));
  let total = term;
  for (let i = k; i < n && term > total * 1e-12; i++) {
    term *= (((n - i) / (i + 1)) * p) / (1 - p);
    total += term;
  }
  return Math.min(1, total);
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** Stirling's series, exact to 1e-10 from 20 on; below it is multiplied out. */
function logFactorial(n: number): number {
  if (n < 20) {
    let product = 1;
    for (let i = 2; i <= n; i++) product *= i;
    return Math.log(product);
  }
  return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3);
}

function sum(levels: LevelCounts, from: number): number {
  let total = 0;
  for (let i = from; i < levels.length; i++) total += levels[i] ?? 0;
  return total;
}
