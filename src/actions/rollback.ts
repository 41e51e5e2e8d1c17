import { admit } from "../ledger/admission.ts";
import { holdLabel, readFacts, readHistories } from "../ledger/facts.ts";
import { type Folded, fold, type History } from "../ledger/fold.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { type DeploymentRecord, type Payload, SCHEMA, sameCandidate } from "../ledger/record.ts";
import { ConfigurationError } from "../platform/errors.ts";
import type { GitHub } from "../platform/github.ts";
import { renderRollback } from "../report/decision.ts";
import { describe } from "../report/describe.ts";
import { cut, formatCount } from "../report/format.ts";
import { type HoldReport, holdMarker, renderHold } from "../report/hold.ts";
import { planDeploy, runSteps } from "./deploy.ts";
import { conclude, describeGate, runGate } from "./gate.ts";
import { inputReader, parts, type RollbackInputs } from "./inputs.ts";
import { matrixOf, type Result, writeOutputs } from "./outputs.ts";
import { closingState, report } from "./records.ts";
import { findRecord, type OpenStage, openStage, subjectOf } from "./stage.ts";
import type { World } from "./world.ts";

function readInputs(world: World): RollbackInputs {
  const read = inputReader(world.runner.input, world.context);
  return read.done({
    ...read.common(),
    part: read.oneOf("part", parts.rollback, "all"),
    reason: read.oneLine("reason", 500),
    failure: read.text("failure"),
    target: read.oneLine("target", 200),
    jobStatus: read.text("job-status"),
  });
}

interface Rollback {
  readonly world: World;
  readonly inputs: RollbackInputs;
  readonly open: OpenStage;
  readonly github: GitHub;
  readonly ledger: Ledger;
}

/** What a stage goes back to, and from what. */
export type RollbackPlan =
  /** `bad` is to be undone by bringing `good` back. */
  | { readonly decision: "admitted"; readonly bad: Folded; readonly good: Folded }
  /** This run's own rollback goes on. */
  | { readonly decision: "resume"; readonly record: Folded }
  /** It was undone before. */
  | { readonly decision: "done"; readonly record: Folded }
  /** Nothing was deployed, so nothing has to be undone. */
  | { readonly decision: "nothing"; readonly because: string; readonly bad?: Folded }
  | { readonly decision: "refused"; readonly because: string; readonly bad?: Folded };

/**
 * Decides what a stage goes back to: the newest record that once completed its stage here, is not known bad, and is
 * another candidate. Never the commit before, never a branch. Pure.
 */
export function planRollback(history: History, deployment: number | undefined, run: number): RollbackPlan {
  const { records } = history;
  const bad =
    deployment === undefined
      ? records.find((record) => record.payload.kind !== "rollback")
      : records.find(({ id }) => id === deployment);
  if (!bad) return { decision: "nothing", because: "nothing of this service was ever deployed here" };
  const undoing = records.find(
    (record) => record.payload.undoes === bad.id && (record.outcome === "in-flight" || record.outcome === "good"),
  );
  if (undoing?.outcome === "good") return { decision: "done", record: undoing };
  if (undoing && undoing.payload.run.id === run) return { decision: "resume", record: undoing };
  if (undoing)
    return {
      decision: "refused",
      because: `deployment ${undoing.id} is undoing it already (${undoing.payload.run.url})`,
      bad,
    };
  if (!bad.touched)
    return {
      decision: "nothing",
      because: `deployment ${bad.id} of ${bad.payload.candidate.version} ended before anything was deployed`,
      bad,
    };
  const newer = records.find((record) => record.id > bad.id && record.outcome === "good");
  if (newer) {
    return {
      decision: "nothing",
      because: `deployment ${newer.id} of ${newer.payload.candidate.version} has replaced deployment ${bad.id} since`,
      bad,
    };
  }
  const isBad = (record: Folded) =>
    records.some(
      (other) =>
        other.outcome === "failed" &&
        other.payload.kind !== "rollback" &&
        sameCandidate(other.payload.candidate, record.payload.candidate),
    );
  const good = records.find(
    (record) =>
      record.id < bad.id &&
      record.outcome === "good" &&
      !sameCandidate(record.payload.candidate, bad.payload.candidate) &&
      !isBad(record),
  );
  if (!good)
    return {
      decision: "refused",
      because: "the ledger knows no other candidate that was ever good here: a person has to decide",
      bad,
    };
  return { decision: "admitted", bad, good };
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
      if (!(await runMoment(story, record, "on-target"))) return;
      return close(story, record);
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
async function begin(story: Rollback): Promise<DeploymentRecord | undefined> {
  const { world, inputs, open, ledger, github } = story;
  const history = (await readHistories(ledger, open.pipeline)).get(open.stage.name) ?? fold([]);
  const plan = planRollback(history, inputs.deployment, world.context.run.id);
  const bad = "bad" in plan ? plan.bad : undefined;
  const failure = parseResult(inputs.failure);
  const reason =
    inputs.reason ||
    failure?.reasons[0] ||
    bad?.ending ||
    (bad && (await failedTargets(story, bad))) ||
    "something failed after the deploy";

  // The record first: whatever happens next, nobody mistakes this candidate for one that is still on its way.
  if (bad?.outcome === "in-flight") await report(ledger, bad.id, "failure", reason);
  if (plan.decision === "nothing") {
    await finishWithout(story, plan.decision, plan.because, bad);
    return undefined;
  }
  if (plan.decision === "done") {
    await finishWithout(story, plan.decision, `deployment ${plan.record.id} has undone it already`, plan.record);
    return undefined;
  }
  const hold = bad && (await openHold(story, { bad, reason, failure, ...("good" in plan && { good: plan.good }) }));
  if (plan.decision === "refused") {
    await finishWithout(story, plan.decision, plan.because, bad, hold);
    return undefined;
  }
  const record = plan.decision === "resume" ? plan.record : await create(story, plan.bad, plan.good, reason);
  if (!record) return undefined;
  world.runner.save("deployment", String(record.id));
  const before = planDeploy(open.stage, open.targets, "back").before;
  await report(
    ledger,
    record.id,
    "in_progress",
    `deploying ${record.payload.candidate.version}, back from ${record.payload.previous?.candidate.version ?? "nothing"}`,
  );
  if (before.length > 0 && !(await runMoment(story, record, "before"))) return undefined;
  await world.runner.summary(
    renderRollback({
      stage: open.stage.name,
      from: bad?.payload.candidate.version ?? "",
      to: record.payload.candidate.version,
      reason,
      targets: open.targets.length,
      hold,
      now: github.now(),
    }),
  );
  outputs(story, { decision: plan.decision, record, reasons: [reason], ...(hold !== undefined && { hold }) });
  return record;
}

async function create(
  story: Rollback,
  bad: Folded,
  good: Folded,
  reason: string,
): Promise<DeploymentRecord | undefined> {
  const { world, open, github, ledger } = story;
  const { candidate } = good.payload;
  const request = { stage: open.stage, candidate, kind: "rollback" as const, run: world.context.run };
  const admission = admit(request, await readFacts(github, ledger, open.pipeline, request));
  if (admission.decision === "refused" || admission.decision === "wait") {
    await finishWithout(story, "refused", admission.because.join("; "), bad);
    return undefined;
  }
  if (admission.decision === "admitted") {
    for (const other of admission.supersedes) {
      if (other.id !== bad.id)
        await report(ledger, other.id, "error", `superseded by the rollback to ${candidate.version}`);
    }
  }
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
  await report(
    ledger,
    record.id,
    "queued",
    `admitted ${candidate.version}: rollback from ${bad.payload.candidate.version}: ${reason}`,
  );
  return record;
}

async function deployShare(story: Rollback): Promise<void> {
  const record = await joined(story);
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
async function close(story: Rollback, record: DeploymentRecord): Promise<void> {
  const { world, open, github, ledger } = story;
  if (!(await runMoment(story, record, "after"))) return;
  await report(ledger, record.id, "in_progress", `deployed ${record.payload.candidate.version}`);
  const subject = subjectOf(record, github.now());
  const { checks } = open.stage.gate;
  const observed = await runGate(world, open, subject, github, checks);
  const { phase } = observed.verdict;
  const headline = describeGate(observed.verdict, checks.length);
  const { version } = record.payload.candidate;
  if (phase === "pass") {
    await report(ledger, record.id, "success", `rolled back to ${version}: ${headline}`, open.stage.url);
    const { previous } = record.payload;
    if (previous)
      await report(ledger, previous.deployment, "inactive", `rolled back to ${version} (deployment ${record.id})`);
  } else {
    await report(ledger, record.id, closingState(phase), `the rollback to ${version} is not healthy: ${headline}`);
  }
  await conclude(
    world,
    open,
    subject,
    observed,
    "rollback",
    phase === "pass" ? `rolled back to ${version}: ${headline}` : headline,
    { decision: "resume" },
  );
}

async function joined({ ledger, open, inputs }: Rollback): Promise<Folded> {
  const history = (await readHistories(ledger, open.pipeline)).get(open.stage.name) ?? fold([]);
  const record =
    inputs.deployment === undefined
      ? history.inFlight.find(({ payload }) => payload.kind === "rollback")
      : findRecord(history, inputs.deployment, open.stage);
  if (record?.payload.kind !== "rollback")
    throw new ConfigurationError(
      `no rollback of "${open.stage.name}" is in flight: a job with "part: plan" comes before this one`,
    );
  if (record.outcome !== "in-flight")
    throw new ConfigurationError(`rollback ${record.id} has ended${record.ending ? `: ${record.ending}` : ""}`);
  return record;
}

/** Which targets' jobs did not succeed, by name; the record itself says nothing about them. */
async function failedTargets({ github, world, open }: Rollback, bad: Folded): Promise<string | undefined> {
  const { run } = bad.payload;
  if (run.id !== world.context.run.id) return undefined;
  const { data } = await github.rest<{ jobs: { name: string; conclusion: string | null }[] }>(
    "GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs",
    { run_id: run.id, attempt_number: run.attempt, per_page: 100 },
    { needs: "actions: read", doing: "read the jobs of this run" },
  );
  const names = open.targets.flatMap(({ name }) =>
    data.jobs
      .filter((job) => job.name.endsWith(`deploy ${name}`) && job.conclusion !== "success" && job.conclusion !== null)
      .map((job) => `${name} (${job.conclusion})`),
  );
  return names.length > 0 ? `deploy failed on ${formatCount(names.length, "target")}: ${names.join(", ")}` : undefined;
}

interface Issue {
  number: number;
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
  const { data: issues } = await github.rest<Issue[]>(
    "GET /repos/{owner}/{repo}/issues",
    { labels: label, state: "all", per_page: 100 },
    doing,
  );
  const existing = issues.find((issue) => issue.body?.includes(marker));
  if (existing) return existing.number;
  const { title, body } = renderHold({
    ...hold,
    stage: open.stage.name,
    service: open.pipeline.service,
    run: world.context.run.url,
  });
  const { data } = await github.rest<Issue>(
    "POST /repos/{owner}/{repo}/issues",
    { title, body, labels: [label] },
    { ...doing, retries: 0 },
  );
  world.runner.info(`${open.stage.name} is on hold: #${data.number}`);
  return data.number;
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
