import { describe, expect, test } from "vitest";
import { htmlPage, secondaryLimit, seededRandom } from "../../rehearsal/github/faults.ts";
import { client, here, refusal, start, type World } from "./support.ts";

async function post(world: World, token: string, path: string, body: object) {
  return fetch(`${world.github.url}${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { authorization: `Bearer ${token}`, connection: "close" },
  });
}

const request = { ref: "main", auto_merge: false, required_contexts: [], environment: "beta" };
const path = "/repos/acme/storage/deployments";

async function setUp() {
  const world = await start();
  const token = world.github.actions.issueToken({ run: world.run.id, job: 1, permissions: { deployments: "write" } });
  const made = async () => (await world.person().repos.listDeployments(here)).data.length;
  return { world, token, made, create: () => post(world, token, path, request) };
}

/** The code of the error beneath a failed fetch. */
async function failure(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const cause = (error as { cause?: { code?: string; message?: string } }).cause;
    return cause?.code ?? cause?.message ?? String(error);
  }
  throw new Error("the call did not fail");
}

describe("each kind of fault is seen by a client as what it is", () => {
  test("status: the answer that was asked for, and nothing is carried out", async () => {
    const { world, create, made } = await setUp();
    const kind = { type: "status", status: 503, headers: { "Retry-After": "7" }, body: "{}" } as const;
    world.github.administration.inject({ match: { method: "POST", path: /deployments$/ }, times: 1, kind });
    const answer = await create();
    expect([answer.status, answer.headers.get("retry-after"), await answer.text()]).toEqual([503, "7", "{}"]);
    expect(await made()).toBe(0);
    expect((await create()).status).toBe(201);
  });

  test("a secondary limit and a page of HTML are ready-made statuses", async () => {
    const { world, token, create } = await setUp();
    const { administration } = world.github;
    administration.inject({ match: {}, times: 1, kind: secondaryLimit(60) });
    const limited = await refusal(client(world.github.url, token).repos.listDeployments(here));
    expect(limited).toMatchObject({ status: 403, message: expect.stringContaining("secondary rate limit") });
    administration.inject({ match: {}, times: 1, kind: htmlPage(200) });
    const page = await create();
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(await page.text()).toMatch(/^<!DOCTYPE html>/);
  });

  test("reset: the connection breaks before the request is carried out", async () => {
    const { world, create, made } = await setUp();
    world.github.administration.inject({ match: { method: "POST" }, times: 1, kind: { type: "reset" } });
    expect(await failure(create())).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    expect(await made()).toBe(0);
  });

  test("lost-answer: the connection breaks after the request was carried out", async () => {
    const { world, create, made } = await setUp();
    world.github.administration.inject({ match: { method: "POST" }, times: 1, kind: { type: "lost-answer" } });
    expect(await failure(create())).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    expect(await made()).toBe(1);
  });

  test("half-body: the head and a part of the body come, then the connection breaks", async () => {
    const { world, create, made } = await setUp();
    world.github.administration.inject({ match: { method: "POST" }, times: 1, kind: { type: "half-body" } });
    const failed = await failure(create().then((answer) => answer.json()));
    expect(failed).toMatch(/ECONNRESET|UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH/);
    expect(await made()).toBe(1);
  });

  test("silence: the answer comes after the time that was asked for", async () => {
    const { world, create } = await setUp();
    world.github.administration.inject({ match: { method: "POST" }, times: 1, kind: { type: "silence", ms: 120 } });
    const started = performance.now();
    expect((await create()).status).toBe(201);
    expect(performance.now() - started).toBeGreaterThanOrEqual(115);
  });

  test("silence: a client that gives up finds the work done", async () => {
    const { world, token, made } = await setUp();
    world.github.administration.inject({ match: { method: "POST" }, times: 1, kind: { type: "silence", ms: 60_000 } });
    const signal = AbortSignal.timeout(100);
    const given = fetch(world.github.url + path, {
      method: "POST",
      body: JSON.stringify(request),
      headers: { authorization: `Bearer ${token}` },
      signal,
    });
    await expect(given).rejects.toThrow(/timeout/i);
    expect(await made()).toBe(1);
  });
});

describe("the queue of faults", () => {
  test("a fault meets only what it matches, as often as it says, in the order in which it was queued", async () => {
    const { world, create } = await setUp();
    const { administration } = world.github;
    const status = (code: number) => ({ type: "status", status: code }) as const;
    administration.inject({ match: { body: /"gamma"/ }, times: 1, kind: status(500) });
    administration.inject({ match: { path: /deployments/, body: /"beta"/ }, times: 2, kind: status(502) });
    administration.inject({ match: { method: "post" }, times: 1, kind: status(429) });
    const seen = [];
    for (let i = 0; i < 4; i += 1) seen.push((await create()).status);
    expect(seen).toEqual([502, 502, 429, 201]);
    expect(administration.pendingFaults).toMatchObject([{ times: 1, kind: { status: 500 } }]);
  });

  test("a pattern with the flag g matches every time", async () => {
    const { world, create } = await setUp();
    const kind = { type: "status", status: 500 } as const;
    world.github.administration.inject({ match: { path: /deployments/g }, times: 3, kind });
    expect([(await create()).status, (await create()).status, (await create()).status]).toEqual([500, 500, 500]);
  });

  test("GraphQL requests are matched by their body", async () => {
    const { world, token } = await setUp();
    const kind = { type: "status", status: 502 } as const;
    world.github.administration.inject({ match: { path: /^\/graphql$/, body: /deployments/ }, times: 1, kind });
    const octokit = client(world.github.url, token);
    await octokit.graphql("{ rateLimit { remaining } }");
    const query = '{ repository(owner: "acme", name: "storage") { deployments(first: 1) { totalCount } } }';
    expect(await refusal(octokit.graphql(query)).catch((error: { status: number }) => error)).toMatchObject({
      status: 502,
    });
    expect(await octokit.graphql(query)).toEqual({ repository: { deployments: { totalCount: 0 } } });
  });
});

describe("the weather", () => {
  test("fails its share of the requests of jobs, the same ones for the same seed, and spares people", async () => {
    const series = async (seed: number) => {
      const world = await start({ weather: { seed, share: 0.3 } });
      const token = world.github.actions.issueToken({ run: world.run.id, job: 1, permissions: {} });
      const headers = { authorization: `Bearer ${token}`, connection: "close" };
      for (let i = 0; i < 60; i += 1) {
        await fetch(`${world.github.url}/repos/acme/storage`, { headers })
          .then((answer) => answer.text())
          .catch(() => undefined);
      }
      const seen = world.github.administration.requests.map(({ status, fault }) => `${fault ?? "none"} ${status}`);
      expect((await world.person().repos.get(here)).status).toBe(200);
      return seen;
    };
    const first = await series(7);
    expect(await series(7)).toEqual(first);
    expect(await series(8)).not.toEqual(first);
    const failed = first.filter((line) => line !== "none 200");
    expect(failed.length).toBeGreaterThan(8);
    expect(failed.length).toBeLessThan(30);
    expect(new Set(failed).size).toBeGreaterThan(3);
  });

  test("the generator of numbers is even enough", () => {
    const next = seededRandom(1);
    const numbers = Array.from({ length: 10_000 }, next);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    expect(numbers.reduce((sum, n) => sum + n, 0) / numbers.length).toBeCloseTo(0.5, 1);
  });
});

describe("the record of requests", () => {
  test("names routes by their template, GraphQL by its first field or operation, and the run of the token", async () => {
    const { world, token, create } = await setUp();
    const { administration } = world.github;
    administration.inject({ match: { method: "POST" }, times: 1, kind: { type: "reset" } });
    await create().catch(() => undefined);
    await create();
    const octokit = client(world.github.url, token);
    await octokit.graphql('{ repository(owner: "acme", name: "storage") { deployments(first: 1) { totalCount } } }');
    await octokit.graphql("query history { rateLimit { cost } }");
    await world.person().repos.listDeployments({ ...here, per_page: 5 });
    const run = world.run.id;
    expect(administration.requests).toEqual([
      { method: "POST", path, route: "POST /repos/{owner}/{repo}/deployments", status: 0, run, fault: "reset" },
      { method: "POST", path, route: "POST /repos/{owner}/{repo}/deployments", status: 201, run },
      { method: "POST", path: "/graphql", route: "POST /graphql deployments", status: 200, run },
      { method: "POST", path: "/graphql", route: "POST /graphql history", status: 200, run },
      { method: "GET", path: `${path}?per_page=5`, route: "GET /repos/{owner}/{repo}/deployments", status: 200 },
    ]);
  });

  test("listeners are waited for before a request is carried out, and after it, before the answer", async () => {
    const { world, create, made } = await setUp();
    const seen: string[] = [];
    const stop = world.github.administration.onRequest(async ({ method, moment, body }) => {
      if (method !== "POST") return;
      seen.push(`${moment} ${await made()} ${body.includes("beta")}`);
    });
    await create();
    stop();
    await create();
    expect(seen).toEqual(["before 0 true", "after 1 true"]);
  });
});
