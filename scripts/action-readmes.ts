// Makes the actions' READMEs, and those of the composite action in docs/stage-action.md, from the action.yml files.
import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "yaml";
import { type ActionName, actionNames, actionPermissions, permissionsLine, together } from "./permissions.ts";

interface Contract {
  readonly name: string;
  readonly description: string;
  readonly inputs: Readonly<Record<string, { description: string; required?: boolean; default?: string }>>;
  readonly outputs: Readonly<Record<string, { description: string }>>;
}

const CHECKOUT = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0";
const MARKS = { from: "<!-- made by scripts/action-readmes.ts: from here -->", to: "<!-- to here -->" };

/** The steps of the smallest useful job, after its checkout; the stage is beta. */
const steps: Readonly<Record<ActionName, string>> = {
  promote: `
      - uses: rocksolid/rocksolid/action-promote@v1
        with: { stage: beta }`,
  gate: `
      - id: promote
        uses: rocksolid/rocksolid/action-promote@v1
        with: { stage: beta }
      - uses: rocksolid/rocksolid/action-gate@v1
        with:
          stage: beta
          deployment-id: \${{ steps.promote.outputs.deployment-id }}`,
  bake: `
      - uses: rocksolid/rocksolid/action-bake@v1
        with: { stage: beta }`,
  rollback: `
      - uses: rocksolid/rocksolid/action-rollback@v1
        with: { stage: beta, reason: customers see errors }`,
};

/** Which actions the example of an action's README uses. */
const uses: Readonly<Record<ActionName, readonly ActionName[]>> = {
  promote: ["promote"],
  gate: ["promote", "gate"],
  bake: ["bake"],
  rollback: ["rollback"],
};

/** What there is to know beyond inputs and outputs. */
const notes: Readonly<Record<ActionName, string>> = {
  promote: `It refuses with all reasons at once, waits for a window or for a deployment in flight, and otherwise creates the deployment, runs the
stage's \`ready\` checks, and deploys with the stage's \`deploy\` commands. A stage without \`deploy\` leaves deploying to the
steps that follow. When the job ends in failure or is cancelled, its last part closes the record that the job left open.

Run again, by hand or as the next attempt of the run, it goes on where the ledger says that it stopped.`,
  gate: `It looks every \`every\` until all checks of the stage pass in the same look or the gate's \`timeout\` is over. A pass closes the deployment
as \`success\` where the stage has no bake; anything else closes it as \`failure\` or \`error\` and fails the step. A stage
without environment, such as \`source\`, records its result as a status of the commit.

With \`checks\` it only evaluates these and records nothing.`,
  bake: `It takes the deployment in flight from where the ledger says it stands, and looks at the stage's bake checks until the time and the volume
are reached or a check fails. \`max-wait: 0\` takes one look and leaves; the next run goes on. With the stage \`*\` it
looks once at everything that is baking, which is what \`watch.yml\` does; it then cancels the run that waits for a bake which
has failed, for which its job needs \`actions: write\` besides.`,
  rollback: `It finds the newest candidate that once completed the stage and is not known bad, deploys it with the stage's \`rollback\` commands
(or \`deploy\`, without the database), verifies it with the stage's gate, marks the bad one, and opens an issue with the
label \`hold:<stage>\`. While that issue is open nothing is admitted to the stage, except another rollback.

No window, freeze, hold or queue stops it.`,
};

function contract(path: string): Contract {
  return parse(readFileSync(new URL(`../${path}`, import.meta.url), "utf8")) as Contract;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

function inputsTable({ inputs }: Contract): string {
  const rows = Object.entries(inputs).map(([name, input]) => {
    const byDefault = input.required ? "required" : input.default === undefined ? "" : `\`${input.default}\``;
    return [`\`${name}\``, byDefault, input.description];
  });
  return table(["input", "default", "meaning"], rows);
}

function outputsTable({ outputs }: Contract): string {
  return table(
    ["output", "meaning"],
    Object.entries(outputs).map(([name, { description }]) => [`\`${name}\``, description]),
  );
}

function readme(name: ActionName): string {
  const { description, ...rest } = contract(`action-${name}/action.yml`);
  const example = `jobs:
  ${name}:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    permissions: ${permissionsLine(together(uses[name]))}
    steps:
      - uses: ${CHECKOUT}
        with: { persist-credentials: false }${steps[name]}`;
  const rights = actionPermissions[name].map(({ scope, access, why }) => [`\`${scope}: ${access}\``, why]);
  return `${[
    `<!-- Made by scripts/action-readmes.ts from action.yml. -->`,
    `# action-${name}`,
    description,
    notes[name],
    `\`\`\`yaml\n${example}\n\`\`\``,
    "## Permissions",
    table(["permission", "for"], rights),
    "## Inputs",
    inputsTable({ description, ...rest }),
    "## Outputs",
    outputsTable({ description, ...rest }),
    "The words are explained in [docs/ledger.md](../docs/ledger.md), the pipeline file in [docs/pipeline-file.md](../docs/pipeline-file.md).",
  ].join("\n\n")}\n`;
}

function composite(): string {
  const whole = contract("action.yml");
  return `${inputsTable(whole)}\n\n${outputsTable(whole)}\n\nPermissions: \`${permissionsLine(together(actionNames))}\`.`;
}

/** Puts a text between the marks of a page. Throws where the page has no marks. */
function between(page: string, text: string): string {
  const from = page.indexOf(MARKS.from);
  const to = page.indexOf(MARKS.to, from);
  if (from < 0 || to < 0) throw new Error(`the page has no marks ${MARKS.from} … ${MARKS.to}`);
  return `${page.slice(0, from + MARKS.from.length)}\n${text}\n${page.slice(to)}`;
}

/** All generated texts by path from the repository's root. */
export function actionReadmes(): Record<string, string> {
  const page = "docs/stage-action.md";
  return {
    ...Object.fromEntries(actionNames.map((name) => [`action-${name}/README.md`, readme(name)])),
    [page]: between(readFileSync(new URL(`../${page}`, import.meta.url), "utf8"), composite()),
  };
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(actionReadmes()))
    writeFileSync(new URL(`../${path}`, import.meta.url), text);
}
