import { readFileSync } from "node:fs";
import { validateSchema } from "graphql";
import { describe, expect, test } from "vitest";
import { loadSchema } from "../../rehearsal/github/graphql/endpoint.ts";
import { extractGraphql } from "../../scripts/graphql-extract.ts";
import { here, start } from "./support.ts";

const MINUTE = 60_000;
const HISTORY = `query ($environments: [String!], $after: String, $first: Int = 2) {
  repository(owner: "acme", name: "storage") {
    deployments(environments: $environments, first: $first, after: $after, orderBy: { field: CREATED_AT, direction: DESC }) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        databaseId environment state payload task description createdAt commitOid
        commit { oid } ref { name prefix } creator { __typename login }
        latestStatus { state description }
        statuses(first: 10) { totalCount pageInfo { hasNextPage } nodes { state description createdAt creator { login } } }
      }
    }
  }
  rateLimit { limit remaining cost }
}`;

interface History {
  repository: {
    deployments: {
      totalCount: number;
      pageInfo: { hasNextPage: boolean; endCursor: string };
      nodes: { databaseId: number; environment: string; state: string; payload: string }[];
    };
  };
}

/** The errors of a query that fails. */
async function errorsOf(call: Promise<unknown>): Promise<{ message: string; type?: string }[]> {
  try {
    await call;
  } catch (error) {
    return (error as { errors: { message: string; type?: string }[] }).errors;
  }
  throw new Error("the query had no errors");
}

async function withHistory() {
  const world = await start();
  world.repository.git("tag", "v1");
  const octokit = world.job({ deployments: "write", issues: "write", actions: "read", contents: "write" });
  const create = async (environment: string, ref: string, payload: object | string) => {
    await world.clock.advance(MINUTE);
    const call = { ...here, ref, environment, payload, auto_merge: false, required_contexts: [] };
    const { data } = await octokit.repos.createDeployment(call as Parameters<typeof octokit.repos.createDeployment>[0]);
    return "id" in data ? data.id : 0;
  };
  const status = async (deployment_id: number, state: "success" | "in_progress" | "failure", description: string) => {
    await world.clock.advance(MINUTE);
    await octokit.repos.createDeploymentStatus({ ...here, deployment_id, state, description });
  };
  return { ...world, octokit, create, status };
}

describe("deployments by GraphQL", () => {
  test("one call gives a page of an environment's history with its statuses", async () => {
    const { octokit, create, status, sha } = await withHistory();
    const first = await create("beta", "v1", { version: "1.0.0" });
    await status(first, "in_progress", "baking");
    await status(first, "success", "baked");
    const second = await create("beta", sha, "plain text");
    const third = await create("Beta", "main", {});
    await status(third, "success", "baked again");
    await create("gamma", "main", {});
    const page = await octokit.graphql<History>(HISTORY, { environments: ["beta"] });
    expect(page).toMatchObject({
      repository: {
        deployments: {
          totalCount: 3,
          pageInfo: { hasNextPage: true },
          nodes: [
            { databaseId: third, state: "ACTIVE", ref: { name: "main", prefix: "refs/heads/" } },
            { databaseId: second, state: "PENDING", ref: null, payload: '"plain text"', latestStatus: null },
          ],
        },
      },
      rateLimit: { limit: 1000, remaining: 999, cost: 1 },
    });
    const after = page.repository.deployments.pageInfo.endCursor;
    const rest = await octokit.graphql<History>(HISTORY, { environments: ["beta"], after });
    expect(rest.repository.deployments).toMatchObject({
      pageInfo: { hasNextPage: false },
      nodes: [
        {
          databaseId: first,
          environment: "beta",
          state: "INACTIVE",
          payload: '{"version":"1.0.0"}',
          task: "deploy",
          description: null,
          commitOid: sha,
          commit: { oid: sha },
          ref: { name: "v1", prefix: "refs/tags/" },
          creator: { __typename: "Bot", login: "github-actions" },
          createdAt: "2026-11-20T12:01:00Z",
          latestStatus: { state: "INACTIVE" },
          statuses: {
            totalCount: 3,
            nodes: [
              { state: "INACTIVE" },
              { state: "SUCCESS", description: "baked", createdAt: "2026-11-20T12:03:00Z" },
              { state: "IN_PROGRESS", description: "baking", creator: { login: "github-actions" } },
            ],
          },
        },
      ],
    });
  });

  test("a pending deployment is called abandoned after 30 minutes without an update", async () => {
    const { octokit, create, status, clock } = await withHistory();
    const id = await create("beta", "main", {});
    const state = async () => {
      const { repository } = await octokit.graphql<History>(HISTORY, {});
      return repository.deployments.nodes[0]?.state;
    };
    await clock.advance(30 * MINUTE - 1);
    expect(await state()).toBe("PENDING");
    await clock.advance(1);
    expect(await state()).toBe("ABANDONED");
    await status(id, "in_progress", "late");
    await clock.advance(60 * MINUTE);
    expect(await state()).toBe("IN_PROGRESS");
  });

  test("`last` and `before` page backwards, and the default order is oldest first", async () => {
    const { octokit, create } = await withHistory();
    const ids = [await create("beta", "main", {}), await create("beta", "main", {}), await create("beta", "main", {})];
    const query = `query ($before: String) { repository(owner: "acme", name: "storage") { deployments(last: 2, before: $before) {
      nodes { databaseId } pageInfo { hasPreviousPage hasNextPage startCursor } } } }`;
    interface Page {
      repository: { deployments: { nodes: { databaseId: number }[]; pageInfo: { startCursor: string } } };
    }
    const end = await octokit.graphql<Page>(query);
    expect(end.repository.deployments).toMatchObject({
      nodes: [{ databaseId: ids[1] }, { databaseId: ids[2] }],
      pageInfo: { hasPreviousPage: true, hasNextPage: false },
    });
    const before = end.repository.deployments.pageInfo.startCursor;
    const begin = await octokit.graphql<Page>(query, { before });
    expect(begin.repository.deployments).toMatchObject({
      nodes: [{ databaseId: ids[0] }],
      pageInfo: { hasPreviousPage: false, hasNextPage: true },
    });
  });
});

describe("what GraphQL refuses", () => {
  const deployments = (args: string, inner = "nodes { id }") =>
    `{ repository(owner: "acme", name: "storage") { deployments${args} { ${inner} } } }`;

  test.each([
    [
      "a field that GitHub does not have",
      '{ repository(owner: "acme", name: "storage") { nonsense } }',
      /^Cannot query field "nonsense" on type "Repository"/,
    ],
    ["a wrong argument", deployments('(first: "two")'), /Int cannot represent non-integer value/],
    ["an unknown enum value", deployments("(first: 1, orderBy: { field: AGE, direction: ASC })"), /AGE/],
    ["a missing argument", '{ repository(name: "storage") { id } }', /argument "owner" of type "String!" is required/],
    ["text that is no query", "{ repository(", /^Syntax Error/],
    ["a page without a size", deployments(""), /^You must provide a `first` or `last` value/],
    ["a page of more than 100", deployments("(first: 101)"), /exceeds the `first` limit of 100 records/],
    ["first and last together", deployments("(first: 1, last: 1)"), /Passing both `first` and `last`/],
    ["a cursor of its own making", deployments('(first: 1, after: "abc")'), /does not appear to be a valid cursor/],
    [
      "another repository",
      '{ repository(owner: "acme", name: "other") { id } }',
      /^Could not resolve to a Repository with the name 'acme\/other'/,
    ],
  ])("%s", async (_, query, message) => {
    const { octokit } = await withHistory();
    const errors = await errorsOf(octokit.graphql(query));
    expect(errors[0]?.message).toMatch(message);
  });

  test("a field that exists in GitHub and is not carried is an error that names it, never a null", async () => {
    const { octokit } = await withHistory();
    const errors = await errorsOf(octokit.graphql('{ repository(owner: "acme", name: "storage") { homepageUrl } }'));
    expect(errors).toMatchObject([{ message: expect.stringContaining("Repository.homepageUrl") }]);
  });

  test("a token without the permission gets FORBIDDEN for that field", async () => {
    const { job } = await start();
    const errors = await errorsOf(job({ issues: "read" }).graphql(deployments("(first: 1)")));
    expect(errors).toMatchObject([{ type: "FORBIDDEN", message: "Resource not accessible by integration" }]);
  });
});

describe("the rest of the graph that is carried", () => {
  test("issues by label and state", async () => {
    const { octokit } = await withHistory();
    for (const [title, label] of [
      ["a", "hold:beta"],
      ["b", "hold:prod"],
      ["c", "hold:beta"],
    ] as const) {
      await octokit.issues.create({ ...here, title, labels: [label] });
    }
    await octokit.issues.update({ ...here, issue_number: 1, state: "closed" });
    const query = `{ repository(owner: "acme", name: "storage") { issues(first: 10, labels: ["hold:beta"], states: [OPEN]) {
      totalCount nodes { number title state stateReason labels(first: 5) { nodes { name } } author { login } } } } }`;
    expect(await octokit.graphql(query)).toEqual({
      repository: {
        issues: {
          totalCount: 1,
          nodes: [
            {
              number: 3,
              title: "c",
              state: "OPEN",
              stateReason: null,
              labels: { nodes: [{ name: "hold:beta" }] },
              author: { login: "github-actions" },
            },
          ],
        },
      },
    });
  });

  test("updateRefs moves all refs or none, and only from where the caller believes them", async () => {
    const { octokit, repository, sha } = await withHistory();
    const next = repository.commit({ "a.txt": "a" });
    const { repository: node } = await octokit.graphql<{ repository: { id: string } }>(
      '{ repository(owner: "acme", name: "storage") { id } }',
    );
    const mutation = "mutation ($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }";
    const zeros = "0".repeat(40);
    const move = (refUpdates: object[]) =>
      octokit.graphql(mutation, { input: { repositoryId: node.id, refUpdates, clientMutationId: "m" } });
    const claim = { name: "refs/heads/claim", afterOid: sha, beforeOid: zeros };
    expect(await move([claim])).toEqual({ updateRefs: { clientMutationId: "m" } });
    expect(repository.git("rev-parse", "claim")).toBe(sha);
    expect(await errorsOf(move([claim]))).toMatchObject([{ type: "UNPROCESSABLE" }]);
    await errorsOf(
      move([
        { name: "refs/heads/other", afterOid: next, beforeOid: zeros },
        { name: "refs/heads/claim", afterOid: next, beforeOid: next },
      ]),
    );
    expect(repository.git("branch", "--list", "other")).toBe("");
    await move([{ name: "refs/heads/claim", afterOid: next, beforeOid: sha }]);
    expect(repository.git("rev-parse", "claim")).toBe(next);
  });
});

describe("the committed schema", () => {
  test("is GitHub's published one without its descriptions", () => {
    const committed = readFileSync(new URL("../../rehearsal/github/api/schema.graphql", import.meta.url), "utf8");
    expect(committed === extractGraphql()).toBe(true);
  });

  test("is a valid schema", () => {
    expect(validateSchema(loadSchema())).toEqual([]);
  });
});
