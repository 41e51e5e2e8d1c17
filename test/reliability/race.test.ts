import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold } from "../../src/ledger/fold.ts";
import { exhaustive } from "./exhaustive.ts";
import { candidateOf, Memory } from "./memory.ts";
import { disorder } from "./rules.ts";

const RUNS = exhaustive ? 5_000 : 300;

interface Runner {
  readonly version: number;
  readonly bad: boolean;
  readonly maxWait: string;
}

/** Everything that no order of events may bring about. */
function broken(memory: Memory, overlaps: readonly string[]): string[] {
  const history = fold(memory.records);
  const problems = [...overlaps, ...memory.records.flatMap(disorder)];
  for (const { id, step } of history.inFlight) problems.push(`deployment ${id} was left in flight (${step})`);
  if (history.live?.payload.candidate.version !== memory.live)
    problems.push(`the ledger says ${history.live?.payload.candidate.version} is live, and ${memory.live} is`);
  const forward = [...history.records]
    .reverse()
    .filter(({ outcome, payload }) => outcome === "good" && payload.kind === "promotion")
    .map(({ payload }) => payload.candidate.commit);
  if ([...forward].sort().join() !== forward.join()) problems.push(`went down: ${forward.map(Number).join(" → ")}`);
  if (new Set(memory.issues.map(({ title }) => title)).size !== memory.issues.length)
    problems.push("a failure is held twice");
  return problems;
}

/**
 * Notes when a deploy begins in an environment that is not its own: another deployment was there first. What a rollback
 * superseded while its command was about to start is waited for, so a rollback never meets it either.
 */
function watchOverlaps(memory: Memory): string[] {
  const overlaps: string[] = [];
  const running = new Set<number>();
  memory.onDeploy = (version, run, begins) => {
    if (!begins) return void running.delete(run);
    const { inFlight, records } = fold(memory.records);
    const mine = records.find(({ payload }) => payload.run.id === run);
    if (running.size > 0) overlaps.push(`${version} is deployed while a command of run ${[...running]} is running`);
    running.add(run);
    if (mine?.payload.kind !== "rollback" && mine?.outcome === "in-flight" && inFlight[0] !== mine)
      overlaps.push(`${version} is deployed, and deployment ${inFlight[0]?.id} was first`);
  };
  return overlaps;
}

const runners = fc.array(
  fc.record({
    version: fc.integer({ min: 1, max: 9 }),
    bad: fc.boolean(),
    maxWait: fc.constantFrom("0", "2m", "30m"),
  }),
  { minLength: 2, maxLength: 8 },
);

async function race(scheduler: fc.Scheduler, racers: readonly Runner[]): Promise<string[]> {
  const memory = new Memory((label) => scheduler.schedule(Promise.resolve(), label));
  memory.seed();
  for (const { version, bad } of racers) if (bad) memory.bad.add(candidateOf(version).version);
  const overlaps = watchOverlaps(memory);
  const all = Promise.all(
    racers.map(async ({ version, maxWait }, index) => {
      const run = 100 + index;
      return memory.play(run, version, maxWait);
    }),
  );
  const ends = await scheduler.waitFor(all);
  const silent = ends.filter(({ failure }) => failure !== undefined && !/[a-z]{3}/.test(failure));
  return [...broken(memory, overlaps), ...silent.map(() => "a run left without a reason")];
}

describe("runs that promote into one environment at the same instant, in any order of events", () => {
  it("one goes on at a time, the others wait or leave with a reason, and nobody goes down or is left", async () => {
    let events = 0;
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), runners, async (scheduler, racers) => {
        expect(await race(scheduler, racers)).toEqual([]);
        events += 1;
      }),
      { numRuns: RUNS },
    );
    process.stdout.write(`race: ${events} interleavings\n`);
  }, 300_000);
});
