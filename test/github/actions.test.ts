import { describe, expect, test } from "vitest";
import type { RunRequest } from "../../rehearsal/github/ports.ts";
import { here, refusal, start } from "./support.ts";

const HOTFIX = `name: hotfix
on:
  workflow_dispatch:
    inputs:
      version: { required: true, type: string }
      reason: { required: false, default: none, type: string }
      stage: { type: choice, options: [beta, prod], default: beta }
      dry-run: { type: boolean, default: false }
jobs: {}
`;
const files = {
  ".github/workflows/hotfix.yml": HOTFIX,
  ".github/workflows/push.yml": "on: push\n",
  ".github/workflows/on-go.yml": "name: go\non:\n  repository_dispatch:\n    types: [go]\n",
  ".github/workflows/on-any.yml": "on: [repository_dispatch]\n",
};

async function withWorkflows() {
  const world = await start({}, files);
  const dispatched: RunRequest[] = [];
  world.github.actions.onDispatch((request) => dispatched.push(request));
  return { ...world, dispatched, octokit: world.job({ actions: "write", contents: "write" }) };
}

describe("dispatches", () => {
  test("a workflow dispatch reaches the runner with its inputs and their defaults", async () => {
    const { octokit, dispatched, sha } = await withWorkflows();
    const { status } = await octokit.actions.createWorkflowDispatch({
      ...here,
      workflow_id: "hotfix.yml",
      ref: "main",
      inputs: { version: "1.4.1", "dry-run": "true" },
    });
    expect(status).toBe(204);
    expect(dispatched).toEqual([
      {
        workflow: ".github/workflows/hotfix.yml",
        name: "hotfix",
        event: "workflow_dispatch",
        ref: "refs/heads/main",
        sha,
        actor: "github-actions[bot]",
        inputs: { version: "1.4.1", reason: "none", stage: "beta", "dry-run": "true" },
      },
    ]);
  });

  test("the run's details are answered where they are asked for", async () => {
    const { octokit, github } = await withWorkflows();
    const runs: number[] = [];
    github.actions.onDispatch((request) => runs.push(github.actions.createRun(request).id));
    const { data, status } = await octokit.request(
      "POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches",
      {
        ...here,
        workflow_id: "hotfix.yml",
        ref: "main",
        inputs: { version: "1" },
        return_run_details: true,
      },
    );
    expect([status, data]).toMatchObject([200, { workflow_run_id: runs[0] }]);
  });

  test.each([
    [
      "an input that is not declared",
      "hotfix.yml",
      "main",
      { version: "1", who: "me" },
      422,
      'Unexpected inputs provided: ["who"]',
    ],
    ["a missing input", "hotfix.yml", "main", {}, 422, "Required input 'version' not provided"],
    [
      "a value that is no choice",
      "hotfix.yml",
      "main",
      { version: "1", stage: "delta" },
      422,
      "Provided value 'delta' for input 'stage' not in the list of allowed values",
    ],
    ["a ref that does not exist", "hotfix.yml", "nowhere", { version: "1" }, 422, "No ref found for: nowhere"],
    [
      "a workflow without the trigger",
      "push.yml",
      "main",
      {},
      422,
      "Workflow does not have 'workflow_dispatch' trigger",
    ],
    ["a workflow that does not exist", "none.yml", "main", {}, 404, "Not Found"],
  ])("%s is refused", async (_, workflow_id, ref, inputs, status, message) => {
    const { octokit, dispatched } = await withWorkflows();
    const call = octokit.actions.createWorkflowDispatch({ ...here, workflow_id, ref, inputs });
    expect(await refusal(call)).toMatchObject({ status, message });
    expect(dispatched).toEqual([]);
  });

  test("a repository dispatch starts the workflows that listen to its type", async () => {
    const { octokit, dispatched } = await withWorkflows();
    await octokit.repos.createDispatchEvent({ ...here, event_type: "go", client_payload: { version: "1" } });
    await octokit.repos.createDispatchEvent({ ...here, event_type: "stop" });
    expect(dispatched.map(({ workflow, eventType, payload }) => [workflow, eventType, payload])).toEqual([
      [".github/workflows/on-any.yml", "go", { version: "1" }],
      [".github/workflows/on-go.yml", "go", { version: "1" }],
      [".github/workflows/on-any.yml", "stop", {}],
    ]);
  });
});

describe("runs and jobs", () => {
  test("a run shows its number, attempt, state and jobs; a filter finds it", async () => {
    const { github, job, run, clock } = await start();
    const { actions } = github;
    const second = actions.createRun(run.request);
    expect([run.number, second.number]).toEqual([1, 2]);
    const id = actions.createJob({ run: run.id, attempt: 1, name: "alpha / gate", labels: ["self-hosted"] });
    await clock.advance(5_000);
    actions.updateJob(id, "in_progress", { runner: "alpha-1" });
    actions.updateRun(run.id, "in_progress");
    await clock.advance(5_000);
    actions.updateJob(id, "completed", { conclusion: "failure" });
    actions.updateRun(run.id, "completed", "failure");
    const octokit = job({ actions: "read" });
    const { data } = await octokit.actions.listJobsForWorkflowRun({ ...here, run_id: run.id });
    expect(data.jobs).toMatchObject([
      {
        id,
        name: "alpha / gate",
        status: "completed",
        conclusion: "failure",
        runner_name: "alpha-1",
        started_at: "2026-11-20T12:00:05Z",
        completed_at: "2026-11-20T12:00:10Z",
      },
    ]);
    const find = async (filter: object) =>
      (await octokit.actions.listWorkflowRunsForRepo({ ...here, ...filter })).data.workflow_runs.map(
        (found) => found.id,
      );
    expect(await find({})).toEqual([second.id, run.id]);
    expect(await find({ status: "failure" })).toEqual([run.id]);
    expect(await find({ status: "queued" })).toEqual([second.id]);
    expect(await find({ branch: "other" })).toEqual([]);
  });

  test("cancel and re-run tell the runner; a re-run is the next attempt, and each attempt keeps its jobs", async () => {
    const { github, job, run } = await start();
    const { actions } = github;
    const told: unknown[] = [];
    actions.onCancel((id) => told.push(["cancel", id]));
    actions.onRerun((id, failedJobsOnly) => told.push(["rerun", id, failedJobsOnly]));
    const octokit = job({ actions: "write" });
    const at = { ...here, run_id: run.id };
    actions.updateRun(run.id, "in_progress");
    expect((await octokit.actions.cancelWorkflowRun(at)).status).toBe(202);
    const passed = actions.createJob({ run: run.id, attempt: 1, name: "alpha", labels: [] });
    const failed = actions.createJob({ run: run.id, attempt: 1, name: "beta", labels: [] });
    actions.updateRun(run.id, "completed", "cancelled");
    expect((await octokit.actions.reRunWorkflowFailedJobs(at)).status).toBe(201);
    expect(told).toEqual([
      ["cancel", run.id],
      ["rerun", run.id, true],
    ]);
    expect((await octokit.actions.getWorkflowRun(at)).data).toMatchObject({
      run_attempt: 2,
      status: "queued",
      conclusion: null,
    });
    const again = actions.createJob({ run: run.id, attempt: 2, name: "beta", labels: [] });
    const jobs = async (filter?: "all" | "latest") =>
      (await octokit.actions.listJobsForWorkflowRun({ ...at, ...(filter && { filter }) })).data.jobs.map(
        ({ id }) => id,
      );
    expect(await jobs()).toEqual([passed, again]);
    expect(await jobs("all")).toEqual([passed, failed, again]);
    const first = await octokit.actions.listJobsForWorkflowRunAttempt({ ...at, attempt_number: 1 });
    expect(first.data.jobs.map(({ id }) => id)).toEqual([passed, failed]);
  });

  test("jobs are check runs on their commit; runners show whether they are online and busy", async () => {
    const { github, person, run, sha } = await start();
    const { actions } = github;
    actions.registerRunner({ name: "beta-1", labels: ["self-hosted", "beta-1"], online: true });
    actions.registerRunner({ name: "beta-2", labels: ["self-hosted"], online: false });
    const id = actions.createJob({ run: run.id, attempt: 1, name: "beta / deploy", labels: ["beta-1"] });
    actions.updateJob(id, "in_progress", { runner: "beta-1" });
    const octokit = person();
    const { data } = await octokit.checks.listForRef({ ...here, ref: sha });
    expect(data.check_runs).toMatchObject([
      { id, name: "beta / deploy", status: "in_progress", app: { slug: "github-actions" } },
    ]);
    const { data: runners } = await octokit.actions.listSelfHostedRunnersForRepo(here);
    expect(runners.runners).toMatchObject([
      { name: "beta-1", status: "online", busy: true },
      { name: "beta-2", status: "offline", busy: false },
    ]);
  });
});

describe("the combined status", () => {
  test("takes the newest status of each context, failure before pending before success", async () => {
    const { job, sha } = await start();
    const octokit = job({ statuses: "write" });
    const set = (context: string, state: "success" | "failure" | "pending" | "error") =>
      octokit.repos.createCommitStatus({ ...here, sha, context, state });
    const state = async () => (await octokit.repos.getCombinedStatusForRef({ ...here, ref: "main" })).data.state;
    expect(await state()).toBe("pending");
    await set("build", "failure");
    await set("lint", "success");
    expect(await state()).toBe("failure");
    await set("build", "pending");
    expect(await state()).toBe("pending");
    await set("build", "success");
    expect(await state()).toBe("success");
    await set("lint", "error");
    expect(await state()).toBe("failure");
  });
});

describe("issues and holds", () => {
  test("labels select open issues, whatever their case; closing and opening again are dated", async () => {
    const { job, clock } = await start();
    const octokit = job({ issues: "write" });
    await octokit.issues.create({ ...here, title: "held", labels: ["hold:beta", "evidence"] });
    await octokit.issues.create({ ...here, title: "other", labels: ["hold:prod"] });
    const list = async (filter: object) =>
      (await octokit.issues.listForRepo({ ...here, ...filter })).data.map(({ title }) => title);
    expect(await list({ labels: "HOLD:beta" })).toEqual(["held"]);
    expect(await list({ labels: "hold:beta,hold:prod" })).toEqual([]);
    await clock.advance(60_000);
    const closed = await octokit.issues.update({ ...here, issue_number: 1, state: "closed" });
    expect(closed.data).toMatchObject({ state_reason: "completed", closed_at: "2026-11-20T12:01:00Z" });
    expect(await list({ labels: "hold:beta" })).toEqual([]);
    expect(await list({ labels: "hold:beta", state: "closed" })).toEqual(["held"]);
    expect(await list({ state: "all" })).toEqual(["other", "held"]);
    const opened = await octokit.issues.update({ ...here, issue_number: 1, state: "open" });
    expect(opened.data).toMatchObject({ state_reason: "reopened", closed_at: null, closed_by: null });
  });
});
