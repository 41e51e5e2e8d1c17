import type { Observation } from "../evidence/observation.ts";
import type { Check } from "../pipeline/model.ts";
import { mainValue } from "./main-value.ts";
import type { Ruling } from "./rules/rule.ts";
import { Summary } from "./series/summary.ts";
import type { SeriesJudgement } from "./series/types.ts";

/** The data behind the standing of one check in one place. */
export interface Explanation extends Omit<SeriesJudgement, "firstViolation"> {
  readonly check: string;
  readonly target?: string;
  /** `value` is null where the rule was not broken by a number; `reason` says what broke it where the rule is not one over time. */
  readonly firstViolation: { readonly at: number; readonly value: number | null; readonly reason?: string } | null;
}

/** What was seen of one check in one place, for rules that keep no account of their own. */
export class Account {
  readonly #check: Check | undefined;
  readonly #summary = new Summary();
  #looks = 0;
  #first: Explanation["firstViolation"] = null;

  constructor(check: Check | undefined) {
    this.#check = check;
  }

  /** `broken`: the rule was, tolerated or not. */
  take(
    { at, values, unreadable, pending, points }: Observation,
    { reason, broken }: { readonly reason: string; readonly broken: boolean },
  ): void {
    this.#looks += 1;
    const known = unreadable === undefined && pending === undefined && points > 0;
    const value = this.#check && known ? mainValue(this.#check, values) : undefined;
    if (value === undefined) this.#summary.gaps += 1;
    else this.#summary.add({ at, candidate: [{ machine: "", value, total: undefined }], baseline: [] });
    if (broken) this.#first ??= { at, value: value ?? null, reason };
  }

  /** `stoppedAt` is when the standing became a failure. */
  explain(
    { phase, reason, turnedBy, series }: Ruling,
    stoppedAt: number | null,
  ): Omit<Explanation, "check" | "target"> {
    return {
      phase,
      reason,
      stoppedAt: phase === "fail" ? (series?.stoppedAt ?? stoppedAt) : null,
      effect: series?.effect ?? null,
      firstViolation: series?.firstViolation ?? this.#first,
      turnedBy: turnedBy ?? null,
      sees: series?.sees ?? null,
      summary: series?.summary ?? { ...this.#summary.read(), ignored: 0 },
      looks: series?.looks ?? this.#looks,
    };
  }
}
