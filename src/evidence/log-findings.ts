import type { Bucket, LogCounts, Signature, SilentSource, SourceReport } from "../logs/types.ts";

/** What the logs of one check in one place said in the whole window so far, for people: bounded, and judged by no rule. */
export interface LogFindings {
  readonly lines: number;
  readonly warnings: number;
  readonly errors: number;
  readonly fatal: number;
  /** Lines of access logs. */
  readonly requests: number;
  /** By time, the earliest first, at most 60 of `width` milliseconds each; those without a line are left out. */
  readonly buckets: readonly Bucket[];
  readonly width: number;
  /** At most 10, those with the most errors first. */
  readonly sources: readonly SourceReport[];
  /** At most 10 each, the most frequent first. */
  readonly newKinds: readonly Signature[];
  readonly risenKinds: readonly Signature[];
  readonly silent: readonly SilentSource[];
  /** How many there are of each of these. */
  readonly all: Readonly<Record<"sources" | "newKinds" | "risenKinds" | "silent", number>>;
}

const MOST = 10;
const MOST_HOSTS = 5;
const MOST_BUCKETS = 60;
const MOST_SOURCES = 1_000;

/** Adds up the looks of one scanner, each of which tells what is new. */
export function createLogFindings(): (found: LogCounts) => LogFindings {
  const sums = { lines: 0, errors: 0, fatal: 0, requests: 0 };
  const sources = new Map<string, SourceReport>();
  let buckets: readonly Bucket[] = [];
  let width = 1;
  return (found) => {
    for (const key of ["lines", "errors", "fatal", "requests"] as const) sums[key] += found[key] ?? 0;
    for (const one of found.sources ?? []) {
      const name = sources.has(one.name) || sources.size < MOST_SOURCES ? one.name : "(others)";
      const known = sources.get(name);
      sources.set(name, known ? sumOfSources(known, one) : { ...one, name });
    }
    width = Math.max(width, found.bucketWidth ?? 1);
    buckets = widened([...buckets, ...(found.buckets ?? [])], width);
    let shownWidth = width;
    let shown = buckets;
    while (shown.length > MOST_BUCKETS) {
      shownWidth *= 2;
      shown = widened(shown, shownWidth);
    }
    const { newSignatures = [], risenSignatures = [], silent = [] } = found;
    return {
      ...sums,
      warnings: buckets.reduce((total, { warnings }) => total + warnings, 0),
      buckets: shown,
      width: shownWidth,
      sources: [...sources.values()].sort((a, b) => b.errors - a.errors || b.lines - a.lines).slice(0, MOST),
      newKinds: newSignatures.slice(0, MOST).map(withFewHosts),
      risenKinds: risenSignatures.slice(0, MOST).map(withFewHosts),
      silent: silent.slice(0, MOST),
      all: {
        sources: sources.size,
        newKinds: found.newSignatureCount ?? newSignatures.length,
        risenKinds: risenSignatures.length,
        silent: silent.length,
      },
    };
  };
}

function sumOfSources(one: SourceReport, other: SourceReport): SourceReport {
  return {
    name: one.name,
    lines: one.lines + other.lines,
    errors: one.errors + other.errors,
    fatal: one.fatal + other.fatal,
    before: one.before + other.before,
    beforeErrors: one.beforeErrors + other.beforeErrors,
  };
}

function sumOfBuckets(one: Bucket, other: Bucket): Bucket {
  return {
    start: one.start,
    lines: one.lines + other.lines,
    errors: one.errors + other.errors,
    fatal: one.fatal + other.fatal,
    warnings: one.warnings + other.warnings,
  };
}

function widened(buckets: readonly Bucket[], width: number): readonly Bucket[] {
  const wide = new Map<number, Bucket>();
  for (const one of buckets) {
    const start = Math.floor(one.start / width) * width;
    const known = wide.get(start);
    wide.set(start, known ? sumOfBuckets(known, one) : { ...one, start });
  }
  return [...wide.values()].sort((a, b) => a.start - b.start);
}

function withFewHosts(kind: Signature): Signature {
  return { ...kind, sources: kind.sources.slice(0, MOST_HOSTS) };
}
