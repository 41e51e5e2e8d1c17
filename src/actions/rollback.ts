import { admit } from "../ledger/admission.ts";
import { holdLabel, readFacts, readHistories } from "../ledger/facts.ts";
import { type Folded, fold, foldOne, type History } from "../ledger/fold.ts";
import { type Ledger, writeOnce } from "../ledger/ledger.ts";
import { type DeploymentRecord, type Payload, SCHEMA, type State } from "../ledger/record.ts";
import { planRollback, type RollbackPlan } from "../ledger/rollback-plan.ts";
import { cut, formatCount } from "../pipeline/format.ts";
import { ConfigurationError, PermissionError, PlatformError } from "../platform/errors.ts";
import type { GitHub } from "../platform/github.ts";
import { renderRollback } from "../report/decision.ts";
import { describe } from "../report/describe.ts";
import { type HoldReport, holdMarker, renderHold } from "../report/hold.ts";
import { planDeploy, runSteps } from "./deploy.ts";
import { conclude, describeGate, runGate } from "./gate.ts";
import { inputReader, parts, type RollbackInputs } from "./inputs.ts";
import { matrixOf, type Result, writeOutputs } from "./outputs.ts";
import { closeGood, closingState, finishReplacing, hasReached, notOpen, reach, report } from "./records.ts";
import { findRecord, type OpenStage, openStage, subjectOf } from "./stage.ts";
import { closeStale, readRun } from "./stale.ts";
import type { World } from "./world.ts";

function readInputs(world: World): RollbackInputs {
  const read = inputReader(world.runner.input, world.context);
  return read.done({
    ...read.stage(),
    part: read.oneOf("part", parts.rollback, "all"),
    reason: read.oneLine("reason", 500),
    failure: read.text("failure"),
    target: read.oneLine("target", 200),
    deployed: read.oneLine("deployed", 20),
    jobStatus: read.text("job-status"),
  });
}

/** Milliseconds that a rollback waits for the deploy command of a promotion that it supersedes. */
const COMMAND_WAIT = 5 * 60_000;

interface Rollback {
  readonly world: World;
  readonly inputs: RollbackInputs;
  readonly open: OpenStage;
  readonly github: GitHub;
  readonly ledger: Ledger;
}

/** The story of `action-rollback`: find the last good candidate, bring it back, verify it, mark the bad one, hold the stage. */
export async function rollback(world: World): Promise<void> {
  const inputs = readInputs(world);
  const open = openStage(world, inputs);
  if (open.stage.environment === undefined)
    throw new ConfigurationError(`stage "${open.stage.name}" has no environment, so there is nothing to roll back`);
  const story: Rollback = { world, inputs, open, ...world.connect(inputs.token) };
  switch (inputs.part) {
    case "plan": {
      await begin(story);
      return;
    }
    case "deploy":
      return deployShare(story);
    case "close":
      return close(story, await joined(story));
    case "all": {
      const record = await begin(story);
      if (!record) return;
      if (!hasReached(record, "deployed") && !(await runMoment(story, record, "on-target"))) return;
      return close(story, await joined(story, record));
    }
  }
}

/** When the job ends: a rollback that its job left open is closed as `error`, because machines may run anything now. */
export async function afterRollback(world: World): Promise<void> {
  const deployment = Number(world.runner.saved("deployment"));
  const inputs = readInputs(world);
  if (!deployment || inputs.jobStatus === "success" || inputs.part === "deploy") return;
  const open = openStage(world, inputs);
  const { ledger } = world.connect(inputs.token);
  const record = findRecord(
    (await readHistories(ledger, open.pipeline)).get(open.stage.name) ?? fold([]),
    deployment,
    open.stage,
  );
  if (record?.outcome === "in-flight") {
    await report(
      ledger,
      deployment,
      "error",
      `the rollback was left by its job (${inputs.jobStatus}): look at the machines`,
    );
  }
}

/** Finds what to go back to, closes the bad record, holds the stage, and records the rollback. Undefined when there is nothing to deploy. */
async function begin(story: Rollback): Promise<Folded | undefined> {
  const { world, inputs, open, ledger, github } = story;
  let history = (await readHistories(ledger, open.pipeline)).get(open.stage.name) ?? fold([]);
  // A rollback that its run left behind does not stand in the way of the next.
  const others = history.inFlight.filter(
    ({ payload }) => payload.kind === "rollback" && payload.run.id !== world.context.run.id,
  );
  if (await closeStale(github, ledger, open, { ...history, inFlight: others }))
    history = (await readHistories(ledger, open.pipeline)).get(open.stage.name) ?? fold([]);
  const plan = planRollback(history, {
    ...(inputs.deployment !== undefined && { deployment: inputs.deployment }),
    run: world.context.run.id,
    byHand: inputs.reason !== "",
  });
  if (plan.decision === "done") {
    await finishReplacing(ledger, history, plan.record, world.context.run.id);
    await finishWithout(story, plan.decision, `deployment ${plan.record.id} has undone it already`, plan.record);
    return undefined;
  }
  if (plan.decision === "resume") return goBack(story, plan.record, plan.record.payload.reason ?? "");
  const { bad } = plan;
  const cause = bad && (await causeOf(story, bad));
  // The record first: whatever happens next, nobody mistakes this candidate for one that is still on its way.
  if (bad?.outcome === "in-flight" && cause) await report(ledger, bad.id, cause.state, cause.reason);
  if (plan.decision === "nothing") {
    await finishWithout(story, plan.decision, plan.because, bad);
    return undefined;
  }
  const good = plan.decision === "admitted" ? { good: plan.good } : {};
  // What a person or the platform broke off holds nothing: there is no failure to look into.
  const hold =
    bad && cause && cause.state === "failure" ? await openHold(story, { bad, ...cause, ...good }) : undefined;
  if (plan.decision === "refused") {
    await finishWithout(story, plan.decision, plan.because, bad, hold);
    return undefined;
  }
  const reason = cause?.reason ?? "";
  const record = await create(story, plan.bad, plan.good, reason);
  return record && goBack(story, record, reason, hold);
}

/** Runs what comes before the targets in a rollback, and hands on what its next job or step needs. */
async function goBack(story: Rollback, record: Folded, reason: string, hold?: number): Promise<Folded | undefined> {
  const { world, open, ledger, github } = story;
  world.runner.save("deployment", String(record.id));
  const { candidate, previous } = record.payload;
  const from = previous?.candidate.version ?? "nothing";
  await reach(ledger, record, "admitted", `admitted ${candidate.version}: rollback from ${from}: ${reason}`);
  await reach(ledger, record, "deploying", `deploying ${candidate.version}, back from ${from}`);
  if (!hasReached(record, "deployed") && !(await runMoment(story, record, "before"))) return undefined;
  const stage = open.stage.name;
  const targets = open.targets.length;
  await world.runner.summary(
    renderRollback({ stage, from, to: candidate.version, reason, targets, hold, now: github.now() }),
  );
  outputs(story, { decision: "admitted", record, reasons: [reason], ...(hold !== undefined && { hold }) });
  return record;
}

/** Why a deployment is undone, and the state in which that closes its record. */
interface Cause {
  readonly reason: string;
  readonly state: State;
  readonly failure: Result | undefined;
}

/** A person's word counts first, then what the failed gate or bake handed over, then what the ledger and the run's jobs tell. */
async function causeOf(story: Rollback, bad: Folded): Promise<Cause> {
  const { inputs } = story;
  const failure = parseResult(inputs.failure);
  if (inputs.reason !== "") return { reason: inputs.reason, state: "failure", failure };
  const failed = failure && failure.verdict !== "pass" ? failure : undefined;
  if (failed) {
    const { verdict } = failed;
    return { reason: failed.reasons[0] ?? verdict, state: verdict === "fail" ? "failure" : "error", failure };
  }
  if (bad.ending !== undefined)
    return { reason: bad.ending, state: bad.outcome === "failed" ? "failure" : "error", failure };
  const jobs = await jobsOf(story, bad);
  if (jobs.failed !== undefined) return { reason: jobs.failed, state: "failure", failure };
  if (jobs.cancelled) return { reason: `cancelled while ${bad.step ?? "admitted"}`, state: "error", failure };
  return { reason: `its run ended while ${bad.step ?? "admitted"}, without a word why`, state: "error", failure };
}

async function create(story: Rollback, bad: Folded, good: Folded, reason: string): Promise<Folded | undefined> {
  const { world, open, github, ledger } = story;
  const { candidate } = good.payload;
  const request = { stage: open.stage, candidate, kind: "rollback" as const, run: world.context.run };
  const admission = admit(request, await readFacts(github, ledger, open.pipeline, request));
  if (admission.decision === "refused" || admission.decision === "wait") {
    await finishWithout(story, "refused", admission.because.join("; "), bad);
    return undefined;
  }
  if (admission.decision === "admitted") await supersede(story, admission.supersedes, good, bad);
  const payload: Payload = {
    schema: SCHEMA,
    service: open.pipeline.service,
    stage: open.stage.name,
    kind: "rollback",
    candidate,
    run: world.context.run,
    actor: world.context.actor,
    reason: cut(reason, 500),
    previous: { deployment: bad.id, candidate: bad.payload.candidate },
    undoes: bad.id,
  };
  const record = await ledger.create({
    environment: open.stage.environment ?? "",
    production: open.stage.production,
    payload,
    description: describe(`back to ${candidate.version} from ${bad.payload.candidate.version}`),
  });
  // Two runs may find the same failure at the same instant, the waiting one and the watch: the older rollback goes on.
  const history = (await readHistories(ledger, open.pipeline)).get(open.stage.name) ?? fold([]);
  const first = history.inFlight.find(({ payload }) => payload.undoes === bad.id);
  if (first && first.id !== record.id) {
    const because = `deployment ${first.id} is undoing it already (${first.payload.run.url})`;
    await report(ledger, record.id, "inactive", `gave way: ${because}`);
    await finishWithout(story, "nothing", because, bad);
    return undefined;
  }
  // What was admitted between the two looks: it reads again before it deploys, and finds itself closed.
  await supersede(story, history.inFlight, good, bad);
  await commandsEnd(story, history.records);
  return foldOne(record);
}

/**
 * Waits, but not for ever, until deploy commands of other runs have ended: what such a command brings after the rollback
 * would stay. Their runs end soon, because their next step finds its record closed.
 */
async function commandsEnd({ world, github, open }: Rollback, records: readonly Folded[]): Promise<void> {
  const deploying = records.filter(
    ({ step, payload }) =>
      step === "deploying" && payload.kind !== "rollback" && payload.run.id !== world.context.run.id,
  );
  for (const { id, payload } of deploying) {
    const until = github.now() + COMMAND_WAIT;
    for (let run = await readRun(github, payload.run.id); run && run.status !== "completed"; ) {
      if (github.now() >= until) {
        world.runner.warning(
          `${open.stage.name}: the deploy of ${payload.candidate.version} (deployment ${id}) may still be running (${payload.run.url}): the rollback goes on without waiting any longer`,
        );
        break;
      }
      await world.clock.sleep(5_000, world.cancelled);
      run = await readRun(github, payload.run.id);
    }
  }
}

/** Closes promotions in flight, which a rollback goes before; another rollback is left alone. */
async function supersede({ ledger }: Rollback, others: readonly Folded[], good: Folded, bad: Folded): Promise<void> {
  for (const { id, payload } of others) {
    if (id === bad.id || payload.kind === "rollback") continue;
    await report(ledger, id, "error", `superseded by the rollback to ${good.payload.candidate.version}`);
  }
}

async function deployShare(story: Rollback): Promise<void> {
  const { record } = await joined(story);
  if (record.outcome !== "in-flight") throw new ConfigurationError(notOpen(record));
  if (await runMoment(story, record, "on-target")) outputs(story, { decision: "resume", record });
}

/** Runs one moment's commands. A failure fails the step; the record is closed by whoever verifies what is live. */
async function runMoment(
  story: Rollback,
  record: DeploymentRecord,
  moment: "before" | "on-target" | "after",
): Promise<boolean> {
  const { world, inputs, open, ledger } = story;
  const steps = planDeploy(open.stage, open.targets, "back")[moment].filter(
    (step) => inputs.target === "" || step.target?.name === inputs.target,
  );
  const deployed = await runSteps(world, open, subjectOf(record, record.createdAt), steps);
  if (deployed.ok) return true;
  if (inputs.part === "all") await report(ledger, record.id, "failure", `the rollback failed: ${deployed.reason}`);
  outputs(story, { decision: "resume", record, verdict: "fail", reasons: [deployed.reason] });
  world.runner.fail(`${open.stage.name}: the rollback failed: ${deployed.reason}`);
  return false;
}

/** Verifies by the stage's own gate that the last good candidate is live, and closes both records. */
async function close(story: Rollback, { record, history }: Joined): Promise<void> {
  const { world, open, github, ledger } = story;
  const { version } = record.payload.candidate;
  if (record.outcome !== "in-flight") {
    await finishReplacing(ledger, history, record, world.context.run.id);
    const good = record.outcome === "good";
    const reason = `rollback ${record.id} to ${version} has ended${record.ending ? `: ${record.ending}` : ""}`;
    outputs(story, { decision: "done", record, reasons: [reason], ...(!good && { verdict: "fail" }) });
    if (good) world.runner.info(reason);
    else world.runner.fail(reason);
    return;
  }
  if (!hasReached(record, "deployed") && !(await runMoment(story, record, "after"))) return;
  await reach(ledger, record, "deployed", `deployed ${version}`);
  const subject = subjectOf(record, record.deployedAt ?? github.now());
  const { checks } = open.stage.gate;
  const observed = await runGate(world, open, subject, github, checks);
  const { phase } = observed.verdict;
  const outcome = describeGate(observed.verdict, checks.length);
  // What a gate sees may be the bad candidate, still live where its job never ran: a pass does not make up for that.
  if (phase === "pass" && story.inputs.deployed !== "" && story.inputs.deployed !== "success") {
    const names = await unreached(story, record);
    const which = names.length === 0 ? "every target" : names.join(", ");
    const missed = `the rollback to ${version} did not reach ${which}: its deploy jobs ended with ${story.inputs.deployed}`;
    await report(ledger, record.id, "failure", missed);
    outputs(story, { decision: "resume", record, verdict: "fail", reasons: [missed] });
    world.runner.fail(`${open.stage.name}: ${missed}`);
    return;
  }
  const headline =
    phase === "pass"
      ? `rolled back to ${version}: ${outcome}`
      : `the rollback to ${version} is not healthy: ${outcome}`;
  if (phase === "pass") await closeGood(ledger, history, record, headline, open.stage.url);
  else await report(ledger, record.id, closingState(phase), headline);
  await conclude(world, open, subject, observed, "rollback", headline, { decision: "resume" });
}

interface Joined {
  readonly record: Folded;
  readonly history: History;
}

/** The rollback that another job, or another part of this one, began. */
async function joined({ ledger, open, inputs }: Rollback, begun?: Folded): Promise<Joined> {
  const history = (await readHistories(ledger, open.pipeline)).get(open.stage.name) ?? fold([]);
  const deployment = begun?.id ?? inputs.deployment;
  const record =
    deployment === undefined
      ? history.inFlight.find(({ payload }) => payload.kind === "rollback")
      : findRecord(history, deployment, open.stage);
  if (record?.payload.kind !== "rollback") {
    throw new ConfigurationError(
      `no rollback of "${open.stage.name}" is in flight: a job with "part: plan" comes before this one`,
    );
  }
  return { record, history };
}

interface RunJob {
  readonly name: string;
  readonly conclusion: string | null;
  readonly started_at: string;
}

/** The jobs of a run's latest attempt that ended otherwise than well. */
async function badJobs({ github }: Rollback, run: number): Promise<readonly RunJob[]> {
  const jobs: RunJob[] = [];
  for (let page = 1; ; page++) {
    const { data } = await github.rest<{ total_count: number; jobs: RunJob[] }>(
      "GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs",
      { run_id: run, filter: "latest", per_page: 100, page },
      { needs: "actions: read", doing: "read the jobs of the run" },
    );
    jobs.push(...data.jobs);
    if (data.jobs.length === 0 || jobs.length >= data.total_count) break;
  }
  return jobs.filter(({ conclusion }) => conclusion !== null && conclusion !== "success" && conclusion !== "skipped");
}

/** Targets whose deploy jobs are among these, each with how it ended. */
function targetsOf({ open }: Rollback, jobs: readonly RunJob[]): readonly string[] {
  return open.targets.flatMap(({ name }) =>
    jobs.filter((job) => job.name.endsWith(`deploy ${name}`)).map((job) => `${name} (${job.conclusion})`),
  );
}

/** What the jobs of a record's run tell about it: which targets failed, by name, and whether it was cancelled. */
async function jobsOf(story: Rollback, bad: Folded): Promise<{ failed?: string; cancelled: boolean }> {
  const { run, stage } = bad.payload;
  const ended = await badJobs(story, run.id);
  const failed = targetsOf(
    story,
    ended.filter(({ conclusion }) => conclusion !== "cancelled"),
  );
  if (failed.length > 0)
    return {
      failed: `deploy failed on ${formatCount(failed.length, "target")}: ${failed.join(", ")}`,
      cancelled: false,
    };
  const mine = ended.filter((job) => job.name.split(" / ").includes(stage));
  const lost = mine.find((job) => job.conclusion !== "cancelled");
  if (lost) return { failed: `the job "${lost.name}" ended with ${lost.conclusion}`, cancelled: false };
  return { cancelled: mine.length > 0 || run.id !== story.world.context.run.id };
}

/** Targets that this run's rollback did not reach, by the jobs that began after it was recorded; none where GitHub does not tell. */
async function unreached(story: Rollback, record: Folded): Promise<readonly string[]> {
  try {
    const jobs = await badJobs(story, story.world.context.run.id);
    return targetsOf(
      story,
      jobs.filter((job) => Date.parse(job.started_at) >= record.createdAt),
    );
  } catch (error) {
    if (!(error instanceof PlatformError) && !(error instanceof PermissionError)) throw error;
    story.world.runner.warning(`which targets the rollback did not reach is not known: ${error.message}`);
    return [];
  }
}

interface Issue {
  number: number;
  state: string;
  body: string | null;
}

/** Opens the issue that holds the stage until a person closes it; for one failure there is one issue, however often this runs. */
async function openHold(
  { world, open, github }: Rollback,
  hold: Omit<HoldReport, "stage" | "service" | "run">,
): Promise<number> {
  const label = holdLabel(open.stage.name);
  const marker = holdMarker(hold.bad.id);
  const doing = { needs: "issues: write", doing: `open the issue that holds "${open.stage.name}"` } as const;
  const find = async () => {
    const query = { labels: label, state: "all", per_page: 100 };
    const { data: issues } = await github.rest<Issue[]>("GET /repos/{owner}/{repo}/issues", query, doing);
    return issues.filter((issue) => issue.body?.includes(marker)).sort((a, b) => a.number - b.number);
  };
  const { title, body } = renderHold({
    ...hold,
    stage: open.stage.name,
    service: open.pipeline.service,
    run: world.context.run.url,
  });
  const created = { title, body, labels: [label] };
  const own =
    (await find())[0] ??
    (await writeOnce(
      world.clock,
      async () =>
        (
          await github.rest<Issue>("POST /repos/{owner}/{repo}/issues", created, { ...doing, retries: 0 })
        ).data,
      async () => (await find())[0],
    ));
  // The waiting run and the watch may have opened one each at the same instant: the older one stays. The list may not
  // know a new one yet.
  const [issue = own, ...doubles] = await find();
  for (const double of doubles.filter(({ state }) => state === "open")) {
    const closed = { issue_number: double.number, state: "closed", state_reason: "not_planned" };
    await github.rest("PATCH /repos/{owner}/{repo}/issues/{issue_number}", closed, doing);
  }
  world.runner.info(`${open.stage.name} is on hold: #${issue.number}`);
  return issue.number;
}

async function finishWithout(
  story: Rollback,
  decision: "nothing" | "done" | "refused",
  because: string,
  record: DeploymentRecord | undefined,
  hold?: number,
): Promise<void> {
  const { world, open, github } = story;
  await world.runner.summary(
    renderRollback({
      stage: open.stage.name,
      from: record?.payload.candidate.version ?? "",
      because,
      targets: open.targets.length,
      hold,
      now: github.now(),
    }),
  );
  outputs(story, {
    decision,
    reasons: [because],
    ...(hold !== undefined && { hold }),
    ...(decision === "done" && record && { record }),
  });
  if (decision === "refused") world.runner.fail(`${open.stage.name}: no rollback: ${because}`);
  else world.runner.info(`${open.stage.name}: ${because}`);
}

interface Outcome {
  readonly decision: RollbackPlan["decision"];
  readonly record?: DeploymentRecord;
  readonly verdict?: "fail";
  readonly reasons?: readonly string[];
  readonly hold?: number;
}

function outputs({ world, open }: Rollback, { decision, record, verdict, reasons = [], hold }: Outcome): void {
  const previous = record?.payload.previous?.candidate;
  writeOutputs(
    world,
    {
      action: "rollback",
      service: open.pipeline.service,
      stage: open.stage.name,
      verdict: verdict ?? (decision === "refused" ? "fail" : "pass"),
      reasons,
      decision,
      kind: "rollback",
      ...(record && { candidate: record.payload.candidate, deployment: record.id }),
      ...(previous && { previous }),
    },
    {
      decision,
      targets: matrixOf(open),
      "runs-on": JSON.stringify(open.stage.runsOn),
      hold: hold === undefined ? "" : String(hold),
    },
  );
}

function parseResult(text: string): Result | undefined {
  if (text === "") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (
      typeof value === "object" &&
      value !== null &&
      (value as Result).schema === "rocksolid/result/v1" &&
      Array.isArray((value as Result).reasons)
    )
      return value as Result;
  } catch {
    // Falls through to the sentence below.
  }
  throw new ConfigurationError('input "failure" is not the "result" output of action-gate or action-bake');
}
