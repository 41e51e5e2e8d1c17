import type { Octokit } from "@octokit/rest";
import { describe, expect, test } from "vitest";
import { client, here, refusal, start, type World } from "./support.ts";

/** One thing that GitHub refuses, how, and where that is known from. */
interface Case {
  readonly what: string;
  readonly source: string;
  readonly call: (octokit: Octokit, world: World) => Promise<unknown>;
  readonly status: number;
  readonly message: RegExp;
}

const OPENAPI = "OpenAPI description 23.0.2";
const plain = { ...here, ref: "main", auto_merge: false, required_contexts: [] as string[], environment: "beta" };

async function deployment(octokit: Octokit): Promise<number> {
  const { data } = await octokit.repos.createDeployment(plain);
  if (!("id" in data)) throw new Error("no deployment was created");
  return data.id;
}

const cases: readonly Case[] = [
  {
    what: "a deployment without a ref",
    source: `${OPENAPI}: repos/create-deployment, required`,
    call: (octokit) => octokit.request("POST /repos/acme/storage/deployments", { auto_merge: false }),
    status: 422,
    message: /^Invalid request\.\n\n"ref" wasn't supplied\.$/,
  },
  {
    what: "a deployment of a ref that does not exist",
    source: "message as quoted in convictional/trigger-workflow-and-wait#44, for dispatches",
    call: (octokit) => octokit.repos.createDeployment({ ...plain, ref: "nowhere" }),
    status: 422,
    message: /^No ref found for: nowhere$/,
  },
  {
    what: "a ref in git's revision syntax",
    source: "documentation: a ref is a branch, tag or SHA",
    call: (octokit) => octokit.repos.createDeployment({ ...plain, ref: "main~0" }),
    status: 422,
    message: /^No ref found/,
  },
  {
    what: "a ref that looks like an option of git",
    source: "documentation: a ref is a branch, tag or SHA",
    call: (octokit) => octokit.repos.createDeployment({ ...plain, ref: "--all" }),
    status: 422,
    message: /^No ref found/,
  },
  {
    what: "required_contexts that are no list",
    source: `${OPENAPI}: repos/create-deployment, type`,
    call: (octokit) =>
      octokit.request("POST /repos/acme/storage/deployments", { ref: "main", required_contexts: "lint" }),
    status: 422,
    message: /required_contexts/,
  },
  {
    what: "a payload that is a list",
    source: `${OPENAPI}: repos/create-deployment, payload is an object or a string`,
    call: (octokit) => octokit.request("POST /repos/acme/storage/deployments", { ...plain, payload: [1] }),
    status: 422,
    message: /payload/,
  },
  {
    what: "an environment's name of more than 255 characters",
    source: "documentation: environment names may not exceed 255 characters",
    call: (octokit) => octokit.repos.createDeployment({ ...plain, environment: "e".repeat(256) }),
    status: 422,
    message: /^Validation Failed$/,
  },
  {
    what: "a status with a description of more than 140 characters",
    source: "documentation of repos/create-deployment-status; message as quoted in Shopify/shipit-engine#1004",
    call: async (octokit) =>
      octokit.repos.createDeploymentStatus({
        ...here,
        deployment_id: await deployment(octokit),
        state: "success",
        description: "x".repeat(141),
      }),
    status: 422,
    message: /^Validation Failed$/,
  },
  {
    what: "a status with an unknown state",
    source: `${OPENAPI}: repos/create-deployment-status, enum`,
    call: async (octokit) =>
      octokit.request(`POST /repos/acme/storage/deployments/${await deployment(octokit)}/statuses`, {
        state: "waiting",
      }),
    status: 422,
    message: /^Invalid request\.\n\nFor 'properties\/state'/,
  },
  {
    what: "a status without a state",
    source: `${OPENAPI}: repos/create-deployment-status, required`,
    call: async (octokit) =>
      octokit.request(`POST /repos/acme/storage/deployments/${await deployment(octokit)}/statuses`, {}),
    status: 422,
    message: /"state" wasn't supplied/,
  },
  {
    what: "a status of a deployment that does not exist",
    source: "documentation: 404",
    call: (octokit) => octokit.repos.createDeploymentStatus({ ...here, deployment_id: 1, state: "success" }),
    status: 404,
    message: /^Not Found$/,
  },
  {
    what: "a deployment whose id is no number",
    source: `${OPENAPI}: parameter deployment-id is an integer`,
    call: (octokit) => octokit.request("GET /repos/acme/storage/deployments/latest"),
    status: 422,
    message: /deployment_id/,
  },
  {
    what: "another repository",
    source: "documentation: 404 for what a token cannot see",
    call: (octokit) => octokit.repos.get({ owner: "acme", repo: "other" }),
    status: 404,
    message: /^Not Found$/,
  },
  {
    what: "a path that is not carried",
    source: "GitHub answers 404 for unknown paths",
    call: (octokit) => octokit.request("GET /repos/acme/storage/actions/caches"),
    status: 404,
    message: /^Not Found$/,
  },
  {
    what: "an environment that does not exist",
    source: "documentation: 404",
    call: (octokit) => octokit.repos.getEnvironment({ ...here, environment_name: "beta" }),
    status: 404,
    message: /^Not Found$/,
  },
  {
    what: "an issue without a title",
    source: `${OPENAPI}: issues/create, required`,
    call: (octokit) => octokit.request("POST /repos/acme/storage/issues", { body: "why" }),
    status: 422,
    message: /"title" wasn't supplied/,
  },
  {
    what: "an issue with a title of more than 256 characters",
    source: "seen in answers, not documented: title is too long (maximum is 256 characters)",
    call: (octokit) => octokit.issues.create({ ...here, title: "t".repeat(257) }),
    status: 422,
    message: /^Validation Failed$/,
  },
  {
    what: "an issue with a body of more than 65,536 characters",
    source: "seen in answers, not documented: body is too long (maximum is 65536 characters)",
    call: (octokit) => octokit.issues.create({ ...here, title: "t", body: "b".repeat(65_537) }),
    status: 422,
    message: /^Validation Failed$/,
  },
  {
    what: "a label twice, whatever its case",
    source: "documentation: labels are case-insensitive; already_exists",
    call: async (octokit) => {
      await octokit.issues.createLabel({ ...here, name: "hold:beta" });
      return octokit.issues.createLabel({ ...here, name: "Hold:Beta" });
    },
    status: 422,
    message: /^Validation Failed$/,
  },
  {
    what: "a commit status with an unknown state",
    source: `${OPENAPI}: repos/create-commit-status, enum`,
    call: (octokit, { sha }) => octokit.request(`POST /repos/acme/storage/statuses/${sha}`, { state: "passed" }),
    status: 422,
    message: /state/,
  },
  {
    what: "a commit status of more than 140 characters",
    source: "message as quoted in zalando/zappr#378",
    call: (octokit, { sha }) =>
      octokit.repos.createCommitStatus({ ...here, sha, state: "success", description: "d".repeat(141) }),
    status: 422,
    message: /^Validation Failed$/,
  },
  {
    what: "a commit status for a commit that does not exist",
    source: "seen in answers, not documented: No commit found for SHA",
    call: (octokit) => octokit.repos.createCommitStatus({ ...here, sha: "1".repeat(40), state: "success" }),
    status: 422,
    message: /^No commit found for SHA: 1+$/,
  },
  {
    what: "a completed check run without a conclusion",
    source: `${OPENAPI}: checks/create, conclusion is required with a status of completed`,
    call: (octokit, { sha }) =>
      octokit.request("POST /repos/acme/storage/check-runs", { name: "scan", head_sha: sha, status: "completed" }),
    status: 422,
    message: /^Validation Failed$/,
  },
  {
    what: "a ref that exists already",
    source: "seen in answers, not documented: Reference already exists",
    call: (octokit, { sha }) => octokit.git.createRef({ ...here, ref: "refs/heads/main", sha }),
    status: 422,
    message: /^Reference already exists$/,
  },
  {
    what: "a ref that is not fully qualified",
    source: "documentation of git/create-ref: starts with refs, at least two slashes",
    call: (octokit, { sha }) => octokit.git.createRef({ ...here, ref: "main", sha }),
    status: 422,
    message: /at least two slashes/,
  },
  {
    what: "a ref to an object that does not exist",
    source: "seen in answers, not documented: Object does not exist",
    call: (octokit) => octokit.git.createRef({ ...here, ref: "refs/heads/new", sha: "1".repeat(40) }),
    status: 422,
    message: /^Object does not exist$/,
  },
  {
    what: "a ref moved backwards without force",
    source: "documentation of git/update-ref: force",
    call: (octokit, { repository, sha }) => {
      repository.commit({ "a.txt": "a" });
      return octokit.git.updateRef({ ...here, ref: "heads/main", sha });
    },
    status: 422,
    message: /^Update is not a fast forward$/,
  },
  {
    what: "a comparison with a ref that does not exist",
    source: "documentation: 404",
    call: (octokit) => octokit.repos.compareCommitsWithBasehead({ ...here, basehead: "main...nowhere" }),
    status: 404,
    message: /^Not Found$/,
  },
  {
    what: "cancelling a run that has ended",
    source: `${OPENAPI}: actions/cancel-workflow-run, 409`,
    call: (octokit, { github, run }) => {
      github.actions.updateRun(run.id, "completed", "success");
      return octokit.actions.cancelWorkflowRun({ ...here, run_id: run.id });
    },
    status: 409,
    message: /^Cannot cancel a workflow run that is completed\.$/,
  },
  {
    what: "re-running a run that is under way",
    source: "seen in answers, not documented: This workflow is already running",
    call: (octokit, { run }) => octokit.actions.reRunWorkflow({ ...here, run_id: run.id }),
    status: 403,
    message: /already running/,
  },
  {
    what: "protected and custom branch policies together",
    source: "documentation of repos/create-or-update-environment: cannot have the same value",
    call: (octokit) =>
      octokit.repos.createOrUpdateEnvironment({
        ...here,
        environment_name: "beta",
        deployment_branch_policy: { protected_branches: true, custom_branch_policies: true },
      }),
    status: 422,
    message: /cannot have the same value/,
  },
  {
    what: "a wait timer of more than 43,200 minutes",
    source: "documentation: an integer between 0 and 43,200 (30 days)",
    call: (octokit) =>
      octokit.repos.createOrUpdateEnvironment({ ...here, environment_name: "beta", wait_timer: 43_201 }),
    status: 422,
    message: /^Validation Failed$/,
  },
];

describe("the embedded GitHub refuses what GitHub refuses", () => {
  test.each(cases)("$what ($source)", async ({ call, status, message }) => {
    const world = await start();
    const refused = await refusal(call(world.person(), world));
    expect(refused.status).toBe(status);
    expect(refused.message).toMatch(message);
    expect(refused.data).toMatchObject({ status: String(status) });
    expect((refused.data as { documentation_url: string }).documentation_url).toMatch(/^https:\/\/docs\.github\.com\//);
  });

  test("and leaves nothing behind when it does", async () => {
    const { person, sha } = await start();
    const octokit = person();
    await refusal(octokit.repos.createDeployment({ ...plain, ref: "nowhere" }));
    await refusal(octokit.repos.createDeployment({ ...plain, environment: "e".repeat(256) }));
    await refusal(octokit.repos.createCommitStatus({ ...here, sha, state: "success", description: "d".repeat(141) }));
    expect((await octokit.repos.listDeployments(here)).data).toEqual([]);
    expect((await octokit.repos.getAllEnvironments(here)).data.total_count).toBe(0);
    expect((await octokit.repos.getCombinedStatusForRef({ ...here, ref: sha })).data.total_count).toBe(0);
  });

  test("the 140th character is still allowed, counted as characters and not as UTF-16 units", async () => {
    const { person } = await start();
    const octokit = person();
    const deployment_id = await deployment(octokit);
    const description = "🪨".repeat(140);
    const { data } = await octokit.repos.createDeploymentStatus({
      ...here,
      deployment_id,
      state: "success",
      description,
    });
    expect(data.description).toBe(description);
  });

  test.each([
    ["a body that is no JSON", "{ref", 400, "Problems parsing JSON"],
    ["a body that is no object", "[1]", 400, "Body should be a JSON object"],
  ])("%s (documentation: client errors)", async (_, body, status, message) => {
    const { github } = await start();
    const answer = await fetch(`${github.url}/repos/acme/storage/deployments`, {
      method: "POST",
      body,
      headers: { authorization: `Bearer ${github.administration.adminToken()}` },
    });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ message });
  });

  test("no token, an unknown one and a revoked one are 401 (documentation: authentication)", async () => {
    const { github, run } = await start();
    const url = `${github.url}/repos/acme/storage`;
    const anonymous = await fetch(url);
    expect([anonymous.status, await anonymous.json()]).toMatchObject([401, { message: "Requires authentication" }]);
    const token = github.actions.issueToken({ run: run.id, job: 1, permissions: {} });
    expect((await client(github.url, token).repos.get(here)).status).toBe(200);
    github.actions.revokeToken(token);
    for (const bad of [token, "ghs_unknown"]) {
      expect(await refusal(client(github.url, bad).repos.get(here))).toMatchObject({
        status: 401,
        message: "Bad credentials",
      });
    }
  });
});
