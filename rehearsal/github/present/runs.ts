import type { JsonObject } from "../answer.ts";
import { nodeId, timestamp } from "../names.ts";
import type { JobRecord, Runner, RunRecord, Workflow } from "../state/runs.ts";
import { apiUrl, pageUrl, type World } from "../world.ts";
import { simpleUser } from "./people.ts";
import { minimalRepository } from "./repository.ts";

/** The branch or tag of a run without its prefix, as GitHub's `head_branch`. */
function headBranch(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, "");
}

/** A workflow run, of its present attempt unless another is given. */
export async function presentRun(world: World, run: RunRecord, attempt = run.attempt): Promise<JsonObject> {
  const { request } = run;
  const url = apiUrl(world, `/actions/runs/${run.id}`);
  const workflow = world.records.workflows.get(request.workflow)?.id ?? 0;
  const commit = await world.git.commit(request.sha);
  const actor = simpleUser(world, request.actor);
  const repository = minimalRepository(world);
  return {
    id: run.id,
    name: request.name,
    node_id: nodeId("WorkflowRun", run.id),
    head_branch: headBranch(request.ref),
    head_sha: request.sha,
    path: request.workflow,
    display_title: commit.message.split("\n")[0] ?? "",
    run_number: run.number,
    run_attempt: attempt,
    event: request.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: workflow,
    check_suite_id: world.repositoryId,
    url,
    html_url: pageUrl(world, `/actions/runs/${run.id}`),
    pull_requests: [],
    created_at: timestamp(run.createdAt),
    updated_at: timestamp(run.updatedAt),
    run_started_at: timestamp(run.startedAt),
    actor,
    triggering_actor: actor,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: apiUrl(world, `/check-suites/${world.repositoryId}`),
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: attempt > 1 ? `${url}/attempts/${attempt - 1}` : null,
    workflow_url: apiUrl(world, `/actions/workflows/${workflow}`),
    head_commit: {
      id: commit.sha,
      tree_id: commit.tree,
      message: commit.message,
      timestamp: timestamp(commit.committer.date),
      author: { name: commit.author.name, email: commit.author.email },
      committer: { name: commit.committer.name, email: commit.committer.email },
    },
    repository,
    head_repository: repository,
  };
}

export function presentJob(world: World, job: JobRecord): JsonObject {
  const run = world.records.runs.get(job.run);
  const runner = job.runner === undefined ? undefined : world.records.runners.get(job.runner);
  return {
    id: job.id,
    run_id: job.run,
    run_url: apiUrl(world, `/actions/runs/${job.run}`),
    run_attempt: job.attempt,
    node_id: nodeId("CheckRun", job.id),
    head_sha: job.sha,
    head_branch: run === undefined ? null : headBranch(run.request.ref),
    workflow_name: run?.request.name ?? null,
    url: apiUrl(world, `/actions/jobs/${job.id}`),
    html_url: pageUrl(world, `/actions/runs/${job.run}/job/${job.id}`),
    status: job.status,
    conclusion: job.conclusion,
    created_at: timestamp(job.createdAt),
    started_at: timestamp(job.startedAt),
    completed_at: job.completedAt === undefined ? null : timestamp(job.completedAt),
    name: job.name,
    steps: [],
    check_run_url: apiUrl(world, `/check-runs/${job.id}`),
    labels: [...job.labels],
    runner_id: runner?.id ?? null,
    runner_name: job.runner ?? null,
    runner_group_id: runner === undefined ? null : 1,
    runner_group_name: runner === undefined ? null : "Default",
  };
}

export function presentWorkflow(world: World, workflow: Workflow): JsonObject {
  return {
    id: workflow.id,
    node_id: nodeId("Workflow", workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: "active",
    created_at: timestamp(workflow.createdAt),
    updated_at: timestamp(workflow.createdAt),
    url: apiUrl(world, `/actions/workflows/${workflow.id}`),
    html_url: pageUrl(world, `/blob/${world.defaultBranch}/${workflow.path}`),
    badge_url: pageUrl(world, `/workflows/${encodeURIComponent(workflow.name)}/badge.svg`),
  };
}

const BUILT_IN: ReadonlySet<string> = new Set(["self-hosted", "linux", "macos", "windows", "x64", "arm", "arm64"]);

export function presentRunner(world: World, runner: Runner): JsonObject {
  const jobs = [...world.records.jobs.values()];
  return {
    id: runner.id,
    name: runner.name,
    os: "linux",
    status: runner.online ? "online" : "offline",
    busy: jobs.some((job) => job.runner === runner.name && job.status === "in_progress"),
    labels: runner.labels.map((name, index) => ({
      id: index + 1,
      name,
      type: BUILT_IN.has(name.toLowerCase()) ? "read-only" : "custom",
    })),
  };
}
