import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { selectTargets } from "../src/fleet/inventory.ts";
import { fold } from "../src/ledger/fold.ts";
import { openLedger } from "../src/ledger/ledger.ts";
import type { DeploymentRecord } from "../src/ledger/record.ts";
import type { Pipeline } from "../src/pipeline/model.ts";
import { loadPipeline } from "../src/pipeline/parse.ts";
import { CLOCK_VARIABLE, type Clock, formatClock, scaledClock } from "../src/platform/clock.ts";
import { ConfigurationError, messageOf } from "../src/platform/errors.ts";
import type { GitHub } from "../src/platform/github.ts";
import { createDemoScene } from "./demo-scene.ts";
import { DIRECTORY_VARIABLE, startGuard } from "./fleet/guard.ts";
import { git } from "./fleet/repository.ts";
import { rocksolidRoot } from "./fleet/root.ts";
import type { EmbeddedGitHub, PendingReview, RunRequest } from "./github/ports.ts";
import { startGitHub } from "./github/server.ts";
import { defaultOptions, type RehearsalOptions } from "./options.ts";
import { createOwnScene } from "./own-scene.ts";
import { ownersGitHub } from "./owner.ts";
import { Recorder } from "./recorder.ts";
import { composeResult, type RehearsalResult } from "./result.ts";
import type { WorkflowRunner } from "./runner/runner.ts";
import { createRunner } from "./runner/runner.ts";
import type { RunnerEvent } from "./runner/types.ts";
import type { Scene } from "./scene.ts";
import { createEnvironments, REVIEWER, seedLedger } from "./seed.ts";
import { requestFor } from "./trigger.ts";
import { describe, newestRecord, type Progress, stageOfJob, type View } from "./view/progress.ts";

export type { RehearsalResult } from "./result.ts";

/** The repository's name on the embedded GitHub. */
const REPOSITORY = "acme/storage-node";

/** The environment whose wait timer holds the 1-box bake. */
const BAKE_ENVIRONMENT = "one-box-bake";

/** Milliseconds of the rehearsal's clock between two ticks of watch.yml, as its cron says. */
const TICK = 5 * 60_000;

/** Real milliseconds between two looks of a view. */
const REFRESH = 250;

/** How a rehearsal is watched and steered. */
export interface Steering {
  readonly view?: View;
  /** Asks a person whether to approve; only called with `approve: "ask"`. */
  readonly ask?: (pending: PendingReview) => Promise<boolean>;
  /** Ends the rehearsal early; it then rejects with the signal's reason, and leaves nothing behind. */
  readonly signal?: AbortSignal;
}

/**
 * Plays one release on this machine: real workflow files, an embedded GitHub, a fleet of processes. Resolves when the
 * workflow and all that it started have ended.
 * @throws ConfigurationError for options, workflow or pipeline files that cannot be rehearsed.
 */
export async function rehearse(
  given: Partial<RehearsalOptions> = {},
  steering: Steering = {},
): Promise<RehearsalResult> {
  const options = { ...defaultOptions, ...given };
  const started = performance.now();
  const elapsed = (): number => (performance.now() - started) / 1000;
  const cleanups: (() => Promise<unknown>)[] = [];
  try {
    const directory = await workingDirectory(options.keep, cleanups);
    cleanups.push(await startGuard({ directory, keep: options.keep !== undefined }));
    return await play(directory, options, steering, elapsed, cleanups);
  } finally {
    // The last that was started is the first to go; one that fails does not keep the others.
    const failures: unknown[] = [];
    for (const cleanup of cleanups.reverse()) await cleanup().catch((error: unknown) => failures.push(error));
    for (const failure of failures)
      steering.view?.happened({ seconds: elapsed(), text: `cleaning up: ${messageOf(failure)}` });
  }
}

async function workingDirectory(keep: string | undefined, cleanups: (() => Promise<unknown>)[]): Promise<string> {
  if (keep === undefined) {
    const directory = await realpath(await mkdtemp(join(tmpdir(), "rocksolid-rehearsal-")));
    cleanups.push(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }));
    return directory;
  }
  if (!/^[\p{L}\p{N} ._/:\\~+-]+$/u.test(keep)) {
    throw new ConfigurationError(
      `--keep ${JSON.stringify(keep)} holds characters that paths of log files cannot have: use letters, digits, spaces and . _ - + only`,
    );
  }
  await mkdir(keep, { recursive: true });
  if ((await readdir(keep)).length > 0) {
    throw new ConfigurationError(`--keep ${keep} is not empty: name a directory that is empty or does not exist`);
  }
  return realpath(keep);
}

async function play(
  directory: string,
  options: RehearsalOptions,
  { view, ask, signal }: Steering,
  elapsed: () => number,
  cleanups: (() => Promise<unknown>)[],
): Promise<RehearsalResult> {
  const now = Date.now();
  const clock = scaledClock(now, now, options.speed);
  const clockText = formatClock(now, now, options.speed);
  view?.happened({ seconds: elapsed(), text: "building the repository and the fleet" });
  const scene = await createScene(directory, options, clockText);
  cleanups.push(() => scene.close());
  signal?.throwIfAborted();

  const pipeline = loadPipeline(
    await readFile(join(scene.directory, scene.pipelineFile), "utf8"),
    scene.pipelineFile,
  ).pipeline;
  const github = await startGitHub({
    repository: REPOSITORY,
    directory: scene.directory,
    clock,
    ...(options.weather !== undefined && { weather: { seed: options.seed, share: options.weather } }),
  });
  cleanups.push(() => github.close());
  const admin = ownersGitHub(github, clock);
  const ledger = openLedger(admin, clock, `${github.url}/${REPOSITORY}`);
  createEnvironments(github, pipeline);
  if (waitsByTimer(options)) {
    const longest = pipeline.stages.find(({ name }) => name === "one-box")?.bake?.for ?? 0;
    github.administration.createEnvironment({ name: BAKE_ENVIRONMENT, waitMinutes: Math.ceil(longest / 60_000) });
  }
  const seededRuns: number[] = [];
  for (const release of scene.history) seededRuns.push(await seedLedger(github, ledger, pipeline, release));

  const recorder = new Recorder();
  const log = createWriteStream(join(directory, "jobs.log"));
  cleanups.push(async () => log.end());
  const stageNames = pipeline.stages.map(({ name }) => name);
  const onEvent = (event: RunnerEvent): void => {
    recorder.take(event);
    if (event.type === "log") log.write(`${event.job} | ${event.line}\n`);
    const text = describe(event);
    if (text === undefined || view === undefined) return;
    const stage = "job" in event ? stageOfJob(event.job, stageNames) : undefined;
    view.happened({ seconds: elapsed(), text, ...(stage !== undefined && { stage }) });
  };
  const runner = createRunner({
    github,
    directory: scene.directory,
    actionRepositories: { "rocksolid/rocksolid": rocksolidRoot },
    runners: scene.machines,
    env: { ...scene.environment, [DIRECTORY_VARIABLE]: directory },
    clock,
    temporary: join(directory, "runner"),
    onEvent,
  });
  cleanups.push(() => runner.close());
  const tell = (text: string): void => view?.happened({ seconds: elapsed(), text });
  answerReviews(github, { approve: options.approve, tell, ...(ask && { ask }), ...(signal && { signal }) });

  const branch = await git(scene.directory, "symbolic-ref", "--short", "HEAD").catch(() => "main");
  const request = requestFor({
    directory: scene.directory,
    workflow: options.workflow,
    inputs: options.inputs,
    release: scene.release,
    branch,
  });
  const setupSeconds = elapsed();
  const readRecords = (): Promise<readonly DeploymentRecord[]> =>
    ledger.records(pipeline.service, [...new Set(pipeline.stages.flatMap(({ environment }) => environment ?? []))]);

  const watching = new AbortController();
  const ticking =
    options.bake === "watch" &&
    tick({ runner, clock, readRecords, request: { ...request, ref: `refs/heads/${branch}` }, signal: watching.signal });
  const watcher =
    view && watch(view, { scene, pipeline, seededRuns, recorder, readRecords, elapsed, signal: watching.signal });
  try {
    await abortable(runner.start(request), signal);
    // What the workflow dispatched goes on after it.
    while (recorder.active > 0) await delay(20, undefined, signal ? { signal } : {});
  } finally {
    watching.abort();
    await watcher;
    await ticking;
  }

  const [records, holds, hosts] = await Promise.all([readRecords(), openHolds(admin), scene.versions()]);
  const result = composeResult({
    pipeline,
    targets: scene.targets,
    version: options.inputs["version"]?.replace(/^v(?=\d)/, "") ?? scene.release.version,
    seededRuns,
    records,
    actions: recorder.actions,
    jobs: recorder.jobs,
    hosts,
    holds,
    requests: github.administration.requests,
    actionSeconds: recorder.actionSeconds,
    traffic: scene.traffic(),
    seconds: elapsed(),
    setupSeconds,
  });
  const { violations } = github.administration;
  if (violations.length > 0) {
    throw new Error(`the embedded GitHub broke GitHub's own description: ${violations.join("; ")}`);
  }
  view?.update(await progressOf({ scene, pipeline, seededRuns, recorder, readRecords, elapsed }));
  return result;
}

/** Whether an environment's wait timer holds the 1-box bake. */
function waitsByTimer({ bake }: Pick<RehearsalOptions, "bake">): boolean {
  return bake === "timer" || bake === "watch";
}

interface Ticks {
  readonly runner: Pick<WorkflowRunner, "start">;
  readonly clock: Clock;
  readonly readRecords: () => Promise<readonly DeploymentRecord[]>;
  readonly request: RunRequest;
  readonly signal: AbortSignal;
}

/** Starts watch.yml as its schedule would, one tick after another: where a machine is slow they come late. */
async function tick({ runner, clock, readRecords, request, signal }: Ticks): Promise<void> {
  const { ref, sha, actor } = request;
  while (!signal.aborted) {
    // Ticks that would find nothing baking are left out: they only take time.
    const baking = fold((await readRecords()).filter(({ payload }) => payload.stage === "one-box")).inFlight.some(
      ({ step }) => step === "gate" || step === "baking",
    );
    if (baking)
      await runner.start({
        workflow: ".github/workflows/watch.yml",
        name: "watch",
        event: "schedule",
        ref,
        sha,
        actor,
      });
    await clock.sleep(TICK, signal).catch(() => undefined);
  }
}

function createScene(directory: string, options: RehearsalOptions, clock: string): Promise<Scene> {
  if (options.repository === undefined) {
    const { candidate, pipeline, offline, seed } = options;
    const timer = waitsByTimer(options) && { bakeEnvironment: BAKE_ENVIRONMENT };
    return createDemoScene({ directory, candidate, pipeline, offline, seed, clock, ...timer });
  }
  const { repository, offline } = options;
  return createOwnScene({ directory, repository, offline, environment: { [CLOCK_VARIABLE]: clock } });
}

/** Answers as the environments' reviewers. */
function answerReviews(
  github: EmbeddedGitHub,
  {
    approve,
    tell,
    ask,
    signal,
  }: Pick<RehearsalOptions, "approve"> & Pick<Steering, "ask" | "signal"> & { tell(text: string): void },
): void {
  const { administration } = github;
  const decide = async (pending: PendingReview): Promise<void> => {
    const approved = approve === "ask" && ask ? await ask(pending) : approve !== "no";
    if (signal?.aborted) return;
    const [reviewer = REVIEWER] = pending.reviewers;
    tell(`${reviewer} ${approved ? "approves" : "rejects"} the deployment to ${pending.environment}`);
    administration.review(
      pending.run,
      pending.environment,
      approved ? "approved" : "rejected",
      reviewer,
      "in a rehearsal",
    );
  };
  // One question after another, and never inside the call that asks.
  let before: Promise<unknown> = Promise.resolve();
  administration.onPendingReview((pending) => {
    before = before.then(() => decide(pending));
  });
}

interface Watched {
  readonly scene: Scene;
  readonly pipeline: Pipeline;
  readonly seededRuns: readonly number[];
  readonly recorder: Recorder;
  readonly readRecords: () => Promise<readonly DeploymentRecord[]>;
  readonly elapsed: () => number;
}

async function watch(view: View, watched: Watched & { readonly signal: AbortSignal }): Promise<void> {
  while (!watched.signal.aborted) {
    view.update(await progressOf(watched));
    await delay(REFRESH, undefined, { signal: watched.signal }).catch(() => undefined);
  }
}

async function progressOf({ scene, pipeline, seededRuns, recorder, readRecords, elapsed }: Watched): Promise<Progress> {
  const [records, versions] = await Promise.all([readRecords(), scene.versions()]);
  const running = recorder.running;
  const names = pipeline.stages.map(({ name }) => name);
  const busy = new Set(running.map((job) => stageOfJob(job, names)));
  return {
    title: `${pipeline.service} ${scene.release.version}`,
    stages: pipeline.stages.map(({ name, environment, targets }) => {
      const status = newestRecord(records, name, seededRuns)?.statuses.at(-1);
      const passed = environment === undefined && recorder.actions.find((action) => action.stage === name);
      const judged = passed
        ? ({
            state: passed.verdict === "pass" ? "success" : "failure",
            description: passed.reasons[0] ?? "passed",
          } as const)
        : undefined;
      return {
        name,
        ...(judged ?? {
          state: status?.state ?? (busy.has(name) ? ("running" as const) : ("not reached" as const)),
          description: status?.description ?? "",
        }),
        hosts:
          targets === undefined
            ? []
            : selectTargets(scene.targets, targets).map((target) => ({
                name: target.name,
                version: versions[target.name] ?? null,
              })),
      };
    }),
    jobs: running,
    traffic: scene.traffic(),
    seconds: elapsed(),
  };
}

interface Issue {
  readonly number: number;
  readonly title: string;
  readonly labels: readonly (string | { readonly name?: string })[];
}

async function openHolds(admin: GitHub): Promise<RehearsalResult["holds"]> {
  const { data } = await admin.rest<readonly Issue[]>(
    "GET /repos/{owner}/{repo}/issues",
    { state: "open", per_page: 100 },
    { needs: "issues: read", doing: "read the holds" },
  );
  return data.flatMap(({ number, title, labels }) =>
    labels.flatMap((label) => {
      const name = typeof label === "string" ? label : (label.name ?? "");
      return name.startsWith("hold:") ? [{ stage: name.slice("hold:".length), title, number }] : [];
    }),
  );
}

/** Waits for the work, or rejects at once when aborted; whoever aborts also ends the work. */
function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
