// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${name} is the notation of the pipeline file
import { describe, expect, it, test } from "vitest";
import { parsePipeline } from "../../src/pipeline/parse.ts";
import { formatProblem } from "../../src/pipeline/problem.ts";
import { unsupported } from "../../src/pipeline/unsupported.ts";

const MARK = "▶";

/** The text without its marks, and the places `line:column` at which they stood. */
function unmark(marked: string): { text: string; places: string[] } {
  const places = marked.split("\n").flatMap((line, index) => {
    const columns: number[] = [];
    for (let at = line.indexOf(MARK); at >= 0; at = line.indexOf(MARK, at + 1)) columns.push(at + 1 - columns.length);
    return columns.map((column) => `${index + 1}:${column}`);
  });
  return { text: marked.replaceAll(MARK, ""), places };
}

/** Asserts that the mistakes of the marked file are exactly those of the messages, each at its mark. */
function expectMistakes(marked: string, messages: readonly (string | RegExp)[]) {
  const { text, places } = unmark(marked);
  const parsed = parsePipeline(text, "p.yml");
  const found = parsed.ok ? [] : parsed.problems.map(formatProblem);
  expect(found.map((line) => line.split(": ")[0])).toEqual(places.map((place) => `p.yml:${place}`));
  for (const [index, message] of messages.entries()) {
    if (typeof message === "string") expect(found[index]).toContain(message);
    else expect(found[index]).toMatch(message);
  }
  expect(found).toHaveLength(messages.length);
}

/** A file around one check, one stage, one source or one window; everything else in it is right. */
const check = (body: string) =>
  `service: s\nsources:\n  l: { files: a.log }\n  m: { scrape: "http://h/m" }\nchecks:\n  c: ${body}\nstages:\n  - { name: beta, gate: [c] }\n`;
const stage = (body: string, top = "") =>
  `service: s\n${top}checks:\n  c: { run: ./t }\n  d: { run: ./t, dry-run: true }\n  j: { junit: r.xml }\n  h: { http: "http://\${address}/" }\nstages:\n  - ${body}\n`;
const window = (body: string) =>
  `service: s\nchecks: { c: { run: x } }\nwindows:\n  w: ${body}\nstages:\n  - { name: beta, gate: [c], window: w }\n`;
const freeze = (body: string) =>
  `service: s\nchecks: { c: { run: x } }\nfreezes:\n  - ${body}\nstages:\n  - { name: beta, gate: [c] }\n`;

describe("the form of a value", () => {
  test.each([
    ["{ run: x, ▶timout: 5m }", ['unknown key "timout" in check "c": did you mean "timeout"?']],
    [
      "{ run: x, ▶zzzzzz: 5m }",
      [/unknown key "zzzzzz" in check "c": the keys are run, timeout, no-data, dry-run, tolerate$/],
    ],
    [
      "{ run: x, timeout: ▶5 minutes }",
      ['check "c": timeout must be a duration such as 90s, 5m, 12h or 2d, not "5 minutes"'],
    ],
    ["{ run: x, timeout: ▶0s }", ["must be a duration"]],
    ["{ run: x, ▶timeout: }", ["not nothing"]],
    ["{ run: ▶[a, b] }", ["run must be a command, not a list"]],
    ["{ run: ▶' ' }", ["run must be a command"]],
    ["▶./t.sh", ['check "c" must be a check, not "./t.sh"']],
    ["{ ▶rnu: x }", ['unknown key "rnu" in check "c": did you mean "run"?']],
    ["{ ▶run: x, http: 'http://x' }", ['is of one kind, "http": "run" needs a check of its own']],
    ["{ http: ▶localhost/health }", ["must be a URL that starts with http:// or https://"]],
    ["{ http: 'http://x', status: ▶ok }", ["must be an HTTP status such as 200, or a list of them"]],
    ["{ http: 'http://x', status: [200, ▶2] }", ["status.item 2 must be an HTTP status"]],
    ["{ http: 'http://x', no-data: ▶pass }", ["must be fail or inconclusive: no data are never a pass"]],
    ["{ http: 'http://x', dry-run: ▶'yes' }", ["must be true or false"]],
    ["{ http: 'http://x', headers: { ▶'a b': c } }", ["must be a header's name"]],
    ["{ junit: r.xml, min-tests: ▶0 }", ["no tests are never a pass"]],
    ["{ junit: r.xml, min-tests: ▶'1' }", ["must be a whole number"]],
    ["{ junit: r.xml, max-failures: ▶1.5 }", ["must be a whole number"]],
    ["{ logs: l, min-lines: ▶0 }", ["silence is never a pass"]],
    ["{ logs: l, errors: ▶1% }", ["must be a mapping with max-rate, max-count or both"]],
    ["{ logs: l, errors: { max-rate: ▶lots } }", ["errors.max-rate must be a number, with a unit"]],
    ["{ metric: m, query: up, max: 1, quantile: ▶99 }", ["must be a number between 0 and 1"]],
    ["{ json: a.json, value: a, min: ▶.nan }", ["min must be"]],
    ["{ run: x, tolerate: ▶two of five }", ["must be a tolerance such as 2 of 5"]],
  ])("check %s", (body, messages) => {
    expectMistakes(check(body), messages);
  });

  test.each([
    ["{ name: beta, gate: ▶[] }", ["gate must be a list of checks with at least one, not an empty list"]],
    ["{ name: beta, gate: ▶c }", ["gate must be a list of checks, or a mapping with checks, timeout and every"]],
    ["{ name: beta, gate: [c, ▶3] }", ["gate.item 2 must be a name"]],
    ["{ name: beta, ▶gate: { timeout: 5m } }", [/stage "beta": gate lacks the key "checks"/]],
    ["{ name: beta, gate: { checks: [c], ▶evry: 5s } }", ['did you mean "every"?']],
    ["▶{ name: beta }", ['stage "beta" lacks the key "gate"']],
    ["▶{ gate: [c] }", ['stage 1 lacks the key "name"']],
    ["{ name: ▶1st, gate: [c] }", ["must be a name of letters"]],
    ["{ name: beta, gate: [c], bake: { for: ▶long, checks: [c] } }", ["bake.for must be a duration"]],
    [
      "{ name: beta, gate: [c], bake: { for: 1h, checks: [c], at-least: ▶many } }",
      ["must be a volume such as 1000 requests"],
    ],
    [
      "{ name: beta, gate: [c], deploy: { ▶artefact: x } }",
      ['unknown key "artefact" in stage "beta": deploy: did you mean "artifact"?'],
    ],
    ["{ name: beta, gate: [c], deploy: ▶{} }", ["is empty"]],
    ["{ name: beta, gate: [c], runs-on: ▶[] }", ["must be a list of labels"]],
    ["{ name: beta, gate: [c], environment: ▶a/b }", ["must be the name of a GitHub environment"]],
  ])("stage %s", (body, messages) => expectMistakes(stage(body), messages));
});

describe("names that must exist", () => {
  test.each([
    ["{ name: beta, gate: [c, ▶cc] }", ['unknown check "cc" in stage "beta": gate: did you mean "c"?']],
    [
      "{ name: beta, gate: [c], ready: { checks: [▶constructor] } }",
      [/unknown check "constructor".*the checks are c, d, j, h/],
    ],
    ["{ name: beta, gate: [c], bake: { for: 1h, checks: [▶smoke] } }", ['unknown check "smoke" in stage "beta": bake']],
    ["{ name: beta, gate: [c], window: ▶office }", [/unknown window "office".*the file has no windows/]],
    ["{ name: beta, gate: [c, ▶c] }", ["stands twice"]],
  ])("stage %s", (body, messages) => expectMistakes(stage(body), messages));

  test.each([
    ["{ logs: ▶x, min-lines: 5 }", [/unknown source "x" in check "c"/]],
    [
      "{ metric: ▶l, query: up, max: 1 }",
      ['source "l" has none: it is of kind files; use one of kind scrape or prometheus'],
    ],
    ["{ logs: ▶m, min-lines: 5 }", ["it is of kind scrape"]],
    ["{ metric: m, query: ▶'rate(up[5m])', max: 1 }", ["must be a metric of the scraped page"]],
    ["{ metric: m, query: 'up{a=\"${stage}\"}', total: ▶'up{', max: 1 }", ["must be a metric of the scraped page"]],
  ])("check %s", (body, messages) => expectMistakes(check(body), messages));

  it("are unique among stages and environments, whatever their case", () => {
    expectMistakes(
      "service: s\nchecks: { c: { run: x } }\nstages:\n  - { name: beta, gate: [c] }\n  - { name: ▶Beta, gate: [c], environment: x }\n  - { name: gamma, gate: [c], environment: ▶X }\n  - { name: prod, gate: [c], environment: ▶beta }\n",
      [
        'a second stage "Beta"',
        'environment "X" belongs to two stages',
        'environment "beta" is that of the stage of the same name',
      ],
    );
  });
});

describe("values that must agree", () => {
  test.each([
    ["{ json: a, value: b, min: 9, max: ▶3 }", ["min 9 is greater than max 3"]],
    ["{ json: a, value: b, min: 1s, max: ▶5MB }", ["in different units"]],
    ["{ run: x, tolerate: ▶5 of 5 }", ["would let every look fail"]],
    ["{ http: 'http://x', max-latency: ▶20s }", ["longer than the timeout of 10s"]],
    ["{ http: 'http://x', max-latency: ▶500 }", ["must be a time such as 500ms or 2s"]],
    ["{ http: 'http://x', max-failures: ▶3 }", ["must be a share from 0% to 100%, not 3"]],
    ["{ http: 'http://x', max-failures: 5%, ▶tolerate: 2 of 5 }", ["max-failures say the same in two ways"]],
    [
      "{ logs: l, errors: { max-rate: ▶5 } }",
      ["must be a share from 0% to 100%, or a number in a time such as 10 per minute, not 5"],
    ],
    ["{ logs: l, errors: { max-rate: ▶1MiB per hour } }", ["or a number in a time"]],
    ["{ logs: l, errors: { max-rate: 5 per minute, ▶of: requests } }", ["is a number in a time, and no share"]],
    ["{ logs: l, errors: { max-rate: 1%, of: ▶request } }", ["must be lines or requests"]],
    ["{ logs: l, errors: { max-rate: 1% }, fatal: ▶none }", ["must be a whole number of at least 0"]],
    ["{ logs: l, silent-hosts: ▶none }", ["must be a whole number of at least 0, or any"]],
    ["{ logs: l, errors: { max-rate: ▶-1% } }", ["must be a share"]],
    ["{ logs: l, errors: ▶{} }", ["is empty"]],
    ["{ metric: m, query: up, ▶total: all, quantile: 0.5, max: 1 }", ["exclude each other"]],
    ["{ metric: m, query: up, max: 1, ▶worse: higher }", ["needs a baseline"]],
    ["{ logs: l, min-lines: 5, match: ▶'(a+)+' }", ["can take exponential time"]],
    ["{ logs: l, min-lines: 5, ignore: ▶'[' }", ["not a regular expression"]],
  ])("check %s", (body, messages) => expectMistakes(check(body), messages));

  test.each(["{ json: a, value: b }", "{ logs: l }", "{ metric: m, query: up }"])(
    "check %s decides nothing",
    (body) => {
      expectMistakes(check(body).replace("  c:", `  ${MARK}c:`), ["has no limit: it needs one of"]);
    },
  );

  test.each([
    ["{ name: beta, gate: { checks: [c], timeout: 1m, every: ▶2m } }", ["every 2m is longer than the timeout of 1m"]],
    ["{ name: beta, gate: [c], bake: { for: 1m, every: ▶5m, checks: [c] } }", ["longer than the whole bake of 1m"]],
    ["{ name: beta, ▶gate: [d] }", ["only dry-run checks"]],
    [
      "{ name: beta, gate: [c], deploy: { artifact: x }, rollback: ▶{ feature: x } }",
      ['rolls back the layer "feature", which it does not deploy'],
    ],
    ["{ name: beta, gate: [c], ▶targets: { ring: a } }", ["the file names no fleet"]],
  ])("stage %s", (body, messages) => expectMistakes(stage(body), messages));

  test.each([
    ["▶/etc/fleet.yml", "must be a path inside the repository"],
    ["▶../fleet.yml", "must be a path inside the repository"],
  ])("fleet: %s", (path, message) => expectMistakes(stage("{ name: beta, gate: [c] }", `fleet: ${path}\n`), [message]));

  test.each([
    ["{ hours: ▶25:00-26:00 }", "must be hours such as 10:00-16:00"],
    ["{ hours: ▶10:00-10:00 }", "are the same hour"],
    ["{ days: ▶mon-fun }", "must be a day or a range of days: mon, mon-thu"],
    ["{ days: mon, zone: ▶Europe/Berln }", "is not an IANA time zone"],
    ["{ days: mon, zone: ▶+02:00 }", "is not an IANA time zone"],
  ])("window %s", (body, message) => expectMistakes(window(body), [message]));

  it("a window without days and hours says nothing", () => {
    expectMistakes(window("{ zone: UTC }").replace("  w:", `  ${MARK}w:`), ["would always be open"]);
  });

  test.each([
    ["{ from: ▶2026-02-30, to: 2026-03-01, reason: r }", "there is no day 2026-02-30"],
    ["{ from: 2026-03-02, to: ▶2026-03-01, reason: r }", "ends on 2026-03-01, before it begins"],
    ["{ from: ▶tomorrow, to: 2026-03-01, reason: r }", "must be a date such as"],
    ["▶{ from: 2026-03-01, to: 2026-03-01 }", 'freeze 1 lacks the key "reason"'],
  ])("freeze %s", (body, message) => expectMistakes(freeze(body), [message]));
});

describe("checks where they make no sense", () => {
  test.each([
    ["{ name: beta, gate: [c], bake: { for: 1h, checks: [▶j] } }", "does not change with time"],
    ["{ name: beta, gate: [▶h] }", 'uses ${address}, and stage "beta" has no targets'],
  ])("stage %s", (body, message) => expectMistakes(stage(body), [message]));

  it("logs and metrics before anything is deployed", () => {
    expectMistakes(
      check("{ logs: l, min-lines: 1 }").replace("name: beta, gate: [c]", `name: source, gate: [${MARK}c]`),
      ["nothing is deployed in this stage"],
    );
  });

  test.each([
    "environment: x",
    "deploy: x",
    "bake: { for: 1h, checks: [c] }",
    "production: true",
    "reviewers: true",
    "ready: [c]",
  ])("the stage source with %s", (key) =>
    expectMistakes(stage(`{ name: source, gate: [c], ▶${key} }`), ["deploys nothing and has no environment"]),
  );

  it("the stage source after another", () => {
    expectMistakes(`${stage("{ name: beta, gate: [c] }")}  - { name: ▶source, gate: [c] }\n`, ["must come first"]);
  });
});

describe("texts and commands", () => {
  test.each([
    ["{ http: ▶'http://${vresion}/' }", "did you mean ${version}?"],
    ["{ junit: ▶'${env:HOME}/r.xml' }", "allowed only in the headers and the URL"],
    ["{ json: a, value: b, min: ▶'${hsots} * 2' }", "did you mean ${hosts}?"],
    ["{ json: a, value: b, min: ▶80 percent }", "is not a limit"],
    ["{ run: ▶'x ${version}' }", 'write "$ROCKSOLID_VERSION" instead of ${version}'],
    ["{ json: a, min: 1, value: ▶'${version}' }", "is not filled here"],
  ])("check %s", (body, message) => expectMistakes(check(body), [message]));

  it("a value of one's own may not take a name of ours", () => {
    expectMistakes(stage("{ name: beta, gate: [c] }", "values: { ▶hosts: 3 }\n"), ["is a name of Rocksolid's own"]);
  });

  it("secrets stay out of the link that everyone sees", () => {
    expectMistakes(stage("{ name: beta, gate: [c], url: ▶'https://x/${env:TOKEN}' }"), [
      "a secret has no place elsewhere",
    ]);
  });
});

describe("YAML", () => {
  test.each([
    ["service: s\n▶service: t\nchecks: { c: { run: x } }\nstages: [{ name: beta, gate: [c] }]\n", "stands twice"],
    [
      "service: s\nchecks: { c: { run: x, ▶<<: { timeout: 5m } } }\nstages: [{ name: beta, gate: [c] }]\n",
      "merge keys (<<)",
    ],
    ["service: s\nchecks: { c: { run: ▶*none } }\nstages: [{ name: beta, gate: [c] }]\n", "no anchor"],
    ["service: s\nchecks: { c: { run: x, ▶3: y } }\nstages: [{ name: beta, gate: [c] }]\n", "a key must be a text"],
    [
      "service: s\nchecks: { c: { run: x }, ▶__proto__: { run: y } }\nstages: [{ name: beta, gate: [c] }]\n",
      "cannot be called",
    ],
    ["service: s\nchecks: { c: { run: ▶!mine x } }\nstages: [{ name: beta, gate: [c] }]\n", "Unresolved tag"],
    ["▶- a\n- b\n", "must be a mapping with service, checks and stages"],
    ["▶", "must be a mapping"],
    ["▶just a text", "must be a mapping"],
  ])("%j", (marked, message) => {
    const { text, places } = unmark(marked);
    const parsed = parsePipeline(text, "p.yml");
    const [first] = parsed.ok ? [] : parsed.problems;
    expect(first && `${first.line}:${first.column}`).toBe(places[0]);
    expect(first?.message).toContain(message);
  });

  it("aliases are followed, and a mistake is reported at the anchor", () => {
    const text = "service: s\nchecks: { c: { run: &t ./t }, d: { run: *t } }\nstages: [{ name: beta, gate: [c, d] }]\n";
    const parsed = parsePipeline(text, "p.yml");
    expect(parsed.ok && parsed.pipeline.checks["d"]).toMatchObject({ command: "./t" });
  });

  it("an alias bomb is refused before it is unpacked", () => {
    const levels = Array.from(
      { length: 20 },
      (_, i) =>
        `k${i}: &a${i} [${
          i === 0
            ? "x"
            : Array(10)
                .fill(`*a${i - 1}`)
                .join(", ")
        }]`,
    );
    const started = performance.now();
    const parsed = parsePipeline(levels.join("\n"), "p.yml");
    expect(parsed.ok ? [] : parsed.problems.map(({ rule }) => rule)).toEqual(["too-large"]);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test.each([
    ["a file that is too large", `service: ${"x".repeat(300_000)}`, "too-large"],
    ["an alias to itself", "service: &a [*a]", "too-deep"],
    ["brackets without end", "[".repeat(100_000), "too-deep"],
    ["a list of lists of lists", "- ".repeat(50_000), "too-deep"],
  ])("%s is refused", (_, text, rule) => {
    const parsed = parsePipeline(text, "p.yml");
    expect(parsed.ok ? [] : parsed.problems.map((problem) => problem.rule)).toEqual([rule]);
  });
});

describe("what is asked of a log server", () => {
  const server = (kind: string, body: string) =>
    check(body).replace(
      "sources:\n",
      `sources:\n  x: { ${kind}: 'http://l'${kind === "elasticsearch" ? ", index: i" : ""} }\n`,
    );
  test.each([
    ["loki needs a query", server("loki", "{ logs: ▶x, min-lines: 5 }"), ["reads Loki, and says no query"]],
    [
      "files take none",
      check("{ logs: l, min-lines: 5, query: ▶'level=error' }"),
      ['asks a log server, and source "l" is of kind files'],
    ],
    ["elasticsearch may have one", server("elasticsearch", "{ logs: x, min-lines: 5, query: 'env:beta' }"), []],
  ])("%s", (_, text, messages) =>
    expectMistakes(
      text.replace("  l: { files: a.log }\n", text.includes("logs: l") ? "  l: { files: a.log }\n" : ""),
      messages,
    ),
  );
});

describe("a comparison, a slope, a past", () => {
  /** A check in a bake, on a scraped page of each target or on a metrics server. */
  const file = (body: string, bake = true, fleet = "fleet: f.yml\n", url = "http://${address}/m") =>
    `service: s\n${fleet}sources:\n  m: { scrape: "${url}" }\n  p: { prometheus: "http://p" }\n  l: { files: a.log }\nchecks:\n  r: { run: ./t }\n  c: ${body}\nstages:\n  - { name: beta, ${fleet === "" ? "" : "targets: { ring: a }, "}gate: [${bake ? "r" : "c, r"}], bake: { for: 1h, checks: [${bake ? "c" : "r"}] } }\n`;
  const p = "metric: p, query: up";
  const m = "metric: m, query: up";

  test.each([
    [file(`{ ${m}, ▶baseline: { } }`), "names nothing to compare with: write ring, region or names"],
    [file(`{ ${p}, ▶baseline: { total: t } }`), "names nothing to compare with: write query"],
    [file(`{ ${p}, baseline: { ▶ring: prod } }`), "a metrics server does not know them: choose them in a query"],
    [file(`{ ${p}, total: t, ▶baseline: { query: q } }`), "has no total, and the check has one"],
    [file(`{ ${m}, baseline: { ring: prod, ▶total: t } }`), "has a total, and the check has none"],
    [file(`{ ${m}, baseline: { ring: prod, ▶history: 1d } }`), "a scraped page knows no past"],
    [file(`{ ${m}, baseline: { ▶ring: prod } }`, true, "fleet: f.yml\n", "http://h/m"), "write ${address} in it"],
    [file(`{ ${m}, baseline: { query: ▶'rate(x[1m])' } }`), "must be a metric of the scraped page"],
    [file(`{ ${m}, ▶sigma: { max: 3, history: 7d } }`), "a scraped page knows none: use a source of kind prometheus"],
    [file(`{ ${p}, max: 1, ▶quantile: 0.9 }`), "write histogram_quantile(0.99, …) in the query"],
    [file("{ metric: p, ▶query: 'rate(e[5m])', total: r, max: 1% }"), "takes rate() of a counter"],
    [file(`{ ${p}, ▶detect: 2x, max: 5 }`), "needs a rate or a comparison"],
    [file("{ logs: l, min-lines: 1, ▶detect: 2x }"), "write errors: { max-rate: 0.5% }"],
    [file("{ logs: l, errors: { max-rate: 5 per hour }, ▶detect: 2x }"), "write errors: { max-rate: 0.5% }"],
    [file("{ logs: l, errors: { max-rate: 1% }, detect: ▶1x }"), "must be a factor above 1"],
  ])("refuses %j", (marked, message) => {
    const { text, places } = unmark(marked);
    const parsed = parsePipeline(text, "p.yml");
    const found = parsed.ok ? [] : parsed.problems.map(formatProblem);
    expect(found.filter((line) => line.includes(message)).map((line) => line.split(": ")[0])).toEqual(
      places.map((place) => `p.yml:${place}`),
    );
  });

  it("refuses a slope in a gate, which has no time to see one", () => {
    const parsed = parsePipeline(file(`{ ${p}, slope: { max: 1MiB per hour } }`, false), "p.yml");
    expect(parsed.ok ? [] : parsed.problems.map(formatProblem)).toEqual([
      expect.stringContaining("has a slope and makes no sense in"),
    ]);
  });

  it("are read in base units, with the defaults filled in", () => {
    const read = (body: string) => {
      const parsed = parsePipeline(file(body).replace("for: 1h", "for: 1h, false-alarm: 1%"), "p.yml");
      if (!parsed.ok) throw new Error(parsed.problems.map(formatProblem).join("\n"));
      return { check: parsed.pipeline.checks["c"], bake: parsed.pipeline.stages[0]?.bake };
    };
    expect(read(`{ ${m}, total: t, baseline: { ring: prod, names: x }, tolerance: 10%, detect: 2.5x }`)).toMatchObject({
      check: {
        comparison: { baseline: { targets: { ring: "prod", names: ["x"] } }, worse: "higher", tolerance: 0.1 },
        detect: 2.5,
      },
      bake: { falseAlarm: 0.01 },
    });
    expect(
      read(
        `{ ${p}, slope: { max: 1MiB per hour }, sigma: { max: 3, history: 7d, same-hour: true }, baseline: { query: q, history: 1d }, worse: different }`,
      ),
    ).toMatchObject({
      check: {
        source: { kind: "prometheus", url: "http://p" },
        slope: { max: { value: 2 ** 20 / 3_600, perSecond: true } },
        sigma: { max: 3, history: 7 * 86_400_000, sameHour: true },
        comparison: { baseline: { query: "q", history: 86_400_000 }, worse: "different", tolerance: 0 },
      },
    });
  });
});

describe("what is not supported yet", () => {
  const examples: Readonly<Record<string, string>> = {
    "checks.*:review": check("{ ▶review: { approvals: 1 } }"),
    "checks.*:status": check("{ ▶status: [build] }"),
    "checks.*:same": check("{ ▶same: ./facts.sh, as: beta }"),
    "checks.*:proof": check("{ ▶proof: 'http://x/version' }"),
    "windows.*.zone=target": window("{ days: mon, zone: ▶target }"),
    "fleet.runners": stage("{ name: beta, gate: [c] }", "fleet: { ▶runners: { labels: [a] } }\n"),
    "stages.*.waves": stage("{ name: beta, gate: [c], targets: { ring: a }, ▶waves: [5%, 100%] }", "fleet: f.yml\n"),
    "stages.*.one-at-a-time": stage(
      "{ name: beta, gate: [c], targets: { ring: a }, ▶one-at-a-time: region }",
      "fleet: f.yml\n",
    ),
    "stages.*.order-by": stage("{ name: beta, gate: [c], targets: { ring: a }, ▶order-by: zone }", "fleet: f.yml\n"),
  };

  test.each(unsupported.map(({ where, feature }) => [where, feature]))(
    "%s is refused at its place",
    (where, feature) => {
      expectMistakes(examples[where] ?? `no example for ${where}`, [`not supported yet: ${feature}`]);
    },
  );

  it("does not take the status of an http check for a check of statuses", () => {
    expect(parsePipeline(check("{ http: 'http://x', status: [200, 204] }"), "p.yml").ok).toBe(true);
  });
});

it("reports mistakes of form, of names and of rules together, in the order of the file", () => {
  expectMistakes(
    `service: ▶my service
checks:
  a: { ▶htp: "http://x" }
  b: { run: ▶'x \${version}', timeout: ▶5 minutes }
stages:
  - { name: beta, gate: [▶z], bake: { for: 1m, every: ▶5m, checks: [b] }, ▶widnow: w }
`,
    [
      "must be a name",
      'did you mean "http"?',
      "$ROCKSOLID_VERSION",
      "must be a duration",
      'unknown check "z"',
      "longer than the whole bake",
      'did you mean "window"?',
    ],
  );
});

it("says nothing that could be read as a workflow command or move the cursor", () => {
  const parsed = parsePipeline('service: "a\\n::error::b\\u001b[2J\\u202e"\nstages: 3\n', "p.yml");
  const lines = parsed.ok ? [] : parsed.problems.map(formatProblem);
  expect(lines).toHaveLength(2);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(lines.join("")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
});
