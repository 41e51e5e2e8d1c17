import { http } from "./http.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import { logs } from "./logs.ts";
import { metricControl } from "./metric-control.ts";
import { metricPrometheus } from "./metric-prometheus.ts";
import { metricScrape } from "./metric-scrape.ts";
import type { ReaderKind } from "./reader.ts";
import { run } from "./run.ts";

/** Every kind of reader that there is; of several that accept a check the first reads it. */
export const readers: readonly ReaderKind[] = [
  http,
  run,
  json,
  junit,
  metricControl,
  metricScrape,
  metricPrometheus,
  logs,
];
