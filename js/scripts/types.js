// Writes the types of the package from the JSON Schemas of the macro.
import { isDeepStrictEqual } from "node:util";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { compile } from "json-schema-to-typescript";

const options = { bannerComment: "", format: false, ignoreMinAndMaxItems: true };

/** Types have no `if`, and no `required` beside a reference: a context is one of two forms of the same fields. */
export async function contextTypes(schema) {
  const { if: _, then, else: otherwise, definitions, ...rest } = schema;
  const { fields, context, streaming_pipeline } = definitions;
  definitions.context = { ...fields, title: "Fields", required: context.required };
  const { spec } = streaming_pipeline.properties;
  streaming_pipeline.properties.spec = { ...fields, title: "Spec", description: spec.description, required: spec.required };
  const types = { ...rest, title: "Context", anyOf: [otherwise, then], definitions };
  return compile(types, "Context", { ...options, ignoreMinAndMaxItems: false });
}

/**
 * Names of types. What the schemas call `object` is another thing in each of them; other names are taken from
 * definitions, or, where a part of a schema has none, from the property that holds it (`[]`: its items).
 */
const names = {
  rendered: { object: "KubernetesObject", manifests: "Manifests", configmap: "ConfigMap" },
  explained: {
    object: "ExplainedObject",
    manifests: "ExplainedManifests",
    value: "Layered",
    "fields[]": "SetField",
    "replaced[]": "ReplacedValue",
  },
};

/** The types of all answers, from the schemas in a directory: one for each answer and each definition. */
export async function answerTypes(directory) {
  const types = {};
  for (const answer of ["rendered", "accepted", "explained", "failure"]) {
    const { $schema: _, definitions, ...whole } = JSON.parse(await readFile(join(directory, `${answer}.schema.json`), "utf8"));
    const flattener = new Flattener(definitions, names[answer] ?? {}, types);
    for (const [name, part] of Object.entries(definitions)) {
      flattener.type(name, flattener.flatten(part));
    }
    flattener.type(whole.title, flattener.flatten(whole));
  }
  // No type is made of this object itself: all that it holds is wanted.
  const source = await compile({ title: "Answers", definitions: types }, "Answers", { ...options, unreachableDefinitions: true });
  return source
    .replace(/export interface Answers \{\n\[k: string\]: unknown\n\}\n/, "")
    .replace(/ \* This interface was referenced by `Answers`'s JSON-Schema\n \* via the `definition` "\w+"\.\n/g, "")
    .replace(/\/\*\*\n \*\/\n/g, "")
    .replace(/ \* \n \*\//g, " */");
}

/**
 * Lays `allOf` together with what stands beside it: types would be intersections that say less. A reference with nothing
 * beside it but words stays one.
 */
class Flattener {
  constructor(definitions, names, types) {
    this.definitions = definitions;
    this.names = names;
    this.types = types;
  }

  /** Makes a type of a schema, and gives the reference to it. */
  type(name, schema) {
    const title = this.names[name] ?? capital(name);
    const type = { ...schema, title };
    if (title in this.types && !isDeepStrictEqual(this.types[title], type)) {
      throw new Error(`the schemas of the answers define ${title} in more than one way`);
    }
    this.types[title] = type;
    return { $ref: `#/definitions/${title}` };
  }

  /** @param name - the property that holds the schema */
  flatten(schema, name = "") {
    const { allOf = [], $ref, ...own } = schema;
    const beside = Object.keys(own).filter((key) => key !== "description");
    const [reference, ...others] = [$ref, ...allOf.map((part) => part.$ref)].filter((part) => part !== undefined);
    if (reference !== undefined && others.length === 0 && beside.length === 0) {
      const referenced = definitionOf(reference);
      return { $ref: `#/definitions/${this.names[referenced] ?? capital(referenced)}` };
    }
    if (beside.length === 0) {
      return { ...own, tsType: "unknown" };
    }

    const flat = this.merge(schema);
    for (const [key, part] of Object.entries(flat.properties ?? {})) {
      flat.properties[key] = this.flatten(part, key);
    }
    if (flat.items !== undefined) {
      flat.items = this.flatten(flat.items, `${name}[]`);
    }
    return this.names[name] !== undefined && flat.properties !== undefined ? this.type(name, flat) : flat;
  }

  /** A schema with the properties and requirements of all that it refers to. */
  merge(schema) {
    if (schema.$ref !== undefined) {
      return this.merge(this.definitions[definitionOf(schema.$ref)]);
    }
    const { allOf = [], ...own } = schema;
    return [...allOf.map((part) => this.merge(part)), own].reduce(mergeTwo, {});
  }
}

function mergeTwo(first, second) {
  const properties = { ...first.properties };
  for (const [name, schema] of Object.entries(second.properties ?? {})) {
    // `{}` says nothing new: it names a property that another part describes.
    properties[name] = { ...properties[name], ...schema };
  }
  const required = [...new Set([...(first.required ?? []), ...(second.required ?? [])])];
  return {
    ...first,
    ...second,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  };
}

function definitionOf(reference) {
  return reference.replace("#/definitions/", "");
}

function capital(name) {
  return name.replace(/(^|_)([a-z])/g, (_, __, letter) => letter.toUpperCase());
}
