/** A field's whole story, in prose: as `streams-k8s explain` tells it, which a test holds this to. */
import type { Layer, ReplacedValue as Value, SetField } from "../../js/src/generated/answers.cjs";

/** The layers, the last one counts: what stands at the margin, and what they are. */
export const LAYERS: Record<Layer, { tag: string; about: string }> = {
  base: { tag: "base", about: "the macro's base templates" },
  deployment_template: { tag: "depl", about: "deployment_template of the context" },
  container_template: { tag: "cont", about: "container_template of the context" },
  platform: { tag: "plat", about: "the macro, from the other fields of the context or by itself" },
  pipeline_config: { tag: "conf", about: "pipeline_config of the context" },
  emergency_patch: { tag: "PATCH", about: "emergency_patch of the context" },
};

/** A field of an object; `change` is what to edit for another value. */
export type Field = Omit<SetField, "change"> & { change?: string };

/** Where a value stands, for people: `line 8`. */
export type Where = (value: Value) => string | undefined;

/** What became of a field, a sentence a line. */
export function sentences(field: Field, role: string, isRemoved: boolean, where: Where): string[] {
  const said: string[] = [];
  if (isRemoved) {
    said.push(`The emergency patch removed it. It was ${shown(field)}, set by ${setter(field, where)}.`);
  } else {
    said.push(`Set by ${setter(field, where)}.`);
  }

  field.replaced.toReversed().forEach((before, index) => {
    const start = index === 0 && !isRemoved ? "This replaced" : "Before that it was";
    said.push(`${start} ${shown(before)}, set by ${setter(before, where)}.`);
  });

  const nothing = field.change?.startsWith("nothing: ") ? field.change.slice("nothing: ".length) : undefined;
  if (isRemoved) {
    said.push("To get it back: remove from emergency_patch what removes it.");
  } else if (nothing !== undefined) {
    said.push(`Nothing can change it: ${nothing}.`);
  } else if (field.change !== undefined) {
    const isPatchable =
      field.layer !== "emergency_patch" && role !== "configmap" && !field.change.includes("emergency_patch");
    said.push(`To change it: ${field.change}${isPatchable ? "; in an incident, emergency_patch can override it" : ""}.`);
  }
  return said;
}

/** A value as one line of text. */
export function shown(value: Value): string {
  return JSON.stringify(value.value);
}

/** Who set a value, from where, and how it was made. */
function setter(value: Value, where: Where): string {
  let text = value.from ?? value.layer;
  if (value.layer === "base") {
    text = "the macro's base template";
  } else if (value.layer === "platform") {
    text = value.from === undefined ? "the macro itself" : `the macro, from ${value.from}`;
  }
  const place = where(value);
  return `${text}${place === undefined ? "" : ` (${place})`}${value.note === undefined ? "" : `: ${value.note}`}`;
}
