import { registerHooks } from "node:module";

/**
 * GitHub's own workflow parser and expression language, loaded when first needed: they take longer to load than the
 * rest of the rehearsal together.
 */
export interface Parser {
  readonly reader: typeof import("@actions/workflow-parser/templates/template-reader");
  readonly context: typeof import("@actions/workflow-parser/templates/template-context");
  readonly tokens: typeof import("@actions/workflow-parser/templates/tokens/index");
  readonly yaml: typeof import("@actions/workflow-parser/workflows/yaml-object-reader");
  readonly trace: typeof import("@actions/workflow-parser/templates/trace-writer");
  readonly conversion: typeof import("@actions/workflow-parser/model/convert");
  readonly conditions: typeof import("@actions/workflow-parser/model/converter/if-condition");
  readonly workflowSchema: typeof import("@actions/workflow-parser/workflows/workflow-schema");
  readonly actionSchema: typeof import("@actions/workflow-parser/actions/action-schema");
  readonly actionConversion: typeof import("@actions/workflow-parser/actions/action-template");
  readonly expressions: typeof import("@actions/expressions");
}

let loading: Promise<Parser> | undefined;

/** Loads GitHub's parser, once. */
export function loadParser(): Promise<Parser> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Parser> {
  // The package imports its schemas as JSON without the attribute that Node asks for.
  const hooks = registerHooks({
    load(url, context, next) {
      if (!url.includes("/@actions/workflow-parser/") || !url.endsWith(".json")) return next(url, context);
      return next(url, { ...context, format: "json", importAttributes: { ...context.importAttributes, type: "json" } });
    },
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      return specifier.endsWith(".min.json") ? { ...resolved, importAttributes: { type: "json" } } : resolved;
    },
  });
  try {
    const [
      reader,
      context,
      tokens,
      yaml,
      trace,
      conversion,
      conditions,
      workflowSchema,
      actionSchema,
      actionConversion,
      expressions,
    ] = await Promise.all([
      import("@actions/workflow-parser/templates/template-reader"),
      import("@actions/workflow-parser/templates/template-context"),
      import("@actions/workflow-parser/templates/tokens/index"),
      import("@actions/workflow-parser/workflows/yaml-object-reader"),
      import("@actions/workflow-parser/templates/trace-writer"),
      import("@actions/workflow-parser/model/convert"),
      import("@actions/workflow-parser/model/converter/if-condition"),
      import("@actions/workflow-parser/workflows/workflow-schema"),
      import("@actions/workflow-parser/actions/action-schema"),
      import("@actions/workflow-parser/actions/action-template"),
      import("@actions/expressions"),
    ]);
    return {
      reader,
      context,
      tokens,
      yaml,
      trace,
      conversion,
      conditions,
      workflowSchema,
      actionSchema,
      actionConversion,
      expressions,
    };
  } finally {
    hooks.deregister();
  }
}
