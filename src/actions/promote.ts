import { type Admission, type AdmissionRequest, admit, isOvertaken, owner } from "../ledger/admission.ts";
import { readFacts, readHistories } from "../ledger/facts.ts";
import { type Folded, fold, foldOne, type History } from "../ledger/fold.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { type Candidate, type DeploymentRecord, type Payload, SCHEMA } from "../ledger/record.ts";
import { formatCount, formatDuration, formatInstant } from "../pipeline/format.ts";
import { nearest } from "../pipeline/nearest.ts";
import { ConfigurationError } from "../platform/errors.ts";
import type { GitHub } from "../platform/github.ts";
import { renderDecision } from "../report/decision.ts";
import { describe } from "../report/describe.ts";
import { type Deployed, planDeploy, runSteps } from "./deploy.ts";
import { conclude, describeGate } from "./gate.ts";
import { inputReader, type PromoteInputs, parts } from "./inputs.ts";
import { observe } from "./observe.ts";
import { matrixOf, writeOutputs } from "./outputs.ts";
import { closingState, finishReplacing, hasReached, notOpen, reach, report } from "./records.ts";
import { findRecord, type OpenStage, openStage, subjectOf } from "./stage.ts";
import { closeStale } from "./stale.ts";
import type { World } from "./world.ts";

/** Milliseconds between two questions whether it is our turn. */
const ASK_AGAIN = 30_000;
/** The longest that a turn is waited for unless the input says otherwise, in milliseconds. */
const MAX_WAIT = 30 * 60_000;

function readInputs(world: World): PromoteInputs {
  const read = inputReader(world.runner.input, world.context);
  return read.done({
    ...read.common(),
    part: read.oneOf("part", parts.promote, "all"),
    kind: read.oneOf("kind", ["promotion", "hotfix"], "promotion"),
    reason: read.oneLine("reason", 500),
    override: read.oneLine("override", 500),
    target: read.oneLine("target", 200),
    maxWait: read.duration("max-wait") ?? MAX_WAIT,
    jobStatus: read.text("job-status"),
  });
}

/** What every part of the story shares. */
interface Promotion {
  readonly world: World;
  readonly inputs: PromoteInputs;
  readonly open: OpenStage;
  readonly github: GitHub;
  readonly ledger: Ledger;
}

/** The story of `action-promote`: admit, record, check that the stage is ready, deploy; or one part of it. */
export async function promote(world: World): Promise<void> {
  const inputs = readInputs(world);
  const open = openStage(world, inputs);
  if (open.stage.environment === undefined) {
    throw new ConfigurationError(
      `stage "${open.stage.name}" has no environment to deploy to: use action-gate for it, or give it an "environment:" in ${inputs.pipeline}`,
    );
  }
  const promotion: Promotion = { world, inputs, open, ...world.connect(inputs.token) };
  switch (inputs.part) {
    case "plan":
      return plan(promotion);
    case "deploy":
      return deployShare(promotion);
    case "finish":
      return finish(promotion, await joined(promotion));
    case "admit":
    case "all": {
      const record = await enter(promotion);
      if (!record) return;
      // A run that was killed after its deploy goes on with what follows it.
      if (hasReached(record, "deployed")) return outputs(promotion, { decision: "resume", record });
      if (!(await ready(promotion, record))) return;
      if (!(await deployMoment(promotion, record, "before"))) return;
      if (inputs.part === "all") {
        if (!(await deployMoment(promotion, record, "on-target"))) return;
        return finish(promotion, record);
      }
      return outputs(promotion, { decision: "admitted", record });
    }
  }
}

/** What happens when the job ends: a record that its job left open is closed, with how the job ended. */
export async function afterPromote(world: World): Promise<void> {
  const deployment = Number(world.runner.saved("deployment"));
  const inputs = readInputs(world);
  if (!deployment || inputs.jobStatus === "success" || inputs.part === "deploy") return;
  const open = openStage(world, inputs);
  const { ledger } = world.connect(inputs.token);
  const history = (await readHistories(ledger, open.pipeline)).get(open.stage.name) ?? fold([]);
  const record = findRecord(history, deployment, open.stage);
  if (record?.outcome !== "in-flight") return;
  const doing = record.step ?? "admitted";
  if (inputs.jobStatus === "cancelled") await report(ledger, deployment, "error", `cancelled while ${doing}`);
  else await report(ledger, deployment, "failure", `the job failed after "${doing}": ${world.context.run.url}`);
}

function requestOf({ inputs, open, world }: Promotion): AdmissionRequest {
  return {
    stage: open.stage,
    candidate: { version: inputs.version, commit: inputs.commit, digest: inputs.digest },
    kind: inputs.kind,
    run: world.context.run,
    ...(inputs.reason !== "" && { reason: inputs.reason }),
    ...(inputs.override !== "" && { override: inputs.override }),
  };
}

async function ask(promotion: Promotion): Promise<{ admission: Admission; history: History }> {
  const { github, ledger, open } = promotion;
  const request = requestOf(promotion);
  const facts = await readFacts(github, ledger, open.pipeline, request);
  return { admission: admit(request, facts), history: facts.histories.get(open.stage.name) ?? fold([]) };
}

/** What would happen, without a word to the ledger. */
async function plan(promotion: Promotion): Promise<void> {
  const { admission } = await ask(promotion);
  await announce(promotion, admission);
  const record = "record" in admission ? admission.record : undefined;
  const because = "because" in admission ? admission.because : [];
  outputs(promotion, {
    decision: admission.decision,
    reasons: because,
    ...(record && { record }),
    ...previousOf(admission),
  });
  if (admission.decision === "refused") promotion.world.runner.fail(refusal(promotion, because));
}

/** Admits the candidate and creates its record, or goes on with the one that this run began. Undefined when there is nothing more to do. */
async function enter(promotion: Promotion): Promise<Folded | undefined> {
  const { world, inputs, open, github, ledger } = promotion;
  const giveUp = github.now() + inputs.maxWait;
  for (;;) {
    const { admission, history } = await ask(promotion);
    if (admission.decision === "wait") {
      if (await closeStale(github, ledger, open, history)) continue;
      const next = Math.max(admission.until ?? github.now() + ASK_AGAIN, github.now() + 1_000);
      if (next <= giveUp) {
        world.runner.info(`${open.stage.name}: waiting until ${formatInstant(next)}: ${admission.because.join("; ")}`);
        await world.clock.sleep(Math.min(next - github.now(), ASK_AGAIN), world.cancelled);
        continue;
      }
    }
    await announce(promotion, admission);
    if (admission.decision === "wait" || admission.decision === "refused") {
      // The number of what its job left behind is told too, so that the job's rollback takes it up.
      const undo = admission.decision === "refused" ? admission.undo : undefined;
      outputs(promotion, { decision: admission.decision, reasons: admission.because, ...(undo && { record: undo }) });
      world.runner.fail(refusal(promotion, admission.because));
      return undefined;
    }
    if (admission.decision === "done") {
      await finishReplacing(ledger, history, admission.record, world.context.run.id);
      outputs(promotion, { decision: "done", record: admission.record });
      return undefined;
    }
    const record = admission.decision === "resume" ? admission.record : await create(promotion, admission.previous);
    world.runner.save("deployment", String(record.id));
    world.runner.output("deployment-id", String(record.id));
    await reach(ledger, record, "admitted", describeAdmitted(promotion));
    const asked = admission.decision === "resume" ? undefined : history;
    const turn = await takeTurn(promotion, record, asked, giveUp);
    if (turn === "mine") return record;
    if (turn === "never") return undefined;
  }
}

async function create(promotion: Promotion, previous: Folded | undefined): Promise<Folded> {
  const { inputs, open, ledger } = promotion;
  const record = await ledger.create({
    environment: open.stage.environment ?? "",
    production: open.stage.production,
    payload: payloadOf(promotion, previous),
    description: describe(`${inputs.version} to ${open.stage.name} (${inputs.kind})`),
  });
  return foldOne(record);
}

function describeAdmitted({ inputs, world }: Promotion): string {
  return `admitted ${inputs.version}${inputs.kind === "hotfix" ? ` as hotfix by ${world.context.actor}: ${inputs.reason}` : ""}`;
}

/**
 * Of records created at the same instant the oldest goes on; the others wait for it here, or give way. Whose turn comes
 * after something else has ended asks for admission `again`, because what it was admitted on is no longer so.
 */
async function takeTurn(
  promotion: Promotion,
  record: Folded,
  asked: History | undefined,
  giveUp: number,
): Promise<"mine" | "never" | "again"> {
  const { world, open, github, ledger } = promotion;
  if (hasReached(record, "deploying")) return "mine";
  for (;;) {
    const history = (await readHistories(ledger, open.pipeline)).get(open.stage.name) ?? fold([]);
    const mine = history.records.find(({ id }) => id === record.id) ?? record;
    const closed = notOpen(mine);
    if (closed) {
      outputs(promotion, { decision: "refused", reasons: [closed], record });
      world.runner.fail(refusal(promotion, [closed]));
      return "never";
    }
    const first = owner(history);
    if (!first || first.id === record.id) {
      if (!isOvertaken(mine, history, asked)) return "mine";
      await report(
        ledger,
        record.id,
        "inactive",
        "gave way: another deployment ended first, so admission is asked again",
      );
      return "again";
    }
    if (await closeStale(github, ledger, open, { ...history, inFlight: [first] })) continue;
    const because = `deployment ${first.id} of ${first.payload.candidate.version} is in flight (${first.payload.run.url})`;
    if (github.now() + ASK_AGAIN > giveUp) {
      await report(ledger, record.id, "inactive", `gave way: ${because}`);
      outputs(promotion, { decision: "wait", reasons: [because], record });
      world.runner.fail(refusal(promotion, [because]));
      return "never";
    }
    world.runner.info(`${open.stage.name}: waiting: ${because}`);
    await world.clock.sleep(ASK_AGAIN, world.cancelled);
  }
}

function payloadOf({ world, inputs, open }: Promotion, previous: Folded | undefined): Payload {
  return {
    schema: SCHEMA,
    service: open.pipeline.service,
    stage: open.stage.name,
    kind: inputs.kind,
    candidate: { version: inputs.version, commit: inputs.commit, digest: inputs.digest },
    run: world.context.run,
    actor: world.context.actor,
    ...(inputs.reason !== "" && { reason: inputs.reason }),
    ...(inputs.override !== "" && { override: inputs.override }),
    ...(previous && { previous: { deployment: previous.id, candidate: previous.payload.candidate } }),
  };
}

/** The stage's checks before anything is deployed; a failure closes the record, and nothing has to be undone. */
async function ready(promotion: Promotion, record: Folded): Promise<boolean> {
  const { world, open, github, ledger } = promotion;
  const { checks, timeout, every } = open.stage.ready;
  if (checks.length === 0) return true;
  if (hasReached(record, "deploying")) return true;
  const what = `checking that ${open.stage.name} is ready: ${formatCount(checks.length, "check")}`;
  await reach(ledger, record, "checking", what);
  const deadline = github.now() + timeout;
  const subject = subjectOf(record, github.now());
  const observed = await observe(world, open, subject, github.now, {
    kind: "ready",
    checks,
    every,
    decided: (verdict) => verdict.phase === "pass",
    ends: (now) => now + every > deadline,
  });
  const { phase } = observed.verdict;
  const headline = describeGate(observed.verdict, checks.length);
  if (phase !== "pass") {
    await report(ledger, record.id, closingState(phase), `not ready: ${headline}`);
    await conclude(world, open, subject, observed, "promote", headline, { decision: "admitted" });
    return false;
  }
  world.runner.info(`${open.stage.name} is ready: ${headline}`);
  return true;
}

/** Runs the shared commands of one moment of the deploy, or those of all targets; a failure closes the record. */
async function deployMoment(
  promotion: Promotion,
  record: Folded,
  moment: "before" | "on-target" | "after",
): Promise<boolean> {
  const { world, open, ledger } = promotion;
  const steps = planDeploy(open.stage, open.targets, "forward")[moment];
  if (moment === "before") {
    const where = open.targets.length > 0 ? ` to ${formatCount(open.targets.length, "target")}` : "";
    await reach(ledger, record, "deploying", `deploying ${record.payload.candidate.version}${where}`);
    // A rollback reads after it was recorded, and this after it said so: at least one of the two sees the other.
    if (!(await stillOpen(promotion, record, "before the deploy"))) return false;
  }
  const deployed = await runSteps(world, open, subjectOf(record, record.createdAt), steps);
  if (deployed.ok) return true;
  await report(ledger, record.id, deployed.cancelled ? "error" : "failure", deployed.reason);
  failed(promotion, record, deployed);
  return false;
}

/** Whether nobody has ended the record meanwhile, as a rollback does that supersedes it; tells so where one has. */
async function stillOpen(
  promotion: Promotion,
  record: DeploymentRecord,
  moment: "before the deploy" | "after it",
): Promise<boolean> {
  const { ledger, open } = promotion;
  const history = (await readHistories(ledger, open.pipeline)).get(open.stage.name) ?? fold([]);
  const mine = history.records.find(({ id }) => id === record.id);
  const rollback = history.inFlight.find(({ payload }) => payload.kind === "rollback");
  let closed = mine && notOpen(mine);
  if (closed === undefined && rollback && moment === "before the deploy") {
    closed = `superseded by the rollback to ${rollback.payload.candidate.version} (deployment ${rollback.id})`;
    await report(ledger, record.id, "error", closed);
  }
  if (closed === undefined) return true;
  failed(promotion, record, { ok: false, cancelled: true, reason: closed });
  return false;
}

/** One target's share, on its own runner. Its failure is its job's; the record is closed once, by whoever sees all targets. */
async function deployShare(promotion: Promotion): Promise<void> {
  const { world, inputs, open } = promotion;
  const record = await joined(promotion);
  if (record.outcome === "good") return outputs(promotion, { decision: "done", record });
  const steps = planDeploy(open.stage, open.targets, "forward")["on-target"].filter(
    (step) => inputs.target === "" || step.target?.name === inputs.target,
  );
  if (inputs.target !== "" && !open.targets.some(({ name }) => name === inputs.target)) {
    const names = open.targets.map(({ name }) => name);
    const near = nearest(inputs.target, names);
    throw new ConfigurationError(
      `input "target" is "${inputs.target}", and stage "${open.stage.name}" has no such target${near ? `: did you mean "${near}"?` : `: it has ${names.join(", ") || "none"}`}`,
    );
  }
  const deployed = await runSteps(world, open, subjectOf(record, record.createdAt), steps);
  if (deployed.ok) outputs(promotion, { decision: "resume", record });
  else failed(promotion, record, deployed);
}

/** What is shared by all targets and comes after them; from the status that this writes the stage's gate and bake count. */
async function finish(promotion: Promotion, record: Folded): Promise<void> {
  const { ledger, open, inputs } = promotion;
  if (record.outcome === "good") return outputs(promotion, { decision: "done", record });
  if (hasReached(record, "deployed")) return outputs(promotion, { decision: "resume", record });
  if (!(await deployMoment(promotion, record, "after"))) return;
  // Without commands in the file the workflow's next steps deploy, and the gate is who knows that they have.
  if (open.stage.deploy === undefined)
    return outputs(promotion, { decision: inputs.part === "finish" ? "resume" : "admitted", record });
  if (!(await stillOpen(promotion, record, "after it"))) return;
  await reach(ledger, record, "deployed", `deployed ${record.payload.candidate.version}`);
  outputs(promotion, { decision: inputs.part === "finish" ? "resume" : "admitted", record });
}

/** The record that another job admitted; a job that is run again may find that it is good by now. */
async function joined({ ledger, open, inputs }: Promotion): Promise<Folded> {
  const history = (await readHistories(ledger, open.pipeline)).get(open.stage.name) ?? fold([]);
  const record = findRecord(history, inputs.deployment, open.stage);
  if (!record)
    throw new ConfigurationError(
      `no deployment to "${open.stage.name}" is in flight: a job with "part: admit" comes before this one`,
    );
  const closed = notOpen(record);
  if (closed && record.outcome !== "good") throw new ConfigurationError(closed);
  return record;
}

function failed(promotion: Promotion, record: DeploymentRecord, deployed: Extract<Deployed, { ok: false }>): void {
  outputs(promotion, {
    decision: "admitted",
    record,
    verdict: deployed.cancelled ? "error" : "fail",
    reasons: [deployed.reason],
  });
  promotion.world.runner.fail(`${promotion.open.stage.name}: ${deployed.reason}`);
}

function previousOf(admission: Admission): { previous?: Candidate } {
  return "previous" in admission && admission.previous ? { previous: admission.previous.payload.candidate } : {};
}

interface Outcome {
  readonly decision: Admission["decision"];
  readonly record?: DeploymentRecord;
  readonly previous?: Candidate;
  readonly verdict?: "fail" | "error";
  readonly reasons?: readonly string[];
}

function outputs(
  { world, inputs, open }: Promotion,
  { decision, record, previous, verdict, reasons = [] }: Outcome,
): void {
  const before = previous ?? record?.payload.previous?.candidate;
  writeOutputs(
    world,
    {
      action: "promote",
      service: open.pipeline.service,
      stage: open.stage.name,
      verdict: verdict ?? (decision === "refused" ? "fail" : decision === "wait" ? "inconclusive" : "pass"),
      reasons,
      decision,
      kind: record?.payload.kind ?? inputs.kind,
      candidate: record?.payload.candidate ?? { version: inputs.version, commit: inputs.commit, digest: inputs.digest },
      ...(before && { previous: before }),
      ...(record && { deployment: record.id }),
    },
    {
      decision,
      environment: open.stage.environment ?? "",
      targets: matrixOf(open),
      "runs-on": JSON.stringify(open.stage.runsOn),
      bake: String(open.stage.bake !== undefined && (record?.payload.kind ?? inputs.kind) === "promotion"),
    },
  );
}

async function announce({ world, inputs, open, github }: Promotion, admission: Admission): Promise<void> {
  await world.runner.summary(
    renderDecision({
      stage: open.stage.name,
      version: inputs.version,
      kind: inputs.kind,
      reason: inputs.reason,
      admission,
      targets: open.targets.length,
      now: github.now(),
    }),
  );
  if (admission.decision === "admitted")
    for (const note of admission.notes) world.runner.info(`${open.stage.name}: ${note}`);
  if (admission.decision === "wait" && admission.until !== undefined) {
    world.runner.info(`${open.stage.name}: opens in ${formatDuration(admission.until - github.now())}`);
  }
}

function refusal({ inputs, open }: Promotion, because: readonly string[]): string {
  return `${inputs.version} may not enter ${open.stage.name}:\n${because.map((reason) => `- ${reason}`).join("\n")}`;
}
