import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { routes } from "../../rehearsal/github/routes/index.ts";
import { client, start } from "./support.ts";

/**
 * Every route once in its ordinary way. The server holds each answer to GitHub's OpenAPI description and answers 500
 * where it breaks it, so the statuses below prove more than they show.
 */
const WORKFLOW =
  "name: hotfix\non:\n  workflow_dispatch:\n    inputs:\n      reason: { required: true }\n  repository_dispatch:\n";

describe("every route that is carried", () => {
  test("answers as GitHub's published description says", async () => {
    const world = await start({}, { ".github/workflows/hotfix.yml": WORKFLOW, "docs/a.md": "a\n" });
    const { github, repository, sha, run } = world;
    repository.git("tag", "v1.0.0");
    repository.git("branch", "topic");
    const head = repository.commit({ "docs/a.md": "b\n", "new.txt": "n\n" }, "second\n\nwith a body");
    const octokit = client(github.url, github.administration.userToken("alice"));
    const { actions, administration } = github;
    const job = actions.createJob({
      run: run.id,
      attempt: 1,
      name: "beta / deploy",
      labels: ["self-hosted", "beta-1"],
    });
    actions.registerRunner({ name: "beta-1", labels: ["self-hosted", "linux", "beta-1"], online: true });
    actions.updateJob(job, "in_progress", { runner: "beta-1" });
    administration.createEnvironment({ name: "beta", reviewers: ["alice"], waitMinutes: 5, branches: ["main"] });
    const door = new AbortController();
    const entering = actions.enterEnvironment({ run: run.id, job, environment: "beta", deployment: true }, door.signal);
    const root = "/repos/acme/storage";
    const seen = new Map<string, number>();
    const call = async (route: string, url: string, body?: object): Promise<Record<string, unknown>> => {
      const method = route.slice(0, route.indexOf(" "));
      const answer = await octokit.request(`${method} ${url}`, { ...body });
      seen.set(route, answer.status);
      return answer.data as Record<string, unknown>;
    };
    const at = (method: string, template: string, path: string, body?: object) =>
      call(`${method} /repos/{owner}/{repo}${template}`, `${root}${path}`, body);

    await call("GET /rate_limit", "/rate_limit");
    await call("GET /user", "/user");
    await call("GET /users/{username}", "/users/github-actions%5Bbot%5D");
    await at("GET", "", "");
    await at("GET", "/contents/{path}", "/contents/docs/a.md?ref=v1.0.0");
    await at("GET", "/contents/{path}", "/contents/docs");
    await at("GET", "/git/ref/{ref}", "/git/ref/heads/main");
    await at("GET", "/git/matching-refs/{ref}", "/git/matching-refs/tags/v");
    await at("POST", "/git/refs", "/git/refs", { ref: "refs/tags/claim", sha });
    await at("PATCH", "/git/refs/{ref}", "/git/refs/tags/claim", { sha: head });
    await at("DELETE", "/git/refs/{ref}", "/git/refs/tags/claim");
    await at("GET", "/tags", "/tags");
    await at("GET", "/branches", "/branches");
    await at("GET", "/branches/{branch}", "/branches/topic");
    await at("GET", "/commits", "/commits?sha=main&path=docs/a.md");
    await at("GET", "/commits/{ref}", "/commits/main");
    await at("GET", "/compare/{basehead}", "/compare/v1.0.0...main");
    await at("POST", "/statuses/{sha}", `/statuses/${sha}`, {
      state: "success",
      context: "lint",
      target_url: "https://example.com",
    });
    await at("GET", "/commits/{ref}/statuses", "/commits/v1.0.0/statuses");
    await at("GET", "/commits/{ref}/status", "/commits/v1.0.0/status");
    const check = await at("POST", "/check-runs", "/check-runs", {
      name: "scan",
      head_sha: sha,
      status: "in_progress",
    });
    await at("PATCH", "/check-runs/{check_run_id}", `/check-runs/${check["id"]}`, {
      status: "completed",
      conclusion: "success",
    });
    await at("GET", "/check-runs/{check_run_id}", `/check-runs/${job}`);
    await at("GET", "/commits/{ref}/check-runs", `/commits/${sha}/check-runs`);

    const deployment = await at("POST", "/deployments", "/deployments", {
      ref: "v1.0.0",
      auto_merge: false,
      required_contexts: [],
      environment: "beta",
    });
    await at("GET", "/deployments", "/deployments");
    await at("GET", "/deployments/{deployment_id}", `/deployments/${deployment["id"]}`);
    const statuses = `/deployments/${deployment["id"]}/statuses`;
    const status = await at("POST", "/deployments/{deployment_id}/statuses", statuses, { state: "success" });
    await at("GET", "/deployments/{deployment_id}/statuses", statuses);
    await at("GET", "/deployments/{deployment_id}/statuses/{status_id}", `${statuses}/${status["id"]}`);
    await at("POST", "/deployments/{deployment_id}/statuses", statuses, { state: "inactive" });
    await at("DELETE", "/deployments/{deployment_id}", `/deployments/${deployment["id"]}`);

    await at("GET", "/environments", "/environments");
    await at("GET", "/environments/{environment_name}", "/environments/beta");
    const custom = {
      wait_timer: 3,
      deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
    };
    await at("PUT", "/environments/{environment_name}", "/environments/gamma", custom);
    const policies = "/environments/gamma/deployment-branch-policies";
    await at("POST", "/environments/{environment_name}/deployment-branch-policies", policies, { name: "release/*" });
    await at("GET", "/environments/{environment_name}/deployment-branch-policies", policies);
    await at("DELETE", "/environments/{environment_name}", "/environments/gamma");

    const issue = await at("POST", "/issues", "/issues", { title: "beta is held", body: "why", labels: ["hold:beta"] });
    const at1 = `/issues/${issue["number"]}`;
    await at("GET", "/issues", "/issues?labels=hold:beta");
    await at("GET", "/issues/{issue_number}", at1);
    await at("POST", "/issues/{issue_number}/labels", `${at1}/labels`, { labels: ["urgent"] });
    await at("GET", "/issues/{issue_number}/labels", `${at1}/labels`);
    await at("DELETE", "/issues/{issue_number}/labels/{name}", `${at1}/labels/urgent`);
    const comment = await at("POST", "/issues/{issue_number}/comments", `${at1}/comments`, { body: "seen" });
    await at("GET", "/issues/{issue_number}/comments", `${at1}/comments`);
    await at("GET", "/issues/comments/{comment_id}", `/issues/comments/${comment["id"]}`);
    await at("PATCH", "/issues/comments/{comment_id}", `/issues/comments/${comment["id"]}`, { body: "seen twice" });
    await at("PATCH", "/issues/{issue_number}", at1, { state: "closed", state_reason: "completed" });
    await at("POST", "/labels", "/labels", { name: "hold:all", color: "b60205" });
    await at("GET", "/labels", "/labels");
    await at("GET", "/labels/{name}", "/labels/hold%3Aall");
    await at("DELETE", "/labels/{name}", "/labels/hold%3Aall");

    const runs = "/actions/runs/{run_id}";
    const at2 = `/actions/runs/${run.id}`;
    await at("GET", "/actions/runs", "/actions/runs");
    await at("GET", "/actions/workflows", "/actions/workflows");
    await at("GET", "/actions/workflows/{workflow_id}/runs", "/actions/workflows/pipeline.yml/runs");
    await at("GET", runs, at2);
    await at("GET", `${runs}/attempts/{attempt_number}`, `${at2}/attempts/1`);
    await at("GET", `${runs}/attempts/{attempt_number}/jobs`, `${at2}/attempts/1/jobs`);
    await at("GET", `${runs}/jobs`, `${at2}/jobs`);
    await at("GET", "/actions/jobs/{job_id}", `/actions/jobs/${job}`);
    await at("GET", "/actions/runners", "/actions/runners");
    const [pending] = (await at("GET", `${runs}/pending_deployments`, `${at2}/pending_deployments`)) as unknown as [
      { environment: { id: number } },
    ];
    const review = { environment_ids: [pending.environment.id], state: "approved", comment: "go" };
    await at("POST", `${runs}/pending_deployments`, `${at2}/pending_deployments`, review);
    await at("GET", `${runs}/approvals`, `${at2}/approvals`);
    await world.clock.advance(300_000);
    expect(await entering).toEqual({ admitted: true });
    await at("POST", `${runs}/cancel`, `${at2}/cancel`);
    actions.updateJob(job, "completed", { conclusion: "failure" });
    actions.updateRun(run.id, "completed", "failure");
    await at("POST", `${runs}/rerun`, `${at2}/rerun`);
    actions.updateRun(run.id, "completed", "failure");
    await at("POST", `${runs}/rerun-failed-jobs`, `${at2}/rerun-failed-jobs`);
    const dispatch = { ref: "main", inputs: { reason: "fire" } };
    await at(
      "POST",
      "/actions/workflows/{workflow_id}/dispatches",
      "/actions/workflows/hotfix.yml/dispatches",
      dispatch,
    );
    await at("POST", "/dispatches", "/dispatches", { event_type: "go" });

    expect([...seen.keys()].toSorted()).toEqual(routes.map(({ name }) => name).toSorted());
    expect(administration.requests.map(({ route }) => route)).toContain("GET /repos/{owner}/{repo}/compare/{basehead}");
    expect(administration.requests.filter(({ status: answered }) => answered >= 400)).toEqual([]);
  });

  test("has its place in the extract of GitHub's description, and the extract holds nothing else", () => {
    const extract = JSON.parse(
      readFileSync(new URL("../../rehearsal/github/api/openapi.json", import.meta.url), "utf8"),
    ) as { source: string; operations: Record<string, unknown> };
    expect(Object.keys(extract.operations).toSorted()).toEqual(routes.map(({ name }) => name).toSorted());
    expect(extract.source).toMatch(/^@octokit\/openapi \d+\.\d+\.\d+$/);
  });
});
