import { hashModule } from './hash-module.ts';

export interface AssembledHash {
  /** Leaves the text's lanes in `lanes`, or answers 0 for text that is not ASCII. */
  readonly hash: (text: string) => number;
  readonly lanes: Int32Array;
}

/** What is asked of the platform. */
interface Assembler {
  readonly Module: new (bytes: Uint8Array, options: { readonly builtins: readonly string[] }) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Exports };
}

interface Exports {
  readonly hash: AssembledHash['hash'];
  readonly memory: { readonly buffer: ArrayBuffer };
}

/**
 * The hash in WebAssembly; undefined where there is none, where a page's policy forbids it, and where the engine does not
 * lend it functions on text (`wasm:js-string`; Node does).
 */
export function assembleHash(): AssembledHash | undefined {
  // Its types, where there are any, differ from one platform to the next.
  const platform: unknown = Reflect.get(globalThis, 'WebAssembly');
  try {
    const { Module, Instance } = platform as Assembler;
    const { hash, memory } = new Instance(new Module(hashModule(), { builtins: ['js-string'] }), {}).exports;
    return { hash, lanes: new Int32Array(memory.buffer, 0, 2) };
  } catch {
    return undefined;
  }
}
