/** Links that carry a context, and what it is compared with, in their fragment, which no browser sends anywhere. */

/** What a link carries. */
export interface Shared {
  context: string;
  pinned?: string;
}

/** The most text that a link may unfold to, in bytes: a megabyte of zeros takes a kilobyte. */
const MAX_SIZE = 4 << 20;

/** The fragment of a link, with its `#`. */
export async function writeLink(shared: Shared): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(shared));
  const packed = await read(new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw")));
  const text = btoa(Array.from(packed, (byte) => String.fromCharCode(byte)).join(""));
  return `#c=${text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

/**
 * What a fragment carries; undefined where it is none of these links.
 *
 * @throws where it is one that is damaged, or too large
 */
export async function readLink(fragment: string): Promise<Shared | undefined> {
  const [, text] = /^#c=([\w-]+)$/.exec(fragment) ?? [];
  if (text === undefined) {
    return undefined;
  }
  const packed = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (unit) => unit.charCodeAt(0));
  const bytes = await read(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")));
  const shared = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Partial<Shared>;
  if (typeof shared.context !== "string" || !["string", "undefined"].includes(typeof shared.pinned)) {
    throw new TypeError("the link carries no context");
  }
  return { context: shared.context, pinned: shared.pinned };
}

async function read(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (const reader = stream.getReader(); ; ) {
    const { value, done } = await reader.read();
    if (done) {
      return new Uint8Array(await new Blob(parts).arrayBuffer());
    }
    size += value.length;
    if (size > MAX_SIZE) {
      await reader.cancel();
      throw new RangeError("the link carries more than four megabytes");
    }
    parts.push(new Uint8Array(value));
  }
}
