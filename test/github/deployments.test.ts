import { describe, expect, test } from "vitest";
import { here, refusal, start } from "./support.ts";

const plain = { ...here, ref: "main", auto_merge: false, required_contexts: [] as string[] };

describe("the life of a deployment, through Octokit", () => {
  test("a deployment keeps what it was created with, and GitHub's defaults for the rest", async () => {
    const { job, sha, github } = await start();
    const octokit = job({ deployments: "write" });
    const payload = { candidate: { version: "1.4.0" }, kind: "promotion" };
    const { data, status } = await octokit.repos.createDeployment({ ...plain, environment: "beta", payload });
    expect(status).toBe(201);
    expect(data).toMatchObject({
      ref: "main",
      sha,
      task: "deploy",
      payload,
      environment: "beta",
      original_environment: "beta",
      description: null,
      transient_environment: false,
      production_environment: false,
      creator: { login: "github-actions[bot]", type: "Bot" },
      created_at: "2026-11-20T12:00:00Z",
      url: `${github.url}/repos/acme/storage/deployments/${"id" in data ? data.id : ""}`,
    });
    const again = await octokit.repos.getDeployment({ ...here, deployment_id: "id" in data ? data.id : 0 });
    expect(again.data).toEqual(data);
  });

  test("a text payload stays a text; production_environment is true for `production` only, unless it is said", async () => {
    const { job } = await start();
    const octokit = job({ deployments: "write" });
    const create = async (extra: object) => (await octokit.repos.createDeployment({ ...plain, ...extra })).data;
    expect(await create({ payload: "text" })).toMatchObject({
      payload: "text",
      environment: "production",
      production_environment: true,
    });
    expect(await create({ environment: "prod" })).toMatchObject({ production_environment: false, payload: {} });
    expect(await create({ environment: "prod", production_environment: true })).toMatchObject({
      production_environment: true,
    });
  });

  test("branches, tags, full and short SHAs can be deployed", async () => {
    const { job, repository, sha } = await start();
    repository.git("tag", "v1.4.0");
    repository.git("branch", "release/1.x");
    const octokit = job({ deployments: "write" });
    for (const ref of ["main", "v1.4.0", "release/1.x", sha, sha.slice(0, 8), "refs/tags/v1.4.0"]) {
      const { data } = await octokit.repos.createDeployment({ ...plain, ref });
      expect(data).toMatchObject({ ref, sha });
    }
  });

  test("statuses are added in order and listed newest first; ids grow over all kinds of objects", async () => {
    const { job, clock } = await start();
    const octokit = job({ deployments: "write" });
    const { data } = await octokit.repos.createDeployment({ ...plain, environment: "beta" });
    const deployment_id = "id" in data ? data.id : 0;
    const ids = [deployment_id];
    for (const state of ["queued", "in_progress", "success"] as const) {
      await clock.advance(60_000);
      const made = await octokit.repos.createDeploymentStatus({
        ...here,
        deployment_id,
        state,
        description: `now ${state}`,
        log_url: "https://example.com/log",
      });
      expect(made.status).toBe(201);
      ids.push(made.data.id);
    }
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    const { data: statuses } = await octokit.repos.listDeploymentStatuses({ ...here, deployment_id });
    expect(statuses.map(({ state, description, created_at }) => [state, description, created_at])).toEqual([
      ["success", "now success", "2026-11-20T12:03:00Z"],
      ["in_progress", "now in_progress", "2026-11-20T12:02:00Z"],
      ["queued", "now queued", "2026-11-20T12:01:00Z"],
    ]);
    const { data: one } = await octokit.repos.getDeploymentStatus({ ...here, deployment_id, status_id: ids[3] ?? 0 });
    expect(one).toMatchObject({ state: "success", target_url: "https://example.com/log" });
    const { data: changed } = await octokit.repos.getDeployment({ ...here, deployment_id });
    expect(changed.updated_at).toBe("2026-11-20T12:03:00Z");
  });

  test("a success makes earlier successes of the same environment inactive, whatever the case of its name", async () => {
    const { job } = await start();
    const octokit = job({ deployments: "write" });
    const make = async (environment: string, state: "success" | "failure", extra: object = {}, status: object = {}) => {
      const { data } = await octokit.repos.createDeployment({ ...plain, environment, ...extra });
      const deployment_id = "id" in data ? data.id : 0;
      await octokit.repos.createDeploymentStatus({ ...here, deployment_id, state, ...status });
      return deployment_id;
    };
    const states = async (deployment_id: number) =>
      (await octokit.repos.listDeploymentStatuses({ ...here, deployment_id })).data.map(({ state }) => state);
    const first = await make("beta", "success");
    const failed = await make("beta", "failure");
    const transient = await make("beta", "success", { transient_environment: true }, { auto_inactive: false });
    const production = await make("beta", "success", { production_environment: true }, { auto_inactive: false });
    const other = await make("gamma", "success");
    expect(await states(first)).toEqual(["success"]);
    const last = await make("BETA", "success");
    expect(await states(first)).toEqual(["inactive", "success"]);
    expect(await states(failed)).toEqual(["failure"]);
    expect(await states(transient)).toEqual(["success"]);
    expect(await states(production)).toEqual(["success"]);
    expect(await states(other)).toEqual(["success"]);
    expect(await states(last)).toEqual(["success"]);
  });

  test("lists filter by environment, ref, sha and task, newest first", async () => {
    const { job, repository, sha } = await start();
    repository.git("tag", "v1");
    const octokit = job({ deployments: "write" });
    await octokit.repos.createDeployment({ ...plain, environment: "beta" });
    await octokit.repos.createDeployment({ ...plain, environment: "beta", ref: "v1", task: "migrate" });
    await octokit.repos.createDeployment({ ...plain, environment: "gamma" });
    const list = async (filter: object) =>
      (await octokit.repos.listDeployments({ ...here, ...filter })).data.map(({ environment, ref }) => [
        environment,
        ref,
      ]);
    expect(await list({})).toEqual([
      ["gamma", "main"],
      ["beta", "v1"],
      ["beta", "main"],
    ]);
    expect(await list({ environment: "beta", ref: "main" })).toEqual([["beta", "main"]]);
    expect(await list({ task: "migrate" })).toEqual([["beta", "v1"]]);
    expect(await list({ sha })).toHaveLength(3);
    expect(await list({ sha: "0".repeat(40) })).toEqual([]);
  });

  test("creating a deployment brings a missing environment into being, without protection", async () => {
    const { job } = await start();
    const octokit = job({ deployments: "write", actions: "read" });
    await octokit.repos.createDeployment({ ...plain, environment: "Beta" });
    const { data } = await octokit.repos.getEnvironment({ ...here, environment_name: "beta" });
    expect(data).toMatchObject({ name: "Beta", protection_rules: [], deployment_branch_policy: null });
  });

  test("an active deployment can be deleted only when it is alone", async () => {
    const { job } = await start();
    const octokit = job({ deployments: "write" });
    const make = async () => {
      const { data } = await octokit.repos.createDeployment({ ...plain, environment: "beta" });
      const deployment_id = "id" in data ? data.id : 0;
      await octokit.repos.createDeploymentStatus({ ...here, deployment_id, state: "success" });
      return deployment_id;
    };
    const first = await make();
    const second = await make();
    expect(await refusal(octokit.repos.deleteDeployment({ ...here, deployment_id: second }))).toMatchObject({
      status: 422,
    });
    expect((await octokit.repos.deleteDeployment({ ...here, deployment_id: first })).status).toBe(204);
    expect((await octokit.repos.deleteDeployment({ ...here, deployment_id: second })).status).toBe(204);
    expect(await refusal(octokit.repos.getDeployment({ ...here, deployment_id: second }))).toMatchObject({
      status: 404,
    });
  });
});

describe("auto_merge", () => {
  async function behind() {
    const world = await start();
    world.repository.git("checkout", "--quiet", "-b", "topic");
    world.repository.commit({ "topic.txt": "topic\n" });
    world.repository.git("checkout", "--quiet", "main");
    return world;
  }

  test("a branch behind the default branch is merged and not deployed: 202; the next call deploys", async () => {
    const { repository, job } = await behind();
    const tip = repository.commit({ "main.txt": "main\n" });
    const octokit = job({ deployments: "write" });
    const call = { ...here, ref: "topic", required_contexts: [] };
    const merged = await octokit.repos.createDeployment(call);
    expect(merged.status).toBe(202);
    expect(merged.data).toMatchObject({ message: "Auto-merged main into topic on deployment." });
    expect((await octokit.repos.listDeployments(here)).data).toEqual([]);
    expect(repository.git("merge-base", "topic", "main")).toBe(tip);
    expect((await octokit.repos.createDeployment(call)).status).toBe(201);
  });

  test("a conflict is refused with 409, and auto_merge: false deploys the branch as it is", async () => {
    const { repository, job } = await behind();
    repository.commit({ "topic.txt": "otherwise\n" });
    const octokit = job({ deployments: "write" });
    const call = { ...here, ref: "topic", required_contexts: [] };
    expect(await refusal(octokit.repos.createDeployment(call))).toMatchObject({
      status: 409,
      message: "Conflict merging main into topic.",
    });
    expect((await octokit.repos.createDeployment({ ...call, auto_merge: false })).status).toBe(201);
  });
});

test("a SHA or tag behind the default branch cannot be merged into: 409 (github/platform-samples#99)", async () => {
  const { repository, job, sha } = await start();
  repository.git("tag", "v1");
  repository.commit({ "main.txt": "main\n" });
  const octokit = job({ deployments: "write" });
  for (const ref of [sha, "v1"]) {
    const call = octokit.repos.createDeployment({ ...here, ref, required_contexts: [] });
    expect(await refusal(call)).toMatchObject({ status: 409, message: `Conflict merging main into ${ref}.` });
  }
});

describe("required_contexts", () => {
  const ask = { ...here, ref: "main", auto_merge: false };

  test("by default every status and check run of the commit must be a success, running jobs included", async () => {
    const { github, job, run, sha } = await start();
    const octokit = job({ deployments: "write", statuses: "write" });
    expect((await octokit.repos.createDeployment(ask)).status).toBe(201);
    await octokit.repos.createCommitStatus({ ...here, sha, state: "failure", context: "lint" });
    await octokit.repos.createCommitStatus({ ...here, sha, state: "success", context: "build" });
    const failed = await refusal(octokit.repos.createDeployment(ask));
    expect(failed).toMatchObject({
      status: 409,
      message: "Conflict: Commit status checks failed for main.",
      data: {
        errors: [
          {
            contexts: [
              { context: "build", state: "success" },
              { context: "lint", state: "failure" },
            ],
            resource: "Deployment",
            field: "required_contexts",
            code: "invalid",
          },
        ],
      },
    });
    await octokit.repos.createCommitStatus({ ...here, sha, state: "success", context: "lint" });
    const id = github.actions.createJob({ run: run.id, attempt: 1, name: "deploy", labels: [] });
    github.actions.updateJob(id, "in_progress");
    expect(await refusal(octokit.repos.createDeployment(ask))).toMatchObject({ status: 409 });
    github.actions.updateJob(id, "completed", { conclusion: "success" });
    expect((await octokit.repos.createDeployment(ask)).status).toBe(201);
  });

  test("named contexts must be there and a success; an empty list asks for none", async () => {
    const { job, sha } = await start();
    const octokit = job({ deployments: "write", statuses: "write" });
    await octokit.repos.createCommitStatus({ ...here, sha, state: "pending", context: "slow" });
    await octokit.repos.createCommitStatus({ ...here, sha, state: "success", context: "build" });
    const create = (required_contexts: string[]) => octokit.repos.createDeployment({ ...ask, required_contexts });
    expect((await create(["build"])).status).toBe(201);
    expect((await create([])).status).toBe(201);
    expect(await refusal(create(["build", "slow"]))).toMatchObject({ status: 409 });
    expect(await refusal(create(["never-heard-of"]))).toMatchObject({ status: 409 });
  });
});
