import { type Context, explain, type Problem, render, RenderError, validate } from "sentry-streams-k8s";

export function names(context: Context): string[] {
  try {
    const { manifests, warnings } = render(context);
    const canary: string | undefined = manifests.canary_deployment?.metadata.name;
    const codes: string[] = warnings.map(({ code }) => code);
    return [manifests.deployment.metadata.name, manifests.configmap.kind, canary ?? "", ...codes];
  } catch (error) {
    const problems: Problem[] = error instanceof RenderError ? error.problems : [];
    return problems.map(({ path, line }) => `${path}:${line ?? "?"}`);
  }
}

export const accepted: Problem[] = validate("service_name: my-service").warnings;

// @ts-expect-error a context is not a number
render(5);

export const fixes: string[] = accepted.flatMap(({ fix, source }) => fix?.edits.map(({ text, start }) => `${source}:${start.line} ${text}`) ?? []);

export const cures: string[] = explain("{}").manifests.deployment.fields.map(({ path, layer, change }) => `${path} ${layer} ${change}`);
export const kinds: ["Deployment" | undefined, "ConfigMap"] = [
  render("{}").manifests.canary_deployment?.kind,
  render("{}").manifests.configmap.kind,
];

// @ts-expect-error a layer is one of the macro's
explain("{}").manifests.configmap.fields[0]!.layer = "other";
