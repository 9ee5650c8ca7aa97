import macro = require("sentry-streams-k8s");

export const kind: string = macro.render("{}").manifests.deployment.kind;
export const isRefusal = (error: unknown): error is macro.RenderError => error instanceof macro.RenderError;
