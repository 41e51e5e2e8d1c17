import type { TemplateToken } from "@actions/workflow-parser/templates/tokens/index";
import type { InputDefinition, RunDefaults } from "./model.ts";

/** The names that GitHub gives to steps without an `id`: `__run`, `__run_2`, `__actions_checkout`, `__self`. */
export class StepIds {
  readonly #counts = new Map<string, number>();

  next(uses: string | undefined): string {
    const [owner = "", name = ""] = uses?.split("@")[0]?.split("/") ?? [];
    const base =
      uses === undefined ? "__run" : /^[.$]\//.test(uses) ? "__self" : `__${owner}_${name}`.replace(/[^\w-]/g, "_");
    const count = (this.#counts.get(base) ?? 0) + 1;
    this.#counts.set(base, count);
    return count === 1 ? base : `${base}_${count}`;
  }
}

/** The `defaults.run` of a workflow or job. */
export function runDefaults(token: TemplateToken | undefined): RunDefaults {
  const run = mapping(token)
    .find(({ key }) => key.toString() === "run")
    ?.value.assertMapping("run");
  return { ...given("shell", run?.find("shell")), ...given("workingDirectory", run?.find("working-directory")) };
}

/** The inputs that `workflow_dispatch` or `workflow_call` define. */
export function inputDefinitions(token: TemplateToken | undefined): InputDefinition[] {
  return mapping(token).map(({ key, value }) => {
    const definition = mapping(value);
    const property = (one: string): TemplateToken | undefined =>
      definition.find((pair) => pair.key.toString() === one)?.value;
    const type = property("type")?.toString();
    return {
      name: key.toString(),
      type: type === "boolean" || type === "number" || type === "choice" || type === "environment" ? type : "string",
      required: property("required")?.toString() === "true",
      ...given("default", property("default")),
      options: strings(property("options")) ?? [],
    };
  });
}

/** The pairs of a mapping; none for an absent or empty one. */
export function mapping(token: TemplateToken | undefined): { key: TemplateToken; value: TemplateToken }[] {
  return token === undefined || token.isScalar ? [] : [...token.assertMapping("mapping")];
}

/** A text or a list of texts, as a list. */
export function strings(token: TemplateToken | undefined): string[] | undefined {
  if (token === undefined) return undefined;
  return token.isScalar ? [token.toString()] : [...token.assertSequence("list")].map(String);
}

/** A property that is left out when its value is undefined. */
export function given<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}
