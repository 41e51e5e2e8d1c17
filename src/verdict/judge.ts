import type { Measurement, Observation, Verdict } from "../evidence/observation.ts";
import { formatNumber } from "../pipeline/format.ts";
import type { Check } from "../pipeline/model.ts";
import { Account, type Explanation } from "./account.ts";
import { type Phase, phases } from "./phase.ts";
import { rules as allRules } from "./rules/index.ts";
import type { Moment, Rule, RuleOptions, Ruling, ShareOptions } from "./rules/rule.ts";
import { FALSE_ALARM } from "./rules/series.ts";

/** The last millisecond that ECMAScript can date; what is beyond is no time. */
const LATEST = 8.64e15;

/** What one look came to. */
export interface Judgement {
  /** One for each observation, in the order of the observations. */
  readonly measurements: readonly Measurement[];
  /** Over all looks so far. */
  readonly verdict: Verdict;
}

/**
 * Judges looks as they come, in memory that does not grow with their number. Pure but for that memory: the same
 * observations in the same order give the same verdict, now or from evidence years later.
 */
export interface Judge {
  /** Takes the observations of one look. `final`: no further look will follow. Never throws. */
  take(observations: readonly Observation[], moment: Moment): Judgement;
  /** Of every check and place, as it stands. */
  explanations(): readonly Explanation[];
}

/** `rules` are the rules to judge by, all of `rules/index.ts` unless given. */
export interface JudgeOptions extends RuleOptions {
  readonly rules?: readonly Rule[];
}

/**
 * A judge for the checks of one gate or bake. A gate is judged by its newest look alone. In a bake a check that failed
 * stays failed, an unreadable one is an error until it can be read again, and a check that was never observed is
 * inconclusive. A check that asks for a rule that does not exist is an error.
 *
 * The budget of false alarms is divided evenly over the checks that count and can have any, and the part of each over
 * the places (targets) in which it is observed at the first look; so the bounds add up to the budget.
 */
export function createJudge(checks: readonly Check[], options: JudgeOptions): Judge {
  const byName = new Map(checks.map((check, order) => [check.name, { check, order }]));
  const trials = new Map<string, Trial>();
  let division: ((check: string) => number) | undefined;
  let looks = 0;
  let failed = 0;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;

  return {
    take(observations, moment) {
      looks += 1;
      let broken = false;
      const shareOf = division ?? shares(checks, observations, options);
      division = shareOf;
      const measurements = observations.map((observation) => {
        if (Math.abs(observation.at) <= LATEST) {
          first = Math.min(first, observation.at);
          last = Math.max(last, observation.at);
        }
        const key = JSON.stringify([observation.check, observation.target ?? null]);
        let trial = trials.get(key);
        if (!trial) {
          const known = byName.get(observation.check);
          trial = createTrial(known?.check, known?.order ?? checks.length, observation, {
            ...options,
            share: shareOf(observation.check),
          });
          trials.set(key, trial);
        }
        const ruling = trial.take(observation, moment);
        broken ||= ruling.broken && trial.counts;
        return { ...observation, phase: ruling.phase, reason: prefixed(observation, ruling.reason) };
      });
      if (broken) failed += 1;
      return {
        measurements,
        verdict: { ...summarise(checks, [...trials.values()]), looks, failed, span: last >= first ? last - first : 0 },
      };
    },
    explanations: () =>
      [...trials.values()]
        .sort((a, b) => a.order - b.order)
        .map(({ check, target, explain }) => ({ check, ...(target !== "" && { target }), ...explain() })),
  };
}

/** What part of the false alarms each check has in each of its places. */
function shares(
  checks: readonly Check[],
  observations: readonly Observation[],
  options: JudgeOptions,
): (check: string) => number {
  const sequential = (options.rules ?? allRules).filter((rule) => rule.sequential);
  const spending = checks.filter((check) => !check.dryRun && sequential.some((rule) => rule.applies(check, options)));
  const places = new Map<string, number>();
  for (const { check } of observations) places.set(check, (places.get(check) ?? 0) + 1);
  const each = (options.falseAlarm ?? FALSE_ALARM) / Math.max(1, spending.length);
  return (check) => each / Math.max(1, places.get(check) ?? 1);
}

/** The looks at one check of one target. */
interface Trial {
  readonly check: string;
  readonly order: number;
  readonly target: string;
  readonly counts: boolean;
  /** What counts in the verdict, with its prefixed reason. */
  standing(): Ruling;
  explain(): Omit<Explanation, "check" | "target">;
  take(observation: Observation, moment: Moment): Outcome;
}

interface Outcome extends Ruling {
  /** The rule was broken in this look, tolerated or not. */
  readonly broken: boolean;
}

interface TrialOptions extends JudgeOptions, ShareOptions {}

function createTrial(check: Check | undefined, order: number, named: Observation, options: TrialOptions): Trial {
  let standing: Ruling = { phase: "inconclusive", reason: "" };
  const settle = check ? createLooks(check, options) : () => unknownCheck;
  const account = new Account(check);
  let bare = standing;
  let stoppedAt: number | null = null;
  return {
    check: named.check,
    order,
    target: named.target ?? "",
    counts: !check?.dryRun,
    standing: () => standing,
    explain: () => account.explain(bare, stoppedAt),
    take(observation, moment) {
      const outcome = settle(observation, moment);
      account.take(observation, outcome);
      if (options.kind !== "bake" || standing.phase !== "fail") {
        bare = outcome;
        standing = { ...outcome, reason: prefixed(observation, outcome.reason) };
        stoppedAt = outcome.phase === "fail" ? observation.at : null;
      }
      return outcome;
    },
  };
}

const unknownCheck: Outcome = { phase: "error", reason: "there is no such check here", broken: false };

/** Applies the rules of a check to look after look: no data, unreadable looks, and tolerance are settled here. */
function createLooks(check: Check, options: TrialOptions): (observation: Observation, moment: Moment) => Outcome {
  const available = options.rules ?? allRules;
  const applied = available
    .filter((rule) => rule.applies(check, options))
    .map((rule) => ({ rule, series: rule.start(check, options) }));
  const missing = askedFor(check).filter((field) => !applied.some(({ rule }) => rule.covers.includes(field)));
  const sequential = applied.some(({ rule }) => rule.sequential);
  const tolerance = options.kind === "bake" && !sequential ? check.tolerate : undefined;
  const recent: { broken: boolean; empty: boolean }[] = [];
  let earlier: Ruling | undefined;

  const rule = (observation: Observation, moment: Moment): Ruling & { readonly empty: boolean } => {
    const empty = emptiness(check, observation, moment, earlier);
    const rulings: Ruling[] = [];
    for (const { rule, series } of applied) {
      if (empty && !rule.cumulative) continue;
      // A failure is explained by all the data there is.
      const skim = moment.skim === true && !rulings.some(({ phase }) => phase === "fail");
      rulings.push(series(observation, { ...moment, skim }));
    }
    if (missing.length > 0) rulings.push({ phase: "error", reason: `no rule for ${missing.join(", ")}` });
    if (rulings.length === 0 && !empty) rulings.push({ phase: "error", reason: "no rule for this check" });
    // Silence is the business of a cumulative rule; that something could not be read is not.
    const silent = applied.some(({ rule: { cumulative } }) => cumulative) && observation.unreadable === undefined;
    if (empty && !silent) rulings.push(empty);
    const result = worstOf(rulings);
    if (!empty) earlier = result;
    return { ...result, empty: empty !== undefined };
  };

  return (observation, moment) => {
    const { empty, ...result } = rule(observation, moment);
    const broken = result.phase === "fail";
    if (!tolerance) return { ...result, broken };
    recent.push({ broken, empty });
    if (recent.length > tolerance.of) recent.shift();
    const failures = recent.filter((look) => look.broken).length;
    const tally = `${formatNumber(failures)} of ${formatNumber(tolerance.of)} looks broke the rule`;
    if (!broken) return { ...result, broken };
    if (failures > tolerance.failures) {
      const { turnedBy } = result;
      return {
        phase: "fail",
        reason: `${result.reason}: ${tally}, ${formatNumber(tolerance.failures)} tolerated`,
        turnedBy: `tolerate: ${failures} of ${failures < tolerance.of ? tolerance.of : failures + 1}${turnedBy === undefined ? "" : ` or ${turnedBy}`}`,
        broken,
      };
    }
    const phase = recent.some((look) => !look.empty) ? "pass" : "inconclusive";
    return { phase, reason: `${result.reason}: tolerated, ${tally}`, broken };
  };
}

/** The fields of a check that each ask for a rule of their own, beside the one of its kind. */
function askedFor(check: Check): string[] {
  const fields = ["slope", "sigma", "comparison", "newSignatures"];
  return fields.filter((field) => field in check && check[field as keyof Check] !== undefined);
}

/** What a look without a value to judge means; undefined where there is one. */
function emptiness(
  check: Check,
  observation: Observation,
  { final }: Moment,
  earlier: Ruling | undefined,
): Ruling | undefined {
  const { unreadable, pending, absent, points, values } = observation;
  if (unreadable !== undefined) return { phase: "error", reason: `cannot be read: ${unreadable}` };
  if (pending !== undefined) return { phase: "inconclusive", reason: pending };
  if (points > 0 && !Number.isNaN(values["value"])) return undefined;
  const reason = `no data${absent === undefined ? "" : `: ${absent}`}`;
  if (values["requests"] === 0) {
    // The source answers and nothing was asked of the service since the look before: that is no failure as long as more
    // may come, and no news about what was seen earlier.
    if (earlier) return { phase: earlier.phase, reason: `${reason}; before that ${earlier.reason}` };
    if (!final) return { phase: "inconclusive", reason: `${reason} so far` };
  }
  return { phase: check.noData === "inconclusive" ? "inconclusive" : "fail", reason };
}

function worstOf(rulings: readonly Ruling[]): Ruling {
  let result: Ruling | undefined;
  for (const ruling of rulings) {
    if (!result || rank(ruling.phase) > rank(result.phase)) result = ruling;
  }
  const series = rulings.find((ruling) => ruling.series)?.series;
  if (result?.phase === "pass") {
    const turns = rulings.flatMap(({ turnedBy }) => turnedBy ?? []).join(" or ");
    return {
      phase: "pass",
      reason: rulings.map(({ reason }) => reason).join("; "),
      ...(turns !== "" && { turnedBy: turns }),
      ...(series && { series }),
    };
  }
  if (result && series) return { ...result, series };
  return result ?? { phase: "inconclusive", reason: "nothing was judged" };
}

function rank(phase: Phase): number {
  const index = phases.indexOf(phase);
  return index < 0 ? phases.indexOf("error") : index;
}

function summarise(checks: readonly Check[], trials: readonly Trial[]): Pick<Verdict, "phase" | "reasons"> {
  const seen = new Set<string>();
  // What passes gives no reason; leaving it out here keeps a look at thousands of healthy targets cheap.
  const standings: (Ruling & Pick<Trial, "check" | "order" | "target">)[] = [];
  for (const { check, order, target, counts, standing } of trials) {
    if (!counts) continue;
    seen.add(check);
    const ruling = standing();
    if (ruling.phase !== "pass") standings.push({ check, order, target, ...ruling });
  }
  for (const [order, { name, dryRun }] of checks.entries()) {
    if (dryRun || seen.has(name)) continue;
    standings.push({ check: name, order, target: "", phase: "inconclusive", reason: `${name}: not observed` });
  }
  standings.sort(
    (a, b) =>
      rank(b.phase) - rank(a.phase) || a.order - b.order || compare(a.check, b.check) || compare(a.target, b.target),
  );
  if (standings.length === 0 && seen.size === 0) return { phase: "inconclusive", reasons: ["no check counts"] };
  return { phase: standings[0]?.phase ?? "pass", reasons: standings.map(({ reason }) => reason) };
}

function prefixed({ check, target }: Observation, reason: string): string {
  return `${check}${target === undefined ? "" : ` (${target})`}: ${reason}`;
}

/** By code unit, so that the order is the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
