declare module 'undici/lib/llhttp/llhttp_simd-wasm.js' {
  const wasm: Buffer<ArrayBuffer>;
  export default wasm;
}
declare module 'undici/lib/llhttp/llhttp-wasm.js' {
  const wasm: Buffer<ArrayBuffer>;
  export default wasm;
}
