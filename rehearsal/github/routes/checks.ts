import { type Answer, created, notFound, ok, Refusal, validationFailed } from "../answer.ts";
import { paginate } from "../pagination.ts";
import { presentCheckRun, presentCommitStatus, presentSimpleStatus } from "../present/checks.ts";
import { minimalRepository } from "../present/repository.ts";
import { type Call, type Route, route } from "../router.ts";
import { type CheckRun, type CommitState, combinedState, latestCheckRuns, latestStatuses } from "../state/checks.ts";
import { allCheckRuns } from "../state/runs.ts";
import { apiUrl, type World } from "../world.ts";
import { commitOf } from "./commits.ts";
import { id, isObject, text } from "./inputs.ts";

/** GitHub's limits: characters of a description, statuses of one SHA and context. */
const LONGEST_DESCRIPTION = 140;
const MOST_STATUSES = 1_000;

const STATES: readonly CommitState[] = ["error", "failure", "pending", "success"];

async function createStatus(world: World, call: Call): Promise<Answer> {
  const sha = call.params["sha"] ?? "";
  if ((await world.git.objectType(sha)) !== "commit") throw new Refusal(422, `No commit found for SHA: ${sha}`);
  const { body } = call;
  const state = STATES.find((known) => known === text(body, "state"));
  if (state === undefined) throw validationFailed({ resource: "Status", field: "state", code: "invalid" });
  const description = text(body, "description") ?? null;
  if (description !== null && [...description].length > LONGEST_DESCRIPTION) {
    const message = `description is too long (maximum is ${LONGEST_DESCRIPTION} characters)`;
    throw validationFailed({ resource: "Status", field: "description", code: "custom", message });
  }
  const context = text(body, "context") ?? "default";
  const { records } = world;
  if (records.statuses.filter((known) => known.sha === sha && known.context === context).length >= MOST_STATUSES) {
    const message = "This SHA and context has reached the maximum number of statuses.";
    throw validationFailed({ resource: "Status", field: "context", code: "custom", message });
  }
  const status = {
    id: records.nextId(),
    sha,
    state,
    context,
    description,
    targetUrl: text(body, "target_url") ?? null,
    creator: call.caller.login,
    createdAt: call.now,
  };
  records.statuses.push(status);
  return created(presentCommitStatus(world, status), apiUrl(world, `/statuses/${sha}`));
}

async function listStatuses(world: World, call: Call): Promise<Answer> {
  const sha = await commitOf(world, call.params["ref"] ?? "");
  const all = world.records.statuses.filter((status) => status.sha === sha).toReversed();
  return paginate(call, world.root, all, (status) => presentCommitStatus(world, status));
}

async function combined(world: World, call: Call): Promise<Answer> {
  const sha = await commitOf(world, call.params["ref"] ?? "");
  const latest = latestStatuses(world.records, sha);
  const url = apiUrl(world, `/commits/${sha}`);
  return paginate(
    call,
    world.root,
    latest,
    (status) => presentSimpleStatus(world, status),
    (statuses, total_count) => ({
      state: combinedState(latest),
      statuses,
      sha,
      total_count,
      repository: minimalRepository(world),
      commit_url: url,
      url: `${url}/status`,
    }),
  );
}

const CHECK_STATUSES: readonly CheckRun["status"][] = ["queued", "waiting", "in_progress", "completed"];

/** A check run's fields from a body, over what it was before. A conclusion completes it. */
function checkRunFrom(call: Call, before: CheckRun): CheckRun {
  const { body, now } = call;
  const conclusion = text(body, "conclusion") ?? before.conclusion;
  const asked = CHECK_STATUSES.find((known) => known === text(body, "status"));
  const status = text(body, "conclusion") === undefined ? (asked ?? before.status) : "completed";
  const instant = (key: string): number | undefined => {
    const value = text(body, key);
    return value === undefined ? undefined : Date.parse(value);
  };
  const output = body["output"];
  return {
    ...before,
    name: text(body, "name") ?? before.name,
    status,
    conclusion: status === "completed" ? conclusion : null,
    startedAt: instant("started_at") ?? before.startedAt ?? now,
    completedAt: status === "completed" ? (instant("completed_at") ?? now) : null,
    detailsUrl: text(body, "details_url") ?? before.detailsUrl,
    externalId: text(body, "external_id") ?? before.externalId,
    output: isObject(output)
      ? {
          title: text(output, "title") ?? null,
          summary: text(output, "summary") ?? null,
          text: text(output, "text") ?? null,
        }
      : before.output,
  };
}

/** GitHub's description of `conclusion`: required where the status is completed. */
function needConclusion(run: CheckRun): CheckRun {
  if (run.status === "completed" && run.conclusion === null) {
    throw validationFailed({ resource: "CheckRun", field: "conclusion", code: "missing_field" });
  }
  return run;
}

async function createCheckRun(world: World, call: Call): Promise<Answer> {
  const sha = text(call.body, "head_sha") ?? "";
  if ((await world.git.objectType(sha)) !== "commit") throw new Refusal(422, `No commit found for SHA: ${sha}`);
  const run = checkRunFrom(call, {
    id: world.records.nextId(),
    sha,
    name: "",
    status: "queued",
    conclusion: null,
    startedAt: null,
    completedAt: null,
    detailsUrl: null,
    externalId: "",
    output: { title: null, summary: null, text: null },
  });
  world.records.checkRuns.set(needConclusion(run).id, run);
  return created(presentCheckRun(world, run), apiUrl(world, `/check-runs/${run.id}`));
}

function getCheckRun(world: World, call: Call): Answer {
  const run = allCheckRuns(world.records).find((known) => known.id === id(call, "check_run_id"));
  if (run === undefined) throw notFound();
  return ok(presentCheckRun(world, run));
}

function updateCheckRun(world: World, call: Call): Answer {
  const before = world.records.checkRuns.get(id(call, "check_run_id"));
  if (before === undefined) throw notFound();
  const run = checkRunFrom(call, before);
  world.records.checkRuns.set(needConclusion(run).id, run);
  return ok(presentCheckRun(world, run));
}

async function listCheckRuns(world: World, call: Call): Promise<Answer> {
  const sha = await commitOf(world, call.params["ref"] ?? "");
  const all = allCheckRuns(world.records);
  const runs =
    call.query.get("filter") === "all"
      ? all.filter((run) => run.sha === sha).sort((a, b) => b.id - a.id)
      : latestCheckRuns(all, sha);
  const name = call.query.get("check_name");
  const status = call.query.get("status");
  const matching = runs.filter(
    (run) => (name === null || run.name === name) && (status === null || run.status === status),
  );
  return paginate(
    call,
    world.root,
    matching,
    (run) => presentCheckRun(world, run),
    (check_runs, total_count) => ({ total_count, check_runs }),
  );
}

const root = "/repos/{owner}/{repo}";

export const checkRoutes: readonly Route[] = [
  route(`POST ${root}/statuses/{sha}`, "statuses:write", createStatus),
  route(`GET ${root}/commits/{ref}/statuses`, "statuses:read", listStatuses),
  route(`GET ${root}/commits/{ref}/status`, "statuses:read", combined),
  route(`POST ${root}/check-runs`, "checks:write", createCheckRun),
  route(`GET ${root}/check-runs/{check_run_id}`, "checks:read", getCheckRun),
  route(`PATCH ${root}/check-runs/{check_run_id}`, "checks:write", updateCheckRun),
  route(`GET ${root}/commits/{ref}/check-runs`, "checks:read", listCheckRuns),
];
