import type { Verdict } from "../evidence/observation.ts";
import { readHistories } from "../ledger/facts.ts";
import { type Folded, fold } from "../ledger/fold.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { leftBehind } from "../ledger/rollback-plan.ts";
import { formatCount, formatDuration, formatNumber } from "../pipeline/format.ts";
import type { Bake } from "../pipeline/model.ts";
import { PermissionError, PlatformError } from "../platform/errors.ts";
import type { GitHub } from "../platform/github.ts";
import { describeBaked, describeBaking, describeVerdict } from "../report/describe.ts";
import { conclude } from "./gate.ts";
import { type BakeInputs, inputReader } from "./inputs.ts";
import { type Observed, observe, type Volume } from "./observe.ts";
import { writeOutputs } from "./outputs.ts";
import { closeGood, closingState, finishReplacing, hasReached, notOpen, report } from "./records.ts";
import { findRecord, type OpenStage, openPipeline, openStage, subjectOf } from "./stage.ts";
import { readRun } from "./stale.ts";
import type { World } from "./world.ts";

/** How many times a bake says in the ledger how far it is: each costs calls out of an allowance that all jobs share. */
const REPORTS = 12;

/** Below this share of the repository's calls in an hour a bake does without telling how far it is. */
const SCARCE = 0.1;
/** Calls that the end of a bake may take, with the rollback behind it. */
const CALLS_TO_END = 20;

function readInputs(world: World): BakeInputs {
  const read = inputReader(world.runner.input, world.context);
  const maxWait = read.duration("max-wait");
  return read.done({ ...read.common(), ...(maxWait !== undefined && { maxWait }) });
}

/** The story of `action-bake`: watch what was deployed, for the time and the volume that the stage asks for. */
export async function bake(world: World): Promise<void> {
  const inputs = readInputs(world);
  if (inputs.stage === "*") return watch(world, inputs);
  const open = openStage(world, inputs);
  const { stage, pipeline } = open;
  const { github, ledger } = world.connect(inputs.token);
  const history = (await readHistories(ledger, pipeline)).get(stage.name) ?? fold([]);
  const record = findRecord(history, inputs.deployment, stage);

  const skip = whyNot(open, record);
  if (skip || !record || !stage.bake) {
    const good = !record || record.outcome === "good" || record.outcome === "in-flight";
    if (record) await finishReplacing(ledger, history, record, world.context.run.id);
    const reason = skip ?? "no bake";
    writeOutputs(world, {
      action: "bake",
      service: pipeline.service,
      stage: stage.name,
      verdict: good ? "pass" : record?.outcome === "failed" ? "fail" : "error",
      reasons: [reason],
      ...(record && { kind: record.payload.kind, candidate: record.payload.candidate, deployment: record.id }),
    });
    if (good) world.runner.info(`${stage.name}: ${reason}`);
    else world.runner.fail(`${stage.name}: ${reason}`);
    return;
  }
  const { observed, headline } = await runBake(world, open, stage.bake, record, github, ledger, inputs.maxWait);
  await conclude(world, open, subjectOf(record, observed.evidence.since), observed, "bake", headline);
}

/** Why there is nothing to bake, where there is not. */
function whyNot({ stage }: OpenStage, record: Folded | undefined): string | undefined {
  if (!stage.bake) return "the file asks for no bake";
  if (!record) return "no deployment is in flight, so there is nothing to bake";
  return notOpen(record);
}

/** One bake from where the ledger says it stands, and its result in the ledger. */
async function runBake(
  world: World,
  open: OpenStage,
  plan: Bake,
  record: Folded,
  github: GitHub,
  ledger: Ledger,
  maxWait: number | undefined,
) {
  // Not this process's start: any run can take a bake up, and it is still the same one.
  const since = record.deployedAt ?? record.createdAt;
  const end = since + plan.for;
  const latestEnd = end + plan.extend;
  const leaveAt = maxWait === undefined ? Number.POSITIVE_INFINITY : github.now() + maxWait;
  const enough = (seen: Volume) => !plan.atLeast || seen[plan.atLeast.unit] >= plan.atLeast.count;
  const detects = plan.checks.some((check) => "detect" in check && check.detect !== undefined);
  let reported = record.step === "baking" ? Math.floor(((github.now() - since) / plan.for) * REPORTS) : -1;

  const observed = await observe(world, open, subjectOf(record, since), github.now, {
    kind: "bake",
    checks: plan.checks,
    every: plan.every,
    decided: (verdict, now, seen) =>
      verdict.phase === "fail" || (verdict.phase === "pass" && now >= end && enough(seen)),
    // A first look that comes late has nothing to compare a counter with: it is not the last one yet. Nor is one after
    // which the bake cannot see yet what `detect` asks for.
    ends: (now, seen, before) =>
      now >= latestEnd ||
      (now >= end && enough(seen) && seen.samples > 1 && !(detects && before?.phase === "inconclusive")),
    length: plan.for,
    leaves: (now) => now + plan.every > leaveAt,
    ...(plan.falseAlarm !== undefined && { falseAlarm: plan.falseAlarm }),
    async onLook({ now, verdict }) {
      const share = Math.floor(((now - since) / plan.for) * REPORTS);
      if (share <= reported || isScarce(github)) return undefined;
      reported = share;
      try {
        const { standing } = await standingOf(ledger, open, record);
        const ended = notOpen(standing);
        if (ended) return ended;
        await report(ledger, record.id, "in_progress", describeBaking(now - since, plan.for, verdict));
      } catch (error) {
        // How far it is, is told again at the next report; a bake does not fail over a word about its progress.
        if (!(error instanceof PlatformError)) throw error;
        world.runner.warning(`the progress of the bake could not be recorded: ${error.message}`);
      }
      return undefined;
    },
  });
  const settled = settle(observed, plan, enough(observed.seen));
  const headline = describeOutcome(settled, plan, observed.until - since);
  if (settled.end.how !== "decided") return { observed: settled, headline };

  await enoughCalls(world, github, open.stage.name);
  // Whoever else looked at this bake meanwhile may have ended it: a tick of the watch, a rollback by hand.
  const { history, standing } = await standingOf(ledger, open, record);
  const ended = notOpen(standing);
  if (ended) {
    const verdict: Verdict = {
      ...settled.verdict,
      phase: standing.outcome === "good" ? "pass" : "error",
      reasons: [ended],
    };
    return { observed: { ...settled, verdict, end: { how: "ended", why: ended } as const }, headline: ended };
  }
  if (settled.verdict.phase === "pass") await closeGood(ledger, history, standing, headline, open.stage.url);
  else await report(ledger, record.id, closingState(settled.verdict.phase), headline);
  return { observed: settled, headline };
}

/** Whether calls should be left to jobs that need them more than a word about progress. */
function isScarce(github: GitHub): boolean {
  const allowance = github.allowance();
  return allowance !== undefined && allowance.remaining < allowance.limit * SCARCE;
}

/** Waits until GitHub answers again where too few calls are left to end a bake: hours of it are not lost for that. */
async function enoughCalls(world: World, github: GitHub, stage: string): Promise<void> {
  const allowance = github.allowance();
  if (!allowance || allowance.remaining >= CALLS_TO_END) return;
  const wait = allowance.fullAt - github.now();
  if (wait <= 0) return;
  world.runner.info(
    `${stage}: ${allowance.remaining} of ${allowance.limit} calls to GitHub are left in this hour: the bake ends in ${formatDuration(wait)}, when they are full again`,
  );
  await world.clock.sleep(wait + 1_000, world.cancelled);
}

/** How a record stands now, with the history around it. */
async function standingOf(ledger: Ledger, { pipeline, stage }: OpenStage, record: Folded) {
  const history = (await readHistories(ledger, pipeline)).get(stage.name) ?? fold([]);
  return { history, standing: history.records.find(({ id }) => id === record.id) ?? record };
}

/** A bake's verdict with what only the bake knows: it was too thin, or somebody else ended it. */
function settle(observed: Observed, plan: Bake, enough: boolean): Observed {
  const { verdict, end, seen } = observed;
  const reason =
    end.how === "ended"
      ? end.why
      : end.how === "decided" && verdict.phase === "pass" && !enough && plan.atLeast
        ? `only ${formatCount(seen[plan.atLeast.unit], plan.atLeast.unit.slice(0, -1))} of the ${formatNumber(plan.atLeast.count)} that the bake asks for, ${formatDuration(plan.extend)} after its time`
        : undefined;
  if (reason === undefined) return observed;
  const changed: Verdict = {
    ...verdict,
    phase: end.how === "ended" ? "error" : "inconclusive",
    reasons: [reason, ...verdict.reasons],
  };
  return { ...observed, verdict: changed, evidence: { ...observed.evidence, verdict: changed } };
}

function describeOutcome({ verdict, end }: Observed, plan: Bake, elapsed: number): string {
  const waiting = end.how === "left" && verdict.phase === "inconclusive";
  if (verdict.phase !== "pass" && !waiting) return describeVerdict(verdict);
  return end.how === "left" ? describeBaking(elapsed, plan.for, verdict) : describeBaked(elapsed, verdict);
}

/** One look at everything that is baking, so that what goes wrong is found although no job waits for it. */
async function watch(world: World, inputs: BakeInputs): Promise<void> {
  const { pipeline } = openPipeline(world, inputs.pipeline);
  const { github, ledger } = world.connect(inputs.token);
  const histories = await readHistories(ledger, pipeline);
  const failed: { stage: string; "deployment-id": number }[] = [];
  const reasons: string[] = [];
  for (const { name, bake: plan } of pipeline.stages) {
    if (!plan) continue;
    const history = histories.get(name) ?? fold([]);
    for (const record of history.inFlight) {
      if (!hasReached(record, "gate") || record.payload.kind !== "promotion") continue;
      const open = openStage(world, { ...inputs, stage: name });
      const { observed, headline } = await runBake(world, open, plan, record, github, ledger, inputs.maxWait ?? 0);
      world.runner.info(`${name}: ${headline}`);
      // The next tick is another process, so what waits for a second look would wait for ever.
      for (const { check, target, pending } of observed.latest)
        if (pending !== undefined && observed.end.how === "left")
          world.runner.warning(
            `${name}: ${check}${target === undefined ? "" : ` (${target})`} cannot be judged by single looks (${pending}): ask a metrics server, or bake in a job`,
          );
      const { phase } = observed.verdict;
      if (observed.end.how === "decided" && phase !== "pass") {
        await cancelWaiting(world, github, name, record);
        failed.push({ stage: name, "deployment-id": record.id });
        reasons.push(`${name}: ${headline}`);
      }
    }
    const left = leftBehind(history);
    const run = left && (await readRun(github, left.run));
    if (left && (run === undefined || run.status === "completed")) {
      const { id, payload, ending } = left.bad;
      await cancelWaiting(world, github, name, left.bad);
      failed.push({ stage: name, "deployment-id": id });
      reasons.push(
        `${name}: ${payload.candidate.version} failed (${ending ?? "without a reason"}), and run ${left.run} ended without bringing the last good candidate back`,
      );
    }
  }
  writeOutputs(
    world,
    { action: "bake", service: pipeline.service, stage: "*", verdict: failed.length > 0 ? "fail" : "pass", reasons },
    { failed: JSON.stringify(failed) },
  );
  if (reasons.length > 0) world.runner.fail(reasons.join("; "));
}

/**
 * Cancels the run that waits for a bake which has failed: nothing is left for it to wait for. Whichever of the two begins
 * the rollback first, the other finds it under way and leaves. Without the right to cancel, the run ends by itself later.
 */
async function cancelWaiting(world: World, github: GitHub, stage: string, record: Folded): Promise<void> {
  const { id, url } = record.payload.run;
  if (id === world.context.run.id) return;
  try {
    const run = await readRun(github, id);
    if (!run || run.status === "completed") return;
    await github.rest(
      "POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel",
      { run_id: id },
      { needs: "actions: write", doing: `cancel run ${id}` },
    );
    world.runner.info(`${stage}: cancelled the run that waited for this bake (${url})`);
  } catch (error) {
    if (!(error instanceof PlatformError) && !(error instanceof PermissionError)) throw error;
    world.runner.warning(`${stage}: the run that waits for this bake goes on (${url}): ${error.message}`);
  }
}
