/** An asset of a package: where the built page has it. */
declare module '*.wasm?url' {
  const url: string;
  export default url;
}
