/**
 * The JSON Schema of the scenario format, generated from the schema itself. The generator is handed in, so that only
 * who publishes the schema depends on it.
 */
import type * as v from 'valibot';
import type { FieldInfo } from './field.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/** What of `@valibot/to-json-schema` is used. */
type Generator = (
  schema: v.GenericSchema,
  config: {
    typeMode: 'input';
    errorMode: 'ignore';
    overrideAction: (context: { valibotAction: unknown }) => object | undefined;
  },
) => object;

/** What a field, or a field with a short way to write it, says about itself by `v.metadata`. */
interface Described {
  readonly metadata?: {
    readonly info?: FieldInfo;
    readonly shorthand?: FieldInfo;
    readonly structured?: v.GenericSchema;
  };
}

export function jsonSchemaOf(schema: v.GenericSchema, generate: Generator): JsonSchema {
  const config = {
    typeMode: 'input',
    errorMode: 'ignore',
    overrideAction: ({ valibotAction }: { valibotAction: unknown }) => described(valibotAction as Described),
  } as const;
  const described = ({ metadata }: Described): object | undefined => {
    if (metadata?.info !== undefined) return { ...metadata.info.json, description: describe(metadata.info) };
    const { shorthand, structured } = metadata ?? {};
    if (shorthand === undefined || structured === undefined) return undefined;
    return { anyOf: [shorthand.json, part(structured)], description: describe(shorthand) };
  };
  const part = (of: v.GenericSchema): object => {
    const { $schema: _of, ...rest } = generate(of, config) as JsonSchema;
    return rest;
  };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Delivery Lab scenario, format 1',
    ...part(schema),
  };
}

function describe(info: FieldInfo): string {
  return `${info.doc} Allowed: ${info.allowed}.`;
}
