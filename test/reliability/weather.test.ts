import { afterAll, describe, expect, it } from "vitest";
import { htmlPage, secondaryLimit } from "../../rehearsal/github/faults.ts";
import type { Fault } from "../../rehearsal/github/ports.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { isExpected } from "../../src/platform/errors.ts";
import { connectGitHub, type GitHub } from "../../src/platform/github.ts";
import { House } from "./house.ts";

let cases = 0;
afterAll(() => void process.stdout.write(`weather: ${cases} cases\n`));

const status = (code: number, headers: Record<string, string> = {}): Fault["kind"] => ({
  type: "status",
  status: code,
  headers,
});
/** Longer than the client's patience here, which is 30 s outside of tests. */
const SILENCE = { type: "silence", ms: 5_000 } as const;
const PATIENCE = 300;

const weathers: readonly { readonly name: string; readonly kind: Fault["kind"] }[] = [
  { name: "429 with Retry-After", kind: status(429, { "retry-after": "1" }) },
  { name: "403 with Retry-After", kind: status(403, { "retry-after": "1" }) },
  { name: "a secondary limit", kind: secondaryLimit(1) },
  { name: "500", kind: status(500) },
  { name: "502", kind: status(502) },
  { name: "503", kind: status(503) },
  { name: "a reset connection", kind: { type: "reset" } },
  { name: "a lost answer", kind: { type: "lost-answer" } },
  { name: "half a body", kind: { type: "half-body" } },
  { name: "200 with HTML in it", kind: htmlPage(200) },
  { name: "silence", kind: SILENCE },
];

async function inWeather<T>(fault: Fault, story: (github: GitHub, house: House) => Promise<T>): Promise<T> {
  const house = await House.open();
  try {
    await house.seed("1.4.0", "beta");
    house.github.administration.inject(fault);
    const github = connectGitHub({
      token: house.github.administration.adminToken(),
      repository: "demo/storage-node",
      clock: systemClock,
      baseUrl: house.github.url,
      warn: () => {},
      timeout: PATIENCE,
    });
    return await story(github, house);
  } finally {
    await house.close();
  }
}

const read = { needs: "actions: read", doing: "read the environment" } as const;
const readEnvironment = (github: GitHub, options: { readonly retries?: number } = {}) =>
  github.rest<{ name: string }>(
    "GET /repos/{owner}/{repo}/environments/{environment_name}",
    { environment_name: "beta" },
    { ...read, ...options },
  );
const QUERY =
  "query ($owner: String!, $repo: String!) { repository(owner: $owner, name: $repo) { deployments(first: 1) { nodes { environment } } } }";

describe.each(weathers)("$name", ({ kind }) => {
  it("is waited for within the budget, for REST and GraphQL", async () => {
    cases += 2;
    const match = { method: "GET", path: /environments\/beta/ };
    const [rest, graphql] = await Promise.all([
      inWeather({ match, times: 1, kind }, (github) => readEnvironment(github)),
      inWeather({ match: { path: /graphql/ }, times: 1, kind }, (github) => github.graphql(QUERY, {}, read)),
    ]);
    expect(rest.data.name).toBe("beta");
    expect(graphql).toEqual({ repository: { deployments: { nodes: [{ environment: "beta" }] } } });
  });

  it("that does not end is a sentence, never an answer", async () => {
    cases += 1;
    // A limit that lasts longer than a job should wait; everything else is asked for once.
    const lasting =
      kind.type === "status" && kind.headers?.["retry-after"]
        ? { ...kind, headers: { ...kind.headers, "retry-after": "7200" } }
        : kind;
    const fault = { match: { method: "GET", path: /environments\/beta/ }, times: 50, kind: lasting };
    const error = await inWeather(fault, (github) => readEnvironment(github, { retries: 0 })).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(Error);
    expect(isExpected(error)).toBe(true);
    expect((error as Error).message).toMatch(/^could not read the environment: [A-Z]/);
  });
});
