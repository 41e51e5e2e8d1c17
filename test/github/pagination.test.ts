import { describe, expect, test } from "vitest";
import { here, start } from "./support.ts";

async function withDeployments(count: number) {
  const world = await start();
  const octokit = world.job({ deployments: "write" });
  for (let index = 0; index < count; index += 1) {
    await octokit.repos.createDeployment({
      ...here,
      ref: "main",
      auto_merge: false,
      required_contexts: [],
      environment: "beta",
      payload: { index },
    });
  }
  return { ...world, octokit };
}

describe("pages of lists", () => {
  test("30 a page by default, 100 at most, with Link headers that lead through all of them", async () => {
    const { octokit, github } = await withDeployments(35);
    const root = `${github.url}/repos/acme/storage/deployments`;
    const first = await octokit.repos.listDeployments({ ...here, environment: "beta" });
    expect(first.data).toHaveLength(30);
    expect(first.headers.link).toBe(
      `<${root}?environment=beta&page=2>; rel="next", <${root}?environment=beta&page=2>; rel="last"`,
    );
    const middle = await octokit.repos.listDeployments({ ...here, per_page: 10, page: 2 });
    expect(middle.headers.link).toBe(
      [
        `<${root}?per_page=10&page=1>; rel="prev"`,
        `<${root}?per_page=10&page=3>; rel="next"`,
        `<${root}?per_page=10&page=4>; rel="last"`,
        `<${root}?per_page=10&page=1>; rel="first"`,
      ].join(", "),
    );
    const whole = await octokit.repos.listDeployments({ ...here, per_page: 1000 });
    expect(whole.data).toHaveLength(35);
    expect(whole.headers.link).toBeUndefined();
    const beyond = await octokit.repos.listDeployments({ ...here, page: 9 });
    expect(beyond.data).toEqual([]);
  });

  test("Octokit's paginate finds everything once", async () => {
    const { octokit } = await withDeployments(7);
    const all = await octokit.paginate(octokit.repos.listDeployments, { ...here, per_page: 2 });
    const indices = all.map(({ payload }) => (payload as { index: number }).index);
    expect(indices).toEqual([6, 5, 4, 3, 2, 1, 0]);
  });

  test("lists in an object carry the total of all pages", async () => {
    const { github, person } = await start();
    for (const name of ["alpha", "beta", "gamma"]) github.administration.createEnvironment({ name });
    const { data } = await person().repos.getAllEnvironments({ ...here, per_page: 2, page: 2 });
    expect(data.total_count).toBe(3);
    expect(data.environments?.map(({ name }) => name)).toEqual(["gamma"]);
  });
});
