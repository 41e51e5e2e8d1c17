// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${name} is the notation that these texts explain
import * as z from "zod/mini";
import { DURATION_PATTERN } from "./durations.ts";
import { key, mapping, matching, optional, text, texts, whole } from "./forms.ts";
import { layers } from "./model.ts";
import { QUANTITY_PATTERN } from "./quantities.ts";

/**
 * The shape of the pipeline file as it is written. The schema is also the source of the JSON Schema for editors and of
 * `docs/pipeline-file.md`, so every key carries its meaning. What a shape cannot say stands in `rules.ts`.
 */

/** How the name of a service, source, check, window or stage is written. */
export const NAME_PATTERN = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;
const NAME_FORM = "a name of letters, digits, - and _ that starts with a letter, 40 characters at most";

const name = matching(NAME_PATTERN, NAME_FORM);
const flag = z.boolean({ error: "true or false" });
const duration = matching(/^[1-9][0-9]{0,6}(ms|s|m|h|d)$/, "a duration such as 90s, 5m, 12h or 2d");
const durationOrZero = matching(DURATION_PATTERN, "a duration such as 0s, 90s, 5m, 12h or 2d");
const QUANTITY_FORM = "a number, with a unit where it has one: 80, 80%, 500ms, 1MiB, 1MiB per hour";
const quantity = z.union([z.number(), matching(QUANTITY_PATTERN, QUANTITY_FORM)], { error: QUANTITY_FORM });
const BOUND_FORM = "a number (80, 80%, 500ms, 1MiB per hour), or arithmetic over ${names}";
const bound = z.union([z.number(), text(BOUND_FORM)], { error: BOUND_FORM });
const command = text("a command");
const url = matching(/^(https?:\/\/|\$\{)\S+$/, "a URL that starts with http:// or https://");
const headers = z.record(matching(/^[A-Za-z0-9-]+$/, "a header's name"), text("a text"), {
  error: "a mapping of header names to texts",
});

function record<S extends z.ZodMiniType>(of: S, form: string) {
  return z.record(name, of, { error: form });
}

const SILENT_FORM = "a whole number of at least 0, or any";

const format = z.enum(["auto", "json", "logfmt", "syslog", "access", "plain"], {
  error: "one of auto, json, logfmt, syslog, access, plain",
});
const formatKey = optional(format, "How a line of the log is written; auto recognises each of the others.", "auto");
const headersKey = optional(headers, "HTTP headers to send; `${env:NAME}` takes a secret from the environment.");

/** The kinds of sources; the first key of each names it. */
export const sourceKinds = {
  files: mapping("a source", {
    files: key(
      text("a path, with * where needed"),
      "Log files, a path with `*` and `**`; rotated and `.gz` files are read too.",
    ),
    format: formatKey,
  }),
  scrape: mapping("a source", {
    scrape: key(url, "URL of a Prometheus text endpoint that is read directly, without a metrics server."),
    headers: headersKey,
  }),
  command: mapping("a source", {
    command: key(
      command,
      "Command that prints log lines; it gets the time as `$ROCKSOLID_SINCE` and `$ROCKSOLID_UNTIL`.",
    ),
    format: formatKey,
  }),
  loki: mapping("a source", { loki: key(url, "URL of Loki."), headers: headersKey }),
  elasticsearch: mapping("a source", {
    elasticsearch: key(url, "URL of Elasticsearch or OpenSearch."),
    index: key(text("the name of an index"), "Index, or pattern of indexes, to search."),
    headers: headersKey,
  }),
  prometheus: mapping("a source", {
    prometheus: key(url, "URL of Prometheus or what answers like it."),
    headers: headersKey,
  }),
};

const everyCheck = {
  "no-data": optional(
    z.enum(["fail", "inconclusive"], { error: "fail or inconclusive: no data are never a pass" }),
    "What it means when there are no data; never a pass.",
    "fail",
  ),
  "dry-run": optional(flag, "Shown in the report, never counted in the verdict.", false),
  tolerate: optional(
    matching(/^[0-9]{1,4} of [0-9]{1,4}$/, "a tolerance such as 2 of 5"),
    "`2 of 5`: up to 2 of the last 5 looks of a bake may break the rule.",
  ),
};

const limits = {
  min: optional(bound, "Least value that passes: a quantity, or arithmetic over `${names}`."),
  max: optional(bound, "Greatest value that passes: a quantity, or arithmetic over `${names}`."),
};

const selector = {
  ring: optional(text("the name of a ring"), "Targets of this ring."),
  region: optional(text("the name of a region"), "Targets of this region."),
  names: optional(
    z.union([text("the name of a target"), texts("a list of targets")], { error: "a list of targets" }),
    "These targets.",
  ),
};

const detect = optional(
  matching(/^[0-9]{1,4}(\.[0-9]{1,3})?x$/, "a factor such as 2x"),
  "The effect that the bake has to be able to detect, as a factor: `2x`; until it can, it is extended, then inconclusive.",
);

/** The kinds of checks; the first key of each names it. Where two could be meant, the earlier one is (`status` belongs to `http`). */
export const checkKinds = {
  junit: mapping("a check", {
    junit: key(text("a path, with * where needed"), "JUnit XML reports, a path with `*` and `**`."),
    "min-tests": optional(
      whole(1, "a whole number of at least 1: no tests are never a pass"),
      "Least number of tests that ran.",
      1,
    ),
    "max-failures": optional(whole(0, "a whole number of at least 0"), "Greatest number of failed tests.", 0),
    ...everyCheck,
  }),
  json: mapping("a check", {
    json: key(text("a path"), "JSON file."),
    value: key(
      text("a dotted path such as total.lines.pct"),
      "Dotted path to a number in it; a key with a dot stands in quotes.",
    ),
    ...limits,
    ...everyCheck,
  }),
  logs: mapping("a check", {
    logs: key(name, "Name of the source to scan."),
    query: optional(
      text("a query"),
      "What to ask a log server for: LogQL for Loki, where it is needed; Lucene's syntax for Elasticsearch.",
    ),
    errors: optional(
      mapping("a mapping with max-rate, max-count or both", {
        "max-rate": optional(
          quantity,
          "Greatest share of error events: `0.5%`; or greatest number in a time: `10 per minute`.",
        ),
        of: optional(
          z.enum(["lines", "requests"], { error: "lines or requests" }),
          "What the share is of: all events, or the requests among them (lines of access logs).",
          "lines",
        ),
        "max-count": optional(
          whole(0, "a whole number of at least 0"),
          "Greatest number of error events in the whole window.",
        ),
      }),
      "Limits for events at level error or worse.",
    ),
    fatal: optional(
      whole(0, "a whole number of at least 0"),
      "Greatest number of fatal events in the whole window, panics and crashes included.",
    ),
    "min-lines": optional(
      whole(1, "a whole number of at least 1: silence is never a pass"),
      "Least number of events; fewer count as no data.",
      1,
    ),
    match: optional(text("a regular expression"), "Regular expression: only these events count."),
    ignore: optional(text("a regular expression"), "Regular expression: these events never count."),
    "new-signatures": optional(
      whole(0, "a whole number of at least 0"),
      "Greatest number of kinds of error events that did not occur before the deploy.",
    ),
    "silent-hosts": optional(
      z.union([whole(0, SILENT_FORM), z.literal("any")], { error: SILENT_FORM }),
      "Greatest number of hosts, files or streams that stopped writing though they wrote steadily before the deploy; `any` looks for none.",
      0,
    ),
    baseline: optional(
      duration,
      "How long before the deploy is read too, to tell what is new and who fell silent.",
      "1h",
    ),
    detect,
    ...everyCheck,
  }),
  http: mapping("a check", {
    http: key(url, "URL to get."),
    status: optional(
      z.union(
        [
          whole(100, "an HTTP status"),
          z.array(whole(100, "an HTTP status")).check(z.minLength(1, "at least one HTTP status")),
        ],
        {
          error: "an HTTP status such as 200, or a list of them",
        },
      ),
      "Status that passes, or a list of them.",
      200,
    ),
    "max-latency": optional(quantity, "Longest time until the whole answer is there: `500ms`."),
    contains: optional(text("a text"), "Text that the body must contain."),
    "max-failures": optional(
      quantity,
      "Greatest share of answers in a bake that fail: `5%`. It is stopped when more surely do, within its budget of false alarms. Without it, and in gates, one failure is enough.",
    ),
    timeout: optional(duration, "How long to wait for the answer.", "10s"),
    headers: headersKey,
    ...everyCheck,
  }),
  run: mapping("a check", {
    run: key(command, "Command that passes with exit status 0; it gets `$ROCKSOLID_VERSION` and the like."),
    timeout: optional(duration, "How long it may take.", "10m"),
    ...everyCheck,
  }),
  metric: mapping("a check", {
    metric: key(name, "Name of the source to query."),
    query: key(
      text("a query"),
      'Query in the source\'s language; for a scraped source a metric with labels: `requests_total{code="500"}`.',
    ),
    total: optional(text("a query"), "Exposure: the value is `query / total`, both counted since the last look."),
    quantile: optional(
      z
        .number({ error: "a number between 0 and 1" })
        .check(z.gt(0, "a number between 0 and 1"), z.lt(1, "a number between 0 and 1")),
      "Quantile of the histogram that `query` names: `0.99`.",
    ),
    ...limits,
    slope: optional(
      mapping("a mapping with min, max or both", {
        min: optional(quantity, "Least slope: `-1MiB per hour`."),
        max: optional(quantity, "Greatest slope: `1MiB per hour`."),
      }),
      "Limits for the first derivative; stopped when its whole interval lies beyond the limit.",
    ),
    sigma: optional(
      mapping("a mapping with max and history", {
        max: key(
          z.number({ error: "a number above 0" }).check(z.gt(0, "a number above 0")),
          "Greatest distance from the history's centre, in robust standard deviations.",
        ),
        history: key(duration, "How far back the history goes."),
        "same-hour": optional(flag, "Compare with the same hours of the day only.", false),
      }),
      "Limits relative to the metric's own history.",
    ),
    baseline: optional(
      mapping("a mapping with ring, region or names of targets, or with a query", {
        ...selector,
        query: optional(text("a query"), "The query for what to compare with; the check's own unless said."),
        total: optional(text("a query"), "Its exposure; the check's own unless said."),
        history: optional(
          duration,
          "How long before the deploy both are read, so that what differed already does not count; for a metrics server.",
        ),
      }),
      "Compares with other targets of the fleet (`{ ring: prod }`) or another query, over the same time.",
    ),
    worse: optional(
      z.enum(["higher", "lower", "different"], { error: "higher, lower or different" }),
      "Which deviation from the baseline is a failure.",
      "higher",
    ),
    tolerance: optional(quantity, "How far from the baseline is still the same: `10%`.", "0%"),
    detect,
    ...everyCheck,
  }),
  review: mapping("a check", {
    review: key(
      mapping("a mapping with approvals", {
        approvals: key(whole(1, "a whole number of at least 1"), "Least number of approving reviews."),
        from: optional(texts("a list of teams or users"), "Teams or users of whom one must have approved."),
      }),
      "Reviews of the pull request that brought the commit.",
    ),
    ...everyCheck,
  }),
  same: mapping("a check", {
    same: key(command, "Command that prints facts, compared between two stages."),
    as: key(name, "The stage to compare with."),
    except: optional(texts("a list of facts"), "Facts that may differ."),
    ...everyCheck,
  }),
  proof: mapping("a check", {
    proof: key(url, "URL at which a target says what it runs."),
    value: optional(text("a dotted path"), "Dotted path to the version in the answer."),
    uptime: optional(duration, "How long it must have run."),
    timeout: optional(duration, "How long to wait for the answer.", "10s"),
    ...everyCheck,
  }),
  status: mapping("a check", {
    status: key(texts("a list of check names"), "GitHub checks of the commit that must have succeeded."),
    ...everyCheck,
  }),
};

const HOURS = "([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)";
const DAY = "(sun|mon|tue|wed|thu|fri|sat)";
const days = matching(new RegExp(`^${DAY}(-${DAY})?$`), "a day or a range of days: mon, mon-thu");
const zone = text("an IANA time zone such as Europe/Berlin");

const window = mapping("a mapping with days, hours and zone", {
  days: optional(
    z.union([days, z.array(days).check(z.minLength(1, "at least one day"))], {
      error: "a day or a range of days: mon, mon-thu; or a list of them",
    }),
    "Days on which it opens: `mon-thu`, or a list of days and ranges.",
    "sun-sat",
  ),
  hours: optional(
    matching(new RegExp(`^${HOURS}$`), "hours such as 10:00-16:00"),
    "From and to, `22:00-04:00` runs over midnight and belongs to the day on which it starts.",
    "00:00-24:00",
  ),
  zone: optional(zone, "IANA time zone, or `target` for each target's own.", "UTC"),
});

const date = matching(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/, "a date such as 2026-12-20");
const freeze = mapping("a mapping with from, to and reason", {
  from: key(date, "First day on which nothing is deployed."),
  to: key(date, "Last day on which nothing is deployed."),
  zone: optional(zone, "IANA time zone of the days.", "UTC"),
  reason: key(text("a text"), "Why, for the messages."),
  hotfixes: optional(flag, "Whether a hotfix may pass the freeze.", false),
});

const checkNames = (form: string) => z.array(name, { error: form });

const gate = z.union(
  [
    checkNames("a list of checks").check(z.minLength(1, "a list of checks with at least one")),
    mapping("a mapping with checks", {
      checks: key(
        checkNames("a list of checks").check(z.minLength(1, "a list of checks with at least one")),
        "The checks.",
      ),
      timeout: optional(duration, "How long to go on trying until all pass in one look.", "10m"),
      every: optional(duration, "Time between two looks.", "30s"),
    }),
  ],
  { error: "a list of checks, or a mapping with checks, timeout and every" },
);

const bake = mapping("a mapping with for and checks", {
  for: key(duration, "How long to watch."),
  every: optional(duration, "Time between two looks; a twelfth of `for` where that is less.", "5m"),
  "at-least": optional(
    matching(/^[1-9][0-9]{0,8} (requests|lines|samples)$/, "a volume such as 1000 requests, 500 lines or 100 samples"),
    "Least volume; too little of it extends the bake.",
  ),
  extend: optional(
    durationOrZero,
    "The longest that too little volume may extend the bake; as long as `for` unless said.",
  ),
  checks: key(
    checkNames("a list of checks").check(z.minLength(1, "a list of checks with at least one")),
    "The checks.",
  ),
  "false-alarm": optional(
    quantity,
    "Probability that a healthy candidate is ever stopped by this bake, over all its checks, targets and looks: `1%`, also where a check has a slope, sigma or baseline and nothing is said. With it, rates against a limit (`errors.max-rate`, a metric with `total`) are stopped when they are surely beyond the limit, not at the first look that is.",
  ),
});

const layerShape = Object.fromEntries(
  layers.map((layer) => [layer, optional(command, `Command of the ${layer} layer.`)]),
) as Record<(typeof layers)[number], z.ZodMiniOptional<typeof command>>;
const commands = z.union([command, mapping("a mapping of layers to commands", layerShape)], {
  error: "a command, or a mapping with database, artifact, fleet and feature",
});

const labels = z.union([text("a label"), texts("a list of labels")], { error: "a runner's label, or a list of them" });

const stage = mapping("a stage: a mapping with name and gate", {
  name: key(name, "Name of the stage; `source` is the one without an environment: checks only."),
  environment: optional(
    matching(/^[^\p{Cc}/\\]{1,255}$/u, "the name of a GitHub environment, 255 characters at most"),
    "The GitHub environment; the stage's name unless said.",
  ),
  production: optional(
    flag,
    "Whether GitHub shows the environment as production; true for stages called prod, production and one-box unless said.",
  ),
  reviewers: optional(flag, "Whether the environment must have required reviewers.", false),
  "runs-on": optional(labels, "Labels of the runner for the stage's own jobs.", "ubuntu-latest"),
  window: optional(name, "Name of the window in which a deployment may start."),
  targets: optional(
    mapping("a mapping with ring, region or names", selector),
    "Which targets of the fleet to deploy to; of several keys all must hold.",
  ),
  waves: optional(
    z
      .array(matching(/^([1-9]|[1-9][0-9]|100)%$/, "a share such as 5%"), {
        error: "a list of shares such as [1%, 5%, 30%, 100%]",
      })
      .check(z.minLength(1, "a list of shares such as [1%, 5%, 30%, 100%]")),
    "Growing shares of the targets, deployed one after another; the last is 100%.",
  ),
  "one-at-a-time": optional(
    z.enum(["target", "ring", "region", "zone"], { error: "one of target, ring, region, zone" }),
    "Deploys to one target, ring, region or zone at a time.",
  ),
  "order-by": optional(
    z.enum(["name", "ring", "region", "zone"], { error: "one of name, ring, region, zone" }),
    "The order in which targets are deployed.",
  ),
  deploy: optional(
    commands,
    "Command that deploys, or one for each layer; without it the workflow's next steps deploy.",
  ),
  rollback: optional(
    commands,
    "Command that rolls back, or one for each layer; `deploy` with the last good version unless said.",
  ),
  "deploy-timeout": optional(duration, "How long each command of `deploy` and `rollback` may take.", "30m"),
  ready: optional(gate, "Checks before deploying: their names, or with a timeout and the time between looks."),
  gate: key(
    gate,
    "Checks after deploying, which must all pass in one look: their names, or with a timeout and the time between looks.",
  ),
  bake: optional(bake, "Checks after deploying, for a time."),
  url: optional(url, "Link that GitHub shows with the environment."),
});

const kinds = <S extends readonly z.ZodMiniType[]>(of: Record<string, z.ZodMiniType>, form: string) =>
  z.union(Object.values(of) as unknown as S, { error: form });

type SourceSchemas = (typeof sourceKinds)[keyof typeof sourceKinds];
type CheckSchemas = (typeof checkKinds)[keyof typeof checkKinds];

/** The whole file. */
export const pipelineSchema = mapping("a mapping with service, checks and stages", {
  service: key(name, "Name of the service that is released."),
  values: optional(
    z.record(
      matching(/^[a-z][a-z0-9_]{0,39}$/, "a name of lower-case letters, digits and _"),
      z.union([z.number(), text("a number or a text")], { error: "a number or a text" }),
      { error: "a mapping of names to numbers and texts" },
    ),
    "Numbers and texts of your own, for use as `${name}`.",
  ),
  sources: optional(
    record(kinds<readonly SourceSchemas[]>(sourceKinds, "a source"), "a mapping of names to sources"),
    "Where checks read logs and metrics.",
  ),
  checks: optional(
    record(kinds<readonly CheckSchemas[]>(checkKinds, "a check"), "a mapping of names to checks"),
    "What can be verified; gates and bakes use them by name.",
  ),
  windows: optional(
    record(window, "a mapping of names to windows"),
    "When deployments may start; stages use them by name.",
  ),
  freezes: optional(z.array(freeze, { error: "a list of freezes" }), "Days on which no deployment may start."),
  fleet: optional(
    z.union(
      [
        text("the path of the fleet's inventory"),
        mapping("a mapping with runners", {
          runners: key(
            mapping("a mapping with labels", {
              labels: key(texts("a list of labels"), "Labels that all runners of the fleet have."),
            }),
            "Every self-hosted runner with these labels is a target.",
          ),
        }),
      ],
      { error: "the path of the fleet's inventory, such as .github/fleet.yml" },
    ),
    "Path of the fleet's inventory, relative to the repository's root.",
  ),
  stages: key(
    z.array(stage, { error: "a list of stages" }).check(z.minLength(1, "a list of at least one stage")),
    "The stages in their order.",
  ),
});

/** The file as written, once its shape is right. */
export type PipelineInput = z.infer<typeof pipelineSchema>;
export type StageInput = z.infer<typeof stage>;
export type GateInput = z.infer<typeof gate>;
export type SourceInput = { [K in keyof typeof sourceKinds]: z.infer<(typeof sourceKinds)[K]> & { kind?: K } };
export type CheckInput = { [K in keyof typeof checkKinds]: z.infer<(typeof checkKinds)[K]> };
