import { describe, expect, test } from "vitest";
import { permits } from "../../rehearsal/github/access.ts";
import { routes } from "../../rehearsal/github/routes/index.ts";
import { client, here, refusal, start } from "./support.ts";

/** What a job's token needs, by GitHub's page "Permissions required for GitHub Apps". */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  "deployments:read": [
    "GET deployments",
    "GET deployments/{deployment_id}",
    "GET deployments/{deployment_id}/statuses",
  ],
  "deployments:write": [
    "POST deployments",
    "DELETE deployments/{deployment_id}",
    "POST deployments/{deployment_id}/statuses",
    "POST actions/runs/{run_id}/pending_deployments",
  ],
  "actions:read": [
    "GET environments",
    "GET environments/{environment_name}",
    "GET environments/{environment_name}/deployment-branch-policies",
    "GET actions/runs",
    "GET actions/runs/{run_id}",
    "GET actions/runs/{run_id}/jobs",
    "GET actions/runs/{run_id}/pending_deployments",
    "GET actions/runs/{run_id}/approvals",
  ],
  "actions:write": [
    "POST actions/runs/{run_id}/cancel",
    "POST actions/runs/{run_id}/rerun",
    "POST actions/workflows/{workflow_id}/dispatches",
  ],
  "administration:read": ["GET actions/runners"],
  "administration:write": ["PUT environments/{environment_name}", "DELETE environments/{environment_name}"],
  "contents:read": [
    "GET commits",
    "GET commits/{ref}",
    "GET compare/{basehead}",
    "GET contents/{path}",
    "GET git/ref/{ref}",
  ],
  "contents:write": ["POST git/refs", "PATCH git/refs/{ref}", "POST dispatches"],
  "statuses:read": ["GET commits/{ref}/status", "GET commits/{ref}/statuses"],
  "statuses:write": ["POST statuses/{sha}"],
  "checks:read": ["GET commits/{ref}/check-runs"],
  "checks:write": ["POST check-runs"],
  "issues:read": ["GET issues", "GET issues/{issue_number}", "GET labels"],
  "issues:write": ["POST issues", "PATCH issues/{issue_number}", "POST labels"],
};

describe("a job's token may do what its permissions say, and nothing else", () => {
  test.each(Object.entries(REQUIRED).flatMap(([need, names]) => names.map((name) => ({ need, name }))))(
    "$name needs $need",
    ({ need, name }) => {
      const [method, path] = name.split(" ");
      const entry = routes.find((route) => route.name === `${method} /repos/{owner}/{repo}/${path}`);
      const [scope, access] = need.split(":");
      expect(entry?.need).toEqual({ scope, access });
    },
  );

  test("write includes read, read does not include write, and what is not named is none", () => {
    const caller = (permissions: Record<string, "read" | "write" | "none">) =>
      ({ kind: "job", login: "bot", run: 1, job: 1, permissions }) as const;
    const read = { scope: "issues", access: "read" } as const;
    const write = { scope: "issues", access: "write" } as const;
    expect(permits(caller({ issues: "write" }), read)).toBe(true);
    expect(permits(caller({ issues: "read" }), write)).toBe(false);
    expect(permits(caller({ issues: "none" }), read)).toBe(false);
    expect(permits(caller({ deployments: "write" }), read)).toBe(false);
    expect(permits(caller({}), { scope: "metadata", access: "read" })).toBe(true);
  });

  test("every route but the repository's own data, tags, users and the rate limit refuses a token without permissions", async () => {
    const { github, run } = await start();
    const token = github.actions.issueToken({ run: run.id, job: 1, permissions: {} });
    const open: string[] = [];
    for (const { name, method } of routes) {
      const path = name
        .slice(method.length + 1)
        .replace("{owner}", "acme")
        .replace("{repo}", "storage");
      const answer = await fetch(github.url + path.replace(/\{\w+\}/g, "1"), {
        method,
        headers: { authorization: `Bearer ${token}` },
      });
      const body = (await answer.json()) as { message?: string };
      if (answer.status === 403) expect(body.message).toBe("Resource not accessible by integration");
      else open.push(name);
    }
    expect(open.toSorted()).toEqual([
      "GET /rate_limit",
      "GET /repos/{owner}/{repo}",
      "GET /repos/{owner}/{repo}/tags",
      "GET /users/{username}",
    ]);
  });

  test("a refusal names the permission in GitHub's header", async () => {
    const { github, run } = await start();
    const token = github.actions.issueToken({ run: run.id, job: 1, permissions: { deployments: "read" } });
    const answer = await fetch(`${github.url}/repos/acme/storage/deployments`, {
      method: "POST",
      body: JSON.stringify({ ref: "main" }),
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(403);
    expect(answer.headers.get("x-accepted-github-permissions")).toBe("deployments=write");
  });

  test("a job can neither list runners nor change environments, whatever it is given", async () => {
    const { job } = await start();
    const octokit = job({ actions: "write", contents: "write", deployments: "write", issues: "write" });
    for (const call of [
      octokit.actions.listSelfHostedRunnersForRepo(here),
      octokit.repos.createOrUpdateEnvironment({ ...here, environment_name: "prod" }),
    ]) {
      expect(await refusal(call)).toMatchObject({ status: 403, message: "Resource not accessible by integration" });
    }
  });
});

describe("the primary rate limit", () => {
  test("is shared by all job tokens of the repository, told in headers, and ends with its hour", async () => {
    const { github, run, clock, person } = await start({ rateLimit: 5 });
    const tokens = [1, 2].map((id) => github.actions.issueToken({ run: run.id, job: id, permissions: {} }));
    const clients = tokens.map((token) => client(github.url, token));
    for (let used = 1; used <= 5; used += 1) {
      const { headers } = (await clients[used % 2]?.repos.get(here)) ?? { headers: {} };
      expect(headers).toMatchObject({
        "x-ratelimit-limit": "5",
        "x-ratelimit-used": String(used),
        "x-ratelimit-remaining": String(5 - used),
        "x-ratelimit-reset": String(Date.parse("2026-11-20T13:00:00Z") / 1000),
        "x-ratelimit-resource": "core",
        date: "Fri, 20 Nov 2026 12:00:00 GMT",
      });
    }
    const refused = await refusal(clients[0]?.repos.get(here) ?? Promise.resolve());
    expect(refused).toMatchObject({ status: 403, message: expect.stringMatching(/^API rate limit exceeded for /) });
    const look = await clients[1]?.rateLimit.get();
    expect(look?.data.rate).toMatchObject({ limit: 5, used: 5, remaining: 0 });
    expect((await person().repos.get(here)).status).toBe(200);
    await clock.advance(3_600_000);
    expect((await clients[0]?.repos.get(here))?.status).toBe(200);
  });

  test("is 1,000 an hour unless said otherwise", async () => {
    const { job } = await start();
    expect((await job({}).rateLimit.get()).data.rate.limit).toBe(1000);
  });
});
