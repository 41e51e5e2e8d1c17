import { http } from "./http.ts";
import { httpFailures } from "./http-failures.ts";
import { junit } from "./junit.ts";
import { limits } from "./limits.ts";
import { logs } from "./logs.ts";
import type { Rule } from "./rule.ts";
import { run } from "./run.ts";
import { series } from "./series.ts";

/** Every rule that there is. A check is judged by all that apply to it; the worst counts. */
export const rules: readonly Rule[] = [limits, http, httpFailures, run, junit, logs, series];
