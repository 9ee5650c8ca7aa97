import { MacroError, RenderError } from "./errors.cjs";
import { instantiate } from "./generated/macro.js";
import bytes from "./generated/macro.core.wasm";

type Macro = ReturnType<typeof instantiate>["consumerMacroJson"];

/** What the core module exports beside the macro's functions. */
interface Core {
  memory: WebAssembly.Memory;
  cabi_realloc(pointer: number, size: number, alignment: number, newSize: number): number;
}

/** What most calls need: an instance starts with it, so that they need not ask for it, page by page. */
const RESERVE = 256 << 10;

/** An instance with more memory than this is not kept: a WebAssembly memory never shrinks. */
const KEPT_MEMORY = 32 << 20;

let compiled: WebAssembly.Module | undefined;
let idle: Instance | undefined;

/**
 * Runs one call, in memory that no call has left a trace in.
 *
 * @throws {@link RenderError} where the macro refuses
 */
export function call(ask: (macro: Macro) => string): string {
  const instance = idle ?? new Instance();
  idle = undefined;
  let answer: string;
  let refused = false;
  try {
    answer = ask(instance.macro);
  } catch (error) {
    // The `err` case of a result<string, string> is thrown as it is; anything else is not an answer, and what is left of
    // the instance is not used again.
    if (typeof error !== "string") {
      throw error;
    }
    answer = error;
    refused = true;
  }
  if (instance.reset()) {
    idle = instance;
  }
  if (refused) {
    throw new RenderError(answer);
  }
  return answer;
}

/**
 * An instance that is used for one call after another. To make one takes longer than a small call; to put its memory
 * back to what it was takes a tenth of that. The memory is all that a call changes: the module's one variable outside
 * it, the stack's pointer, is back in its place when a call returns.
 */
class Instance {
  readonly macro: Macro;
  readonly #memory: WebAssembly.Memory;
  /** The memory as it was before the first call. */
  readonly #image: Uint8Array;
  /** How much memory there was when the call began: beyond the image it was zero. */
  #size: number;

  constructor() {
    const module = (compiled ??= new WebAssembly.Module(bytes));
    let core: Core | undefined;
    const { consumerMacroJson } = instantiate(
      () => module,
      {},
      (module, imports) => {
        const instance = new WebAssembly.Instance(module, imports);
        core = instance.exports as unknown as Core;
        return instance;
      },
    );
    if (core === undefined) {
      throw new MacroError("the component has no core module", "");
    }
    // Given back but for a byte, it stays with the module's allocator.
    core.cabi_realloc(core.cabi_realloc(0, 0, 1, RESERVE), RESERVE, 1, 1);

    this.macro = consumerMacroJson;
    this.#memory = core.memory;
    this.#image = new Uint8Array(core.memory.buffer.slice(0));
    this.#size = this.#image.length;
  }

  /** Puts the memory back for another call, where it is not too large. */
  reset(): boolean {
    const memory = new Uint8Array(this.#memory.buffer);
    if (memory.length > KEPT_MEMORY) {
      return false;
    }
    memory.set(this.#image);
    // What this call added is the module's no longer; it holds what the call left there.
    memory.fill(0, this.#size);
    this.#size = memory.length;
    return true;
  }
}
