import type { MappingToken, TemplateToken } from "@actions/workflow-parser/templates/tokens/index";
import type { Mistakes } from "./mistakes.ts";
import type { Parser } from "./parser.ts";

/** Reads a workflow file with GitHub's schema and its semantic checks; what is wrong goes to `mistakes`. */
export async function readWorkflowTemplate(
  parser: Parser,
  file: string,
  content: string,
  mistakes: Mistakes,
): Promise<MappingToken | undefined> {
  const schema = parser.workflowSchema.getWorkflowSchema();
  const { root, context } = read(parser, schema, "workflow-root-strict", file, content);
  if (root !== undefined && context.errors.count === 0) {
    await parser.conversion.convertWorkflowTemplate(context, root, undefined, { maxReusableWorkflowDepth: 10 });
  }
  return finish(root, context, file, mistakes);
}

/** Reads an `action.yml` with GitHub's schema; what is wrong goes to `mistakes`. */
export function readActionTemplate(
  parser: Parser,
  file: string,
  content: string,
  mistakes: Mistakes,
): MappingToken | undefined {
  const { root, context } = read(parser, parser.actionSchema.getActionSchema(), "action-root-strict", file, content);
  if (root !== undefined && context.errors.count === 0) parser.actionConversion.convertActionTemplate(context, root);
  return finish(root, context, file, mistakes);
}

type Context = InstanceType<Parser["context"]["TemplateContext"]>;

function read(
  parser: Parser,
  schema: ReturnType<Parser["workflowSchema"]["getWorkflowSchema"]>,
  type: string,
  file: string,
  content: string,
): { root: TemplateToken | undefined; context: Context } {
  const context = new parser.context.TemplateContext(
    new parser.context.TemplateValidationErrors(),
    schema,
    new parser.trace.NoOperationTraceWriter(),
  );
  const fileId = context.getFileId(file);
  const reader = new (readerClass(parser))(fileId, content);
  for (const error of reader.errors) context.error(fileId, error.message, error.range);
  if (reader.errors.length > 0) return { root: undefined, context };
  return { root: parser.reader.readTemplate(context, type, reader, fileId), context };
}

function finish(
  root: TemplateToken | undefined,
  context: Context,
  file: string,
  mistakes: Mistakes,
): MappingToken | undefined {
  const errors = context.errors.getErrors();
  for (const error of errors) {
    mistakes.add(
      { file, line: error.range?.start.line ?? 1, column: error.range?.start.column ?? 1 },
      error.rawMessage,
    );
  }
  if (root === undefined || errors.length > 0) return undefined;
  return root.assertMapping("root");
}

type Reader = InstanceType<Parser["yaml"]["YamlObjectReader"]>;

/**
 * GitHub's reader builds the expressions of a text of several lines from its source, indentation included, which suits
 * an editor and not a runner. Without the source it uses the value.
 */
function readerClass(parser: Parser): new (fileId: number, content: string) => Reader {
  return class extends parser.yaml.YamlObjectReader {
    override allowLiteral(): ReturnType<Reader["allowLiteral"]> {
      const token = super.allowLiteral();
      if (!(token instanceof parser.tokens.StringToken) || token.range?.start.line === token.range?.end.line)
        return token;
      return new parser.tokens.StringToken(token.file, token.range, token.value, token.definitionInfo);
    }
  };
}
