import type { StatusFunctions } from "./expressions.ts";
import type { Job } from "./model.ts";
import type { Outcome } from "./types.ts";

/** The status functions in a job's `if`: they look at all jobs before it, or at those named. */
export function jobStatus(
  before: readonly string[],
  nodes: ReadonlyMap<string, { readonly result: Outcome }>,
  cancelled: () => boolean,
): StatusFunctions {
  const results = (names: readonly string[]): Outcome[] =>
    (names.length === 0 ? before : names).map((name) => nodes.get(name)?.result ?? "skipped");
  return {
    success: (names) => !cancelled() && results(names).every((result) => result === "success"),
    failure: (names) => !cancelled() && results(names).includes("failure"),
    cancelled,
  };
}

/** All jobs that must end before this one, directly or not. */
export function ancestors(job: Job, jobs: ReadonlyMap<string, Job>): string[] {
  const found = new Set<string>();
  const visit = (one: Job): void => {
    for (const id of one.needs) {
      if (found.has(id)) continue;
      found.add(id);
      const next = jobs.get(id);
      if (next) visit(next);
    }
  };
  visit(job);
  return [...found];
}
