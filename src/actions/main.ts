import { isExpected, messageOf } from "../platform/errors.ts";
import { bake } from "./bake.ts";
import { gate } from "./gate.ts";
import { afterPromote, promote } from "./promote.ts";
import { afterRollback, rollback } from "./rollback.ts";
import { realWorld, type World } from "./world.ts";

type Story = (world: World) => Promise<void>;

const actions = {
  gate: { main: gate },
  promote: { main: promote, post: afterPromote },
  bake: { main: bake },
  rollback: { main: rollback, post: afterRollback },
} as const satisfies Readonly<Record<string, { main: Story; post?: Story }>>;

export type ActionName = keyof typeof actions;

/** Set by an action's main part, so that the runner's second start of the same file knows that the job has ended. */
const STARTED = "started";

/** Runs an action as the runner starts it: its main part, or at the end of the job its post part. Never throws. */
export async function run(name: ActionName): Promise<void> {
  let world: World | undefined;
  try {
    world = realWorld(process.env);
    const action: { main: Story; post?: Story } = actions[name];
    if (world.runner.saved(STARTED) === "") {
      world.runner.save(STARTED, "true");
      await action.main(world);
    } else {
      await action.post?.(world);
    }
  } catch (error) {
    report(error, world);
  }
}

/** A mistake that its reader can mend is its message alone; anything else is ours, and shows where it happened. */
function report(error: unknown, world: World | undefined): void {
  const message = isExpected(error) ? error.message : `this is a mistake of Rocksolid's: ${messageOf(error)}`;
  if (!world) {
    process.stdout.write(
      `::error::${message.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A")}\n`,
    );
    process.exitCode = 1;
    return;
  }
  if (world.cancelled.aborted) world.runner.fail("the job was cancelled");
  else world.runner.fail(message);
  if (!isExpected(error) && error instanceof Error && !world.cancelled.aborted) world.runner.info(error.stack ?? "");
}
