import type { Verdict } from "../evidence/observation.ts";
import { readHistories, statusContext } from "../ledger/facts.ts";
import { type Folded, fold } from "../ledger/fold.ts";
import { writeOnce } from "../ledger/ledger.ts";
import { formatCount } from "../pipeline/format.ts";
import type { Check } from "../pipeline/model.ts";
import { nearest } from "../pipeline/nearest.ts";
import { ConfigurationError } from "../platform/errors.ts";
import type { GitHub } from "../platform/github.ts";
import { describe } from "../report/describe.ts";
import { renderSummary } from "../report/summary.ts";
import { type GateInputs, inputReader } from "./inputs.ts";
import { type Observed, observe, writeEvidence } from "./observe.ts";
import { SHOWN, writeOutputs } from "./outputs.ts";
import { closeGood, closingState, finishReplacing, notOpen, reach, report } from "./records.ts";
import { findRecord, type OpenStage, openStage, type Subject, subjectOf } from "./stage.ts";
import type { World } from "./world.ts";

function readInputs(world: World): GateInputs {
  const read = inputReader(world.runner.input, world.context);
  return read.done({ ...read.common(), checks: read.list("checks") });
}

/** The story of `action-gate`: look until all checks pass in one look or the time is over, and record what that means. */
export async function gate(world: World): Promise<void> {
  const inputs = readInputs(world);
  const open = openStage(world, inputs);
  const { stage, pipeline } = open;
  const { github, ledger } = world.connect(inputs.token);
  const advisory = inputs.checks.length > 0;
  const checks = advisory ? inputs.checks.map((name) => namedCheck(open, name)) : stage.gate.checks;

  let history = fold([]);
  let record: Folded | undefined;
  if (stage.environment !== undefined) {
    history = (await readHistories(ledger, pipeline)).get(stage.name) ?? history;
    record = findRecord(history, inputs.deployment, stage);
    const closed = record && !advisory && notOpen(record);
    if (record && closed) {
      await finishReplacing(ledger, history, record, world.context.run.id);
      return settled(world, open, record, closed);
    }
  }
  // Whoever deployed says nothing more than that this step was reached: from now on its data count.
  if (record && !advisory) await reach(ledger, record, "deployed", `deployed ${record.payload.candidate.version}`);
  const since = record?.deployedAt ?? github.now();
  const subject: Subject = record
    ? subjectOf(record, since)
    : {
        kind: "promotion",
        candidate: { version: inputs.version, commit: inputs.commit, digest: inputs.digest },
        since,
      };
  if (stage.environment !== undefined && !record && !advisory) {
    world.runner.info(`No deployment to ${stage.name} is in flight: the gate is evaluated, and nothing is recorded.`);
  }

  const observed = await runGate(world, open, subject, github, checks);
  const { verdict } = observed;
  const headline = describeGate(verdict, checks.length);
  if (stage.environment === undefined && !advisory) await recordStatus(github, world, open, subject, verdict, headline);
  if (record && !advisory) {
    if (verdict.phase !== "pass") await report(ledger, record.id, closingState(verdict.phase), headline);
    else if (!stage.bake) await closeGood(ledger, history, record, headline, stage.url);
    else if (subject.kind === "hotfix")
      await closeGood(
        ledger,
        history,
        record,
        `${headline}, bake skipped: hotfix by ${record.payload.actor}`,
        stage.url,
      );
    else await reach(ledger, record, "gate", `gate ${headline}, bake follows`);
  }
  await conclude(world, open, subject, observed, "gate", headline);
}

/** Observes the checks of a gate: until all pass in one look, or the gate's time is over. */
export function runGate(
  world: World,
  open: OpenStage,
  subject: Subject,
  github: GitHub,
  checks: readonly Check[],
): Promise<Observed> {
  const { timeout, every } = open.stage.gate;
  const deadline = github.now() + timeout;
  return observe(world, open, subject, github.now, {
    kind: "gate",
    checks,
    every,
    decided: (verdict) => verdict.phase === "pass",
    ends: (now) => now + every > deadline,
  });
}

/** A gate's verdict in one line: `passed: 4 checks`, or the first reason why not. */
export function describeGate(verdict: Verdict, checks: number): string {
  if (verdict.phase !== "pass") return verdict.reasons[0] ?? verdict.phase;
  return checks === 0 ? "passed: the file asks for no check" : `passed: ${formatCount(checks, "check")}`;
}

/** Writes outputs and summary of a gate or bake, and fails the step for anything but a pass. */
export async function conclude(
  world: World,
  open: OpenStage,
  subject: Subject,
  observed: Observed,
  action: "gate" | "bake" | "promote" | "rollback",
  headline: string,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { verdict, evidence, latest } = observed;
  const path = writeEvidence(world, evidence);
  const waiting = observed.end.how === "left";
  writeOutputs(
    world,
    {
      action,
      service: open.pipeline.service,
      stage: open.stage.name,
      verdict: verdict.phase === "pass" && waiting ? "inconclusive" : verdict.phase,
      reasons: verdict.phase === "pass" ? [headline] : verdict.reasons,
      kind: subject.kind,
      candidate: subject.candidate,
      ...(subject.previous && { previous: subject.previous }),
      ...(subject.deployment !== undefined && { deployment: subject.deployment }),
      evidence: path,
      measurements: latest.filter((measurement) => measurement.phase !== "pass").slice(0, SHOWN),
    },
    more,
  );
  await world.runner.summary(renderSummary({ evidence, headline, next: nextStep(open, subject, observed) }));
  if (verdict.phase === "pass" || waiting) world.runner.info(`${open.stage.name}: ${headline}`);
  else world.runner.fail(`${open.stage.name}: ${verdict.reasons.join("; ") || verdict.phase}`);
}

function nextStep({ stage }: OpenStage, subject: Subject, { verdict, evidence, end }: Observed): string {
  if (end.how === "left") return "The bake goes on; the next look takes it up from the ledger.";
  if (verdict.phase === "pass") {
    if (evidence.kind === "ready") return "The deploy follows.";
    if (evidence.kind === "gate" && stage.bake && subject.kind === "promotion") return "The bake follows.";
    return stage.environment === undefined
      ? "The candidate may enter the next stage."
      : `${subject.candidate.version} is live in ${stage.environment} and may enter the next stage.`;
  }
  if (evidence.kind === "ready") return "Nothing was deployed.";
  return stage.environment === undefined
    ? "The candidate goes no further."
    : "The candidate goes no further; the stage is rolled back to its last good candidate.";
}

function namedCheck({ pipeline, stage }: OpenStage, name: string): Check {
  const check = Object.hasOwn(pipeline.checks, name) ? pipeline.checks[name] : undefined;
  if (check) return check;
  const names = Object.keys(pipeline.checks);
  const near = nearest(name, names);
  throw new ConfigurationError(
    `input "checks" names "${name}", and ${pipeline.file} has no such check${near ? `: did you mean "${near}"?` : `; stage "${stage.name}" may use ${names.join(", ")}`}`,
  );
}

/** A step that finds its record ended repeats the verdict that is written there. */
async function settled(world: World, open: OpenStage, record: Folded, closed: string): Promise<void> {
  const good = record.outcome === "good";
  writeOutputs(world, {
    action: "gate",
    service: open.pipeline.service,
    stage: open.stage.name,
    verdict: good ? "pass" : record.outcome === "failed" ? "fail" : "error",
    reasons: [closed],
    kind: record.payload.kind,
    candidate: record.payload.candidate,
    deployment: record.id,
  });
  if (good) world.runner.info(closed);
  else world.runner.fail(closed);
}

async function recordStatus(
  github: GitHub,
  world: World,
  open: OpenStage,
  subject: Subject,
  verdict: Verdict,
  headline: string,
): Promise<void> {
  const context = statusContext(open.pipeline.service, open.stage.name);
  const sha = subject.candidate.commit;
  const status = {
    state: verdict.phase === "pass" ? "success" : verdict.phase === "fail" ? "failure" : "error",
    context,
    description: describe(headline),
    target_url: world.context.run.url,
  };
  const doing = { needs: "statuses: write", doing: `write the status "${context}" of commit ${sha}` } as const;
  await writeOnce<unknown>(
    world.clock,
    () => github.rest("POST /repos/{owner}/{repo}/statuses/{sha}", { sha, ...status }, { ...doing, retries: 0 }),
    async () => {
      const query = { ref: sha, per_page: 100 };
      const { data } = await github.rest<{ context: string; state: string; target_url: string | null }[]>(
        "GET /repos/{owner}/{repo}/commits/{ref}/statuses",
        query,
        { ...doing, doing: `read the statuses of commit ${sha}` },
      );
      const newest = data.find((written) => written.context === context);
      return newest?.state === status.state && newest.target_url === status.target_url ? newest : undefined;
    },
  );
}
