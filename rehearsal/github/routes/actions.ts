import { type Answer, type Json, notFound, ok, Refusal, validationFailed } from "../answer.ts";
import { paginate } from "../pagination.ts";
import { presentDeployment } from "../present/deployments.ts";
import { presentPending, presentReview } from "../present/environments.ts";
import { presentJob, presentRun, presentRunner, presentWorkflow } from "../present/runs.ts";
import { review } from "../reviews.ts";
import { type Call, type Route, route } from "../router.ts";
import { findEnvironment } from "../state/environments.ts";
import { type JobRecord, jobsOf, nextAttempt, type RunRecord } from "../state/runs.ts";
import type { World } from "../world.ts";
import { id, integers, text } from "./inputs.ts";

function findRun(world: World, call: Call): RunRecord {
  const run = world.records.runs.get(id(call, "run_id"));
  if (run === undefined) throw notFound();
  return run;
}

function listRuns(world: World, call: Call, workflow?: string): Promise<Answer> {
  const { query } = call;
  const branch = query.get("branch");
  const fits = (key: string, value: string | null): boolean => query.get(key) === null || query.get(key) === value;
  const status = query.get("status");
  const matching = [...world.records.runs.values()].filter(
    ({ request, ...run }) =>
      (workflow === undefined || request.workflow === workflow) &&
      fits("event", request.event) &&
      fits("actor", request.actor) &&
      fits("head_sha", request.sha) &&
      (branch === null || request.ref === `refs/heads/${branch}` || request.ref === `refs/tags/${branch}`) &&
      (status === null || run.status === status || run.conclusion === status),
  );
  return paginate(
    call,
    world.root,
    matching.sort((a, b) => b.id - a.id),
    (run) => presentRun(world, run),
    (workflow_runs, total_count) => ({ total_count, workflow_runs }),
  );
}

async function getRun(world: World, call: Call): Promise<Answer> {
  return ok(await presentRun(world, findRun(world, call)));
}

async function getAttempt(world: World, call: Call): Promise<Answer> {
  const run = findRun(world, call);
  const attempt = id(call, "attempt_number");
  if (attempt < 1 || attempt > run.attempt) throw notFound();
  return ok(await presentRun(world, run, attempt));
}

function cancel(world: World, call: Call): Answer {
  const run = findRun(world, call);
  if (run.status === "completed") throw new Refusal(409, "Cannot cancel a workflow run that is completed.");
  world.signals.cancel.emit(run.id);
  return { status: 202, body: {} };
}

function rerun(failedJobsOnly: boolean): Route["handler"] {
  return (world, call) => {
    const run = findRun(world, call);
    if (run.status !== "completed") throw new Refusal(403, "This workflow is already running");
    if (failedJobsOnly && run.conclusion === "success") {
      throw new Refusal(403, "This workflow run has no failed jobs to re-run");
    }
    nextAttempt(world.records, run, call.now);
    world.signals.rerun.emit(run.id, failedJobsOnly);
    return { status: 201, body: {} };
  };
}

function listJobs(world: World, call: Call, jobs: readonly JobRecord[]): Promise<Answer> {
  return paginate(
    call,
    world.root,
    jobs,
    (job) => presentJob(world, job),
    (page, total_count) => ({ total_count, jobs: page }),
  );
}

function runJobs(world: World, call: Call): Promise<Answer> {
  const run = findRun(world, call);
  return listJobs(world, call, jobsOf(world.records, run.id, call.query.get("filter") === "all" ? "all" : "latest"));
}

function attemptJobs(world: World, call: Call): Promise<Answer> {
  const run = findRun(world, call);
  return listJobs(world, call, jobsOf(world.records, run.id, id(call, "attempt_number")));
}

function getJob(world: World, call: Call): Answer {
  const job = world.records.jobs.get(id(call, "job_id"));
  if (job === undefined) throw notFound();
  return ok(presentJob(world, job));
}

function pending(world: World, call: Call): Answer {
  const run = findRun(world, call);
  const seen = new Set<string>();
  const list = world.records.entries.flatMap((entry): Json[] => {
    const environment = findEnvironment(world.records, entry.environment);
    if (entry.run !== run.id || environment === undefined || seen.has(environment.name)) return [];
    seen.add(environment.name);
    return [presentPending(world, environment, entry, call.caller.login, run.request.actor)];
  });
  return ok(list);
}

function reviewPending(world: World, call: Call): Answer {
  const run = findRun(world, call);
  const state = text(call.body, "state") === "approved" ? "approved" : "rejected";
  const ids = new Set(integers(call.body, "environment_ids"));
  const environments = [...world.records.environments.values()].filter((environment) => ids.has(environment.id));
  const names = environments.map((environment) => environment.name);
  if (names.length === 0) throw validationFailed({ resource: "Deployment", field: "environment_ids", code: "invalid" });
  const waiting = world.records.entries.filter((entry) => entry.run === run.id && names.includes(entry.environment));
  const comment = text(call.body, "comment") ?? "";
  const decision = { run: run.id, environments: names, state, user: call.caller.login, comment } as const;
  const refused = review(world, decision);
  if (refused !== undefined) throw new Refusal(422, refused);
  return ok(
    waiting.flatMap((entry): Json[] => {
      const own = world.records.jobs.get(entry.job)?.deployment;
      const deployment = own === undefined ? undefined : world.records.deployments.get(own);
      return deployment === undefined ? [] : [presentDeployment(world, deployment)];
    }),
  );
}

function approvals(world: World, call: Call): Answer {
  const run = findRun(world, call);
  return ok(world.records.reviews.filter((known) => known.run === run.id).map((known) => presentReview(world, known)));
}

/** The path of a workflow that is named by id or file name. */
function workflowPath(world: World, call: Call): string {
  const name = call.params["workflow_id"] ?? "";
  if (!/^\d+$/.test(name)) return name.startsWith(".github/") ? name : `.github/workflows/${name}`;
  const found = [...world.records.workflows.values()].find((workflow) => workflow.id === Number(name));
  if (found === undefined) throw notFound();
  return found.path;
}

function listRunners(world: World, call: Call): Promise<Answer> {
  return paginate(
    call,
    world.root,
    [...world.records.runners.values()],
    (runner) => presentRunner(world, runner),
    (runners, total_count) => ({ total_count, runners }),
  );
}

function listWorkflows(world: World, call: Call): Promise<Answer> {
  return paginate(
    call,
    world.root,
    [...world.records.workflows.values()],
    (workflow) => presentWorkflow(world, workflow),
    (workflows, total_count) => ({ total_count, workflows }),
  );
}

const root = "/repos/{owner}/{repo}/actions";
const run = `${root}/runs/{run_id}`;

export const actionRoutes: readonly Route[] = [
  route(`GET ${root}/runs`, "actions:read", (world, call) => listRuns(world, call)),
  route(`GET ${run}`, "actions:read", getRun),
  route(`GET ${run}/attempts/{attempt_number}`, "actions:read", getAttempt),
  route(`GET ${run}/attempts/{attempt_number}/jobs`, "actions:read", attemptJobs),
  route(`GET ${run}/jobs`, "actions:read", runJobs),
  route(`POST ${run}/cancel`, "actions:write", cancel),
  route(`POST ${run}/rerun`, "actions:write", rerun(false)),
  route(`POST ${run}/rerun-failed-jobs`, "actions:write", rerun(true)),
  route(`GET ${run}/pending_deployments`, "actions:read", pending),
  route(`POST ${run}/pending_deployments`, "deployments:write", reviewPending),
  route(`GET ${run}/approvals`, "actions:read", approvals),
  route(`GET ${root}/jobs/{job_id}`, "actions:read", getJob),
  route(`GET ${root}/workflows`, "actions:read", listWorkflows),
  route(`GET ${root}/workflows/{workflow_id}/runs`, "actions:read", (world, call) =>
    listRuns(world, call, workflowPath(world, call)),
  ),
  route(`GET ${root}/runners`, "administration:read", listRunners),
];
