import { ACTIONS_BOT } from "./access.ts";
import { addDeployment, addStatus, type StatusState } from "./state/deployments.ts";
import { awaitingReview, type Entry, ensureEnvironment, refusedRef } from "./state/environments.ts";
import type { JobRecord } from "./state/runs.ts";
import { pageUrl, type World } from "./world.ts";

/** After so long without a decision the job fails, in milliseconds. */
const REVIEW_ENDS = 30 * 24 * 3_600_000;

export type Admission = { readonly admitted: true } | { readonly admitted: false; readonly refused: string };

export interface EntryRequest {
  readonly run: number;
  readonly job: number;
  readonly environment: string;
  readonly deployment: boolean;
}

function setJob(world: World, id: number, change: Partial<JobRecord>): void {
  const job = world.records.jobs.get(id);
  if (job !== undefined) world.records.jobs.set(id, { ...job, ...change });
}

/** Shows the run as waiting while any of its jobs stands at an environment's door and none is running. */
function showRun(world: World, id: number, now: number): void {
  const run = world.records.runs.get(id);
  if (run === undefined || run.status === "completed") return;
  const jobs = [...world.records.jobs.values()].filter((job) => job.run === id && job.attempt === run.attempt);
  const running = jobs.some((job) => job.status === "in_progress");
  const waiting = !running && jobs.some((job) => job.status === "waiting");
  const status = waiting ? "waiting" : run.status === "waiting" ? "in_progress" : run.status;
  world.records.runs.set(id, { ...run, status, updatedAt: now });
}

/** GitHub's own deployment for a job with an environment. */
function ownDeployment(world: World, request: EntryRequest, now: number): number | undefined {
  const run = world.records.runs.get(request.run);
  if (!request.deployment || run === undefined) return undefined;
  const deployment = addDeployment(
    world.records,
    {
      ref: run.request.ref.replace(/^refs\/(heads|tags)\//, ""),
      sha: run.request.sha,
      task: "deploy",
      payload: {},
      environment: request.environment,
      description: null,
      transient: false,
      production: request.environment === "production",
      creator: ACTIONS_BOT,
    },
    now,
  );
  setJob(world, request.job, { deployment: deployment.id });
  return deployment.id;
}

/** Writes a status to the job's own deployment, where it has one. */
export function markOwnDeployment(world: World, job: JobRecord, state: StatusState, now: number): void {
  if (job.deployment === undefined) return;
  const logUrl = pageUrl(world, `/actions/runs/${job.run}/job/${job.id}`);
  addStatus(world.records, job.deployment, { state, logUrl, creator: ACTIONS_BOT }, now);
}

function settled(world: World, entry: Entry, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = world.signals.review.on(() => {
      if (entry.awaitsReview) return;
      stop();
      resolve();
    });
    const abort = (): void => {
      stop();
      reject(signal.reason);
    };
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}

/** The review and the wait timer run side by side, both from the moment at which the job came to the door. */
async function pass(world: World, entry: Entry, signal: AbortSignal): Promise<Admission> {
  const done = new AbortController();
  const either = AbortSignal.any([signal, done.signal]);
  try {
    if (entry.awaitsReview) {
      const review = settled(world, entry, either).then(() => "decided" as const);
      const expiry = world.clock.sleep(REVIEW_ENDS, either).then(() => "expired" as const);
      review.catch(() => undefined);
      expiry.catch(() => undefined);
      announce(world, entry);
      if ((await Promise.race([review, expiry])) === "expired") {
        return { admitted: false, refused: "no reviewer decided within 30 days" };
      }
    }
    if (entry.rejection !== undefined) return { admitted: false, refused: entry.rejection };
    const rest = (entry.waitUntil ?? 0) - world.clock.now();
    if (rest > 0) await world.clock.sleep(rest, signal);
    return { admitted: true };
  } finally {
    done.abort();
  }
}

/** Tells of a pending review once for all jobs of a run that wait for the same environment. */
function announce(world: World, entry: Entry): void {
  const name = entry.environment.toLowerCase();
  const group = awaitingReview(world.records, entry.run).filter((other) => other.environment.toLowerCase() === name);
  const environment = world.records.environments.get(name);
  if (group[0] !== entry || environment === undefined) return;
  const { run } = entry;
  world.signals.pendingReview.emit({ run, environment: environment.name, reviewers: environment.reviewers });
}

/** Holds a job at an environment's door until its rules let it in; see `ActionsService.enterEnvironment`. */
export async function enterEnvironment(world: World, request: EntryRequest, signal: AbortSignal): Promise<Admission> {
  signal.throwIfAborted();
  const { records, clock } = world;
  const run = records.runs.get(request.run);
  const job = records.jobs.get(request.job);
  if (run === undefined || job === undefined) throw new Error(`no run ${request.run} with a job ${request.job}`);
  const now = clock.now();
  const environment = ensureEnvironment(records, request.environment, now);
  const refused = refusedRef(environment, run.request.ref, world.defaultBranch);
  if (refused !== undefined) return { admitted: false, refused };
  ownDeployment(world, request, now);
  const current = (): JobRecord => records.jobs.get(request.job) ?? job;
  const held = environment.reviewers.length > 0 || environment.waitMinutes > 0;
  if (!held) {
    markOwnDeployment(world, current(), "in_progress", now);
    return { admitted: true };
  }
  const entry: Entry = {
    run: run.id,
    attempt: run.attempt,
    job: job.id,
    environment: environment.name,
    since: now,
    awaitsReview: environment.reviewers.length > 0,
    rejection: undefined,
    waitUntil: environment.waitMinutes > 0 ? now + environment.waitMinutes * 60_000 : undefined,
  };
  records.entries.push(entry);
  setJob(world, job.id, { status: "waiting" });
  showRun(world, run.id, now);
  markOwnDeployment(world, current(), "waiting", now);
  let outcome: Admission | undefined;
  try {
    outcome = await pass(world, entry, signal);
    return outcome;
  } finally {
    records.entries.splice(records.entries.indexOf(entry), 1);
    const then = clock.now();
    if (current().status === "waiting") setJob(world, job.id, { status: "queued" });
    showRun(world, run.id, then);
    markOwnDeployment(world, current(), outcome?.admitted ? "in_progress" : outcome ? "failure" : "error", then);
  }
}
