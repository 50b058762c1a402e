import type { BuildOptions } from "esbuild";

export function editorBundle(outdir: string): BuildOptions[];
