import { describe, expect, test } from "vitest";
import type { EnvironmentSettings, PendingReview } from "../../rehearsal/github/ports.ts";
import { matchesPattern } from "../../rehearsal/github/state/environments.ts";
import { here, refusal, settle, start, type World } from "./support.ts";

const MINUTE = 60_000;

/** A job at the door of an environment, and how that ended. */
function knock(world: World, environment: string, options: { deployment?: boolean; run?: number } = {}) {
  const { github, run } = world;
  const id = options.run ?? run.id;
  const job = github.actions.createJob({ run: id, attempt: 1, name: `${environment} / deploy`, labels: [] });
  const door = new AbortController();
  const state: { end?: unknown } = {};
  const entering = github.actions
    .enterEnvironment({ run: id, job, environment, deployment: options.deployment ?? false }, door.signal)
    .then((outcome) => {
      state.end = outcome;
      return outcome;
    });
  entering.catch((error: unknown) => {
    state.end = error;
  });
  return { job, door, state, entering };
}

async function withEnvironment(settings: EnvironmentSettings): Promise<World> {
  const world = await start();
  world.github.administration.createEnvironment(settings);
  return world;
}

describe("an environment without rules", () => {
  test("lets a job in at once, and is made where it is missing", async () => {
    const world = await start();
    const { entering } = knock(world, "beta");
    expect(await entering).toEqual({ admitted: true });
    const { data } = await world.person().repos.getEnvironment({ ...here, environment_name: "beta" });
    expect(data.protection_rules).toEqual([]);
  });
});

describe("required reviewers", () => {
  test("a job waits, one approval lets it in, and the approval is on record", async () => {
    const world = await withEnvironment({ name: "prod", reviewers: ["bob", "carol"] });
    const { github, run } = world;
    const told: PendingReview[] = [];
    github.administration.onPendingReview((pending) => told.push(pending));
    const { state, entering, job } = knock(world, "prod");
    await settle();
    expect(state.end).toBeUndefined();
    const expected = [{ run: run.id, environment: "prod", reviewers: ["bob", "carol"] }];
    expect(told).toEqual(expected);
    expect(github.administration.pendingReviews()).toEqual(expected);
    const octokit = world.person("bob");
    expect((await octokit.actions.getWorkflowRun({ ...here, run_id: run.id })).data.status).toBe("waiting");
    expect((await octokit.actions.getJobForWorkflowRun({ ...here, job_id: job })).data.status).toBe("waiting");
    github.administration.review(run.id, "PROD", "approved", "carol", "looks good");
    expect(await entering).toEqual({ admitted: true });
    expect(github.administration.pendingReviews()).toEqual([]);
    const { data } = await octokit.actions.getReviewsForRun({ ...here, run_id: run.id });
    expect(data).toMatchObject(
      [{ state: "approved", user: { login: "carol" }, comment: "looks good", environments: [{ name: "PROD" }] }].map(
        (review) => ({ ...review, environments: [{ name: "prod" }] }),
      ),
    );
  });

  test("a listener may decide at once", async () => {
    const world = await withEnvironment({ name: "prod", reviewers: ["bob"] });
    const { administration } = world.github;
    administration.onPendingReview(({ run, environment }) =>
      administration.review(run, environment, "approved", "bob"),
    );
    expect(await knock(world, "prod").entering).toEqual({ admitted: true });
  });

  test("a rejection fails the job", async () => {
    const world = await withEnvironment({ name: "prod", reviewers: ["bob"] });
    const { entering } = knock(world, "prod");
    await settle();
    world.github.administration.review(world.run.id, "prod", "rejected", "bob", "not today");
    expect(await entering).toEqual({ admitted: false, refused: "rejected by bob" });
  });

  test("one decision counts for all jobs of the run that wait; a later job is asked about again", async () => {
    const world = await withEnvironment({ name: "prod", reviewers: ["bob"] });
    const told: PendingReview[] = [];
    world.github.administration.onPendingReview((pending) => told.push(pending));
    const first = knock(world, "prod");
    const second = knock(world, "prod");
    await settle();
    expect(told).toHaveLength(1);
    world.github.administration.review(world.run.id, "prod", "approved", "bob");
    expect(await Promise.all([first.entering, second.entering])).toEqual([{ admitted: true }, { admitted: true }]);
    const third = knock(world, "prod");
    await settle();
    expect(third.state.end).toBeUndefined();
    expect(told).toHaveLength(2);
    third.door.abort(new Error("over"));
    await expect(third.entering).rejects.toThrow("over");
  });

  test("a run's approval is not another run's", async () => {
    const world = await withEnvironment({ name: "prod", reviewers: ["bob"] });
    const other = world.github.actions.createRun({ ...world.run.request });
    const mine = knock(world, "prod");
    const theirs = knock(world, "prod", { run: other.id });
    await settle();
    world.github.administration.review(world.run.id, "prod", "approved", "bob");
    expect(await mine.entering).toEqual({ admitted: true });
    await settle();
    expect(theirs.state.end).toBeUndefined();
    theirs.door.abort(new Error("over"));
    await expect(theirs.entering).rejects.toThrow("over");
  });

  test("through the API only a reviewer decides, and the one who started the run only where that is allowed", async () => {
    const world = await withEnvironment({ name: "prod", reviewers: ["alice", "bob"], preventSelfReview: true });
    const { entering } = knock(world, "prod", { deployment: true });
    await settle();
    const run_id = world.run.id;
    const pending = await world.person("bob").actions.getPendingDeploymentsForRun({ ...here, run_id });
    expect(pending.data).toMatchObject([
      {
        environment: { name: "prod" },
        wait_timer: 0,
        wait_timer_started_at: null,
        current_user_can_approve: true,
        reviewers: [
          { type: "User", reviewer: { login: "alice" } },
          { type: "User", reviewer: { login: "bob" } },
        ],
      },
    ]);
    const environment_ids = [pending.data[0]?.environment.id ?? 0];
    const decide = (login: string) =>
      world.person(login).actions.reviewPendingDeploymentsForRun({
        ...here,
        run_id,
        environment_ids,
        state: "approved",
        comment: "go",
      });
    expect(await refusal(decide("alice"))).toMatchObject({ status: 422, message: /prevents alice/ });
    expect(await refusal(decide("mallory"))).toMatchObject({ status: 422, message: /not a reviewer/ });
    const mine = await world.person("alice").actions.getPendingDeploymentsForRun({ ...here, run_id });
    expect(mine.data[0]?.current_user_can_approve).toBe(false);
    const { data } = await decide("bob");
    expect(data).toMatchObject([{ environment: "prod", sha: world.sha }]);
    expect(await entering).toEqual({ admitted: true });
    expect(await refusal(decide("bob"))).toMatchObject({ status: 422, message: /no pending review/ });
  });

  test("nobody decides for 30 days: the job fails", async () => {
    const world = await withEnvironment({ name: "prod", reviewers: ["bob"] });
    const { entering, state } = knock(world, "prod");
    await world.clock.advance(30 * 24 * 60 * MINUTE - 1);
    expect(state.end).toBeUndefined();
    await world.clock.advance(1);
    expect(await entering).toMatchObject({ admitted: false, refused: expect.stringContaining("30 days") });
  });

  test("an aborted job leaves the door, and takes its pending review along", async () => {
    const world = await withEnvironment({ name: "prod", reviewers: ["bob"], waitMinutes: 5 });
    const { entering, door } = knock(world, "prod", { deployment: true });
    await settle();
    door.abort(new Error("cancelled"));
    await expect(entering).rejects.toThrow("cancelled");
    expect(world.github.administration.pendingReviews()).toEqual([]);
    expect(world.clock.sleepers).toBe(0);
    const { data } = await world.person().repos.listDeployments(here);
    const { data: statuses } = await world
      .person()
      .repos.listDeploymentStatuses({ ...here, deployment_id: data[0]?.id ?? 0 });
    expect(statuses[0]?.state).toBe("error");
  });

  test("a decision that nobody waits for, or by a stranger, is an error", async () => {
    const world = await withEnvironment({ name: "prod", reviewers: ["bob"] });
    const { administration } = world.github;
    expect(() => administration.review(world.run.id, "prod", "approved", "bob")).toThrow(/no pending review/);
    const { entering } = knock(world, "prod");
    await settle();
    expect(() => administration.review(world.run.id, "prod", "approved", "mallory")).toThrow(/not a reviewer/);
    administration.review(world.run.id, "prod", "approved", "bob");
    await entering;
  });
});

describe("the wait timer", () => {
  test("holds a job for so many minutes of the server's clock", async () => {
    const world = await withEnvironment({ name: "prod", waitMinutes: 720 });
    const { entering, state } = knock(world, "prod");
    await settle();
    const { data } = await world.person().actions.getPendingDeploymentsForRun({ ...here, run_id: world.run.id });
    expect(data).toMatchObject([{ wait_timer: 720, wait_timer_started_at: "2026-11-20T12:00:00Z", reviewers: [] }]);
    await world.clock.advance(720 * MINUTE - 1);
    expect(state.end).toBeUndefined();
    await world.clock.advance(1);
    expect(await entering).toEqual({ admitted: true });
  });

  test("runs beside the review: the job starts when both are over", async () => {
    const world = await withEnvironment({ name: "prod", waitMinutes: 10, reviewers: ["bob"] });
    const early = knock(world, "prod");
    await world.clock.advance(4 * MINUTE);
    world.github.administration.review(world.run.id, "prod", "approved", "bob");
    await world.clock.advance(6 * MINUTE - 1);
    expect(early.state.end).toBeUndefined();
    await world.clock.advance(1);
    expect(await early.entering).toEqual({ admitted: true });
    const late = knock(world, "prod");
    await world.clock.advance(25 * MINUTE);
    expect(late.state.end).toBeUndefined();
    world.github.administration.review(world.run.id, "prod", "approved", "bob");
    expect(await late.entering).toEqual({ admitted: true });
  });
});

describe("branch and tag rules", () => {
  test("refuse a ref that no pattern names, with GitHub's words", async () => {
    const world = await withEnvironment({ name: "prod", branches: ["v*", "release/**/*"] });
    expect(await knock(world, "prod").entering).toEqual({
      admitted: false,
      refused: 'Branch "main" is not allowed to deploy to prod due to environment protection rules.',
    });
    const tagged = world.github.actions.createRun({ ...world.run.request, ref: "refs/tags/v1.4.0" });
    expect(await knock(world, "prod", { run: tagged.id }).entering).toEqual({ admitted: true });
  });

  test.each([
    ["main", "main", true],
    ["main", "mainline", false],
    ["*", "main", true],
    ["*", "release/1", false],
    ["release/*", "release/1", true],
    ["release/*", "release/1/hot", false],
    ["release/**/*", "release/1/hot", true],
    ["release/**/*", "release/1", true],
    ["**/*", "a/b/c", true],
    ["v?.0", "v1.0", true],
    ["v?.0", "v/.0", false],
    ["v[0-9].*", "v3.1", true],
    ["v[!0-9].*", "v3.1", false],
    ["a\\*b", "a*b", true],
    ["a\\*b", "axb", false],
    ["v1.0", "v1x0", false],
    ["", "main", false],
  ])("pattern %j and name %j: %s", (pattern, name, expected) => {
    expect(matchesPattern(pattern, name)).toBe(expected);
  });

  test("a pattern made to hang does not", () => {
    const started = performance.now();
    expect(matchesPattern(`${"*a".repeat(12)}b`, "a".repeat(40))).toBe(false);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe("GitHub's own deployment for a job with an environment", () => {
  test("is made without a payload and follows the job, unless `deployment: false`", async () => {
    const world = await withEnvironment({ name: "prod", reviewers: ["bob"] });
    const silent = knock(world, "beta", { deployment: false });
    await silent.entering;
    const octokit = world.person("bob");
    expect((await octokit.repos.listDeployments(here)).data).toEqual([]);
    const { entering, job } = knock(world, "prod", { deployment: true });
    await settle();
    world.github.administration.review(world.run.id, "prod", "approved", "bob");
    await entering;
    world.github.actions.updateJob(job, "in_progress", {});
    world.github.actions.updateJob(job, "completed", { conclusion: "success" });
    const { data } = await octokit.repos.listDeployments(here);
    expect(data).toMatchObject([{ environment: "prod", ref: "main", payload: {}, task: "deploy" }]);
    const { data: statuses } = await octokit.repos.listDeploymentStatuses({
      ...here,
      deployment_id: data[0]?.id ?? 0,
    });
    expect(statuses.map(({ state }) => state)).toEqual(["success", "in_progress", "pending"]);
  });
});

describe("environments through the API", () => {
  test("protection is set by PUT and read back, under any case of the name", async () => {
    const world = await start();
    const octokit = world.person("root");
    const bob = (await octokit.users.getByUsername({ username: "bob" })).data.id;
    await octokit.repos.createOrUpdateEnvironment({
      ...here,
      environment_name: "prod",
      wait_timer: 30,
      prevent_self_review: true,
      reviewers: [{ type: "User", id: bob }],
      deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
    });
    await octokit.repos.createDeploymentBranchPolicy({ ...here, environment_name: "prod", name: "v*" });
    const { data } = await octokit.repos.getEnvironment({ ...here, environment_name: "PROD" });
    expect(data).toMatchObject({
      name: "prod",
      protection_rules: [
        { type: "wait_timer", wait_timer: 30 },
        {
          type: "required_reviewers",
          prevent_self_review: true,
          reviewers: [{ type: "User", reviewer: { login: "bob" } }],
        },
        { type: "branch_policy" },
      ],
      deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
    });
    const policies = await octokit.repos.listDeploymentBranchPolicies({ ...here, environment_name: "prod" });
    expect(policies.data.branch_policies.map(({ name }) => name)).toEqual(["v*"]);
    await octokit.repos.createOrUpdateEnvironment({ ...here, environment_name: "prod" });
    const bare = await octokit.repos.getEnvironment({ ...here, environment_name: "prod" });
    expect(bare.data).toMatchObject({ id: data.id, protection_rules: [], deployment_branch_policy: null });
  });
});
