import * as z from "zod/mini";
import { type Path, readDocument } from "../pipeline/document.ts";
import { explain } from "../pipeline/explain.ts";
import { key, mapping, matching, optional, texts } from "../pipeline/forms.ts";
import type { Pipeline, Stage, Target, TargetSelector } from "../pipeline/model.ts";
import { nearest } from "../pipeline/nearest.ts";
import { list, type Problem, problemsError, show } from "../pipeline/problem.ts";
import { isMapping, select } from "../pipeline/raw.ts";
import { isZone } from "../pipeline/zones.ts";

const word = (what: string) =>
  matching(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    `${what} of letters, digits, ., - and _ that starts with a letter or digit`,
  );

const target = mapping("a target: a mapping with a name", {
  name: key(
    word("a name"),
    "Name of the machine or site; also the label of its own runner unless `labels` says otherwise.",
  ),
  ring: optional(word("the name of a ring"), "The ring it belongs to; stages select by it."),
  region: optional(word("the name of a region"), "The region it stands in; stages select by it."),
  zone: optional(matching(/\S/, "an IANA time zone such as Europe/Berlin"), "Its IANA time zone."),
  // No character that means something else in a URL: the address is filled into ones that carry secrets in headers.
  address: optional(
    matching(/^[A-Za-z0-9._:[\]-]{1,255}$/, "a host, or host:port"),
    "Host, or host and port, that fills the text `address`; the name unless said.",
  ),
  labels: optional(texts("a list of runner labels"), "Labels of its own runner; `[self-hosted, <name>]` unless said."),
});

/** The shape of the fleet's inventory as it is written. */
export const inventorySchema = mapping("a mapping with targets", {
  targets: key(
    z.array(target, { error: "a list of targets" }).check(z.minLength(1, "a list of at least one target")),
    "The machines and sites of the fleet.",
  ),
});

export type ParsedInventory =
  | { readonly ok: true; readonly targets: readonly Target[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Parses the text of a fleet's inventory; `file` is its name in messages. Every mistake in one go. Never throws. */
export function parseInventory(text: string, file: string): ParsedInventory {
  const { document, problems } = readDocument(text, file);
  if (document === undefined) return { ok: false, problems };
  if (!isMapping(document.value)) {
    const shape = document.problem([], "the file must be a mapping with targets", { rule: "form" });
    return { ok: false, problems: problems.length > 0 ? problems : [shape] };
  }
  const shape = inventorySchema.safeParse(document.value);
  if (!shape.success) problems.push(...explain(shape.error.issues, document));
  const report = (path: Path, message: string, rule: string) =>
    problems.push(document.problem(path, message, { rule }));
  const seen = new Set<string>();
  for (const { path, value: name } of select(document.value, "targets.*.name")) {
    if (typeof name !== "string") continue;
    if (seen.has(name.toLowerCase()))
      report(path, `a second target ${show(name)}: every target has a name of its own`, "duplicate-target");
    seen.add(name.toLowerCase());
  }
  for (const { path, value: zone } of select(document.value, "targets.*.zone")) {
    if (typeof zone === "string" && !isZone(zone)) {
      report(path, `${show(zone)} is not an IANA time zone: write one such as Europe/Berlin or UTC`, "zone");
    }
  }
  if (!shape.success || problems.length > 0) {
    return { ok: false, problems: problems.sort((a, b) => a.line - b.line || a.column - b.column).slice(0, 100) };
  }
  return {
    ok: true,
    targets: shape.data.targets.map(
      ({ name, ring, region, zone, address, labels }): Target => ({
        name,
        ...(ring === undefined ? {} : { ring }),
        ...(region === undefined ? {} : { region }),
        ...(zone === undefined ? {} : { zone }),
        address: address ?? name,
        labels: labels ?? ["self-hosted", name],
      }),
    ),
  };
}

/**
 * The targets of an inventory's text.
 * @throws ConfigurationError that holds every mistake, a line each.
 */
export function loadInventory(text: string, file: string): readonly Target[] {
  const parsed = parseInventory(text, file);
  if (!parsed.ok) throw problemsError(parsed.problems);
  return parsed.targets;
}

/** The targets for which every key of the selector holds, in the order of the inventory. That may be none: the caller has to say so. */
export function selectTargets(targets: readonly Target[], selector: TargetSelector): Target[] {
  return targets.filter(
    (one) =>
      (selector.ring === undefined || one.ring === selector.ring) &&
      (selector.region === undefined || one.region === selector.region) &&
      (selector.names === undefined || selector.names.includes(one.name)),
  );
}

/** What is wrong with a selection, in a sentence, or undefined: names that the inventory does not have, or nothing selected. */
export function selectionMistake(targets: readonly Target[], selector: TargetSelector): string | undefined {
  const unknown = (what: string, name: string | undefined, valid: readonly (string | undefined)[]) => {
    const known = [...new Set(valid.filter((one) => one !== undefined))];
    if (name === undefined || known.includes(name)) return undefined;
    const suggestion = nearest(name, known);
    return `the fleet has no ${what} ${show(name)}: ${suggestion === undefined ? `its ${what}s are ${list(known)}` : `did you mean "${suggestion}"?`}`;
  };
  const names = targets.map(({ name }) => name);
  const mistake =
    unknown(
      "ring",
      selector.ring,
      targets.map(({ ring }) => ring),
    ) ??
    unknown(
      "region",
      selector.region,
      targets.map(({ region }) => region),
    ) ??
    selector.names?.map((name) => unknown("target", name, names)).find((one) => one !== undefined);
  if (mistake !== undefined) return mistake;
  return selectTargets(targets, selector).length === 0 ? "no target of the fleet fits all of its keys" : undefined;
}

/** The values of `${hosts}` and `${prod_hosts}` for a stage: targets of the stage and of the last one, 1 for a stage without targets. */
export function hostCounts(
  pipeline: Pipeline,
  stage: Stage,
  targets: readonly Target[],
): { hosts: number; prod_hosts: number } {
  const count = (one: Stage | undefined) =>
    one?.targets === undefined ? 1 : selectTargets(targets, one.targets).length;
  return { hosts: count(stage), prod_hosts: count(pipeline.stages.at(-1)) };
}
