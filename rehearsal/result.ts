import type { Result as ActionResult } from "../src/actions/outputs.ts";
import { selectTargets } from "../src/fleet/inventory.ts";
import { fold } from "../src/ledger/fold.ts";
import type { DeploymentRecord, State } from "../src/ledger/record.ts";
import { formatNumber } from "../src/pipeline/format.ts";
import type { Pipeline, Target } from "../src/pipeline/model.ts";
import { type Phase, phases, worst } from "../src/verdict/phase.ts";
import type { Outcome as JobOutcome } from "./runner/types.ts";
import type { Traffic } from "./scene.ts";
import { stageOfJob } from "./view/progress.ts";

export type Outcome = "released" | "stopped" | "rolled-back";

export interface DeploymentReport {
  /** Null for a stage without an environment, and for one that was not reached. */
  readonly deployment: number | null;
  readonly statuses: readonly { readonly state: State; readonly description: string }[];
  /** What its gate and bake came to; null where nothing was judged. */
  readonly verdict: Phase | null;
  readonly reasons: readonly string[];
}

export interface StageReport extends DeploymentReport {
  readonly name: string;
  /** The rollback of this stage, where there was one. */
  readonly rollback?: DeploymentReport & { readonly version: string };
}

export interface RehearsalResult {
  readonly outcome: Outcome;
  /** Why, in one line. */
  readonly reason: string;
  /** Everything in one sentence, for people. */
  readonly sentence: string;
  readonly exitStatus: 0 | 1 | 3;
  /** Real seconds from start to end, and of these before the workflow began. */
  readonly seconds: number;
  readonly setupSeconds: number;
  /** The version that was to be released. */
  readonly version: string;
  readonly stages: readonly StageReport[];
  /** The version that is live in each environment by the ledger; null where there is none. */
  readonly live: Readonly<Record<string, string | null>>;
  /** The version that each host itself tells; null where it does not answer. */
  readonly hosts: Readonly<Record<string, string | null>>;
  readonly holds: readonly { readonly stage: string; readonly title: string; readonly number: number }[];
  /** Requests of the jobs to GitHub. */
  readonly requests: { readonly total: number; readonly byRoute: Readonly<Record<string, number>> };
  /** Real seconds in the processes of our own actions, waiting for a bake included. */
  readonly actionSeconds: Readonly<Record<string, number>>;
  readonly jobs: readonly { readonly name: string; readonly conclusion: string; readonly runner: string | null }[];
  readonly traffic: Traffic;
}

/** A job that has ended, with the errors that it told. */
export interface EndedJob {
  readonly name: string;
  readonly conclusion: JobOutcome;
  readonly runner?: string;
  readonly errors: readonly string[];
}

/** All that was seen of a rehearsal. */
export interface Observations {
  readonly pipeline: Pipeline;
  readonly targets: readonly Target[];
  readonly version: string;
  /** Runs that were written into the ledger beforehand. */
  readonly seededRuns: readonly number[];
  readonly records: readonly DeploymentRecord[];
  /** What our actions came to, in the order in which they ended. */
  readonly actions: readonly ActionResult[];
  readonly jobs: readonly EndedJob[];
  readonly hosts: Readonly<Record<string, string | null>>;
  readonly holds: RehearsalResult["holds"];
  readonly requests: readonly { readonly route: string; readonly run?: number }[];
  readonly actionSeconds: Readonly<Record<string, number>>;
  readonly traffic: Traffic;
  readonly seconds: number;
  readonly setupSeconds: number;
}

/** Puts together what a rehearsal came to. Pure. */
export function composeResult(seen: Observations): RehearsalResult {
  const stages = seen.pipeline.stages.map((stage) => stageReport(stage.name, seen));
  const live = liveVersions(seen);
  const conclusion = conclude(stages, live, seen);
  return {
    ...conclusion,
    sentence: sentenceOf(conclusion, stages, live, seen),
    seconds: seen.seconds,
    setupSeconds: seen.setupSeconds,
    version: seen.version,
    stages,
    live,
    hosts: seen.hosts,
    holds: seen.holds,
    requests: countRequests(seen.requests),
    actionSeconds: seen.actionSeconds,
    jobs: seen.jobs.map(({ name, conclusion: ended, runner }) => ({ name, conclusion: ended, runner: runner ?? null })),
    traffic: seen.traffic,
  };
}

function stageReport(name: string, seen: Observations): StageReport {
  const own = seen.records.filter(({ payload }) => payload.stage === name && !seen.seededRuns.includes(payload.run.id));
  const promotion = own.find(({ payload }) => payload.kind !== "rollback");
  // Of two that began at once one gave way, and says nothing about how it went.
  const rollbacks = own.filter(({ payload }) => payload.kind === "rollback");
  const rollback = rollbacks.find(({ statuses }) => statuses.at(-1)?.state !== "inactive") ?? rollbacks[0];
  const actions = seen.actions.filter(({ stage }) => stage === name);
  const forward = actions.filter(({ action }) => action !== "rollback");
  return {
    name,
    ...report(promotion, forward),
    ...(rollback && {
      rollback: {
        ...report(
          rollback,
          actions.filter(({ action }) => action === "rollback"),
        ),
        version: rollback.payload.candidate.version,
      },
    }),
  };
}

function report(record: DeploymentRecord | undefined, actions: readonly ActionResult[]): DeploymentReport {
  const verdict = actions.length === 0 ? null : worst(actions.map((action) => action.verdict));
  const bySeverity = [...actions].sort((a, b) => phases.indexOf(b.verdict) - phases.indexOf(a.verdict));
  return {
    deployment: record?.id ?? null,
    statuses: (record?.statuses ?? []).map(({ state, description }) => ({ state, description })),
    verdict,
    reasons: [...new Set(bySeverity.filter((action) => action.verdict !== "pass").flatMap((action) => action.reasons))],
  };
}

function liveVersions({ pipeline, records }: Observations): Record<string, string | null> {
  return Object.fromEntries(
    pipeline.stages.flatMap(({ name, environment }) =>
      environment === undefined
        ? []
        : [
            [
              environment,
              fold(records.filter(({ payload }) => payload.stage === name)).live?.payload.candidate.version ?? null,
            ],
          ],
    ),
  );
}

type Conclusion = Pick<RehearsalResult, "outcome" | "reason" | "exitStatus">;

function conclude(
  stages: readonly StageReport[],
  live: Readonly<Record<string, string | null>>,
  seen: Observations,
): Conclusion {
  const last = seen.pipeline.stages.at(-1);
  const finished = stages.at(-1)?.statuses.some(({ state }) => state === "success") ?? false;
  if (finished && last && sameVersion(live[last.environment ?? ""], seen.version)) {
    const hosts = hostsOf(last.name, seen);
    const running = hosts.filter((host) => sameVersion(seen.hosts[host], seen.version)).length;
    const known = hosts.some((host) => seen.hosts[host] !== null);
    const where = known ? `${running} of ${hosts.length} ${last.name} hosts` : last.name;
    return {
      outcome: "released",
      reason: `${seen.version} is live on ${where}`,
      // A release that its own hosts deny is none.
      exitStatus: !known || running === hosts.length ? 0 : 1,
    };
  }
  const back = stages.find(({ rollback }) => rollback?.statuses.some(({ state }) => state === "success"));
  const forward = stages.some(({ deployment }) => deployment !== null);
  if (back && !forward) {
    const asked = `${back.name} is back on ${back.rollback?.version}, as asked`;
    return { outcome: "rolled-back", reason: asked, exitStatus: 0 };
  }
  const reason = reasonOf(stages, seen);
  return { outcome: back ? "rolled-back" : "stopped", reason: reason.text, exitStatus: reason.ours ? 1 : 3 };
}

/** A workflow may hand over a tag's name as the version, `v1.5.0`: it is the same release. */
function sameVersion(a: string | null | undefined, b: string): boolean {
  const plain = (version: string): string => version.replace(/^v(?=\d)/, "");
  return typeof a === "string" && plain(a) === plain(b);
}

function hostsOf(stage: string, { pipeline, targets }: Observations): string[] {
  const selector = pipeline.stages.find(({ name }) => name === stage)?.targets;
  return selector === undefined ? [] : selectTargets(targets, selector).map(({ name }) => name);
}

/**
 * Why it did not go on: the first stage that said so, else the first job that failed; of a run that was cancelled the
 * ledger knows why, and its jobs only that it was.
 */
function reasonOf(stages: readonly StageReport[], seen: Observations): { text: string; ours: boolean } {
  const stage = stages.find(({ reasons, verdict }) => verdict !== null && verdict !== "pass" && reasons.length > 0);
  if (stage) return { text: stage.reasons[0] ?? "", ours: false };
  const failed = seen.jobs.find(({ conclusion }) => conclusion === "failure");
  const bad = stages.flatMap(({ statuses }) => statuses).find(({ state }) => state === "failure" || state === "error");
  if (failed === undefined && bad) return { text: bad.description, ours: false };
  const job = failed ?? seen.jobs.find(({ conclusion }) => conclusion === "cancelled");
  if (job === undefined) return { text: "the workflow ended and released nothing", ours: true };
  const why = job.errors[0] ?? `it ended as ${job.conclusion}`;
  return { text: `job "${job.name}": ${why}`, ours: false };
}

function sentenceOf(
  { outcome, reason }: Conclusion,
  stages: readonly StageReport[],
  live: Readonly<Record<string, string | null>>,
  seen: Observations,
): string {
  if (outcome === "released") return `released: ${reason} after ${formatNumber(Math.round(seen.seconds))} s`;
  const holds = seen.holds.map(({ number }) => `hold #${number} opened`);
  const back = stages.find(({ rollback }) => rollback !== undefined);
  const failed = seen.jobs.find(({ conclusion }) => conclusion === "failure");
  const names = stages.map(({ name }) => name);
  const stopped =
    back ??
    stages.find(({ name }) => failed && name === stageOfJob(failed.name, names)) ??
    stages.findLast(({ verdict, statuses }) => (verdict !== null && verdict !== "pass") || statuses.length > 0);
  if (outcome === "rolled-back" && back && back.deployment === null) {
    return [`rolled back: ${reason}`, ...holds].join("; ");
  }
  const where = stopped === undefined ? "" : ` in ${stopped.name}`;
  const undone = outcome === "rolled-back" ? ` and rolled back to ${back?.rollback?.version}` : "";
  const unmended = back?.rollback && outcome !== "rolled-back" ? ", and the rollback did not succeed" : "";
  const last = seen.pipeline.stages.at(-1);
  const untouched = last?.environment === undefined ? null : live[last.environment];
  const why = unmended && back?.rollback?.statuses.at(-1)?.description;
  const rest = [
    ...(why ? [why] : []),
    ...(untouched === null || untouched === undefined ? [] : [`${last?.name} still runs ${untouched}`]),
    ...holds,
  ];
  return [`stopped${where}${undone}${unmended}: ${reason}`, ...rest].join("; ");
}

function countRequests(requests: Observations["requests"]): RehearsalResult["requests"] {
  const byRoute: Record<string, number> = {};
  const ofJobs = requests.filter(({ run }) => run !== undefined);
  for (const { route } of ofJobs) byRoute[route] = (byRoute[route] ?? 0) + 1;
  const sorted = Object.entries(byRoute).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return { total: ofJobs.length, byRoute: Object.fromEntries(sorted) };
}
