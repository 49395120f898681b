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
    overrideSchema: (context: { valibotSchema: unknown; jsonSchema: object }) => object | undefined;
  },
) => object;

interface Described {
  readonly pipe?: readonly {
    readonly metadata?: { readonly info?: FieldInfo; readonly shorthand?: FieldInfo };
  }[];
}

export function jsonSchemaOf(schema: v.GenericSchema, generate: Generator): JsonSchema {
  const options = (valibotSchema: unknown): object | undefined => {
    const metadata = (valibotSchema as Described).pipe
      ?.map((part) => part.metadata)
      .find((found) => found !== undefined);
    if (metadata?.info !== undefined) return { ...metadata.info.json, description: describe(metadata.info) };
    if (metadata?.shorthand !== undefined) {
      const structured = (valibotSchema as { readonly pipe: readonly v.GenericSchema[] }).pipe[2];
      return {
        anyOf: [metadata.shorthand.json, generate(structured, config)],
        description: describe(metadata.shorthand),
      };
    }
    return undefined;
  };
  const config = {
    typeMode: 'input',
    errorMode: 'ignore',
    overrideSchema: ({ valibotSchema }: { valibotSchema: unknown }) => options(valibotSchema),
  } as const;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Delivery Lab scenario, format 1',
    ...generate(schema, config),
  };
}

function describe(info: FieldInfo): string {
  return `${info.doc} Allowed: ${info.allowed}.`;
}
