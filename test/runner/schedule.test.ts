import fc from "fast-check";
import { expect, test } from "vitest";
import type { RunnerEvent } from "../../rehearsal/runner/runner.ts";
import { workflow } from "./world.ts";

interface Plan {
  readonly needs: readonly number[];
  readonly label: "a" | "b";
  readonly condition: "" | "always()" | "failure()";
  readonly matrix: number;
  readonly fails: boolean;
}

const jobs = fc
  .array(
    fc.record({
      needs: fc.uniqueArray(fc.nat(20), { maxLength: 3 }),
      label: fc.constantFrom("a" as const, "b" as const),
      condition: fc.constantFrom("" as const, "" as const, "always()" as const, "failure()" as const),
      matrix: fc.integer({ min: 0, max: 3 }),
      fails: fc.boolean(),
    }),
    { minLength: 1, maxLength: 7 },
  )
  // A job may need only jobs before it, so that there is no cycle.
  .map((plans): Plan[] =>
    plans.map((plan, i) => ({ ...plan, needs: i === 0 ? [] : [...new Set(plan.needs.map((n) => n % i))] })),
  );

function yaml(plans: readonly Plan[]): string {
  const texts = plans.map(
    ({ needs, label, condition, matrix, fails }, i) => `
  j${i}:
    needs: [${needs.map((n) => `j${n}`).join(", ")}]
${condition === "" ? "" : `    if: ${condition}\n`}${matrix === 0 ? "" : `    strategy: { fail-fast: false, max-parallel: 2, matrix: { n: [${Array.from({ length: matrix }, (_, n) => n)}] } }\n`}    runs-on: ${label}
    steps: [{ uses: actions/download-artifact@v4${fails ? ", with: { name: none }" : ""} }]
`,
  );
  return `jobs:${texts.join("")}`;
}

test("whatever the graph: needs come first, a machine has one job at a time, every job ends as its needs say", async () => {
  const machines = [
    { name: "a1", labels: ["a"] },
    { name: "a2", labels: ["a"] },
    { name: "b1", labels: ["b"] },
  ];
  await fc.assert(
    fc.asyncProperty(jobs, async (plans) => {
      await using w = await workflow(yaml(plans), {}, { runners: machines });
      const result = await w.start();
      expectOneJobAMachine(w.events);
      const of = (i: number): typeof result.jobs => result.jobs.filter((job) => job.key.split("#")[0] === `j${i}`);
      const ended = plans.map((_, i) => Math.max(...of(i).map((job) => indexOf(w.events, "job-finished", job.name))));
      const results = plans.map((_, i) => of(i).map((job) => job.conclusion)[0]);
      plans.forEach(({ needs, condition, matrix, fails }, i) => {
        const before = [...ancestors(plans, i)].map((n) => results[n]);
        const runs =
          condition === "always()" ||
          (condition === "failure()" ? before.includes("failure") : before.every((one) => one === "success"));
        expect(of(i)).toHaveLength(runs ? Math.max(1, matrix) : 1);
        expect(results[i]).toBe(runs ? (fails ? "failure" : "success") : "skipped");
        for (const job of of(i)) {
          const started = indexOf(w.events, "job-started", job.name);
          expect(started >= 0).toBe(runs);
          if (runs) for (const need of needs) expect(ended[need]).toBeLessThan(started);
        }
      });
      const expected = results.includes("failure")
        ? "failure"
        : results.every((one) => one === "skipped")
          ? "skipped"
          : "success";
      expect(result.conclusion).toBe(expected);
      expect([...w.actions.jobs.values()].map((job) => job.history.at(-1))).toEqual(
        expect.not.arrayContaining(["queued", "waiting", "in_progress"]),
      );
    }),
    { numRuns: 15, seed: 4 },
  );
});

function ancestors(plans: readonly Plan[], i: number): Set<number> {
  const found = new Set<number>();
  const visit = (n: number): void => {
    for (const need of plans[n]?.needs ?? []) {
      found.add(need);
      visit(need);
    }
  };
  visit(i);
  return found;
}

function indexOf(events: readonly RunnerEvent[], type: "job-started" | "job-finished", job: string): number {
  return events.findIndex((event) => event.type === type && event.job === job);
}

function expectOneJobAMachine(events: readonly RunnerEvent[]): void {
  const busy = new Map<string, string>();
  for (const event of events) {
    if (event.type === "job-started") {
      expect(busy.get(event.runner)).toBeUndefined();
      busy.set(event.runner, event.job);
    }
    if (event.type === "job-finished") {
      for (const [machine, job] of busy) if (job === event.job) busy.delete(machine);
    }
  }
}
