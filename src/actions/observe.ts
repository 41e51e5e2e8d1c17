import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeFiles } from "../evidence/files.ts";
import { resolveLimits } from "../evidence/limits.ts";
import type { Measurement, Observation, Verdict } from "../evidence/observation.ts";
import { createObserver } from "../evidence/observer.ts";
import type { Check, VolumeUnit } from "../pipeline/model.ts";
import { type Evidence, evidenceDocument, serialiseEvidence } from "../report/evidence.ts";
import type { NamedLogFindings } from "../report/logs.ts";
import { createForesight } from "../verdict/foresight.ts";
import { createJudge } from "../verdict/judge.ts";
import { logSources } from "./log-sources.ts";
import { commandEnvironment, type OpenStage, type Subject, textContext } from "./stage.ts";
import type { World } from "./world.ts";

export type ObservationKind = "ready" | "gate" | "bake";

/** What is to be observed, and how long. Times are GitHub's, in milliseconds since the epoch. */
export interface ObservationPlan {
  readonly kind: ObservationKind;
  readonly checks: readonly Check[];
  /** Milliseconds between looks. */
  readonly every: number;
  /** Whether the verdict of this look ends it: a gate ends at its first pass, a bake at its first failure. */
  readonly decided: (verdict: Verdict, now: number, seen: Volume) => boolean;
  /** When no further look follows one taken at `now`, having seen so much, after the verdict of the look `before`; and when to give up waiting in this job. */
  readonly ends: (now: number, seen: Volume, before: Verdict | undefined) => boolean;
  /** How long it is going to be, in milliseconds, where it can say beforehand what it will be able to see. */
  readonly length?: number;
  readonly leaves?: (now: number) => boolean;
  /** Told after every look that decided nothing; may end the observation by saying why. */
  readonly onLook?: (look: {
    readonly now: number;
    readonly verdict: Verdict;
    readonly seen: Volume;
  }) => Promise<string | undefined>;
  readonly falseAlarm?: number;
}

/** How much was seen, by unit. */
export type Volume = Readonly<Record<VolumeUnit, number>>;

export interface Observed {
  readonly verdict: Verdict;
  /** The newest measurement of each check and target. */
  readonly latest: readonly Measurement[];
  readonly evidence: Evidence;
  readonly seen: Volume;
  readonly until: number;
  /** `decided`: this is the verdict. `left`: it goes on without this job. `ended`: someone else ended it, and why. */
  readonly end: { readonly how: "decided" | "left" } | { readonly how: "ended"; readonly why: string };
}

/**
 * Looks at checks until the plan says that it is decided: gate and bake are this, with different plans. What is read is
 * in `src/evidence`, what it means in `src/verdict`; here is only the waiting.
 */
export async function observe(
  world: World,
  open: OpenStage,
  subject: Subject,
  now: () => number,
  plan: ObservationPlan,
): Promise<Observed> {
  const context = textContext(world, open, subject);
  const checks = resolveLimits(plan.checks, context);
  const env = commandEnvironment(world, open, subject);
  const observer = createObserver(
    checks,
    {
      context,
      targets: open.targets,
      fleet: open.fleet,
      ...(plan.kind === "bake" && { every: plan.every }),
      workspace: world.context.workspace,
      env,
      signal: world.cancelled,
      ...(world.startedAt !== undefined && { startedAt: world.startedAt }),
    },
    {
      clock: world.clock,
      fetch: globalThis.fetch,
      runCommand: world.runCommand,
      files: nodeFiles,
      openLogs: logSources({
        workspace: world.context.workspace,
        env,
        signal: world.cancelled,
        warn: (text) => world.runner.warning(text),
      }),
    },
  );
  const budget = plan.falseAlarm === undefined ? {} : { falseAlarm: plan.falseAlarm };
  const judge = createJudge(checks, {
    kind: plan.kind,
    ...budget,
  });
  const observations: Observation[] = [];
  const latest = new Map<string, Measurement>();
  const measurements: Measurement[] = [];
  const said = new Map<string, NamedLogFindings>();
  const volume = createVolume();
  const foresight = createForesight(checks, subject.since);
  let before: Verdict | undefined;
  try {
    for (;;) {
      const at = now();
      const look = (await observer.look(subject.since, at)).map(({ logs, ...observation }) => {
        const { check, target } = observation;
        if (logs) said.set(`${check}\0${target ?? ""}`, { check, ...(target !== undefined && { target }), ...logs });
        return observation;
      });
      observations.push(...look);
      volume.add(look);
      const final = plan.ends(at, volume.seen(), before);
      const judged = judge.take(look, { final });
      before = judged.verdict;
      foresight.take(look);
      if (plan.length !== undefined && !final) {
        const told = foresight.news({ length: plan.length, every: plan.every, ...budget });
        for (const { check, target, text, tooWeakFor } of told) {
          const where = `${check}${target === undefined ? "" : ` (${target})`}`;
          world.runner.info(`${where}: ${text}`);
          if (tooWeakFor !== undefined)
            world.runner.warning(`${where}: too little to detect ${tooWeakFor}x, as the file asks: ${text}`);
        }
      }
      measurements.push(...judged.measurements);
      for (const measurement of judged.measurements)
        latest.set(`${measurement.check}\0${measurement.target ?? ""}`, measurement);
      for (const measurement of judged.measurements)
        world.runner.info(`${measurement.phase.padEnd(12)} ${measurement.reason}`);

      const finish = (end: Observed["end"]): Observed => ({
        verdict: judged.verdict,
        latest: [...latest.values()],
        evidence: evidenceDocument({
          service: open.pipeline.service,
          stage: open.stage.name,
          kind: plan.kind,
          candidate: subject.candidate,
          ...(subject.deployment !== undefined && { deployment: subject.deployment }),
          since: subject.since,
          until: at,
          ...budget,
          final,
          checks,
          observations,
          measurements,
          explanations: judge.explanations(),
          ...(said.size > 0 && { logs: [...said.values()] }),
          verdict: judged.verdict,
        }),
        seen: volume.seen(),
        until: at,
        end,
      });
      if (final || plan.decided(judged.verdict, at, volume.seen())) return finish({ how: "decided" });
      const why = await plan.onLook?.({ now: at, verdict: judged.verdict, seen: volume.seen() });
      if (why !== undefined) return finish({ how: "ended", why });
      if (plan.leaves?.(now())) return finish({ how: "left" });
      await world.clock.sleep(plan.every, world.cancelled);
    }
  } finally {
    await observer.close();
  }
}

/** Adds up what was seen: of each unit the largest count of any check, because checks may count the same requests. */
function createVolume() {
  const sums = new Map<string, Record<"requests" | "lines", number>>();
  let looks = 0;
  return {
    add(look: readonly Observation[]) {
      looks += 1;
      for (const { check, values } of look) {
        const sum = sums.get(check) ?? { requests: 0, lines: 0 };
        for (const unit of ["requests", "lines"] as const) sum[unit] += Math.max(0, values[unit] ?? 0);
        sums.set(check, sum);
      }
    },
    seen: (): Volume => ({
      requests: Math.max(0, ...[...sums.values()].map((sum) => sum.requests)),
      lines: Math.max(0, ...[...sums.values()].map((sum) => sum.lines)),
      samples: looks,
    }),
  };
}

/** Writes an evidence document into the job's temporary directory and answers its path. */
export function writeEvidence(world: World, evidence: Evidence): string {
  const directory = join(world.context.temporary, "rocksolid");
  mkdirSync(directory, { recursive: true });
  const path = join(directory, `${evidence.stage}-${evidence.kind}-${evidence.deployment ?? "none"}.json`);
  writeFileSync(path, serialiseEvidence(evidence));
  return path;
}
