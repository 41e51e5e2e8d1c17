import type { Measurement, Observation, Verdict } from "../evidence/observation.ts";
import { MASK } from "../evidence/secrets.ts";
import type { Candidate } from "../ledger/record.ts";
import type { Check, Headers, Source } from "../pipeline/model.ts";
import type { Explanation } from "../verdict/account.ts";
import { createJudge, type Judgement, type JudgeOptions } from "../verdict/judge.ts";
import type { Phase } from "../verdict/phase.ts";

import type { NamedLogFindings } from "./logs.ts";

export const EVIDENCE_SCHEMA = "rocksolid/evidence/v1";

/** Most characters of a document as JSON. */
export const LARGEST_EVIDENCE = 32 * 1024 * 1024;

/** What a document is made of. Times in milliseconds since the epoch. */
export interface EvidenceFacts {
  readonly service: string;
  readonly stage: string;
  readonly candidate: Candidate;
  readonly deployment?: number;
  readonly kind: "ready" | "gate" | "bake";
  readonly since: number;
  readonly until: number;
  /** The probability of a false alarm that the file allows, where it says one. */
  readonly falseAlarm?: number;
  /** Whether the last look was the last: no further one was to follow. */
  readonly final: boolean;
  /** With limits as numbers; see `resolveLimits`. */
  readonly checks: readonly Check[];
  /** All looks, one after another; a look ends where a check and target occurs again. */
  readonly observations: readonly Observation[];
  /** What the rules made of each observation, in the same order. */
  readonly measurements: readonly Measurement[];
  /** The data behind the standing of each check and place. */
  readonly explanations?: readonly Explanation[];
  /** What the logs of each check and place said, over all looks. */
  readonly logs?: readonly NamedLogFindings[];
  readonly verdict: Verdict;
}

/** A measurement without what its observation already says. */
export interface Finding {
  readonly phase: Phase;
  readonly reason: string;
}

/** The document behind a verdict: complete enough to judge again offline, unless it says what was dropped. */
export interface Evidence extends Omit<EvidenceFacts, "measurements"> {
  readonly schema: typeof EVIDENCE_SCHEMA;
  /** One for each observation, in the same order. */
  readonly measurements: readonly Finding[];
  /** What was left out because the document would have been too large. Without looks it cannot be judged again. */
  readonly dropped?: { readonly notes: number; readonly looks: number };
}

/**
 * Makes the document. Values of headers are masked. Where it would exceed `largest` characters of JSON, first all notes
 * and what the logs said are dropped, then as many of the oldest looks as it takes, and the document says so.
 */
export function evidenceDocument(facts: EvidenceFacts, largest: number = LARGEST_EVIDENCE): Evidence {
  const whole: Evidence = {
    schema: EVIDENCE_SCHEMA,
    ...facts,
    checks: facts.checks.map(withoutSecrets),
    measurements: facts.measurements.map(({ phase, reason }) => ({ phase, reason })),
  };
  if (sizeOf(whole) <= largest) return whole;
  const { logs = [], ...unsaid } = whole;
  const notes = logs.length + facts.observations.filter(({ note }) => note !== undefined).length;
  const bare = {
    ...unsaid,
    observations: facts.observations.map(({ note: _, ...rest }) => rest),
    dropped: { notes, looks: 0 },
  };
  const excess = sizeOf(bare) - largest;
  if (excess <= 0) return bare;

  const looks = splitLooks(bare.observations);
  let looksDropped = 0;
  let dropped = 0;
  for (let saved = 0; saved < excess && looksDropped < looks.length; looksDropped += 1) {
    const { length } = looks[looksDropped] ?? [];
    saved +=
      sizeOf(bare.observations.slice(dropped, dropped + length)) +
      sizeOf(bare.measurements.slice(dropped, dropped + length)) -
      4;
    dropped += length;
  }
  return {
    ...bare,
    observations: bare.observations.slice(dropped),
    measurements: bare.measurements.slice(dropped),
    dropped: { notes, looks: looksDropped },
  };
}

/** The document as JSON; numbers that JSON does not have are texts: `"NaN"`, `"Infinity"`, `"-Infinity"`. */
export function serialiseEvidence(evidence: Evidence): string {
  return JSON.stringify(evidence, (_, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
  );
}

/** The looks of a flat list of observations: a look ends where a check and target occurs again. */
export function splitLooks(observations: readonly Observation[]): readonly (readonly Observation[])[] {
  const looks: Observation[][] = [];
  let seen = new Set<string>();
  for (const observation of observations) {
    const key = JSON.stringify([observation.check, observation.target ?? null]);
    const look = looks.at(-1);
    if (!look || seen.has(key)) {
      looks.push([observation]);
      seen = new Set([key]);
    } else {
      look.push(observation);
      seen.add(key);
    }
  }
  return looks;
}

/**
 * Judges the evidence again, look after look: by its own checks, or by others of the same names. Undefined where looks
 * were dropped, or there are none.
 */
export function judgeEvidence(
  evidence: Evidence,
  options: Pick<JudgeOptions, "rules"> & { readonly checks?: readonly Check[] } = {},
): (Judgement & { readonly explanations: readonly Explanation[] }) | undefined {
  if (evidence.dropped && evidence.dropped.looks > 0) return undefined;
  const judge = createJudge(options.checks ?? evidence.checks, {
    kind: evidence.kind,
    ...(evidence.falseAlarm !== undefined && { falseAlarm: evidence.falseAlarm }),
    ...(options.rules && { rules: options.rules }),
  });
  const looks = splitLooks(evidence.observations);
  let judgement: Judgement | undefined;
  for (const [index, look] of looks.entries()) {
    judgement = judge.take(look, {
      final: evidence.final && index === looks.length - 1,
      skim: index < looks.length - 1,
    });
  }
  return judgement && { ...judgement, explanations: judge.explanations() };
}

function sizeOf(value: unknown): number {
  return JSON.stringify(value).length;
}

/** Header texts may hold a token that someone wrote into the file itself. */
function withoutSecrets(check: Check): Check {
  if (check.kind === "http") return { ...check, headers: maskHeaders(check.headers) };
  if (!("source" in check)) return check;
  const source: Source =
    "headers" in check.source ? { ...check.source, headers: maskHeaders(check.source.headers) } : check.source;
  return { ...check, source } as Check;
}

function maskHeaders(headers: Headers): Headers {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, MASK]));
}
