// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${name} is the notation that these texts explain
import type { Document, Path } from "./document.ts";
import { parseDuration } from "./durations.ts";
import type { Quantity } from "./model.ts";
import { nearest } from "./nearest.ts";
import { checkPattern } from "./patterns.ts";
import { list, type Problem, show } from "./problem.ts";
import { parseQuantity } from "./quantities.ts";
import {
  at,
  type CheckKind,
  checkKind,
  checkNames,
  entries,
  isMapping,
  layersOf,
  placeName,
  type SourceKind,
  select,
  sourceKind,
} from "./raw.ts";
import { checkCommand, checkExpression, checkText, namesIn, type TextMistake, textNames, variableOf } from "./text.ts";
import { unsupported } from "./unsupported.ts";
import { isDate, isZone } from "./zones.ts";

/**
 * The rules that a shape cannot say: names that must exist, values that must agree, checks that make no sense where they
 * are used. They read the file as written and say nothing about parts whose shape is wrong, so that one run reports
 * the mistakes of both.
 */
export function applyRules(document: Document): { problems: Problem[]; warnings: Problem[] } {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const file = document.value;
  const context: Context = {
    file,
    problem: (path, message, detail) => problems.push(document.problem(path, message, detail)),
    warning: (path, message, detail) => warnings.push(document.problem(path, message, detail)),
    place: (path) => placeName(file, path),
  };
  for (const rule of rules) rule(context);
  return { problems, warnings };
}

type Report = (path: Path, message: string, detail?: { key?: boolean; rule?: string; suggestion?: string }) => void;

interface Context {
  readonly file: unknown;
  readonly problem: Report;
  readonly warning: Report;
  readonly place: (path: Path) => string;
}

const rules: readonly ((context: Context) => void)[] = [
  notSupportedYet,
  namesExist,
  namesAreUnique,
  everythingIsUsed,
  sourcesFitTheirChecks,
  checksFitTheirPlace,
  checksDecideSomething,
  baselinesCanBeRead,
  metricsFitTheirSource,
  detectHasARate,
  limitsAgree,
  fractionsAreFractions,
  looksFitTheirTime,
  valuesAreNew,
  textsAreKnown,
  commandsAreTheShells,
  patternsAreSafe,
  sourceStageOnlyChecks,
  rollbackFitsDeploy,
  targetsNeedAFleet,
  wavesGrow,
  windowsOpen,
  freezesEnd,
];

function notSupportedYet({ file, problem, place }: Context): void {
  for (const { where, feature } of unsupported) {
    const [, pattern = "", mark, wanted] = /^([^:=]+)(?:([:=])(.+))?$/.exec(where) ?? [];
    for (const { path, value } of select(file, pattern)) {
      if (mark === "=" && value !== wanted) continue;
      if (mark === ":" && (path[0] === "sources" ? sourceKind(value) : checkKind(value)) !== wanted) continue;
      const at = mark === ":" && wanted !== undefined ? [...path, wanted] : path;
      problem(at, `not supported yet: ${feature} (${place(path)})`, { key: mark !== "=", rule: "not-supported-yet" });
    }
  }
}

/** The parts of a stage that use checks. */
const USES = ["ready", "gate", "bake"] as const;
type Use = (typeof USES)[number];

interface Used {
  readonly path: Path;
  readonly name: string;
  readonly stage: Path;
  readonly use: Use;
}

function uses(file: unknown): Used[] {
  return entries(file, ["stages"]).flatMap(({ path: stage }) =>
    USES.flatMap((use) => checkNames(file, [...stage, use]).map(({ path, name }) => ({ path, name, stage, use }))),
  );
}

function keysOf(file: unknown, section: string): string[] {
  const value = at(file, [section]);
  return isMapping(value) ? Object.keys(value) : [];
}

function stageNames(file: unknown): string[] {
  return select(file, "stages.*.name").flatMap(({ value }) => (typeof value === "string" ? [value] : []));
}

function namesExist({ file, problem, place }: Context): void {
  const need = (kind: string, path: Path, name: unknown, valid: readonly string[], user: string) => {
    if (typeof name !== "string" || valid.includes(name)) return;
    const suggestion = nearest(name, valid);
    const remedy =
      suggestion !== undefined
        ? `did you mean "${suggestion}"?`
        : valid.length === 0
          ? `the file has no ${kind}s`
          : `the ${kind}s are ${list(valid)}`;
    const detail = suggestion === undefined ? {} : { suggestion };
    problem(path, `unknown ${kind} ${show(name)} in ${user}: ${remedy}`, { rule: `unknown-${kind}`, ...detail });
  };
  const checks = keysOf(file, "checks");
  for (const { path, name, stage, use } of uses(file)) need("check", path, name, checks, `${place(stage)}: ${use}`);
  for (const pattern of ["checks.*.logs", "checks.*.metric"]) {
    for (const { path, value } of select(file, pattern))
      need("source", path, value, keysOf(file, "sources"), place(path.slice(0, 2)));
  }
  for (const { path, value } of select(file, "stages.*.window")) {
    need("window", path, value, keysOf(file, "windows"), place(path.slice(0, 2)));
  }
  for (const { path, value } of select(file, "checks.*.as"))
    need("stage", path, value, stageNames(file), place(path.slice(0, 2)));
}

function namesAreUnique({ file, problem, place }: Context): void {
  const once = (
    found: readonly { path: Path; name: string }[],
    message: (name: string, first: Path) => string,
    rule: string,
  ) => {
    const seen = new Map<string, Path>();
    for (const { path, name } of found) {
      // GitHub's environments do not tell cases apart, and two names that differ only so are a trap anyway.
      const first = seen.get(name.toLowerCase());
      if (first === undefined) seen.set(name.toLowerCase(), path);
      else problem(path, message(name, first), { rule });
    }
  };
  const stages = entries(file, ["stages"]).flatMap(({ path }) => {
    const name = at(file, [...path, "name"]);
    return typeof name === "string" ? [{ path: [...path, "name"], name }] : [];
  });
  once(stages, (name) => `a second stage ${show(name)}: every stage has a name of its own`, "duplicate-stage");
  const environments = entries(file, ["stages"]).flatMap(({ path }) => {
    const said = at(file, [...path, "environment"]);
    return typeof said === "string" ? [{ path: [...path, "environment"], name: said }] : [];
  });
  const byDefault = stages.filter(
    ({ path, name }) => name !== "source" && at(file, [...path.slice(0, -1), "environment"]) === undefined,
  );
  const defaultNames = new Set(byDefault.map(({ name }) => name.toLowerCase()));
  once(
    environments,
    (name) => `environment ${show(name)} belongs to two stages: every stage has one of its own`,
    "duplicate-environment",
  );
  for (const { path, name } of environments) {
    if (defaultNames.has(name.toLowerCase())) {
      problem(path, `environment ${show(name)} is that of the stage of the same name: every stage has one of its own`, {
        rule: "duplicate-environment",
      });
    }
  }
  for (const { path: stage } of entries(file, ["stages"])) {
    for (const use of USES) {
      once(
        checkNames(file, [...stage, use]),
        (name) => `check ${show(name)} stands twice in ${place(stage)}: ${use}`,
        "duplicate-check",
      );
    }
  }
}

function everythingIsUsed({ file, warning }: Context): void {
  const used: Readonly<Record<string, ReadonlySet<unknown>>> = {
    checks: new Set(uses(file).map(({ name }) => name)),
    sources: new Set([...select(file, "checks.*.logs"), ...select(file, "checks.*.metric")].map(({ value }) => value)),
    windows: new Set(select(file, "stages.*.window").map(({ value }) => value)),
  };
  for (const [section, names] of Object.entries(used)) {
    for (const name of keysOf(file, section)) {
      if (names.has(name)) continue;
      const kind = section.slice(0, -1);
      warning([section, name], `${kind} ${show(name)} is used by nothing`, { key: true, rule: `unused-${kind}` });
    }
  }
}

const SOURCES_OF: Readonly<Record<"logs" | "metric", readonly SourceKind[]>> = {
  logs: ["files", "command", "loki", "elasticsearch"],
  metric: ["scrape", "prometheus"],
};

/** A metric of a scraped page: a name, and label matchers in braces. */
const SELECTOR =
  /^[A-Za-z_:][A-Za-z0-9_:]*(\{\s*([A-Za-z_][A-Za-z0-9_]*\s*(=|!=|=~|!~)\s*("([^"\\]|\\.)*"|'([^'\\]|\\.)*')\s*,?\s*)*\})?$/;

function sourcesFitTheirChecks({ file, problem, place }: Context): void {
  for (const kind of ["logs", "metric"] as const) {
    for (const { path, value } of select(file, `checks.*.${kind}`)) {
      const check = path.slice(0, 2);
      if (typeof value !== "string" || checkKind(at(file, check)) !== kind) continue;
      const source = sourceKind(at(file, ["sources", value]));
      if (source === undefined) continue;
      if (!SOURCES_OF[kind].includes(source)) {
        const message = `${place(check)} reads ${kind === "logs" ? "logs" : "a metric"}, and source ${show(value)} has none: it is of kind ${source}; use one of kind ${SOURCES_OF[kind].join(" or ")}`;
        problem(path, message, { rule: "source-kind" });
      } else if (kind === "logs") {
        const query = at(file, [...check, "query"]);
        if (source === "loki" && query === undefined) {
          problem(path, `${place(check)} reads Loki, and says no query: add query: '{app="…"}'`, { rule: "log-query" });
        } else if (query !== undefined && source !== "loki" && source !== "elasticsearch") {
          const message = `${place([...check, "query"])} asks a log server, and source ${show(value)} is of kind ${source}: use match: and ignore: instead`;
          problem([...check, "query"], message, { rule: "log-query" });
        }
      } else if (source === "scrape") {
        for (const key of [["query"], ["total"], ["baseline", "query"], ["baseline", "total"]]) {
          const query = at(file, [...check, ...key]);
          if (typeof query !== "string" || SELECTOR.test(query.replaceAll(/\$\{[^{}]*\}/g, "x").trim())) continue;
          const message = `${place([...check, ...key])} must be a metric of the scraped page, such as requests_total{code="500"}, not ${show(query)}`;
          problem([...check, ...key], message, { rule: "selector" });
        }
      }
    }
  }
}

const NO_SENSE: readonly { readonly kinds: readonly CheckKind[]; readonly use: Use; readonly why: string }[] = [
  { kinds: ["junit", "review", "status"], use: "bake", why: "its answer does not change with time: use it in a gate" },
  { kinds: ["proof"], use: "ready", why: "nothing has been deployed yet: use it in the gate" },
];

function checksFitTheirPlace({ file, problem, place }: Context): void {
  for (const { path, name, stage, use } of uses(file)) {
    const check = at(file, ["checks", name]);
    const kind = checkKind(check);
    if (kind === undefined) continue;
    const isSource = at(file, [...stage, "name"]) === "source";
    const sense = NO_SENSE.find((row) => row.use === use && row.kinds.includes(kind));
    const where = `${place(stage)}: ${use}`;
    if (sense)
      problem(path, `check ${show(name)} (${kind}) makes no sense in ${where}: ${sense.why}`, { rule: "check-place" });
    if (isSource && ["logs", "metric", "proof", "same"].includes(kind)) {
      problem(path, `check ${show(name)} (${kind}) makes no sense in ${where}: nothing is deployed in this stage`, {
        rule: "check-place",
      });
    }
    for (const key of ["slope", "sigma"]) {
      if (kind !== "metric" || use === "bake" || at(check, [key]) === undefined) continue;
      problem(
        path,
        `check ${show(name)} has a ${key} and makes no sense in ${where}: it needs time: use it in a bake`,
        {
          rule: "check-place",
        },
      );
    }
    const source = at(check, [kind]);
    const texts = [check, typeof source === "string" ? at(file, ["sources", source]) : undefined].flatMap(textsIn);
    const needed = texts.flatMap(namesIn);
    const target = needed.find(
      (one) => Object.hasOwn(textNames, one) && textNames[one as keyof typeof textNames] === "target",
    );
    if (target !== undefined && at(file, [...stage, "targets"]) === undefined) {
      problem(
        path,
        `check ${show(name)} uses \${${target}}, and ${place(stage)} has no targets: write targets:, or use another check`,
        {
          rule: "no-targets",
        },
      );
    }
    if (needed.includes("wave") && at(file, [...stage, "waves"]) === undefined) {
      problem(path, `check ${show(name)} uses \${wave}, and ${place(stage)} has no waves`, { rule: "no-waves" });
    }
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isMapping(value) ? Object.values(value).flatMap(textsIn) : [];
}

const LIMITS_OF: Partial<Readonly<Record<CheckKind, readonly string[]>>> = {
  json: ["min", "max"],
  logs: ["errors", "fatal", "min-lines", "new-signatures", "silent-hosts"],
  metric: ["min", "max", "slope", "sigma", "baseline"],
};

function checksDecideSomething({ file, problem, place }: Context): void {
  for (const { path, value } of entries(file, ["checks"])) {
    const kind = checkKind(value);
    const limits = kind === undefined ? undefined : LIMITS_OF[kind];
    if (limits?.every((key) => at(value, [key]) === undefined)) {
      problem(path, `${place(path)} has no limit: it needs one of ${limits.join(", ")}`, {
        key: true,
        rule: "no-limit",
      });
    }
    if (kind === "metric" && at(value, ["total"]) !== undefined && at(value, ["quantile"]) !== undefined) {
      problem(
        [...path, "total"],
        `${place(path)}: total and quantile exclude each other: a quantile is no share of a total`,
        {
          key: true,
          rule: "exclusive",
        },
      );
    }
    if (kind === "metric" && at(value, ["baseline"]) === undefined) {
      for (const key of ["worse", "tolerance"]) {
        if (at(value, [key]) !== undefined)
          problem([...path, key], `${place([...path, key])} needs a baseline`, { key: true, rule: "needs" });
      }
    }
  }
  for (const pattern of ["checks.*.errors", "checks.*.slope"]) {
    for (const { path, value } of select(file, pattern)) {
      if (isMapping(value) && Object.keys(value).length === 0) {
        problem(path, `${place(path)} is empty: write a limit`, { rule: "no-limit" });
      }
    }
  }
  for (const { path: stage } of entries(file, ["stages"])) {
    for (const use of USES) {
      const names = checkNames(file, [...stage, use]);
      const known = names.filter(({ name }) => isMapping(at(file, ["checks", name])));
      if (known.length === 0 || known.length < names.length) continue;
      if (known.every(({ name }) => at(file, ["checks", name, "dry-run"]) === true)) {
        problem(
          [...stage, use],
          `${place(stage)}: ${use} has only dry-run checks, so nothing would be verified: add one that counts`,
          {
            key: true,
            rule: "only-dry-run",
          },
        );
      }
    }
  }
}

/** The kind of the source that a metric check reads, and whether its URL names a target. */
function sourceOfMetric(file: unknown, check: unknown): { kind: SourceKind | undefined; perTarget: boolean } {
  const name = at(check, ["metric"]);
  const source = typeof name === "string" ? at(file, ["sources", name]) : undefined;
  const names = textsIn(source).flatMap(namesIn);
  const perTarget = names.some((one) => Object.hasOwn(textNames, one) && textNames[one as "target"] === "target");
  return { kind: sourceKind(source), perTarget };
}

const SELECTORS = ["ring", "region", "names"];

function baselinesCanBeRead({ file, problem, place }: Context): void {
  for (const { path, value } of select(file, "checks.*.baseline")) {
    const check = at(file, path.slice(0, 2));
    if (!isMapping(value) || checkKind(check) !== "metric") continue;
    const { kind, perTarget } = sourceOfMetric(file, check);
    const say = (message: string, rule = "baseline", key?: string) =>
      problem(key === undefined ? path : [...path, key], `${place(path)} ${message}`, { key: true, rule });
    const selector = SELECTORS.find((key) => Object.hasOwn(value, key));
    if (selector === undefined && !Object.hasOwn(value, "query")) {
      const form = kind === "prometheus" ? "query" : "ring, region or names of targets, or a query";
      say(`names nothing to compare with: write ${form}`);
    }
    if (Object.hasOwn(value, "total") && at(check, ["total"]) === undefined) {
      say("has a total, and the check has none: write both or neither", "needs", "total");
    }
    if (kind === "prometheus") {
      if (selector !== undefined)
        say("chooses targets, and a metrics server does not know them: choose them in a query", "baseline", selector);
      if (Object.hasOwn(value, "query") && at(check, ["total"]) !== undefined && !Object.hasOwn(value, "total")) {
        say("has no total, and the check has one: the control's events need an exposure of their own", "needs");
      }
    }
    if (kind !== "scrape") continue;
    if (selector !== undefined && !perTarget) {
      say("chooses targets, and the URL of the source names none: write ${address} in it", "baseline", selector);
    }
    if (selector !== undefined && at(file, ["fleet"]) === undefined) {
      say(
        "chooses targets, and the file names no fleet: write fleet: .github/fleet.yml at the top",
        "no-fleet",
        selector,
      );
    }
    if (Object.hasOwn(value, "history")) {
      say("has a history, and a scraped page knows no past: use a source of kind prometheus", "needs", "history");
    }
  }
}

function metricsFitTheirSource({ file, problem, place }: Context): void {
  for (const { path, value: check } of entries(file, ["checks"])) {
    if (checkKind(check) !== "metric") continue;
    const { kind } = sourceOfMetric(file, check);
    const say = (key: Path, message: string) =>
      problem([...path, ...key], `${place([...path, ...key])} ${message}`, { key: true, rule: "source-kind" });
    if (kind === "scrape" && at(check, ["sigma"]) !== undefined)
      say(["sigma"], "needs a past, and a scraped page knows none: use a source of kind prometheus");
    if (kind !== "prometheus") continue;
    if (at(check, ["quantile"]) !== undefined)
      say(["quantile"], "is for scraped pages: write histogram_quantile(0.99, …) in the query");
    if (at(check, ["total"]) === undefined) continue;
    for (const key of [["query"], ["total"], ["baseline", "query"], ["baseline", "total"]]) {
      const query = at(check, key);
      const [, name] =
        (typeof query === "string" && /\b(rate|irate|increase|delta|idelta|deriv)\s*\(/.exec(query)) || [];
      if (name !== undefined)
        say(key, `takes ${name}() of a counter, and with a total the increase is taken here: write the counters alone`);
    }
  }
}

function detectHasARate({ file, problem, place }: Context): void {
  for (const { path, value } of select(file, "checks.*.detect")) {
    const check = at(file, path.slice(0, 2));
    if (typeof value === "string" && !(Number(value.slice(0, -1)) > 1)) {
      problem(path, `${place(path)} must be a factor above 1, such as 2x, not ${show(value)}`, { rule: "detect" });
    }
    const compared =
      checkKind(check) === "logs"
        ? quantityAt(check, ["errors", "max-rate"])?.perSecond === false
        : at(check, ["baseline"]) !== undefined;
    const rated = at(check, ["total"]) !== undefined && ["min", "max"].some((key) => at(check, [key]) !== undefined);
    if (!compared && !rated) {
      const message = `${place(path)} needs a rate or a comparison: write ${checkKind(check) === "logs" ? "errors: { max-rate: 0.5% }" : "a baseline, or a total and a limit"}`;
      problem(path, message, { key: true, rule: "needs" });
    }
  }
}

function quantityAt(file: unknown, path: Path): Quantity | undefined {
  const value = at(file, path);
  return typeof value === "string" || typeof value === "number" ? parseQuantity(value) : undefined;
}

function limitsAgree({ file, problem, place }: Context): void {
  for (const { path } of [...entries(file, ["checks"]), ...select(file, "checks.*.slope")]) {
    const min = quantityAt(file, [...path, "min"]);
    const max = quantityAt(file, [...path, "max"]);
    if (!min || !max) continue;
    const fits =
      (min.unit === max.unit || [min.unit, max.unit].sort().join() === ",%") && min.perSecond === max.perSecond;
    if (!fits) {
      problem([...path, "max"], `${place(path)}: min ${min.text} and max ${max.text} are in different units`, {
        rule: "units",
      });
    } else if (min.value > max.value) {
      problem([...path, "max"], `${place(path)}: min ${min.text} is greater than max ${max.text}: nothing could pass`, {
        rule: "min-max",
      });
    }
  }
  for (const { path } of select(file, "checks.*.slope.*")) {
    if (quantityAt(file, path)?.perSecond === false) {
      problem(path, `${place(path)} must say per what time: 1MiB per hour`, { rule: "per-time" });
    }
  }
  for (const { path } of select(file, "checks.*.max-failures")) {
    const tolerate = [...path.slice(0, 2), "tolerate"];
    if (checkKind(at(file, path.slice(0, 2))) !== "http" || at(file, tolerate) === undefined) continue;
    problem(tolerate, `${place(tolerate)} and max-failures say the same in two ways: write one of them`, {
      key: true,
      rule: "exclusive",
    });
  }
  for (const { path, value } of select(file, "checks.*.tolerate")) {
    const [, failures, of] = typeof value === "string" ? (/^(\d+) of (\d+)$/.exec(value) ?? []) : [];
    if (failures !== undefined && Number(failures) >= Number(of)) {
      problem(path, `${place(path)}: ${show(value)} would let every look fail: write fewer than ${of}`, {
        rule: "tolerate",
      });
    }
  }
  for (const { path, value } of select(file, "checks.*.max-latency")) {
    const latency = quantityAt(file, path);
    if (latency === undefined) continue;
    if (latency.unit !== "s" || latency.perSecond || latency.value <= 0) {
      problem(path, `${place(path)} must be a time such as 500ms or 2s, not ${show(value)}`, { rule: "units" });
      continue;
    }
    const written = at(file, [...path.slice(0, 2), "timeout"]) ?? "10s";
    const timeout = typeof written === "string" ? parseDuration(written) : undefined;
    if (timeout !== undefined && latency.value * 1_000 > timeout) {
      problem(
        path,
        `${place(path)}: ${latency.text} is longer than the timeout of ${written}: it could never be seen`,
        { rule: "timeout" },
      );
    }
  }
}

function fractionsAreFractions({ file, problem, place }: Context): void {
  const shares = [
    "checks.*.errors.max-rate",
    "checks.*.tolerance",
    "checks.*.max-failures",
    "stages.*.bake.false-alarm",
  ];
  for (const pattern of shares) {
    for (const { path, value } of select(file, pattern)) {
      if (path.at(-1) === "max-failures" && checkKind(at(file, path.slice(0, 2))) !== "http") continue;
      const share = quantityAt(file, path);
      if (share === undefined) continue;
      const ofErrors = path.at(-1) === "max-rate";
      if (ofErrors && share.perSecond && share.unit === "" && share.value >= 0) {
        const of = [...path.slice(0, -1), "of"];
        if (at(file, of) !== undefined)
          problem(of, `${place(of)}: ${show(value)} is a number in a time, and no share of anything: leave it out`, {
            key: true,
            rule: "exclusive",
          });
        continue;
      }
      const isShare =
        (share.unit === "%" || share.unit === "") && !share.perSecond && share.value >= 0 && share.value <= 1;
      if (!isShare)
        problem(
          path,
          `${place(path)} must be a share from 0% to 100%${ofErrors ? ", or a number in a time such as 10 per minute" : ""}, not ${show(value)}`,
          { rule: "share" },
        );
    }
  }
  for (const { path } of select(file, "stages.*.bake.false-alarm")) {
    const share = quantityAt(file, path)?.value;
    if (share === 0 || share === 1)
      problem(path, `${place(path)} must lie between 0% and 100%, such as 1%`, { rule: "share" });
  }
}

function looksFitTheirTime({ file, problem, place }: Context): void {
  const time = (path: Path, byDefault: string) => {
    const written = at(file, path) ?? byDefault;
    return typeof written === "string" ? { written, ms: parseDuration(written) } : undefined;
  };
  for (const { path: stage } of entries(file, ["stages"])) {
    for (const use of ["ready", "gate"]) {
      if (!isMapping(at(file, [...stage, use]))) continue;
      const timeout = time([...stage, use, "timeout"], "10m");
      const every = time([...stage, use, "every"], "30s");
      if (timeout?.ms === undefined || every?.ms === undefined || every.ms <= timeout.ms) continue;
      const message = `${place([...stage, use])}: every ${every.written} is longer than the timeout of ${timeout.written}`;
      problem([...stage, use, at(file, [...stage, use, "every"]) === undefined ? "timeout" : "every"], message, {
        rule: "every",
      });
    }
    const length = time([...stage, "bake", "for"], "");
    const every = time([...stage, "bake", "every"], "");
    if (length?.ms !== undefined && every?.ms !== undefined && every.ms > length.ms) {
      const message = `${place([...stage, "bake"])}: every ${every.written} is longer than the whole bake of ${length.written}: nothing would be looked at`;
      problem([...stage, "bake", "every"], message, { rule: "every" });
    }
  }
}

function valuesAreNew({ file, problem }: Context): void {
  for (const name of keysOf(file, "values")) {
    if (Object.hasOwn(textNames, name)) {
      problem(["values", name], `"${name}" is a name of Rocksolid's own: call this value something else`, {
        key: true,
        rule: "taken-name",
      });
    }
  }
}

/** Where texts stand, and whether `${env:NAME}` may stand in them. */
const TEXTS: readonly { readonly where: string; readonly env: boolean }[] = [
  { where: "sources.*.files", env: false },
  { where: "sources.*.loki", env: true },
  { where: "sources.*.elasticsearch", env: true },
  { where: "sources.*.prometheus", env: true },
  { where: "sources.*.scrape", env: true },
  { where: "sources.*.headers.*", env: true },
  { where: "checks.*.headers.*", env: true },
  { where: "checks.*.http", env: true },
  { where: "checks.*.proof", env: true },
  { where: "checks.*.junit", env: false },
  { where: "checks.*.json", env: false },
  { where: "checks.*.contains", env: false },
  { where: "checks.*.query", env: false },
  { where: "checks.*.total", env: false },
  { where: "checks.*.baseline.query", env: false },
  { where: "checks.*.baseline.total", env: false },
  // It is shown to everyone who may read the repository.
  { where: "stages.*.url", env: false },
];

/** Where a `${…}` looks as if it were filled and is not. */
const PLAIN_TEXTS = [
  "service",
  "values.*",
  "sources.*.index",
  "checks.*.value",
  "checks.*.match",
  "checks.*.ignore",
  "stages.*.environment",
  "fleet",
];

function textsAreKnown({ file, problem, place }: Context): void {
  const values = new Set(keysOf(file, "values"));
  const numeric = new Set([...values].filter((name) => quantityAt(file, ["values", name]) !== undefined));
  const say = (path: Path, mistakes: readonly TextMistake[]) => {
    for (const { message, suggestion } of mistakes) {
      problem(path, `${place(path)}: ${message}`, {
        rule: "text",
        ...(suggestion === undefined ? {} : { suggestion }),
      });
    }
  };
  for (const { where, env } of TEXTS) {
    for (const { path, value } of select(file, where))
      if (typeof value === "string") say(path, checkText(value, { values, env }));
  }
  for (const pattern of ["checks.*.min", "checks.*.max"]) {
    for (const { path, value } of select(file, pattern)) {
      if (typeof value === "string" && !parseQuantity(value))
        say(path, checkExpression(value, { values, env: false }, numeric));
    }
  }
  for (const pattern of PLAIN_TEXTS) {
    for (const { path, value } of select(file, pattern)) {
      const name = typeof value === "string" ? namesIn(value)[0] : undefined;
      if (name !== undefined)
        say(path, [{ message: `\${${name.slice(0, 60)}} is not filled here: write the value itself` }]);
    }
  }
}

const COMMANDS = [
  "sources.*.command",
  "checks.*.run",
  "checks.*.same",
  "stages.*.deploy",
  "stages.*.deploy.*",
  "stages.*.rollback",
  "stages.*.rollback.*",
];

function commandsAreTheShells({ file, problem, place }: Context): void {
  const values = new Set(keysOf(file, "values"));
  const variables = new Map<string, string>();
  for (const name of values) {
    const variable = variableOf(name);
    const taken = variables.get(variable);
    if (taken !== undefined)
      problem(["values", name], `"${name}" and "${taken}" would both be $${variable} in commands`, {
        key: true,
        rule: "taken-name",
      });
    variables.set(variable, name);
  }
  for (const pattern of COMMANDS) {
    for (const { path, value } of select(file, pattern)) {
      if (typeof value !== "string") continue;
      for (const { message, suggestion } of checkCommand(value, values)) {
        problem(path, `${place(path)}: ${message}`, {
          rule: "command",
          ...(suggestion === undefined ? {} : { suggestion }),
        });
      }
      if (value.includes("\0"))
        problem(path, `${place(path)} holds a NUL character, which no command can`, { rule: "command" });
    }
  }
}

function patternsAreSafe({ file, problem, place }: Context): void {
  for (const pattern of ["checks.*.match", "checks.*.ignore"]) {
    for (const { path, value } of select(file, pattern)) {
      const mistake = typeof value === "string" ? checkPattern(value) : undefined;
      if (mistake !== undefined) problem(path, `${place(path)}: ${mistake}`, { rule: "pattern" });
    }
  }
}

const NOT_IN_SOURCE = [
  "environment",
  "production",
  "reviewers",
  "window",
  "targets",
  "waves",
  "one-at-a-time",
  "order-by",
  "deploy",
  "rollback",
  "deploy-timeout",
  "ready",
  "bake",
  "url",
];

function sourceStageOnlyChecks({ file, problem }: Context): void {
  for (const { path, value } of entries(file, ["stages"])) {
    if (at(value, ["name"]) !== "source") continue;
    if (path[1] !== 0)
      problem([...path, "name"], 'the stage "source" must come first: it verifies what is then deployed', {
        rule: "source-stage",
      });
    for (const key of NOT_IN_SOURCE) {
      if (at(value, [key]) === undefined) continue;
      problem(
        [...path, key],
        `the stage "source" deploys nothing and has no environment, so "${key}" makes no sense in it`,
        {
          key: true,
          rule: "source-stage",
        },
      );
    }
  }
}

function rollbackFitsDeploy({ file, problem, place }: Context): void {
  for (const { path, value } of entries(file, ["stages"])) {
    for (const key of ["deploy", "rollback"]) {
      const written = at(value, [key]);
      if (isMapping(written) && Object.keys(written).length === 0) {
        problem([...path, key], `${place([...path, key])} is empty: write a command`, { rule: "no-command" });
      }
    }
    const deployed = layersOf(at(value, ["deploy"]));
    if (deployed.length === 0) continue;
    for (const layer of layersOf(at(value, ["rollback"]))) {
      if (deployed.includes(layer)) continue;
      const message = `${place(path)} rolls back the layer "${layer}", which it does not deploy: its layers are ${list(deployed)}`;
      problem([...path, "rollback"], message, { rule: "rollback-layer" });
    }
  }
}

function targetsNeedAFleet({ file, problem, place }: Context): void {
  const fleet = at(file, ["fleet"]);
  if (typeof fleet === "string" && (/^([/\\]|[A-Za-z]:)/.test(fleet) || fleet.split(/[/\\]/).includes(".."))) {
    problem(["fleet"], `fleet must be a path inside the repository, not ${show(fleet)}`, { rule: "fleet" });
  }
  for (const { path, value } of entries(file, ["stages"])) {
    const targets = at(value, ["targets"]);
    if (targets !== undefined && fleet === undefined) {
      problem(
        [...path, "targets"],
        `${place(path)} has targets, and the file names no fleet: write fleet: .github/fleet.yml at the top`,
        {
          key: true,
          rule: "no-fleet",
        },
      );
    }
    if (isMapping(targets) && Object.keys(targets).length === 0) {
      problem([...path, "targets"], `${place(path)}: targets is empty: write ring, region or names`, {
        rule: "no-targets",
      });
    }
    for (const key of ["waves", "one-at-a-time", "order-by"]) {
      if (targets !== undefined || at(value, [key]) === undefined) continue;
      problem([...path, key], `${place([...path, key])} needs targets`, { key: true, rule: "no-targets" });
    }
  }
}

function wavesGrow({ file, problem, place }: Context): void {
  for (const { path, value } of select(file, "stages.*.waves")) {
    if (!Array.isArray(value)) continue;
    const shares = value.map((share: unknown) => (typeof share === "string" ? parseQuantity(share)?.value : undefined));
    if (shares.length === 0 || shares.includes(undefined)) continue;
    const grows = shares.every((share, index) => index === 0 || (share ?? 0) > (shares[index - 1] ?? 0));
    if (!grows || shares.at(-1) !== 1) {
      problem(path, `${place(path)} must grow and end with 100%: [1%, 5%, 30%, 100%]`, { rule: "waves" });
    }
  }
}

function windowsOpen({ file, problem, place }: Context): void {
  for (const { path, value } of entries(file, ["windows"])) {
    if (!isMapping(value)) continue;
    if (at(value, ["days"]) === undefined && at(value, ["hours"]) === undefined) {
      problem(path, `${place(path)} would always be open: write days, hours or both`, { key: true, rule: "window" });
    }
    const hours = at(value, ["hours"]);
    const [from, to] = typeof hours === "string" ? hours.split("-") : [];
    if (from !== undefined && from === to) {
      problem(
        [...path, "hours"],
        `${place(path)}: from and to are the same hour: write 00:00-24:00 for the whole day`,
        { rule: "window" },
      );
    }
  }
  for (const { path, value } of [...select(file, "windows.*.zone"), ...select(file, "freezes.*.zone")]) {
    if (typeof value !== "string" || isZone(value) || (value === "target" && path[0] === "windows")) continue;
    problem(path, `${place(path)}: ${show(value)} is not an IANA time zone: write one such as Europe/Berlin or UTC`, {
      rule: "zone",
    });
  }
}

function freezesEnd({ file, problem, place }: Context): void {
  for (const { path, value } of entries(file, ["freezes"])) {
    const dates = ["from", "to"].map((key) => at(value, [key]));
    for (const [index, date] of dates.entries()) {
      if (typeof date !== "string" || !/^\d{4}-\d\d-\d\d$/.test(date) || isDate(date)) continue;
      problem([...path, index === 0 ? "from" : "to"], `${place(path)}: there is no day ${date}`, { rule: "date" });
    }
    const [from, to] = dates;
    if (typeof from === "string" && typeof to === "string" && isDate(from) && isDate(to) && to < from) {
      problem([...path, "to"], `${place(path)} ends on ${to}, before it begins on ${from}`, { rule: "date" });
    }
  }
}
