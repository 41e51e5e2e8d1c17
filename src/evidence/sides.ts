import type { Sample, Side } from "../verdict/series/types.ts";

/** What the samples of one side come to: sums where they have totals, else the mean of the values. */
export interface SideSum {
  readonly value: number;
  readonly events?: number;
  readonly total?: number;
}

/** Sums up the samples of one side; undefined where it has none with a usable number. */
export function sumOf(samples: readonly Sample[], side: Side): SideSum | undefined {
  const usable = samples.filter((sample) => sample.side === side && Number.isFinite(sample.value));
  const events = usable.reduce((sum, { value }) => sum + value, 0);
  if (usable.some(({ total }) => total !== undefined)) {
    const total = usable.reduce((sum, sample) => sum + (sample.total ?? 0), 0);
    return total > 0 ? { value: events / total, events, total } : undefined;
  }
  return usable.length > 0 ? { value: events / usable.length } : undefined;
}

/**
 * The values of an observation with samples: `value` of the candidate and `control` of the baseline; where they are
 * shares also `events`, `total` and `requests` (the same as `total`, the name of the volume), `controlEvents` and
 * `controlTotal`.
 */
export function valuesOf(samples: readonly Sample[], counted: boolean): Record<string, number> {
  const candidate = sumOf(samples, "candidate");
  const control = sumOf(samples, "baseline");
  const { events = 0, total = 0 } = candidate ?? {};
  return {
    ...(candidate && { value: candidate.value }),
    ...(control && { control: control.value }),
    ...(counted && { events, total, requests: total }),
    ...(control?.total !== undefined && { controlEvents: control.events ?? 0, controlTotal: control.total }),
  };
}
