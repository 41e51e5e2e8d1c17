import { http } from "./http.ts";
import { junit } from "./junit.ts";
import { limits } from "./limits.ts";
import { logs } from "./logs.ts";
import type { Rule } from "./rule.ts";
import { run } from "./run.ts";
import { series } from "./series.ts";

/** Every rule that there is. A check is judged by all that apply to it; the worst counts. */
export const rules: readonly Rule[] = [limits, http, run, junit, logs, series];
