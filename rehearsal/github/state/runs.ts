import type { Conclusion, RunRequest, Status } from "../ports.ts";
import type { CheckRun } from "./checks.ts";
import type { Records } from "./records.ts";

export interface Workflow {
  readonly id: number;
  readonly path: string;
  readonly name: string;
  readonly createdAt: number;
}

export interface RunRecord {
  readonly id: number;
  readonly number: number;
  readonly attempt: number;
  readonly request: RunRequest;
  readonly status: Status;
  readonly conclusion: Conclusion | null;
  readonly createdAt: number;
  /** Start of the present attempt. */
  readonly startedAt: number;
  readonly updatedAt: number;
}

export interface JobRecord {
  readonly id: number;
  readonly run: number;
  readonly attempt: number;
  readonly name: string;
  readonly labels: readonly string[];
  readonly sha: string;
  readonly status: Status;
  readonly conclusion: Conclusion | null;
  readonly runner: string | undefined;
  readonly createdAt: number;
  readonly startedAt: number;
  readonly completedAt: number | undefined;
  /** GitHub's own deployment for the job's environment. */
  readonly deployment: number | undefined;
}

export interface Runner {
  readonly id: number;
  readonly name: string;
  readonly labels: readonly string[];
  readonly online: boolean;
}

export function ensureWorkflow(records: Records, path: string, name: string, now: number): Workflow {
  const known = records.workflows.get(path);
  if (known !== undefined) return known;
  const workflow: Workflow = { id: records.nextId(), path, name, createdAt: now };
  records.workflows.set(path, workflow);
  return workflow;
}

export function addRun(records: Records, request: RunRequest, now: number): RunRecord {
  ensureWorkflow(records, request.workflow, request.name, now);
  const earlier = [...records.runs.values()].filter((run) => run.request.workflow === request.workflow);
  const run: RunRecord = {
    id: records.nextId(),
    number: earlier.length + 1,
    attempt: 1,
    request,
    status: "queued",
    conclusion: null,
    createdAt: now,
    startedAt: now,
    updatedAt: now,
  };
  records.runs.set(run.id, run);
  return run;
}

/** The run's next attempt, queued. */
export function nextAttempt(records: Records, run: RunRecord, now: number): RunRecord {
  const next: RunRecord = {
    ...run,
    attempt: run.attempt + 1,
    status: "queued",
    conclusion: null,
    startedAt: now,
    updatedAt: now,
  };
  records.runs.set(run.id, next);
  return next;
}

/** The jobs of a run: those of one attempt, or the newest of each name, or all. */
export function jobsOf(records: Records, run: number, which: number | "latest" | "all"): JobRecord[] {
  const jobs = [...records.jobs.values()].filter((job) => job.run === run);
  if (which === "all") return jobs;
  if (which !== "latest") return jobs.filter((job) => job.attempt === which);
  const newest = new Map<string, JobRecord>();
  for (const job of jobs) newest.set(job.name, job);
  return [...newest.values()];
}

/** A job as the check run that GitHub shows for it on its commit. */
export function checkRunOf(job: JobRecord): CheckRun {
  return {
    id: job.id,
    sha: job.sha,
    name: job.name,
    status: job.status,
    conclusion: job.conclusion,
    startedAt: job.startedAt,
    completedAt: job.completedAt ?? null,
    detailsUrl: null,
    externalId: "",
    output: { title: null, summary: null, text: null },
  };
}

/** All check runs, jobs included. */
export function allCheckRuns(records: Records): CheckRun[] {
  return [...records.checkRuns.values(), ...[...records.jobs.values()].map(checkRunOf)];
}
