import type { Failure, Problem } from "./generated/answers.cjs";

/** The macro refused a context. */
export class RenderError extends Error {
  /** Everything found wrong, at least one. */
  readonly problems: Problem[];

  /**
   * @param text - the macro's own JSON text: `{"problems": […]}`
   * @throws {@link MacroError} where the text names no problem
   */
  constructor(readonly text: string) {
    const problems = readProblems(text);
    super(`the context is refused: ${problems.map(describe).join("\n")}`);
    this.name = "RenderError";
    this.problems = problems;
  }
}

/** The macro gave what is no answer: a fault of the macro, not of the context. There is no result. */
export class MacroError extends Error {
  /** @param text - what the macro gave */
  constructor(
    message: string,
    readonly text: string,
  ) {
    super(message);
    this.name = "MacroError";
  }
}

function readProblems(text: string): Problem[] {
  let failure: Partial<Failure> | null;
  try {
    failure = JSON.parse(text);
  } catch {
    throw new MacroError("the macro refused the context with a text that is not JSON", text);
  }
  if (!Array.isArray(failure?.problems) || failure.problems.length === 0) {
    throw new MacroError("the macro refused the context, but gave no problem", text);
  }
  return failure.problems;
}

function describe({ path, message, code, help }: Problem): string {
  return `${path && `${path}: `}${message} [${code}]${help ? `\n  help: ${help}` : ""}`;
}
